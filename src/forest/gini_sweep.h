/// All cuts of a sorted node by Gini without class weights, from both ends at once.
/// Owned by one thread; its memory is used again from node to node.
#pragma once

#include "forest/split_search.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class GiniSweep {
public:
    /// Up to this weight sums of squares fit 31 bits.
    static constexpr std::int64_t most_weight = 46340;

    /// Where the highest value above `highest` is: the index of the last row that goes left, the lowest on ties, or
    /// rows.size() when there is none; `highest` becomes its value.
    /// `total` are the draws per class of the rows, `squares` the sum of their squares.
    /// Requires: no more draws in all than `most_weight`; at least 2 x min_leaf rows.
    std::size_t best_cut(std::span<const SortedRow> rows, std::span<const std::uint32_t> total, std::int64_t squares,
                         std::size_t min_leaf, double& highest);

    /// A cut as seen from one end. Two words, since they are made by two additions.
    struct Cut {
        std::uint64_t squares = 0; ///< of this side << 32 | what the other side has lost
        std::uint64_t place = 0;   ///< weight of this side << 32 | number of its rows

        [[nodiscard]] std::int32_t here() const { return static_cast<std::int32_t>(squares >> 32U); }
        [[nodiscard]] std::int32_t lost() const { return static_cast<std::int32_t>(squares); }
        [[nodiscard]] std::int32_t weight() const { return static_cast<std::int32_t>(place >> 32U); }
        [[nodiscard]] std::uint32_t n_rows() const { return static_cast<std::uint32_t>(place); }
    };

private:
    struct Side {
        std::vector<std::uint64_t> classes; ///< per class, twice the draws on this side << 32 | beyond
        std::vector<Cut> cuts;
        std::size_t n_cuts = 0;
        std::vector<float> values; ///< per cut, to float's precision
    };
    struct Node {
        std::int32_t weight = 0;
        std::int32_t squares = 0;
    };

    static void begin(Side& side, std::span<const std::uint32_t> total, std::size_t n_rows);
    void collect(std::span<const SortedRow> rows, std::size_t min_leaf);
    static float estimate(Side& side, const Node& node);
    static double exact_value(const Cut& cut, const Node& node);
    template <class Visit>
    static void visit_above(const Side& side, float bound, const Visit& visit);

    Side m_left;
    Side m_right;
};

} // namespace lcclass
