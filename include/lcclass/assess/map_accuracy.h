/// A class map compared pixel by pixel with a reference raster that covers it: a census, so without sampling error.
/// One call uses all threads; its result does not depend on their number.
#pragma once

#include "lcclass/assess/confusion_matrix.h"
#include "lcclass/core/class_legend.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <string>

namespace lcclass {

struct MapAccuracy {
    ClassLegend legend;                   ///< classes of map and reference
    ConfusionMatrix matrix{0};            ///< over the pixels that both cover, in the order of the legend
    AccuracyReport report;                ///< of that matrix
    std::int64_t unmapped_pixels = 0;     ///< reference without a map value
    std::int64_t unreferenced_pixels = 0; ///< map without a reference value
};

/// Compares the first bands. Requires: the same lattice (throws Error(input) otherwise).
/// Throws: Error(input) naming a code that is not in `legend`, or when no pixel has both values.
MapAccuracy compare_with_reference(const RasterSource& map, const RasterSource& reference, const ClassLegend& legend,
                                   Progress& progress);

/// The content of accuracy.json (docs/files.md).
std::string to_json(const MapAccuracy& accuracy);

/// Overall figures, then precision, recall and F1 by class, as text for a terminal.
std::string to_table(const MapAccuracy& accuracy);

} // namespace lcclass
