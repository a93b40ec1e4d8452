/// The way of rows through one tree: which leaf they reach, where they first meet each feature, and where they would
/// end if some features were another row's.
/// A TreeVisits belongs to one thread; its memory is used again from tree to tree.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// The node at which a row first meets a feature.
struct Meeting {
    std::uint32_t row = 0;
    std::uint32_t node = 0;
};

class TreeVisits {
public:
    explicit TreeVisits(std::size_t n_features) : m_meetings(n_features) {}

    /// The leaf of a row with these codes (see `RandomForest::encode`). Rows come one after the other.
    std::uint32_t walk(const RandomForest::Tree& tree, const std::uint16_t* codes, std::uint32_t row);
    /// Rows that meet the feature, in the order they came; the others do not depend on it.
    [[nodiscard]] const std::vector<Meeting>& of(std::size_t feature) const { return m_meetings[feature]; }
    /// Forgets the rows, before the next tree.
    void clear();

private:
    std::vector<std::vector<Meeting>> m_meetings;
    std::vector<std::uint32_t> m_met; ///< features with meetings
};

/// The leaf below `node` of a row with the codes `own`, but `other` in the features with a 1 in `is_other`.
inline std::uint32_t walk_mixed(const RandomForest::Tree& tree, std::uint32_t node, const std::uint16_t* own,
                                const std::uint16_t* other, const std::uint8_t* is_other) {
    const RandomForest::Node* const nodes = tree.nodes.data();
    while (!nodes[node].is_leaf()) {
        const std::uint32_t feature = nodes[node].feature();
        const std::uint16_t code = is_other[feature] != 0 ? other[feature] : own[feature];
        node = code <= nodes[node].cut() ? node + 1 : nodes[node].right;
    }
    return node;
}

/// All rows as codes: codes[row * n_features + feature]. Runs on all threads.
std::vector<std::uint16_t> encode_rows(const RandomForest& forest, const FeatureView& rows);

} // namespace lcclass
