/// GeoTIFF files as lcclass makes them: 512 px tiles, lossless compression, everything inside the file.
/// A TiffTiles belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/geo/raster_file.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lcclass {

inline constexpr std::int64_t tile_size = 512;

/// How the tiles of a raster lie; edge tiles are cut to the raster.
struct TileLayout {
    std::int64_t width = 0;
    std::int64_t height = 0;

    [[nodiscard]] std::int64_t n_columns() const { return (width + tile_size - 1) / tile_size; }
    [[nodiscard]] std::int64_t n_rows() const { return (height + tile_size - 1) / tile_size; }
    [[nodiscard]] std::int64_t n_tiles() const { return n_columns() * n_rows(); }
    /// Pixels of tile `index` (row by row from the upper left) that lie within the raster.
    [[nodiscard]] Window window_of(std::int64_t index) const;
};

/// True for class maps that TIFF can give a colour table: one band of codes up to 65535.
bool has_palette(const RasterLayout& layout);

/// Creates the file with georeference, names, nodata and metadata, and no pixels yet. `for_staging` trades size for
/// speed. Throws: Error(output) naming `final_path`.
DatasetHandle create_tiff(const std::filesystem::path& temporary, const std::filesystem::path& final_path,
                          const RasterLayout& layout, double nodata, bool for_staging);

/// Flushes and closes; GDAL 3.6 reports a failing close to the error handler only.
/// Throws: Error(output) naming `final_path`.
void close_tiff(DatasetHandle dataset, const std::filesystem::path& final_path);

/// Makes the COG `to`, with overviews, from the plain TIFF `from`. Throws: Error(output) naming `final_path`.
void copy_to_cog(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::filesystem::path& final_path, const RasterLayout& layout);

/// SHA-256 of one tile of all bands: the pixels within the raster, band by band and row by row.
/// `band_pixels(band)` gives the 512 x 512 pixels of a band (0-based).
std::string tile_digest(const Window& window, int n_bands, std::size_t pixel_bytes,
                        const std::function<const std::byte*(int)>& band_pixels);

/// Reads `file` back and throws Error(output) naming `final_path` unless every tile has the digest that was
/// written.
void verify_tiles(const std::filesystem::path& file, const std::filesystem::path& final_path,
                  const RasterLayout& layout, const std::vector<std::string>& digests);

} // namespace lcclass
