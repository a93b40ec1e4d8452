/// Where a raster lies: size, north-up geotransform and CRS; and the windows and bounds cut out of it.
/// Plain values; safe to share between threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lcclass {

/// A rectangle of pixels; `x`, `y` are the column and row of its upper-left pixel.
struct Window {
    std::int64_t x = 0;
    std::int64_t y = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;

    [[nodiscard]] std::int64_t n_pixels() const { return width * height; }
    bool operator==(const Window&) const = default;
};

/// A rectangle in CRS units.
struct Bounds {
    double min_x = 0;
    double min_y = 0;
    double max_x = 0;
    double max_y = 0;

    [[nodiscard]] bool intersects(const Bounds& other) const {
        return min_x < other.max_x && other.min_x < max_x && min_y < other.max_y && other.min_y < max_y;
    }
    bool operator==(const Bounds&) const = default;
};

/// A north-up pixel lattice. `origin` is the outer corner of the upper-left pixel; both pixel sizes are > 0.
struct GridSpec {
    std::int64_t width = 0;
    std::int64_t height = 0;
    double origin_x = 0;
    double origin_y = 0;
    double pixel_width = 1;
    double pixel_height = 1;
    std::string crs_wkt; ///< WKT2; never empty for data that came from a file

    [[nodiscard]] std::int64_t n_pixels() const { return width * height; }
    [[nodiscard]] Window extent() const { return {0, 0, width, height}; }
    [[nodiscard]] Bounds bounds() const;
    /// X of the centre of column `col` (0-based), CRS units.
    [[nodiscard]] double center_x(std::int64_t col) const;
    /// Y of the centre of row `row` (0-based), CRS units.
    [[nodiscard]] double center_y(std::int64_t row) const;
};

/// True when both lattices have the same size, and corners that agree to 1e-3 pixel. The CRS is not compared
/// (that takes PROJ: `same_crs` in geo).
bool same_lattice(const GridSpec& a, const GridSpec& b);

/// `1536 x 768 px of 10 m, 330000 5814360 345360 5822040`, for messages.
std::string describe(const GridSpec& grid);
std::string describe(const Bounds& bounds);

/// The windows of `block_width` x `block_height` pixels (smaller at the right and lower edge) that cover `area`,
/// row by row from the upper left. Requires: both sizes > 0.
std::vector<Window> block_windows(const Window& area, std::int64_t block_width, std::int64_t block_height);

} // namespace lcclass
