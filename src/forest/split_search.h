/// The best cut of one feature in one node, from the node's rows in ascending order of the feature.
/// Pure functions and values.
#pragma once

#include "forest/tree_sample.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace lcclass {

/// A row and its code of a feature in one word, so that they are copied whole.
class CodedRow {
public:
    CodedRow() = default;
    CodedRow(std::uint32_t code, std::uint32_t row) : m_word(row << 16U | code) {}

    /// Of the feature, in the whole training set.
    [[nodiscard]] std::uint16_t code() const { return static_cast<std::uint16_t>(m_word); }
    /// Within the columns the node is searched in.
    [[nodiscard]] std::uint16_t row() const { return static_cast<std::uint16_t>(m_word >> 16U); }

private:
    std::uint32_t m_word = 0;
};

/// A row of a node as a feature sorts it.
struct SortedRow {
    CodedRow coded;
    RowDraws drawn;
};

struct Split {
    int feature = -1;
    std::uint32_t last_left = 0;  ///< rows go left whose key, in the columns the node was searched in, is up to this
    std::uint32_t left_code = 0;  ///< highest code in the node that goes left
    std::uint32_t right_code = 0; ///< lowest code in the node that goes right
    double value = -std::numeric_limits<double>::infinity();

    [[nodiscard]] bool found() const { return feature >= 0; }
};

/// The row behind which the cut of the highest value is, the first on ties, when that is above `highest`, which
/// becomes its value; rows.size() when there is none.
template <class Scan>
std::size_t last_left_of_best(std::span<const SortedRow> rows, std::size_t min_leaf, Scan& scan, double& highest) {
    if constexpr (requires { scan.best_cut(rows, min_leaf, highest); }) {
        if (scan.may_sweep(rows)) {
            return scan.best_cut(rows, min_leaf, highest);
        }
    }
    auto pass = scan.begin_feature();
    std::size_t i = 0;
    for (; i + 1 < min_leaf; ++i) {
        pass.move_left(rows[i].drawn.class_index(), rows[i].drawn.count());
    }
    std::size_t last_left = rows.size();
    for (; i + min_leaf < rows.size(); ++i) {
        pass.move_left(rows[i].drawn.class_index(), rows[i].drawn.count());
        const bool is_cut = rows[i].coded.code() != rows[i + 1].coded.code();
        if (is_cut && pass.value() > highest) {
            highest = pass.value();
            last_left = i;
        }
    }
    return last_left;
}

/// Improves `best` where a cut of `feature` has a higher value; false when the feature is constant in the node.
/// `key_of(CodedRow)` is what the columns compare with Split::last_left.
/// Requires: rows in ascending order of code, 2 x min_leaf of them at least; scan.begin_node() for them.
template <class Scan, class KeyOf>
bool improve_split(std::span<const SortedRow> rows, int feature, std::size_t min_leaf, Scan& scan, Split& best,
                   const KeyOf& key_of) {
    const std::size_t n = rows.size();
    if (rows[0].coded.code() == rows[n - 1].coded.code()) {
        return false;
    }
    double highest = best.value;
    const std::size_t last_left = last_left_of_best(rows, min_leaf, scan, highest);
    if (last_left < n) {
        best = {.feature = feature,
                .last_left = key_of(rows[last_left].coded),
                .left_code = rows[last_left].coded.code(),
                .right_code = rows[last_left + 1].coded.code(),
                .value = highest};
    }
    return true;
}

} // namespace lcclass
