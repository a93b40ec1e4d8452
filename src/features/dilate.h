/// Masks made wider: what lies within some pixels of a masked pixel is masked too.
/// Views and a pure function; safe from any thread.
#pragma once

#include "lcclass/core/grid_spec.h"

#include <cstdint>
#include <span>

namespace lcclass {

/// Bytes row by row; not 0 is masked.
struct MaskView {
    Window window;
    std::span<const std::uint8_t> values;
};

/// Where a mask is written: the pixels of `window`, row by row, as 0 and 1.
struct MaskOut {
    Window window;
    std::span<std::uint8_t> values;
};

/// Masks every pixel of `out.window` whose centre is within `radius` pixels (Euclidean: a disc) of the centre of a
/// masked pixel. Needs `mask` to be wider by `radius` on all sides, less where the grid ends. Time does not depend on
/// the radius. Requires: radius >= 0; `out.window` lies within `mask.window`.
void dilate(const MaskView& mask, int radius, const MaskOut& out);

} // namespace lcclass
