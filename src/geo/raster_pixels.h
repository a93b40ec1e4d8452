/// Pixels on their way into a file: floats as the bytes of a pixel type, checked, and their statistics.
/// Functions are safe from any thread; values are plain.
#pragma once

#include "lcclass/geo/raster_file.h"

#include <gdal.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace lcclass {

GDALDataType gdal_type(PixelType type);
std::size_t bytes_per_pixel(PixelType type);

/// True when `value` is one that pixels of `type` can hold.
bool fits(double value, PixelType type);

/// Fills `out` with `n` pixels of `value`. Requires: fits(value, type).
void fill_pixels(double value, PixelType type, std::int64_t n, std::byte* out);

/// Writes `values` as pixels of `type`; NaN becomes `nodata`.
/// Throws: Error(internal) naming `where` for a value that the type cannot hold or that is `nodata` itself.
void encode_pixels(std::span<const float> values, PixelType type, double nodata, std::byte* out,
                   const std::string& where);

/// Count, range and moments of some pixels; partial results add up.
struct PixelStatistics {
    std::int64_t n = 0;
    double minimum = 0;
    double maximum = 0;
    double mean = 0;
    double squared_deviations = 0;

    /// Chan, Golub & LeVeque 1983.
    PixelStatistics& operator+=(const PixelStatistics& other);
};

/// Of the pixels of `type` in `area` (its position does not matter) that are not `nodata`; rows are `row_pixels` apart.
PixelStatistics statistics_of(const std::byte* pixels, PixelType type, double nodata, const Window& area,
                              std::int64_t row_pixels);

} // namespace lcclass
