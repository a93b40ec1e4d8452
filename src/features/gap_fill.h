/// Series on dates of one's choice: linear interpolation in time between the observations of each pixel.
/// Pure functions; safe from any thread.
#pragma once

#include "features/time_series.h"

#include <span>

namespace lcclass {

struct GapFill {
    std::span<const Date> dates;           ///< asked for; strictly ascending
    std::span<const std::span<float>> out; ///< one plane for each
    bool hold_ends = false; ///< before the first and after the last observation: that one, instead of NaN
};

/// The values of `series` on the asked dates: the observation itself where there is one on that day, else the line
/// between its neighbours in time, by days. Computed in double and rounded once: the bits of `numpy.interp` on the
/// observations of each pixel. NaN where there is no observation at all.
void fill_gaps(const SeriesView& series, const GapFill& fill);

} // namespace lcclass
