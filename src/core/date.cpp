#include "lcclass/core/date.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace lcclass {

namespace {

std::chrono::year_month_day calendar(Date date) {
    return std::chrono::sys_days(std::chrono::days(date.days));
}

std::optional<Date> from_calendar(std::chrono::year_month_day day) {
    if (!day.ok()) {
        return std::nullopt;
    }
    return Date{static_cast<int>(std::chrono::sys_days(day).time_since_epoch().count())};
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::optional<Date> make_date(int year, int month, int day) {
    if (year < 1000 || year > 9999 || month < 1 || day < 1) {
        return std::nullopt;
    }
    return from_calendar(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) /
                         std::chrono::day(static_cast<unsigned>(day)));
}

std::optional<Date> make_date_of_year(int year, int day_of_year) {
    const std::optional<Date> first = make_date(year, 1, 1);
    if (!first || day_of_year < 1) {
        return std::nullopt;
    }
    const Date date{first->days + day_of_year - 1};
    return year_of(date) == year ? std::optional(date) : std::nullopt;
}

std::optional<Date> parse_date(std::string_view text) {
    std::string digits(text);
    if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
        digits = std::string(text.substr(0, 4)) + std::string(text.substr(5, 2)) + std::string(text.substr(8, 2));
    }
    if (digits.size() != 8 || !all_digits(digits)) {
        return std::nullopt;
    }
    return make_date(std::stoi(digits.substr(0, 4)), std::stoi(digits.substr(4, 2)), std::stoi(digits.substr(6, 2)));
}

std::string to_string(Date date) {
    const auto day = calendar(date);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text.data();
}

std::optional<Acquisition> parse_acquisition(std::string_view text) {
    const std::size_t dot = text.find('.');
    const std::optional<Date> date = parse_date(text.substr(0, dot));
    if (!date || dot == std::string_view::npos) {
        return date ? std::optional(Acquisition{.date = *date}) : std::nullopt;
    }
    const auto number = parse_int(text.substr(dot + 1));
    const bool is_number = number && *number >= 2 && *number <= 99;
    return is_number ? std::optional(Acquisition{.date = *date, .number = static_cast<int>(*number)}) : std::nullopt;
}

std::string to_string(Acquisition acquisition) {
    const std::string number = acquisition.number == 1 ? "" : "." + std::to_string(acquisition.number);
    return to_string(acquisition.date) + number;
}

int year_of(Date date) {
    return static_cast<int>(calendar(date).year());
}

int month_of(Date date) {
    return static_cast<int>(static_cast<unsigned>(calendar(date).month()));
}

int day_of_year_of(Date date) {
    return date.days - make_date(year_of(date), 1, 1).value_or(Date{}).days + 1;
}

Date shifted_by_years(Date date, int years) {
    auto day = calendar(date) + std::chrono::years(years);
    if (!day.ok()) {
        day = day.year() / day.month() / std::chrono::day(28);
    }
    return from_calendar(day).value_or(date);
}

DatedName split_dated_name(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) {
        return {.name = std::string(text), .when = {}};
    }
    return {.name = std::string(text.substr(0, at)), .when = std::string(text.substr(at + 1))};
}

} // namespace lcclass
