#include "forest/forest_check.h"

#include "forest/tree_splits.h"
#include "lcclass/core/error.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace lcclass {

namespace {

constexpr std::size_t most_distributions = 0x7FFF0000U; ///< the packed forest numbers them, and classes, in 31 bits

void check_counts(const RandomForest::Parts& parts) {
    if (parts.n_features < 1 || parts.n_features > 65535) {
        reject_forest("n_features=" + std::to_string(parts.n_features), "must be 1 to 65535");
    }
    if (parts.n_classes < 1 || parts.n_classes > RandomForest::max_classes) {
        reject_forest("n_classes=" + std::to_string(parts.n_classes),
                      "must be 1 to " + std::to_string(RandomForest::max_classes));
    }
    if (parts.trees.empty() || parts.trees.size() > static_cast<std::size_t>(RandomForest::max_trees)) {
        reject_forest("n_trees=" + std::to_string(parts.trees.size()),
                      "must be 1 to " + std::to_string(RandomForest::max_trees));
    }
}

void check_thresholds(const RandomForest::Parts& parts) {
    if (parts.thresholds.size() != static_cast<std::size_t>(parts.n_features)) {
        reject_forest("thresholds", "there must be one list per feature");
    }
    for (std::size_t f = 0; f < parts.thresholds.size(); ++f) {
        const std::vector<float>& list = parts.thresholds[f];
        const std::string field = "thresholds of feature " + std::to_string(f);
        if (list.size() > 65535) {
            reject_forest(field, "there are more than 65535");
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!std::isfinite(list[i]) || (i > 0 && !(list[i - 1] < list[i]))) {
                reject_forest(field, "number " + std::to_string(i) + " is not finite or not above the one before");
            }
        }
    }
}

void check_distributions(const RandomForest::Parts& parts) {
    const auto k = static_cast<std::size_t>(parts.n_classes);
    if (parts.distributions.size() % k != 0 || parts.distributions.empty()) {
        reject_forest("distributions", "there must be one value per class in each, and one distribution at least");
    }
    if (parts.distributions.size() / k > most_distributions) {
        reject_forest("distributions", "there are more than " + std::to_string(most_distributions));
    }
    for (std::size_t at = 0; at < parts.distributions.size(); at += k) {
        std::uint64_t sum = 0;
        for (std::size_t c = 0; c < k; ++c) {
            sum += parts.distributions[at + c];
        }
        if (sum != RandomForest::probability_one) {
            reject_forest("distribution " + std::to_string(at / k), "probabilities do not sum to 1");
        }
    }
}

struct TreeFault {
    std::size_t node = 0;
    std::string problem;
};

/// Preorder leaves no room for cycles: a node's left child is the next node, and its right child must be the one that
/// follows the left subtree. What a node is decides numbers and branches never taken: others would be mispredicted.
class TreeCheck {
public:
    explicit TreeCheck(const RandomForest::Parts& parts)
        : m_n_distributions(parts.distributions.size() / static_cast<std::size_t>(parts.n_classes)) {
        for (const std::vector<float>& list : parts.thresholds) {
            m_n_cuts.push_back(static_cast<std::uint32_t>(list.size()));
        }
        m_n_cuts.push_back(0); // of any feature that does not exist
    }

    /// Sets `depth`, or says what is wrong.
    [[nodiscard]] std::optional<TreeFault> run(const RandomForest::Tree& tree, std::uint32_t& depth) const {
        const std::size_t n = tree.nodes.size();
        if (n == 0 || n > 0xFFFFFFFFU || tree.cover.size() != n) {
            return TreeFault{.node = 0, .problem = "the tree has no nodes, too many, or no cover for each"};
        }
        // Splits whose right child has not come yet, from [2] on; [1] stands for the end of the tree. Depth << 32 |
        // node in one number: a pair that is read right after its halves were written makes the processor wait.
        const auto open = std::make_unique_for_overwrite<std::uint64_t[]>(n + 2);
        open[0] = open[1] = 0;
        std::size_t n_open = 1;
        std::uint64_t at = 0;
        std::uint64_t deepest = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const RandomForest::Node node = tree.nodes[i];
            const auto is_leaf = static_cast<std::uint32_t>(node.is_leaf());
            const auto closed = static_cast<std::uint32_t>(open[n_open]);
            const std::uint64_t depth_closed = open[n_open] >> 32U;
            const std::uint32_t wrong_right = is_leaf & (n_open > 1) & (tree.nodes[closed].right != i + 1);
            if (((n_open == 0) + misfit(node, tree.cover[i]) + wrong_right) != 0) {
                return explain(n_open == 0, i, node, tree.cover[i], closed);
            }
            n_open -= is_leaf;
            open[n_open + 1] = at << 32U | i;
            n_open += 1 - is_leaf;
            deepest = std::max(deepest, at);
            at = (at ^ ((at ^ depth_closed) & (std::uint64_t{0} - is_leaf))) + 1;
        }
        depth = static_cast<std::uint32_t>(deepest);
        if (n_open > 0) {
            return TreeFault{.node = n - 1, .problem = "the tree ends before its last leaf"};
        }
        return std::nullopt;
    }

