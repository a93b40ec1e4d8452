/// The rows of a node of 64 rows at most: ranks are bits of one word, which is faster than any sort.
/// Owned by one thread; its memory is used again from node to node.
#pragma once

#include "forest/impurity.h"
#include "forest/local_columns.h"

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace lcclass {

class TinyColumns {
public:
    static constexpr std::size_t capacity = 64;

    explicit TinyColumns(std::size_t n_features) : m_columns(n_features) {}

    /// Copies the rows of `entries`, which refer to `parent`, and makes the entries refer to the copy.
    /// `class_name(class_index)` is what the scans of the subtree call a class.
    template <class ClassName>
    void load(const LocalColumns& parent, std::span<BagEntry> entries, const ClassName& class_name) {
        m_parent = &parent;
        m_n_rows = entries.size();
        ++m_load;
        for (std::uint32_t i = 0; i < entries.size(); ++i) {
            m_parent_row[i] = static_cast<std::uint16_t>(entries[i].row);
            m_draws[i] = RowDraws(class_name(entries[i].class_index), entries[i].count);
            entries[i].row = i;
        }
    }

    /// See LocalColumns. Requires: the feature was searched since load().
    [[nodiscard]] const std::uint16_t* keys(int feature) const {
        return m_columns[static_cast<std::size_t>(feature)].ranks.data();
    }

    /// See improve_split.
    template <class Scan>
    bool improve(std::span<const BagEntry> entries, int feature, std::size_t min_leaf, Scan& scan, Split& best) {
        Column& column = m_columns[static_cast<std::size_t>(feature)];
        if (column.load != m_load) {
            load_column(column, feature);
        }
        std::uint64_t present = 0;
        for (const BagEntry& entry : entries) {
            present |= std::uint64_t{1} << column.ranks[entry.row];
        }
        if constexpr (std::is_same_v<Scan, GiniBytes>) {
            if (min_leaf == 1) {
                return improve_by_bytes(column, present, entries.size(), feature, scan, best);
            }
        }
        for (std::size_t i = 0; i < entries.size(); ++i, present &= present - 1) {
            m_ordered[i] = column.sorted[lowest_bit(present)];
        }
        const std::span<const SortedRow> rows(m_ordered.data(), entries.size());
        return improve_split(rows, feature, min_leaf, scan, best,
                             [&](CodedRow row) { return column.ranks[row.row()]; });
    }

private:
    struct Column {
        std::uint64_t load = 0; ///< number of the load() it was filled after
        std::array<std::uint16_t, capacity> ranks{};
        std::array<SortedRow, capacity> sorted{};
    };

    void load_column(Column& column, int feature) const;
    /// improve_split for the rows whose ranks are `present`, without a branch that is hard to foresee.
    static bool improve_by_bytes(const Column& column, std::uint64_t present, std::size_t n_rows, int feature,
                                 const GiniBytes& scan, Split& best);

    const LocalColumns* m_parent = nullptr;
    std::size_t m_n_rows = 0;
    std::uint64_t m_load = 0;
    std::vector<Column> m_columns;
    std::array<std::uint16_t, capacity> m_parent_row{};
    std::array<RowDraws, capacity> m_draws{}; ///< classes as the scans call them
    std::array<SortedRow, capacity> m_ordered{};
};

} // namespace lcclass
