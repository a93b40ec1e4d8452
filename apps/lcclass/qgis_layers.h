/// The QGIS project of what a report is made of: everything that can be seen on a map, in order and with its style.
/// Each call is self-contained; safe from any thread.
#pragma once

#include "report_files.h"

#include <filesystem>
#include <optional>
#include <string>

namespace lcclass {

/// The content of a project that stands in `folder`, or nothing when no raster is there to open it on. From top to
/// bottom: polygons, samples and folds; the map; how sure it is; what explains it; labels; the scene. Styles are those
/// beside the rasters and inside the GeoPackages, so that what somebody changed there is kept; files without one get
/// lcclass' own. Polygons are those that `rasterize` burned, when the manifest names them.
/// Throws: Error(input) for a file that cannot be read.
std::optional<std::string> qgis_project(const ReportFiles& files, const std::filesystem::path& folder,
                                        const std::string& title);

} // namespace lcclass
