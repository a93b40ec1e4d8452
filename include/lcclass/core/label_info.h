/// What the codes and polygon ids of a label raster mean.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <string>
#include <vector>

namespace lcclass {

/// Goes with a raster of bands `class_code` (0 = nodata) and `polygon_id` (1..n, 0 = nodata).
struct LabelInfo {
    ClassLegend legend;
    std::vector<std::string> polygon_group; ///< group of polygon_id i at [i - 1]; empty: every polygon is its own
};

} // namespace lcclass
