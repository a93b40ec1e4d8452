#include "lcclass/forest/random_forest.h"

#include "forest/packed_forest.h"
#include "lcclass/core/error.h"
#include "lcclass/forest/prediction_batch.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::int64_t rows_at_once = std::int64_t{1} << 22U;
constexpr std::int64_t rows_per_task = 16384;

[[noreturn]] void reject(const std::string& field, const std::string& problem) {
    throw Error(ExitCode::model, {.where = {}, .field = field, .problem = problem, .fix = "train the model again"});
}

void check_thresholds(const RandomForest::Parts& parts) {
    if (parts.thresholds.size() != static_cast<std::size_t>(parts.n_features)) {
        reject("thresholds", "there must be one list per feature");
    }
    for (std::size_t f = 0; f < parts.thresholds.size(); ++f) {
        const std::vector<float>& list = parts.thresholds[f];
        const std::string field = "thresholds of feature " + std::to_string(f);
        if (list.size() > 65535) {
            reject(field, "there are more than 65535");
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!std::isfinite(list[i]) || (i > 0 && !(list[i - 1] < list[i]))) {
                reject(field, "number " + std::to_string(i) + " is not finite or not above the one before");
            }
        }
    }
}

void check_distributions(const RandomForest::Parts& parts) {
    const auto k = static_cast<std::size_t>(parts.n_classes);
    if (parts.distributions.size() % k != 0 || parts.distributions.empty()) {
        reject("distributions", "there must be one value per class in each, and one distribution at least");
    }
    for (std::size_t at = 0; at < parts.distributions.size(); at += k) {
        std::uint64_t sum = 0;
        for (std::size_t c = 0; c < k; ++c) {
            sum += parts.distributions[at + c];
        }
        if (sum != RandomForest::probability_one) {
            reject("distribution " + std::to_string(at / k), "probabilities do not sum to 1");
        }
    }
}

/// Checks one tree and sets the cover of its inner nodes. Preorder leaves no room for cycles: a node's left child is
/// the next node, and its right child must be the one that follows the left subtree.
class TreeCheck {
public:
    explicit TreeCheck(const RandomForest::Parts& parts)
        : m_parts(parts), m_n_distributions(parts.distributions.size() / static_cast<std::size_t>(parts.n_classes)) {}

    /// Returns the depth.
    int run(RandomForest::Tree& tree, std::size_t number) {
        const std::size_t n = tree.nodes.size();
        if (n == 0 || n > 0xFFFFFFFFU || tree.cover.size() != n) {
            fail(number, 0, "the tree has no nodes, too many, or no cover for each");
        }
        m_pending.clear();
        std::size_t depth = 0;
        bool complete = false;
        for (std::size_t i = 0; i < n; ++i) {
            if (complete) {
                fail(number, i, "no node leads here");
            }
            const RandomForest::Node& node = tree.nodes[i];
            if (node.is_leaf()) {
                check_leaf(node, tree.cover[i], number, i);
                complete = close_leaf(tree, number, i);
                continue;
            }
            check_inner(node, number, i);
            m_pending.push_back({.node = static_cast<std::uint32_t>(i), .in_right = false});
            depth = std::max(depth, m_pending.size());
        }
        if (!complete) {
            fail(number, n - 1, "the tree ends before its last leaf");
        }
        for (std::size_t i = n; i-- > 0;) {
            if (!tree.nodes[i].is_leaf()) {
                tree.cover[i] = tree.cover[i + 1] + tree.cover[tree.nodes[i].right];
            }
        }
        return static_cast<int>(depth);
    }

private:
    struct Open {
        std::uint32_t node;
        bool in_right;
    };

    [[noreturn]] static void fail(std::size_t tree, std::size_t node, const std::string& problem) {
        reject("tree " + std::to_string(tree) + ", node " + std::to_string(node), problem);
    }

    void check_leaf(const RandomForest::Node& node, float cover, std::size_t tree, std::size_t i) const {
        if (node.distribution() >= m_n_distributions) {
            fail(tree, i,
                 "the leaf refers to distribution " + std::to_string(node.distribution()) + " of " +
                     std::to_string(m_n_distributions));
        }
        if (!std::isfinite(cover) || !(cover > 0)) {
            fail(tree, i, "the cover is not a positive number");
        }
    }

