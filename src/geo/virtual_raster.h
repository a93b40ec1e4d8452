/// GDAL's virtual rasters (VRT) as inputs: XML that names other files, and could name anything.
/// Functions are safe from any thread.
#pragma once

#include "geo/gdal_handles.h"

#include <filesystem>

namespace lcclass {

/// Does the file begin as a VRT does, whatever its name?
bool is_virtual_raster(const std::filesystem::path& file);

/// Opens a VRT whose sources are GeoTIFF or JPEG 2000 files, or such VRTs, in its own folder or below it, named
/// relative to it, and copied, averaged, filtered, scaled or looked up, or combined by GDAL's own pixel functions.
/// Throws: Error(input) naming the source or element that is anything else.
DatasetHandle open_virtual_raster(const std::filesystem::path& file);

} // namespace lcclass
