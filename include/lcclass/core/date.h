/// A calendar day: when a scene was sensed.
/// A value; functions are safe from any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace lcclass {

struct Date {
    int days = 0; ///< since 1970-01-01
    auto operator<=>(const Date&) const = default;
};

/// `year` of four digits, month from 1, day from 1 of the Gregorian calendar; nothing for a day that is none.
std::optional<Date> make_date(int year, int month, int day);
/// The day `day_of_year` (from 1) of `year`; nothing for a day that is none.
std::optional<Date> make_date_of_year(int year, int day_of_year);

/// Understands `2018-05-06` and `20180506`; nothing for other texts and for days that are none.
std::optional<Date> parse_date(std::string_view text);
/// `2018-05-06`.
std::string to_string(Date date);

/// One of the acquisitions of a day: neighbouring orbits may see a place twice.
struct Acquisition {
    Date date;
    int number = 1; ///< from 1
    auto operator<=>(const Acquisition&) const = default;
};
/// Understands what `parse_date` does, and with a number from 2 to 99 behind it: `2018-05-06.2`.
std::optional<Acquisition> parse_acquisition(std::string_view text);
/// `2018-05-06`, or `2018-05-06.2` for the second of a day.
std::string to_string(Acquisition acquisition);

int year_of(Date date);
int month_of(Date date);       ///< 1 to 12
int day_of_year_of(Date date); ///< 1 to 366

/// The same day and month `years` later (the 28th for a 29th of February that is none).
Date shifted_by_years(Date date, int years);

/// A band or feature name and the date or statistic behind its `@`: `B04@2018-05-06` is `B04` and `2018-05-06`; `when`
/// is empty for a name without.
struct DatedName {
    std::string name;
    std::string when;
};
DatedName split_dated_name(std::string_view text);

} // namespace lcclass
