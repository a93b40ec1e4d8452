/// The best cut of one feature in one node: exact over the codes that are in the node.
/// Owned by one thread; its memory is used again from node to node.
#pragma once

#include "forest/code_set.h"
#include "forest/tree_sample.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace lcclass {

/// A feature as the rows of a node see it: row -> code.
struct CodeColumn {
    const std::uint16_t* codes = nullptr;
    int n_codes = 0;
};

struct Split {
    int feature = -1;
    std::uint32_t left_code = 0;  ///< highest code that goes left
    std::uint32_t right_code = 0; ///< lowest code in the node that goes right
    double value = -std::numeric_limits<double>::infinity();

    [[nodiscard]] bool found() const { return feature >= 0; }
};

class SplitSearch {
public:
    SplitSearch(int n_classes, std::int64_t min_samples_leaf)
        : m_n_classes(static_cast<std::size_t>(n_classes)), m_min_leaf(min_samples_leaf), m_head(65536) {}

    /// Improves `best` where a cut of `feature` has a higher value; false when the feature is constant in the node.
    /// Requires: scan.begin_node() for these entries.
    template <class Scan>
    bool improve(std::span<const BagEntry> entries, const CodeColumn& column, int feature, Scan& scan, Split& best) {
        // Per row the histogram costs about half of the chains, but it has to look at every code.
        const std::size_t cells = static_cast<std::size_t>(column.n_codes) * (m_n_classes + 1);
        if (entries.size() * 4 >= cells) {
            return improve_by_histogram(entries, column, feature, scan, best);
        }
        return improve_by_chains(entries, column, feature, scan, best);
    }

    [[nodiscard]] CodeSet& code_set() { return m_set; }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    template <class Scan>
    void consider(std::int64_t n_left, std::size_t n, int feature, std::uint32_t left, std::uint32_t right,
                  const Scan& scan, Split& best) const {
        if (n_left < m_min_leaf || static_cast<std::int64_t>(n) - n_left < m_min_leaf) {
            return;
        }
        const double value = scan.value();
        if (value > best.value) {
            best = {.feature = feature, .left_code = left, .right_code = right, .value = value};
        }
    }

    /// Counts of rows and of draws per class for every code.
    template <class Scan>
    bool improve_by_histogram(std::span<const BagEntry> entries, const CodeColumn& column, int feature, Scan& scan,
                              Split& best) {
        const std::size_t stride = m_n_classes + 1;
        m_histogram.assign(static_cast<std::size_t>(column.n_codes) * stride, 0);
        for (const BagEntry& entry : entries) {
            std::uint32_t* bin = m_histogram.data() + column.codes[entry.row] * stride;
            ++bin[0];
            bin[1 + entry.class_index] += entry.count;
        }
        scan.begin_feature();
        std::int64_t n_left = 0;
        std::uint32_t previous = none;
        for (std::uint32_t code = 0; code < static_cast<std::uint32_t>(column.n_codes); ++code) {
            const std::uint32_t* bin = m_histogram.data() + code * stride;
            if (bin[0] == 0) {
                continue;
            }
            if (previous != none) {
                consider(n_left, entries.size(), feature, previous, code, scan, best);
            }
            for (std::size_t k = 0; k < m_n_classes; ++k) {
                if (bin[1 + k] != 0) {
                    scan.move_left(k, bin[1 + k]);
                }
            }
            n_left += bin[0];
            if (previous == none && n_left == static_cast<std::int64_t>(entries.size())) {
                return false;
            }
            previous = code;
        }
        return true;
    }

    /// Rows of equal code are chained; the code set gives the chains in order, which replaces a sort.
    template <class Scan>
    bool improve_by_chains(std::span<const BagEntry> entries, const CodeColumn& column, int feature, Scan& scan,
                           Split& best) {
        if (m_next.size() < entries.size()) {
            m_next.resize(entries.size());
        }
        for (std::uint32_t i = 0; i < entries.size(); ++i) {
            const std::uint32_t code = column.codes[entries[i].row];
            const std::uint32_t head = m_head[code];
            m_next[i] = m_set.insert(code) ? head : none;
            m_head[code] = i;
        }
        scan.begin_feature();
        std::int64_t n_left = 0;
        std::uint32_t previous = none;
        bool varies = false;
        m_set.drain(column.n_codes, [&](std::uint32_t code) {
            if (previous != none) {
                varies = true;
                consider(n_left, entries.size(), feature, previous, code, scan, best);
            }
            std::uint32_t i = m_head[code];
            do {
                scan.move_left(entries[i].class_index, entries[i].count);
                ++n_left;
                i = m_next[i];
            } while (i != none);
            previous = code;
        });
        return varies;
    }

    std::size_t m_n_classes;
    std::int64_t m_min_leaf;
    CodeSet m_set;
    std::vector<std::uint32_t> m_head; ///< latest row of a code in the set
    std::vector<std::uint32_t> m_next; ///< earlier row of the same code
    std::vector<std::uint32_t> m_histogram;
};

} // namespace lcclass
