/// The one grid that the bands of a scene are brought to, and whether a band lies on it already.
/// Functions are safe from any thread.
#pragma once

#include "geo/scene_bands.h"
#include "lcclass/geo/scene.h"

#include <optional>
#include <span>

namespace lcclass {

/// The grid of `--like`, or the finest band's lattice (or `--resolution` from its origin) over what all bands cover.
/// Requires: at least one band. Throws: Error(input) for bands of different CRS, whose pixel edges do not nest or
/// whose extents differ, when nothing says that this is meant, and always for an empty intersection.
GridSpec choose_grid(const SceneOptions& options, std::span<const OpenedBand> bands);

/// The column and row of `grid` in `band`, when both have the same pixels (edges agree to 1e-3 px).
struct PixelShift {
    std::int64_t columns = 0;
    std::int64_t rows = 0;
};
std::optional<PixelShift> shift_on_lattice(const GridSpec& band, const GridSpec& grid);

} // namespace lcclass
