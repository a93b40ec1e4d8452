/// Sums over the cells of the co-occurrence matrix of a sliding window: of squares, and of c ln c.
/// Not safe to share between threads.
#pragma once

#include "features/level_pairs.h"

#include <span>

namespace lcclass {

/// Of one window. Cells are those of the symmetric matrix of counts c, in which a pair counts twice: as (i, j) and (j,
/// i).
struct CellSums {
    std::int64_t squares = 0; ///< of c^2
    std::int64_t logs = 0;    ///< of c ln c, in units of 1 / cell_log_unit
};

inline constexpr double cell_log_unit = 0x1p40;

/// Of all directions. A window that moves by a column gains a column of pairs and loses one.
class PairCells {
public:
    PairCells(const TextureOptions& options, const LevelPlane& levels);

    /// Of direction d and the window whose first row is `y` and first column `x`: sums[d][x]. Requires: called for
    /// every row from 0 on.
    void sum_row(std::int64_t y, std::array<std::vector<CellSums>, n_pair_directions>& sums);

private:
    /// A cell's count and kind as one number: off the diagonal, on it, or the cell of pairs that lack a level.
    using State = std::uint16_t;

    struct Direction {
        PairDirection direction;
        int rows = 0;
        int columns = 0;
        std::vector<std::uint16_t> strip; ///< cell of each pair of the window row: a column's pairs in a row of memory
        std::vector<State> cells;
        CellSums sums;
    };

    void fill_strip(Direction& direction, std::int64_t y) const;
    void slide(Direction& direction, std::size_t x) const;
    void add_columns(Direction& direction, std::size_t begin, std::size_t end) const;
    void remove_columns(Direction& direction, std::size_t begin, std::size_t end) const;

    const LevelPlane* m_levels;
    std::uint16_t m_missing;       ///< index of the last cell
    std::vector<CellSums> m_gains; ///< by state: what one more pair adds
    std::array<Direction, n_pair_directions> m_directions;
};

} // namespace lcclass
