#include "forest/condition_cells.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>

namespace lcclass {

namespace {

using Rows = std::vector<std::uint32_t>;

/// Parts every cell that keeps enough rows on both sides; the right sides come behind all cells.
template <class IsLeft>
void part_cells(std::vector<Rows>& cells, IsLeft&& is_left) {
    constexpr std::size_t fewest = ConditionCells::fewest_rows;
    for (std::size_t c = 0, n_cells = cells.size(); c < n_cells; ++c) {
        Rows& cell = cells[c];
        const auto n_left = static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), is_left));
        if (n_left >= fewest && cell.size() - n_left >= fewest) {
            const auto middle = std::stable_partition(cell.begin(), cell.end(), is_left);
            Rows right(middle, cell.end());
            cell.erase(middle, cell.end());
            cells.push_back(std::move(right));
        }
    }
}

} // namespace

ConditionCells::ConditionCells(const RandomForest& forest, std::span<const std::uint16_t> codes)
    : m_forest(forest), m_codes(codes) {
    for (const std::vector<float>& thresholds : forest.thresholds()) {
        m_weights.emplace_back(thresholds.size(), 0.0);
    }
    for (const RandomForest::Tree& tree : forest.trees()) {
        for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
            if (!tree.nodes[i].is_leaf()) {
                m_weights[tree.nodes[i].feature()][tree.nodes[i].cut()] += static_cast<double>(tree.cover[i]);
            }
        }
    }
}

std::vector<ConditionCells::Cut> ConditionCells::cuts_of(std::span<const int> conditions) const {
    std::vector<Cut> cuts;
    for (const int condition : conditions) {
        const auto feature = static_cast<std::size_t>(condition);
        for (std::uint32_t cut = 0; cut < m_weights[feature].size(); ++cut) {
            if (m_weights[feature][cut] > 0) {
                cuts.push_back({.feature = feature, .cut = cut, .weight = m_weights[feature][cut]});
            }
        }
    }
    const auto n = std::min(cuts.size(), most_cuts);
    std::partial_sort(cuts.begin(), cuts.begin() + static_cast<std::ptrdiff_t>(n), cuts.end(),
                      [](const Cut& a, const Cut& b) {
                          return std::tuple(-a.weight, a.feature, a.cut) < std::tuple(-b.weight, b.feature, b.cut);
                      });
    cuts.resize(n);
    return cuts;
}

RowCells ConditionCells::part(std::span<const int> conditions) const {
    const auto p = static_cast<std::size_t>(m_forest.n_features());
    Rows all(m_codes.size() / p);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<Rows> open = {std::move(all)}; // cells that may still be parted
    std::vector<Rows> done;
    for (const Cut& cut : cuts_of(conditions)) {
        part_cells(open, [&](std::uint32_t row) { return m_codes[row * p + cut.feature] <= cut.cut; });
        const auto small = std::stable_partition(open.begin(), open.end(),
                                                 [](const Rows& cell) { return cell.size() >= 2 * fewest_rows; });
        std::move(small, open.end(), std::back_inserter(done));
        open.erase(small, open.end());
        if (open.empty()) {
            break;
        }
    }
    std::move(open.begin(), open.end(), std::back_inserter(done));
    RowCells cells;
    for (const Rows& cell : done) {
        cells.rows.insert(cells.rows.end(), cell.begin(), cell.end());
        cells.ends.push_back(static_cast<std::uint32_t>(cells.rows.size()));
    }
    return cells;
}

} // namespace lcclass
