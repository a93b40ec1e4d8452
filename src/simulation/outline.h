/// The outline of a region of pixels as one ring along pixel edges.
/// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace lcclass::simulation {

/// A small raster of zeros and ones.
struct Mask {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> inside; ///< row by row

    Mask(int w, int h) : width(w), height(h), inside(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
    [[nodiscard]] std::size_t index(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column);
    }
    /// False outside the raster.
    [[nodiscard]] bool at(int column, int row) const {
        return column >= 0 && row >= 0 && column < width && row < height && inside[index(column, row)] != 0;
    }
};

/// Pixels that are out but not 4-connected to the outside of the raster.
Mask enclosed_pixels(const Mask& region);

/// Corners of pixels (column, row) at which the outline turns, clockwise on the screen, first = last.
/// Requires: `region` is 4-connected, not empty and encloses no pixel; the ring then never touches itself.
std::vector<std::pair<int, int>> trace_outline(const Mask& region);

} // namespace lcclass::simulation
