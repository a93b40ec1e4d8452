/// Sums over the pairs of a sliding window: of what a pair is worth by itself.
/// Not safe to share between threads.
#pragma once

#include "features/level_pairs.h"

namespace lcclass {

/// Which sums are wanted; the number of pairs always is.
struct PairSumsWanted {
    bool squares = false;     ///< of (i - j)^2
    bool differences = false; ///< of |i - j|
    bool closeness = false;   ///< of 1 / (1 + (i - j)^2)
    bool levels = false;      ///< of i + j and of i^2 + j^2
};

/// Of the windows of one row: one entry per window. Those that are not wanted are empty.
struct PairSumsRow {
    std::vector<std::int32_t> n;
    std::vector<std::int32_t> squares;
    std::vector<std::int32_t> differences;
    std::vector<std::int32_t> levels;
    std::vector<std::int32_t> level_squares;
    std::vector<std::int64_t> closeness; ///< in units of 1 / closeness_unit
};

inline constexpr double closeness_unit = 0x1p40;

/// Of one direction: sums down the columns, which gain a row and lose one from window row to window row.
class PairSums {
public:
    PairSums(const PairDirection& direction, const TextureOptions& options, const PairSumsWanted& wanted,
             const LevelPlane& levels);

    /// Sums of the windows whose first row is `y`. Requires: called for every row from 0 on.
    void sum_row(std::int64_t y, PairSumsRow& sums);

private:
    void count_pairs(std::int64_t y, int sign);

    PairDirection m_direction;
    int m_rows;
    int m_columns;
    const LevelPlane* m_levels;
    std::vector<std::int64_t> m_closeness_of; ///< a difference of levels
    PairSumsWanted m_wanted;
    PairSumsRow m_of_columns;
};

} // namespace lcclass
