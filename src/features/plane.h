/// One band over a window of the grid, as the kernels of this layer see it.
/// Views; they own nothing.
#pragma once

#include "lcclass/core/grid_spec.h"

#include <algorithm>
#include <span>

namespace lcclass {

/// `window` with `margin` pixels around it, as far as the grid reaches.
inline Window widened(const Window& window, std::int64_t margin, const GridSpec& grid) {
    const std::int64_t left = std::max<std::int64_t>(0, window.x - margin);
    const std::int64_t top = std::max<std::int64_t>(0, window.y - margin);
    return {.x = left,
            .y = top,
            .width = std::min(grid.width, window.x + window.width + margin) - left,
            .height = std::min(grid.height, window.y + window.height + margin) - top};
}

/// Values row by row; NaN is a pixel without a value. A kernel that looks around gets a window wider than the one it
/// fills by its margin, less where the grid ends: what lies outside `window` lies outside the grid.
struct PlaneView {
    Window window;
    std::span<const float> values;

    [[nodiscard]] std::span<const float> row(std::int64_t y) const {
        return values.subspan(static_cast<std::size_t>((y - window.y) * window.width),
                              static_cast<std::size_t>(window.width));
    }
};

/// Where a kernel writes: the pixels of `window`, row by row.
struct PlaneOut {
    Window window;
    std::span<float> values;

    [[nodiscard]] std::span<float> row(std::int64_t y) const {
        return values.subspan(static_cast<std::size_t>((y - window.y) * window.width),
                              static_cast<std::size_t>(window.width));
    }
};

} // namespace lcclass
