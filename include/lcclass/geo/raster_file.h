/// Rasters on disk: opening one as it is, and writing one atomically as a tiled GeoTIFF or a COG.
/// Sources may be read from several threads at once; sinks belong to one thread.
#pragma once

#include "lcclass/core/class_legend.h"
#include "lcclass/core/raster_sink.h"
#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

enum class PixelType { uint8, uint16, int32, float32 };

/// A raster file as it is: values unscaled by its band metadata, nodata as NaN.
struct RasterFile {
    std::shared_ptr<const RasterSource> source;
    std::map<std::string, std::string> metadata; ///< dataset metadata, keys of ours begin with `LCCLASS_`
    std::optional<ClassLegend> legend;           ///< from our metadata, or else from category names and colour table
    std::string driver;                          ///< `GTiff`
};

/// Throws: Error(input) naming the file when it cannot be opened, has no CRS or geotransform, is rotated or south-up,
/// or is none of the allowed drivers (GTiff, JP2OpenJPEG; MEM inside).
RasterFile open_raster(const std::filesystem::path& path);

/// The dataset metadata of a raster whatever its bands are. Throws: Error(input) naming the file when it cannot be
/// opened or is none of the allowed drivers.
std::map<std::string, std::string> raster_metadata(const std::filesystem::path& path);

struct RasterLayout {
    GridSpec grid;
    std::vector<BandSpec> bands;
    PixelType type = PixelType::float32;
    std::optional<double> nodata; ///< nothing: NaN for float32, 0 for integers
    std::map<std::string, std::string> metadata;
    std::optional<ClassLegend> legend; ///< colour table, category names
    bool cloud_optimized = false;      ///< COG with overviews (mode for class maps) instead of a plain tiled GeoTIFF
    bool statistics = false;           ///< band statistics in the file
    bool overwrite = false;
};

/// Nothing stands at `path` before `commit()`. Pixels do not depend on the size of the blocks; neither do the bytes of
/// a cloud optimized file, while the tiles of a plain one lie in the order in which blocks complete them. Maps of one
/// band with a legend get a side file `<path>.aux.xml` with what TIFF has no place for: the category names, and a
/// raster attribute table of code, name, colour, pixels and, where the CRS has metres or feet, hectares per class.
/// Requires: every pixel is written once; values fit the type and are not nodata itself (NaN stands for nodata).
/// Throws: Error(output); Error(internal) for a broken requirement.
std::unique_ptr<RasterSink> create_raster(const std::filesystem::path& path, const RasterLayout& layout);

/// True when both descriptions mean the same reference system (PROJ's IsSame, axis order ignored).
bool same_crs(const std::string& wkt_a, const std::string& wkt_b);
/// True when coordinates are degrees.
bool is_geographic(const std::string& wkt);
/// Metres in one unit of the coordinates; nothing when they are degrees.
std::optional<double> metres_per_unit(const std::string& wkt);
/// `EPSG:32633`, or the CRS name when it has no code.
std::string crs_label(const std::string& wkt);
/// WKT2 of anything OGR understands (`EPSG:3035`, WKT, PROJ). Throws Error(configuration) naming `text`.
std::string parse_crs(const std::string& text);

} // namespace lcclass
