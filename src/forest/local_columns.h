/// The rows of one node, copied side by side with a rank of their own in every feature, so that the whole subtree
/// below it is grown out of the processor's cache. A node's ranks in a set of bits are its rows in order.
/// Owned by one thread; its memory is used again from node to node.
#pragma once

#include "forest/code_sort.h"
#include "forest/feature_codes.h"
#include "forest/split_search.h"
#include "forest/tree_sample.h"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Requires: set is not empty.
inline std::size_t lowest_bit(std::uint64_t set) {
    if (set == 0) {
        __builtin_unreachable(); // else a check is compiled for processors where it is undefined
    }
    return static_cast<std::size_t>(std::countr_zero(set));
}

class LocalColumns {
public:
    static constexpr std::size_t most_rows = 4096; ///< bound of every capacity

    explicit LocalColumns(const std::vector<CodedFeature>& features);

    /// Most rows that fit.
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }
    /// Copies the rows of `entries` and makes the entries refer to the copy.
    void load(std::span<BagEntry> entries);

    /// Rank per row, all different: what a cut compares with Split::last_left.
    [[nodiscard]] const std::uint16_t* keys(int feature) const {
        return m_ranks.data() + static_cast<std::size_t>(feature) * m_capacity;
    }
    /// Code of the feature per rank.
    [[nodiscard]] std::uint16_t code(int feature, std::size_t rank) const {
        return m_sorted[static_cast<std::size_t>(feature) * m_capacity + rank].code();
    }

    /// See improve_split.
    template <class Scan>
    bool improve(std::span<const BagEntry> entries, int feature, std::size_t min_leaf, Scan& scan, Split& best) {
        order(entries, feature);
        const std::span<const SortedRow> rows(m_ordered.data(), entries.size());
        return improve_split(rows, feature, min_leaf, scan, best,
                             [&](CodedRow row) { return keys(feature)[row.row()]; });
    }

private:
    void load_feature(std::size_t feature, std::span<const BagEntry> entries);
    /// Fills m_ordered with the rows of `entries` in order of `feature`.
    void order(std::span<const BagEntry> entries, int feature);

    const std::vector<CodedFeature>& m_features;
    std::size_t m_capacity;
    std::size_t m_n_words = 0;
    std::vector<std::uint16_t> m_ranks; ///< per feature and row
    std::vector<CodedRow> m_sorted;     ///< per feature and rank
    std::vector<RowDraws> m_draws;      ///< per row
    std::vector<std::uint64_t> m_present;
    std::vector<SortedRow> m_ordered;
    CodeSort m_places;
    std::vector<CodedRow> m_unsorted;
    std::vector<CodedRow> m_half_sorted;
};

} // namespace lcclass
