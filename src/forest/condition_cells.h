/// Cells of rows that are alike in some features, made at the forest's own cut points of these features.
/// Const access is safe from any thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Every row once, cell by cell: cell c is rows[end of c - 1] ... rows[end of c), ascending.
struct RowCells {
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> ends;
};

class ConditionCells {
public:
    /// A cut parts a cell only where it leaves so many rows on both sides: fewer cannot be shuffled much.
    static constexpr std::size_t fewest_rows = 10;
    /// So many cut points are looked at, those that part most training rows first.
    static constexpr std::size_t most_cuts = 1000;

    /// `codes` of the rows, see `RandomForest::encode`; they must outlive the cells, and so must the forest.
    ConditionCells(const RandomForest& forest, std::span<const std::uint16_t> codes);

    /// The cells that the cut points of `conditions` make; one of all rows without conditions.
    [[nodiscard]] RowCells part(std::span<const int> conditions) const;

private:
    struct Cut {
        std::size_t feature = 0;
        std::uint32_t cut = 0;
        double weight = 0;
    };
    [[nodiscard]] std::vector<Cut> cuts_of(std::span<const int> conditions) const;

    const RandomForest& m_forest;
    std::span<const std::uint16_t> m_codes;
    std::vector<std::vector<double>> m_weights; ///< per feature and cut: training rows it parts, over all trees
};

} // namespace lcclass