private:
    /// 1 for a node that asks for what does not exist, else 0.
    [[nodiscard]] std::uint32_t misfit(const RandomForest::Node& node, float cover) const {
        const std::size_t feature = std::min<std::size_t>(node.feature(), m_n_cuts.size() - 1);
        const auto as_split = static_cast<std::uint32_t>(node.cut() >= m_n_cuts[feature]);
        const auto as_leaf = static_cast<std::uint32_t>(node.distribution() >= m_n_distributions) |
                             static_cast<std::uint32_t>(!(cover > 0)) |
                             static_cast<std::uint32_t>(!(cover <= std::numeric_limits<float>::max()));
        return as_split ^ ((as_split ^ as_leaf) & static_cast<std::uint32_t>(node.is_leaf()));
    }

    [[nodiscard]] TreeFault explain(bool complete, std::size_t i, const RandomForest::Node& node, float cover,
                                    std::size_t closed) const {
        const std::size_t n_features = m_n_cuts.size() - 1;
        if (complete) {
            return {i, "no node leads here"};
        }
        if (misfit(node, cover) == 0) {
            return {closed, "the right child is not the node after the left subtree"};
        }
        if (!node.is_leaf() && node.feature() >= n_features) {
            return {i, "the node asks for feature " + std::to_string(node.feature()) + " of " +
                           std::to_string(n_features)};
        }
        if (!node.is_leaf()) {
            return {i, "the node asks for threshold " + std::to_string(node.cut()) + " of " +
                           std::to_string(m_n_cuts[node.feature()])};
        }
        if (node.distribution() >= m_n_distributions) {
            return {i, "the leaf refers to distribution " + std::to_string(node.distribution()) + " of " +
                           std::to_string(m_n_distributions)};
        }
        return {i, "the cover is not a positive number"};
    }

    std::size_t m_n_distributions;
    std::vector<std::uint32_t> m_n_cuts; ///< per feature
};

/// Requires: a checked tree.
void sum_cover(RandomForest::Tree& tree) {
    const TreeSplits splits(tree.nodes);
    for (std::size_t k = splits.positions().size(); k-- > 0;) {
        const std::size_t i = splits.positions()[k];
        tree.cover[i] = tree.cover[i + 1] + tree.cover[tree.nodes[i].right];
    }
}

} // namespace

void reject_forest(const std::string& field, const std::string& problem) {
    throw Error(ExitCode::model, {.where = {}, .field = field, .problem = problem, .fix = "train the model again"});
}

int check_forest(RandomForest::Parts& parts) {
    check_counts(parts);
    check_thresholds(parts);
    check_distributions(parts);
    const TreeCheck check(parts);
    std::vector<std::optional<TreeFault>> faults(parts.trees.size());
    std::vector<std::uint32_t> depths(parts.trees.size());
    tbb::parallel_for(std::size_t{0}, parts.trees.size(), [&](std::size_t t) {
        faults[t] = check.run(parts.trees[t], depths[t]);
        if (!faults[t]) {
            sum_cover(parts.trees[t]);
        }
    });
    for (std::size_t t = 0; t < faults.size(); ++t) {
        if (faults[t]) {
            reject_forest("tree " + std::to_string(t) + ", node " + std::to_string(faults[t]->node),
                          faults[t]->problem);
        }
    }
    return static_cast<int>(*std::max_element(depths.begin(), depths.end()));
}

} // namespace lcclass
