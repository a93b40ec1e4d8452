#include "lcclass/forest/tree_shap.h"
#include "forest/leaf_boxes.h"
#include "forest/shapley_weights.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

constexpr std::int64_t block_rows = 256;
constexpr double largest_error = 1e-9;

/// Shapley rows of one leaf by which of its tests a row passes. With few features a row of equal outcome is looked
/// up; with many it is computed.
class LeafRows {
public:
    explicit LeafRows(const ShapleyWeights& weights) : m_weights(weights) {}

    void begin_leaf(const LeafBox& box) {
        m_box = &box;
        m_n = box.sides.size();
        m_is_kept = m_n <= most_kept;
        m_row.resize(std::max(m_row.size(), m_n));
        if (m_is_kept) {
            m_known.assign(std::size_t{1} << m_n, 0);
            m_kept.resize(std::max(m_kept.size(), m_n << m_n));
        }
    }

    /// Contribution of every side of the box, for a leaf value of 1.
    const double* of(const std::uint16_t* codes) {
        m_passed.resize(m_n);
        std::size_t pattern = 0;
        for (std::size_t s = 0; s < m_n; ++s) {
            m_passed[s] = m_box->sides[s].contains(codes[m_box->sides[s].feature]) ? 1 : 0;
            pattern |= m_is_kept && m_passed[s] != 0 ? std::size_t{1} << s : 0;
        }
        if (!m_is_kept) {
            m_weights.contributions(m_box->sides, m_passed, m_row);
            return m_row.data();
        }
        double* const kept = m_kept.data() + pattern * m_n;
        if (m_known[pattern] == 0) {
            m_known[pattern] = 1;
            m_weights.contributions(m_box->sides, m_passed, std::span(kept, m_n));
        }
        return kept;
    }

private:
    static constexpr std::size_t most_kept = 8;

    ShapleyWeights m_weights;
    const LeafBox* m_box = nullptr;
    std::size_t m_n = 0;
    bool m_is_kept = false;
    std::vector<std::uint8_t> m_passed;
    std::vector<double> m_row;
    std::vector<std::uint8_t> m_known;
    std::vector<double> m_kept;
};

void add_leaf(const LeafBox& box, std::span<const std::uint16_t> distribution, std::span<const std::uint16_t> codes,
              std::size_t n_features, LeafRows& leaf_rows, double* out) {
    leaf_rows.begin_leaf(box);
    const std::size_t n_rows = codes.size() / n_features;
    for (std::size_t i = 0; i < n_rows; ++i) {
        const double* const row = leaf_rows.of(codes.data() + i * n_features);
        for (std::size_t k = 0; k < distribution.size(); ++k) {
            if (distribution[k] == 0) {
                continue;
            }
            double* const target = out + (i * distribution.size() + k) * n_features;
            for (std::size_t s = 0; s < box.sides.size(); ++s) {
                target[box.sides[s].feature] += row[s] * distribution[k];
            }
        }
    }
}

} // namespace

TreeShap::TreeShap(const RandomForest& forest)
    : m_forest(forest), m_base(static_cast<std::size_t>(forest.n_classes()), 0.0) {
    const double scale = 1.0 / (static_cast<double>(forest.n_trees()) * RandomForest::probability_one);
    for (const RandomForest::Tree& tree : forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            const auto distribution = forest.distribution(*box->leaf);
            for (std::size_t k = 0; k < m_base.size(); ++k) {
                m_base[k] += box->expectation() * distribution[k];
            }
        }
    }
    for (double& value : m_base) {
        value *= scale;
    }
}

void TreeShap::explain(const FeatureView& rows, std::span<double> out) const {
    const auto stride = static_cast<std::int64_t>(m_forest.n_classes()) * m_forest.n_features();
    tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, (rows.n_rows + block_rows - 1) / block_rows, 1),
                      [&](const tbb::blocked_range<std::int64_t>& range) {
                          for (std::int64_t block = range.begin(); block < range.end(); ++block) {
                              throw_if_stopped();
                              const std::int64_t first = block * block_rows;
                              const std::int64_t n = std::min(block_rows, rows.n_rows - first);
                              explain_block(rows, first, n, out.data() + first * stride);
                          }
                      });
}

void TreeShap::explain_block(const FeatureView& rows, std::int64_t first, std::int64_t n, double* out) const {
    const auto p = static_cast<std::size_t>(m_forest.n_features());
    const auto n_values = static_cast<std::size_t>(n) * p * m_base.size();
    std::fill_n(out, n_values, 0.0);
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(n) * p);
    m_forest.encode(rows, first, n, codes);
    LeafRows leaf_rows{ShapleyWeights(std::min(p, static_cast<std::size_t>(m_forest.depth())))};
    for (const RandomForest::Tree& tree : m_forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            if (!box->sides.empty()) {
                add_leaf(*box, m_forest.distribution(*box->leaf), codes, p, leaf_rows, out);
            }
        }
    }
    const double scale = 1.0 / (static_cast<double>(m_forest.n_trees()) * RandomForest::probability_one);
    for (std::size_t i = 0; i < n_values; ++i) {
        out[i] *= scale;
    }
    check_sums(rows, first, n, out);
}

void TreeShap::check_sums(const FeatureView& rows, std::int64_t first, std::int64_t n, const double* out) const {
    std::vector<std::uint32_t> sums(static_cast<std::size_t>(n) * m_base.size());
    m_forest.predict_sums(rows.part(first, n), sums);
    const double one = static_cast<double>(m_forest.n_trees()) * RandomForest::probability_one;
    const auto p = static_cast<std::size_t>(m_forest.n_features());
    for (std::size_t i = 0; i < sums.size(); ++i) {
        double sum = m_base[i % m_base.size()];
        for (std::size_t j = 0; j < p; ++j) {
            sum += out[i * p + j];
        }
        const double error = std::abs(sum - static_cast<double>(sums[i]) / one);
        if (!(error <= largest_error)) {
            throw Error(ExitCode::internal,
                        {.where = "SHAP",
                         .field = "row=" + std::to_string(static_cast<std::size_t>(first) + i / m_base.size()),
                         .problem = "base and contributions miss the prediction by " + format_number(error),
                         .fix = "report this"});
        }
    }
}

} // namespace lcclass
