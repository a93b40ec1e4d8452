/// The outline of pixels given as runs along rows.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/geo/outlines.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Pixels first .. last - 1 of a row.
struct PixelRun {
    std::int64_t row = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
};

/// Rings as LabelOutline has them. Requires: runs by row, then column, not touching within a row.
std::vector<OutlineRing> outline_of(std::span<const PixelRun> runs);

} // namespace lcclass
