/// Part of the calendar that observations are put together over: a month, a year, a season of any year, a range of
/// days. A value; functions are safe from any thread.
#pragma once

#include "lcclass/core/date.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace lcclass {

/// Days `first` to `last`, both included, in the months of `months`.
struct Period {
    Date first{std::numeric_limits<int>::min()};
    Date last{std::numeric_limits<int>::max()};
    unsigned months = 0xfff; ///< bit 0 is January
    std::string text = "all";

    [[nodiscard]] bool contains(Date date) const {
        return first <= date && date <= last && ((months >> (month_of(date) - 1)) & 1U) != 0;
    }
    bool operator==(const Period&) const = default;
};

/// The season of a day: `DJF`, `MAM`, `JJA` or `SON`.
std::string season_of(Date date);

/// Understands `all`; the year `2018` and the month `2018-05`; days `2018-04-01..2018-06-30`; and of any year the
/// seasons `DJF`, `MAM`, `JJA`, `SON`, the month `M05` and months `M04..M09` or `M11..M02`. Nothing for other texts
/// and for ranges of days that end before they begin.
std::optional<Period> parse_period(std::string_view text);
/// The text that `parse_period` reads as the same period.
std::string to_string(const Period& period);

} // namespace lcclass
