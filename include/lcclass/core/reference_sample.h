/// A reference sample on a map's grid: units with a class that somebody saw, and the pixels that belong to each.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lcclass {

/// One thing that was drawn and labelled: a point (one pixel), or a polygon (its pixels).
struct ReferenceUnit {
    std::string place; ///< `fid 7`, for messages
    std::int32_t class_code = 0;
    std::string stratum; ///< empty: not said
    std::string cluster; ///< what was drawn in the first stage; empty: the unit itself
    double weight = 1;   ///< pixels or units it stands for: 1 / probability of being drawn
};

struct ReferencePixel {
    std::int64_t pixel = 0; ///< row * grid width + column
    std::int32_t unit = 0;  ///< index into units
};

struct ReferenceSample {
    std::vector<ReferenceUnit> units;
    std::vector<ReferencePixel> pixels; ///< in the order of the units
    ClassLegend legend;                 ///< of the map and of the units
    /// Units without a pixel on the grid, without a class, and of a class that the class map drops. None is in `units`.
    std::int64_t outside = 0;
    std::int64_t unlabelled = 0;
    std::int64_t dropped = 0;
    bool polygons = false; ///< some unit is a polygon
    /// Pixels of every stratum when the sample was drawn, by its code; empty unless `assess --plan` wrote the file.
    std::map<std::string, std::int64_t> planned_strata;
};

} // namespace lcclass
