/// Statistics of a square window around every pixel of a plane.
/// Pure functions; safe from any thread.
#pragma once

#include "features/plane.h"

namespace lcclass {

/// `sd` is the population's; `range` is maximum less minimum.
enum class FocalStatistic { mean, sd, min, max, range };

inline constexpr int largest_focal_size = 255;

/// The statistic of the size x size window centred on each pixel of `out.window`, over its pixels that have a value;
/// the window ends where the grid does. NaN where the centre itself has no value. Takes the same time whatever the
/// size.
///
/// The value at a pixel depends on the pixels of its window and their places in the grid alone, to the last bit. `sd`
/// is that of a merge of partial variances: its relative error is some 1e-16 (1 + mean / sd), so that of heights around
/// 3000 with sd 0.01 still has ten digits.
///
/// Requires: `size` odd, 3 to largest_focal_size; `in.window` holds `out.window` and size / 2 pixels around it, as far
/// as the grid reaches; values finite or NaN.
void focal(FocalStatistic statistic, int size, const PlaneView& in, const PlaneOut& out);

} // namespace lcclass
