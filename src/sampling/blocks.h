/// The rectangular blocks of spatial-kfold over a set of points: which cells exist, and in which one each point lies.
/// Pure functions.
#pragma once

#include "lcclass/core/grid_spec.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass::sampling {

struct BlockLayout {
    std::int64_t n_grid_cells = 0;      ///< of the whole grid, kept or not
    std::vector<Bounds> cells;          ///< kept cells: west to east, and south to north within a column
    std::vector<std::int32_t> of_point; ///< per point, index into `cells`
};

/// Square cells of side `size`, anchored at the minimum of the points' bounds, that touch at least one point. A point
/// on an edge touches the cells on both sides, and belongs to the one that comes first.
/// Cell corners are those of numpy.arange(min, max + size, size), bit for bit.
/// Requires: at least one point, finite coordinates, size > 0 and not more than 2^31 cells along an axis.
BlockLayout make_blocks(std::span<const double> x, std::span<const double> y, double size);

/// The number of cells along the longer axis of the points' bounds, before it is narrowed to an integer.
double cells_along_longest_axis(std::span<const double> x, std::span<const double> y, double size);

} // namespace lcclass::sampling
