#include "forest/tree_visits.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace lcclass {

std::uint32_t TreeVisits::walk(const RandomForest::Tree& tree, const std::uint16_t* codes, std::uint32_t row) {
    const RandomForest::Node* const nodes = tree.nodes.data();
    std::uint32_t node = 0;
    while (!nodes[node].is_leaf()) {
        const std::uint32_t feature = nodes[node].feature();
        std::vector<Meeting>& meetings = m_meetings[feature];
        if (meetings.empty()) {
            m_met.push_back(feature);
        }
        if (meetings.empty() || meetings.back().row != row) {
            meetings.push_back({.row = row, .node = node});
        }
        node = codes[feature] <= nodes[node].cut() ? node + 1 : nodes[node].right;
    }
    return node;
}

void TreeVisits::clear() {
    for (const std::uint32_t feature : m_met) {
        m_meetings[feature].clear();
    }
    m_met.clear();
}

std::vector<std::uint16_t> encode_rows(const RandomForest& forest, const FeatureView& rows) {
    constexpr std::int64_t rows_per_task = 4096;
    const auto p = static_cast<std::size_t>(forest.n_features());
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(rows.n_rows) * p);
    tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, rows.n_rows, rows_per_task),
                      [&](const tbb::blocked_range<std::int64_t>& range) {
                          const auto n = static_cast<std::int64_t>(range.size());
                          forest.encode(rows, range.begin(), n,
                                        std::span(codes).subspan(static_cast<std::size_t>(range.begin()) * p,
                                                                 static_cast<std::size_t>(n) * p));
                      });
    return codes;
}

} // namespace lcclass
