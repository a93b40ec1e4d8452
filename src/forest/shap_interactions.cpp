#include "lcclass/forest/shap_interactions.h"

#include "forest/interaction_weights.h"
#include "forest/leaf_boxes.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/forest/tree_shap.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace lcclass {

namespace {

/// Few rows share the walk over all leaves; their sums stay within the cache, or at least within bounds.
constexpr std::int64_t most_block_rows = 32;
constexpr std::int64_t block_values = std::int64_t{1} << 21;

constexpr auto size_of_double = static_cast<std::int64_t>(sizeof(double));

std::size_t threads_at_once() {
    return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
}

std::int64_t block_rows_of(std::size_t n_values_per_row) {
    return std::clamp(block_values / std::max<std::int64_t>(static_cast<std::int64_t>(n_values_per_row), 1),
                      std::int64_t{1}, most_block_rows);
}

/// Where the pair of features i, j is among all pairs of p.
std::size_t pair_index(std::size_t i, std::size_t j, std::size_t p) {
    const std::size_t low = std::min(i, j);
    const std::size_t high = std::max(i, j);
    return low * (2 * p - low - 1) / 2 + high - low - 1;
}

/// What the rows of a block get from one leaf after the other. Rows that pass the same sides of a leaf share a result.
class LeafPairs {
public:
    LeafPairs(std::size_t most_sides, std::size_t n_features)
        : m_weights(most_sides), m_n_features(n_features), m_passed(most_sides) {}

    void add(const LeafBox& box, std::span<const std::uint16_t> distribution, std::span<const std::uint16_t> codes,
             std::span<double> out) {
        begin(box, distribution);
        const std::size_t n_pairs = m_targets.size();
        const std::size_t all_pairs = m_n_features * (m_n_features - 1) / 2;
        for (std::size_t row = 0; row < codes.size() / m_n_features; ++row) {
            const double* const values = values_of(box.sides, codes.subspan(row * m_n_features, m_n_features));
            for (const Share& share : m_shares) {
                double* const target = out.data() + (row * distribution.size() + share.class_index) * all_pairs;
                for (std::size_t pair = 0; pair < n_pairs; ++pair) {
                    target[m_targets[pair]] += values[pair] * share.value;
                }
            }
        }
    }

private:
    /// A class that the leaf gives votes to.
    struct Share {
        std::size_t class_index;
        double value;
    };
    static constexpr std::size_t most_key_bits = 64;

    void begin(const LeafBox& box, std::span<const std::uint16_t> distribution) {
        m_keys.clear();
        m_targets.clear();
        m_shares.clear();
        for (std::size_t i = 0; i < box.sides.size(); ++i) {
            for (std::size_t j = i + 1; j < box.sides.size(); ++j) {
                m_targets.push_back(pair_index(box.sides[i].feature, box.sides[j].feature, m_n_features));
            }
        }
        for (std::size_t k = 0; k < distribution.size(); ++k) {
            if (distribution[k] != 0) {
                m_shares.push_back({.class_index = k, .value = static_cast<double>(distribution[k])});
            }
        }
    }

    const double* values_of(std::span<const BoxSide> sides, std::span<const std::uint16_t> codes) {
        std::uint64_t key = 0;
        for (std::size_t s = 0; s < sides.size(); ++s) {
            m_passed[s] = sides[s].contains(codes[sides[s].feature]) ? 1 : 0;
            key |= static_cast<std::uint64_t>(m_passed[s]) << (s % most_key_bits);
        }
        const std::size_t n_pairs = m_targets.size();
        const auto known = std::find(m_keys.begin(), m_keys.end(), key);
        const auto at = static_cast<std::size_t>(known - m_keys.begin());
        if (known != m_keys.end() && sides.size() <= most_key_bits) {
            return m_values.data() + at * n_pairs;
        }
        m_keys.push_back(key);
        m_values.resize(std::max(m_values.size(), m_keys.size() * n_pairs));
        double* const values = m_values.data() + (m_keys.size() - 1) * n_pairs;
        m_weights.pairs(sides, m_passed, std::span(values, n_pairs));
        return values;
    }

    InteractionWeights m_weights;
    std::size_t m_n_features;
    std::vector<std::uint8_t> m_passed;
    std::vector<std::size_t> m_targets; ///< of the leaf's pairs among all pairs
    std::vector<Share> m_shares;
    std::vector<std::uint64_t> m_keys; ///< which sides were passed by the rows so far
    std::vector<double> m_values;      ///< per key and pair of the leaf
};

} // namespace

ShapInteractions::ShapInteractions(const RandomForest& forest) : m_forest(forest) {
    const auto p = static_cast<std::size_t>(forest.n_features());
    for (std::size_t i = 0; i < p; ++i) {
        for (std::size_t j = i + 1; j < p; ++j) {
            m_pairs.push_back({.first = i, .second = j});
        }
    }
}

