#include "lcclass/core/grid_spec.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

Bounds GridSpec::bounds() const {
    return {.min_x = origin_x,
            .min_y = origin_y - static_cast<double>(height) * pixel_height,
            .max_x = origin_x + static_cast<double>(width) * pixel_width,
            .max_y = origin_y};
}

double GridSpec::center_x(std::int64_t col) const {
    return origin_x + (static_cast<double>(col) + 0.5) * pixel_width;
}

double GridSpec::center_y(std::int64_t row) const {
    return origin_y - (static_cast<double>(row) + 0.5) * pixel_height;
}

bool same_lattice(const GridSpec& a, const GridSpec& b) {
    if (a.width != b.width || a.height != b.height) {
        return false;
    }
    const Bounds p = a.bounds();
    const Bounds q = b.bounds();
    const double tolerance_x = 1e-3 * a.pixel_width;
    const double tolerance_y = 1e-3 * a.pixel_height;
    return std::abs(p.min_x - q.min_x) <= tolerance_x && std::abs(p.max_x - q.max_x) <= tolerance_x &&
           std::abs(p.min_y - q.min_y) <= tolerance_y && std::abs(p.max_y - q.max_y) <= tolerance_y;
}

std::string describe(const Bounds& bounds) {
    return format_number(bounds.min_x) + " " + format_number(bounds.min_y) + " " + format_number(bounds.max_x) + " " +
           format_number(bounds.max_y);
}

std::string describe(const GridSpec& grid) {
    std::string pixel = format_number(grid.pixel_width);
    if (grid.pixel_width != grid.pixel_height) {
        pixel += " x " + format_number(grid.pixel_height);
    }
    return std::to_string(grid.width) + " x " + std::to_string(grid.height) + " px of " + pixel + ", " +
           describe(grid.bounds());
}

std::vector<Window> block_windows(const Window& area, std::int64_t block_width, std::int64_t block_height) {
    std::vector<Window> windows;
    for (std::int64_t y = 0; y < area.height; y += block_height) {
        for (std::int64_t x = 0; x < area.width; x += block_width) {
            windows.push_back({.x = area.x + x,
                               .y = area.y + y,
                               .width = std::min(block_width, area.width - x),
                               .height = std::min(block_height, area.height - y)});
        }
    }
    return windows;
}

} // namespace lcclass
