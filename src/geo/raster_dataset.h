/// Opening raster files safely, and what GDAL tells about them in core's words.
/// Functions are safe from any thread; a dataset belongs to one thread at a time.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/core/grid_spec.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// Opens a local, regular GeoTIFF or JPEG 2000 file for reading; no other driver is given a chance.
/// Throws: Error(input) naming the file.
DatasetHandle open_raster_dataset(const std::filesystem::path& path);

/// The same for a file in a zip, by its name in GDAL's virtual file system; `where` is what messages call it.
/// Requires: the zip is a local, regular file.
DatasetHandle open_zipped_dataset(const std::string& name, const std::string& where);

/// True for a regular file that one of these drivers takes for its own.
bool is_raster_file(const std::filesystem::path& path);

/// Size, geotransform and CRS. Throws: Error(input) naming `where` when one is missing, or not north-up.
GridSpec grid_of_dataset(GDALDatasetH dataset, const std::string& where);

/// What is known about a band of a file.
struct RasterBandInfo {
    int number = 1;   ///< within the file
    std::string name; ///< description, or `band_<n>`
    std::string unit;
    GDALDataType type = GDT_Unknown;
    std::optional<double> nodata;
    std::optional<double> scale;  ///< set only when the file says so
    std::optional<double> offset; ///< set only when the file says so
    bool has_mask = false;        ///< the dataset has a validity mask inside the file
    int alpha_band = 0;           ///< number of the band that is 0 where the file has no data, 0: none

    /// Replaces nodata, or what it becomes as a float, by NaN.
    void clear_nodata(std::span<float> values) const;
};

/// Every band but an alpha band, which `gdalwarp -dstalpha` adds: it says where the others have data.
/// Throws: Error(input) naming `where` for types that are not real numbers and, if `names_must_differ`, for names that
/// occur twice.
std::vector<RasterBandInfo> bands_of_dataset(GDALDatasetH dataset, const std::string& where,
                                             bool names_must_differ = true);

} // namespace lcclass