/// Half of the interactions of rows [first, first + n): [row][class][pair].
std::vector<double> ShapInteractions::pair_values(const FeatureView& rows, std::int64_t first, std::int64_t n) const {
    const auto p = static_cast<std::size_t>(m_forest.n_features());
    const auto n_rows = static_cast<std::size_t>(n);
    std::vector<double> values(n_rows * static_cast<std::size_t>(m_forest.n_classes()) * m_pairs.size());
    std::vector<std::uint16_t> codes(n_rows * p);
    m_forest.encode(rows, first, n, codes);
    LeafPairs leaf_pairs(std::min(p, static_cast<std::size_t>(m_forest.depth())), p);
    for (const RandomForest::Tree& tree : m_forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            if (box->sides.size() > 1) {
                leaf_pairs.add(*box, m_forest.distribution(*box->leaf), codes, values);
            }
        }
    }
    const double scale = 1.0 / (static_cast<double>(m_forest.n_trees()) * RandomForest::probability_one);
    for (double& value : values) {
        value *= scale;
    }
    return values;
}

void ShapInteractions::explain(const FeatureView& rows, std::span<double> out) const {
    const auto p = static_cast<std::size_t>(m_forest.n_features());
    const auto n_classes = static_cast<std::size_t>(m_forest.n_classes());
    std::vector<double> contributions(static_cast<std::size_t>(rows.n_rows) * n_classes * p);
    TreeShap(m_forest).explain(rows, contributions);
    const std::int64_t block_rows = block_rows_of(n_classes * m_pairs.size());
    tbb::parallel_for(std::int64_t{0}, (rows.n_rows + block_rows - 1) / block_rows, [&](std::int64_t block) {
        throw_if_stopped();
        const std::int64_t first = block * block_rows;
        const std::int64_t n = std::min(block_rows, rows.n_rows - first);
        const std::vector<double> values = pair_values(rows, first, n);
        const std::size_t begin = static_cast<std::size_t>(first) * n_classes;
        for (std::size_t i = 0; i < static_cast<std::size_t>(n) * n_classes; ++i) {
            double* const matrix = out.data() + (begin + i) * p * p;
            for (std::size_t j = 0; j < p; ++j) {
                matrix[j * p + j] = contributions[(begin + i) * p + j];
            }
            for (std::size_t pair = 0; pair < m_pairs.size(); ++pair) {
                const auto [a, b] = m_pairs[pair];
                const double value = values[i * m_pairs.size() + pair];
                matrix[a * p + b] = matrix[b * p + a] = value;
                matrix[a * p + a] -= value;
                matrix[b * p + b] -= value;
            }
        }
    });
}

std::vector<double> ShapInteractions::mean_strength(const FeatureView& rows, Progress& progress) const {
    const std::size_t per_row = static_cast<std::size_t>(m_forest.n_classes()) * m_pairs.size();
    const std::int64_t block_rows = block_rows_of(per_row);
    std::vector<Window> blocks; // rows, as lines of one pixel
    for (std::int64_t first = 0; first < rows.n_rows; first += block_rows) {
        blocks.push_back({.x = 0, .y = first, .width = 1, .height = std::min(block_rows, rows.n_rows - first)});
    }
    std::vector<double> mean(per_row, 0.0);
    // Blocks are added in their order, whatever the number of threads.
    stream_blocks(
        blocks, "interactions", progress, threads_at_once(), //
        [&](const Window& block) {
            std::vector<double> sum = pair_values(rows, block.y, block.height);
            std::ranges::transform(sum, sum.begin(), [](double value) { return std::abs(value); });
            for (std::size_t i = per_row; i < sum.size(); ++i) {
                sum[i % per_row] += sum[i];
            }
            return sum;
        },
        [&](const std::vector<double>& sum) {
            std::transform(mean.begin(), mean.end(), sum.begin(), mean.begin(), std::plus<>());
        });
    for (double& value : mean) {
        value *= 2 / static_cast<double>(rows.n_rows);
    }
    return mean;
}

std::int64_t ShapInteractions::memory_of_strength(const RandomForest& forest, std::int64_t n_rows) {
    const auto p = static_cast<std::int64_t>(forest.n_features());
    const std::int64_t sides = std::min<std::int64_t>(p, forest.depth());
    const std::int64_t n_pairs = p * (p - 1) / 2;
    const std::int64_t per_row = forest.n_classes() * n_pairs;
    const std::int64_t block_rows = std::min(block_rows_of(static_cast<std::size_t>(per_row)), n_rows);
    const std::int64_t n_blocks = (n_rows + block_rows - 1) / std::max<std::int64_t>(block_rows, 1);
    const std::int64_t at_once = std::min(n_blocks, static_cast<std::int64_t>(threads_at_once()));
    const std::int64_t per_block = block_rows * (per_row + sides * (sides - 1) / 2) * size_of_double;
    return n_pairs * static_cast<std::int64_t>(sizeof(FeaturePair)) + per_row * size_of_double + at_once * per_block;
}

} // namespace lcclass