    void check_inner(const RandomForest::Node& node, std::size_t tree, std::size_t i) const {
        if (node.feature() >= m_parts.thresholds.size()) {
            fail(tree, i,
                 "the node asks for feature " + std::to_string(node.feature()) + " of " +
                     std::to_string(m_parts.thresholds.size()));
        }
        if (node.cut() >= m_parts.thresholds[node.feature()].size()) {
            fail(tree, i,
                 "the node asks for threshold " + std::to_string(node.cut()) + " of " +
                     std::to_string(m_parts.thresholds[node.feature()].size()));
        }
    }

    /// Closes the subtrees that end with leaf i; true when that is the whole tree.
    bool close_leaf(const RandomForest::Tree& tree, std::size_t number, std::size_t i) {
        while (!m_pending.empty() && m_pending.back().in_right) {
            m_pending.pop_back();
        }
        if (m_pending.empty()) {
            return true;
        }
        m_pending.back().in_right = true;
        if (tree.nodes[m_pending.back().node].right != i + 1) {
            fail(number, m_pending.back().node, "the right child is not the node after the left subtree");
        }
        return false;
    }

    const RandomForest::Parts& m_parts;
    std::size_t m_n_distributions;
    std::vector<Open> m_pending;
};

template <class Predict>
void predict_in_batches(const RandomForest& forest, const FeatureView& rows, Predict&& predict) {
    PredictionBatch batch(forest, static_cast<std::size_t>(std::min(rows_at_once, rows.n_rows)));
    for (std::int64_t first = 0; first < rows.n_rows; first += rows_at_once) {
        const std::int64_t n = std::min(rows_at_once, rows.n_rows - first);
        tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, n, rows_per_task),
                          [&](const tbb::blocked_range<std::int64_t>& range) {
                              FeatureView part = rows;
                              for (const float*& column : part.columns) {
                                  column += first + range.begin();
                              }
                              part.n_rows = static_cast<std::int64_t>(range.size());
                              std::vector<std::uint32_t> pixels(range.size());
                              std::iota(pixels.begin(), pixels.end(), static_cast<std::uint32_t>(range.begin()));
                              batch.add(part, pixels);
                          });
        predict(batch, static_cast<std::size_t>(first), static_cast<std::size_t>(n));
    }
}

} // namespace

RandomForest::RandomForest(Parts parts) {
    if (parts.n_features < 1 || parts.n_features > 65535) {
        reject("n_features=" + std::to_string(parts.n_features), "must be 1 to 65535");
    }
    if (parts.n_classes < 1 || parts.n_classes > max_classes) {
        reject("n_classes=" + std::to_string(parts.n_classes), "must be 1 to " + std::to_string(max_classes));
    }
    if (parts.trees.empty() || parts.trees.size() > static_cast<std::size_t>(max_trees)) {
        reject("n_trees=" + std::to_string(parts.trees.size()), "must be 1 to " + std::to_string(max_trees));
    }
    check_thresholds(parts);
    check_distributions(parts);
    TreeCheck check(parts);
    for (std::size_t t = 0; t < parts.trees.size(); ++t) {
        m_depth = std::max(m_depth, check.run(parts.trees[t], t));
    }
    m_parts = std::make_shared<const Parts>(std::move(parts));
    m_packed = std::make_shared<const PackedForest>(*m_parts, m_depth);
}

std::int64_t RandomForest::n_nodes() const {
    std::int64_t n = 0;
    for (const Tree& tree : m_parts->trees) {
        n += static_cast<std::int64_t>(tree.nodes.size());
    }
    return n;
}

void RandomForest::encode(const FeatureView& rows, std::int64_t first, std::int64_t n,
                          std::span<std::uint16_t> codes) const {
    const std::vector<CodeTable>& tables = m_packed->tables();
    for (std::size_t f = 0; f < tables.size(); ++f) {
        const float* const values = rows.columns[f] + first;
        for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
            codes[i * tables.size() + f] = tables[f].code(values[i]);
        }
    }
}

void RandomForest::predict_sums(const FeatureView& rows, std::span<std::uint32_t> out) const {
    predict_in_batches(*this, rows, [&](PredictionBatch& batch, std::size_t first, std::size_t n) {
        const auto k = static_cast<std::size_t>(n_classes());
        batch.predict_sums(out.subspan(first * k, n * k));
    });
}

void RandomForest::predict_classes(const FeatureView& rows, std::span<std::int32_t> out) const {
    predict_in_batches(*this, rows, [&](PredictionBatch& batch, std::size_t first, std::size_t n) {
        batch.predict_classes(out.subspan(first, n));
    });
}

} // namespace lcclass
