/// Medoid composites: of all dates, the observation that lies in the middle of the others, all of its bands together.
/// Pure functions; safe from any thread.
#pragma once

#include "features/time_series.h"

#include <cstdint>
#include <span>

namespace lcclass {

constexpr std::int32_t no_date = -1;

/// Per pixel the index of the date whose vector over `bands` has the smallest sum of Euclidean distances to those of
/// all other dates (Flood 2013, Remote Sensing 5(12), 6481-6500), the earliest of equal ones; `no_date` where no date
/// has all bands. Dates that lack a band do not take part. Bands count as they are scaled.
/// Requires: at least one band; all bands have the same dates and `out.size()` pixels.
void find_medoids(std::span<const SeriesView> bands, std::span<std::int32_t> out);

/// The values of `band` on the dates of `chosen`; NaN for `no_date`.
void gather(const SeriesView& band, std::span<const std::int32_t> chosen, std::span<float> out);

} // namespace lcclass
