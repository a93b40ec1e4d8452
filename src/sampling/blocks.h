/// The square blocks of spatial-kfold over a set of points, and hexagonal ones: which cells exist, and in which one
/// each point lies. Pure functions.
#pragma once

#include "lcclass/core/grid_spec.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass::sampling {

struct BlockLayout {
    std::int64_t n_grid_cells = 0;      ///< of the whole grid, kept or not (hexagons: kept)
    std::vector<Bounds> cells;          ///< kept cells: west to east, and south to north within a column (hexagons:
                                        ///< south to north, and west to east within a row)
    std::vector<std::int32_t> of_point; ///< per point, index into `cells`
};

/// Square cells of side `size`, anchored at the minimum of the points' bounds, that touch at least one point. A point
/// on an edge touches the cells on both sides, and belongs to the one that comes first.
/// Cell corners are those of numpy.arange(min, max + size, size), bit for bit.
/// Requires: at least one point, finite coordinates, size > 0 and not more than 2^31 cells along an axis.
BlockLayout make_blocks(std::span<const double> x, std::span<const double> y, double size);

/// Regular hexagons with corners at the top and bottom, `size` between their upright sides, that hold a point. The
/// first one is centred on the minimum of the points' bounds; rows are sqrt(3)/2 size apart, every other one shifted by
/// half of it. A point belongs to the nearest centre, on ties to the cell that comes first.
/// Requires: as make_blocks.
BlockLayout make_hexagons(std::span<const double> x, std::span<const double> y, double size);

/// The number of cells along the longer axis of the points' bounds, before it is narrowed to an integer.
double cells_along_longest_axis(std::span<const double> x, std::span<const double> y, double size);

} // namespace lcclass::sampling
