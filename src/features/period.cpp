#include "features/period.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 4> seasons = {
    {{"DJF", 0x803U}, {"MAM", 0x01cU}, {"JJA", 0x0e0U}, {"SON", 0x700U}}};

/// All of `text` as a whole number of so many digits.
std::optional<int> parse_digits(std::string_view text, std::size_t n_digits) {
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.size() != n_digits || !digits) {
        return std::nullopt;
    }
    return static_cast<int>(parse_int(text).value_or(0));
}

std::optional<Period> days_between(std::optional<Date> first, std::optional<Date> last, std::string text) {
    if (!first || !last || *last < *first) {
        return std::nullopt;
    }
    return Period{.first = *first, .last = *last, .text = std::move(text)};
}

/// `2018` or `2018-05`.
std::optional<Period> parse_year_or_month(std::string_view text) {
    const std::optional<int> year = parse_digits(text.substr(0, 4), 4);
    if (!year || (text.size() > 4 && text[4] != '-')) {
        return std::nullopt;
    }
    if (text.size() == 4) {
        return days_between(make_date(*year, 1, 1), make_date(*year, 12, 31), std::string(text));
    }
    const std::optional<int> month = parse_digits(text.substr(5), 2);
    if (!month) {
        return std::nullopt;
    }
    std::optional<Date> last;
    for (int day = 31; !last && day >= 28; --day) {
        last = make_date(*year, *month, day);
    }
    return days_between(make_date(*year, *month, 1), last, std::string(text));
}

/// `M05`, as 1 to 12.
std::optional<int> parse_any_month(std::string_view text) {
    const std::optional<int> month = text.starts_with('M') ? parse_digits(text.substr(1), 2) : std::nullopt;
    return month && *month >= 1 && *month <= 12 ? month : std::nullopt;
}

Period months_between(int first, int last, std::string text) {
    unsigned months = 0;
    for (int month = first;; month = month % 12 + 1) {
        months |= 1U << (month - 1);
        if (month == last) {
            return {.months = months, .text = std::move(text)};
        }
    }
}

std::optional<Period> parse_range(std::string_view first, std::string_view last) {
    const std::optional<int> first_month = parse_any_month(first);
    const std::optional<int> last_month = parse_any_month(last);
    if (first_month && last_month) {
        return months_between(*first_month, *last_month, std::string(first) + ".." + std::string(last));
    }
    const std::optional<Date> first_day = parse_date(first);
    const std::optional<Date> last_day = parse_date(last);
    if (!first_day || !last_day) {
        return std::nullopt;
    }
    return days_between(first_day, last_day, to_string(*first_day) + ".." + to_string(*last_day));
}

} // namespace

std::string season_of(Date date) {
    const auto months = 1U << static_cast<unsigned>(month_of(date) - 1);
    const auto found = std::ranges::find_if(seasons, [&](const auto& season) { return (season.second & months) != 0; });
    return std::string(found->first);
}

std::optional<Period> parse_period(std::string_view text) {
    if (text == "all") {
        return Period{};
    }
    for (const auto& [season, months] : seasons) {
        if (text == season) {
            return Period{.months = months, .text = std::string(text)};
        }
    }
    if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
        return parse_range(text.substr(0, dots), text.substr(dots + 2));
    }
    if (const std::optional<int> month = parse_any_month(text)) {
        return months_between(*month, *month, std::string(text));
    }
    return parse_year_or_month(text);
}

std::string to_string(const Period& period) {
    return period.text;
}

} // namespace lcclass
