/// Outlines and points over a report's map: training polygons, blocks of folds, where models of folds were wrong.
/// Free functions; tracing uses all threads.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/report/map_view.h"

#include <filesystem>

namespace lcclass {

/// Polygons of the label raster at `path`, on the lattice of the view, by class.
/// Throws: Error(input) naming the file when a band is missing.
void add_polygons(const RasterFile& labels, const std::filesystem::path& path, report::MapView& view,
                  Progress& progress);

/// One layer of blocks per scheme that has them, and one of groups per scheme that was judged.
/// Throws: Error(input) naming file and layer, also for the number of a fold that cannot be.
void add_folds(const std::filesystem::path& folds, report::MapView& view);

} // namespace lcclass
