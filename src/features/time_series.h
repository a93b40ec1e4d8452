/// One band on several dates, pixel by pixel, and what it is like over time: median, percentiles, slope, ...
/// Values, views and pure functions; safe from any thread.
#pragma once

#include "lcclass/core/date.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lcclass {

/// The same pixels of one band, one plane per date. NaN: no observation on that date.
/// Requires: `dates` strictly ascending, one plane of `n_pixels` values for each.
struct SeriesView {
    std::span<const Date> dates;
    std::vector<const float*> planes;
    std::int64_t n_pixels = 0;
};

enum class TimeStatisticKind {
    median,
    mean,
    min,
    max,
    sd,         ///< of the population: divided by n
    amplitude,  ///< max - min
    slope,      ///< of the least squares line, per year of 365.25 days; needs two dates
    count,      ///< of observations; 0, not NaN, where there is none
    first,      ///< the earliest observation
    last,       ///< the latest observation
    percentile, ///< with linear interpolation between the two nearest ranks
};

struct TimeStatistic {
    TimeStatisticKind kind = TimeStatisticKind::median;
    double percent = 0; ///< of a percentile: 0 to 100
    bool operator==(const TimeStatistic&) const = default;
};

/// Understands `median`, `mean`, `min`, `max`, `sd`, `amplitude`, `slope`, `count`, `first`, `last`, and percentiles as
/// `p10` or `p2.5` (as `to_string` writes them); nothing for other texts.
std::optional<TimeStatistic> parse_time_statistic(std::string_view text);
std::string to_string(const TimeStatistic& statistic);
/// The words that are understood, with `p10` for all percentiles: for messages.
std::vector<std::string> time_statistic_words();

/// One statistic and where its `n_pixels` values go.
struct StatisticRequest {
    TimeStatistic statistic;
    std::span<float> out;
};

/// Computes all requests in one pass; pixels without the observations a statistic needs become NaN. Computed in double
/// and rounded once: the values of numpy's nan-functions for a float64 array of (date, pixel), to the bit.
void time_statistics(const SeriesView& series, std::span<const StatisticRequest> requests);

} // namespace lcclass
