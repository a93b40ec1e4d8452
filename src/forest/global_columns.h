/// The coded features of all rows, as the nodes of many rows search them.
/// Owned by one thread; its memory is used again from node to node.
#pragma once

#include "forest/code_sort.h"
#include "forest/feature_codes.h"
#include "forest/split_search.h"
#include "forest/tree_sample.h"

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace lcclass {

class GlobalColumns {
public:
    GlobalColumns(const std::vector<CodedFeature>& features, int n_classes)
        : m_features(features), m_n_classes(static_cast<std::size_t>(n_classes)) {}

    /// What a cut compares with Split::last_left, per row.
    [[nodiscard]] const std::uint16_t* keys(int feature) const { return coded(feature).codes.data(); }

    /// See improve_split.
    template <class Scan>
    bool improve(std::span<const BagEntry> entries, int feature, std::size_t min_leaf, Scan& scan, Split& best) {
        const auto n_codes = static_cast<std::size_t>(coded(feature).n_codes());
        if (n_codes == 1) {
            return false;
        }
        // Per row the histogram costs about half of sorting, but it has to look at every code.
        if (entries.size() * 4 >= n_codes * (m_n_classes + 1)) {
            return improve_by_histogram(entries, feature, min_leaf, scan, best);
        }
        sort(entries, feature);
        const std::span<const SortedRow> rows(m_sorted.data(), entries.size());
        return improve_split(rows, feature, min_leaf, scan, best, [](CodedRow row) { return row.code(); });
    }

private:
    [[nodiscard]] const CodedFeature& coded(int feature) const { return m_features[static_cast<std::size_t>(feature)]; }

    /// Fills m_sorted.
    void sort(std::span<const BagEntry> entries, int feature);
    /// Fills m_histogram: draws per class, then rows where they are asked for, for every code.
    void count(std::span<const BagEntry> entries, int feature, bool with_rows);

    template <class Scan>
    bool improve_by_histogram(std::span<const BagEntry> entries, int feature, std::size_t min_leaf, Scan& scan,
                              Split& best) {
        const bool with_rows = min_leaf > 1;
        count(entries, feature, with_rows);
        const std::size_t stride = m_n_classes + (with_rows ? 1 : 0);
        const auto n_codes = static_cast<std::uint32_t>(coded(feature).n_codes());
        auto pass = scan.begin_feature();
        std::size_t n_left = 0;
        std::size_t n_seen = 0;
        std::uint32_t previous = 0;
        const std::uint32_t* bin = m_histogram.data();
        for (std::uint32_t code = 0; code < n_codes; ++code, bin += stride) {
            if (std::accumulate(bin, bin + m_n_classes, 0U) == 0) {
                continue;
            }
            const bool may_cut =
                n_seen > 0 && (!with_rows || (n_left >= min_leaf && entries.size() - n_left >= min_leaf));
            if (may_cut && pass.value() > best.value) {
                best = {.feature = feature,
                        .last_left = previous,
                        .left_code = previous,
                        .right_code = code,
                        .value = pass.value()};
            }
            for (std::size_t k = 0; k < m_n_classes; ++k) {
                if (bin[k] != 0) {
                    pass.move_left(k, bin[k]);
                }
            }
            n_left += with_rows ? bin[m_n_classes] : 0;
            ++n_seen;
            previous = code;
        }
        return n_seen > 1;
    }

    const std::vector<CodedFeature>& m_features;
    std::size_t m_n_classes;
    std::vector<std::uint32_t> m_histogram;
    CodeSort m_places;
    std::vector<std::uint16_t> m_unsorted;
    std::vector<SortedRow> m_half_sorted;
    std::vector<SortedRow> m_sorted;
};

} // namespace lcclass
