/// Outlines and points over a report's map: training polygons, blocks of folds, where models of folds were wrong.
/// Free functions; tracing uses all threads.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/report/map_view.h"

#include <filesystem>

namespace lcclass {

/// Polygons of a label raster on the lattice of the view, by class.
void add_polygons(const RasterFile& labels, report::MapView& view, Progress& progress);

/// One layer of blocks per scheme that has them, and one of groups per scheme that was judged.
void add_folds(const std::filesystem::path& folds, report::MapView& view);

} // namespace lcclass
