#include "forest/packed_forest.h"

#include "forest/tree_splits.h"
#include "lcclass/core/error.h"

#include <tbb/parallel_for.h>

#include <algorithm>

namespace lcclass {

PackedForest::PackedForest(const RandomForest::Parts& parts, int depth)
    : m_n_classes(static_cast<std::size_t>(parts.n_classes)), m_depth(static_cast<std::size_t>(depth)),
      m_distributions(parts.distributions.data()), m_constant_sums(m_n_classes) {
    for (const std::vector<float>& thresholds : parts.thresholds) {
        m_tables.emplace_back(thresholds);
    }
    const std::vector<Reference> leaves = leaf_references(parts);
    std::vector<std::size_t> first;
    std::size_t n_inner = 0;
    for (const RandomForest::Tree& tree : parts.trees) {
        const std::size_t n = (tree.nodes.size() - 1) / 2;
        first.push_back(n_inner);
        if (n == 0) {
            add(leaves[tree.nodes[0].distribution()], m_constant_sums);
        } else {
            m_roots.push_back(static_cast<Reference>(n_inner));
        }
        n_inner += n;
        m_largest_tree = std::max(m_largest_tree, n);
    }
    if (n_inner >= leaf_bit) {
        throw Error(ExitCode::model, {.where = {},
                                      .field = "nodes=" + std::to_string(n_inner),
                                      .problem = "the forest is too large to predict with",
                                      .fix = "train with fewer trees or a lower max_depth"});
    }
    m_nodes = std::make_unique_for_overwrite<Node[]>(n_inner);
    tbb::parallel_for(std::size_t{0}, parts.trees.size(),
                      [&](std::size_t t) { pack_tree(parts.trees[t], first[t], leaves); });
}

std::vector<PackedForest::Reference> PackedForest::leaf_references(const RandomForest::Parts& parts) const {
    std::vector<Reference> leaves;
    const std::size_t n = parts.distributions.size() / m_n_classes;
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = std::span(parts.distributions).subspan(i * m_n_classes, m_n_classes);
        const auto whole = std::find(row.begin(), row.end(), RandomForest::probability_one);
        const std::size_t number = whole != row.end() ? static_cast<std::size_t>(whole - row.begin()) : m_n_classes + i;
        leaves.push_back(leaf_bit | static_cast<Reference>(number));
    }
    return leaves;
}

/// In preorder a subtree of n nodes has (n - 1) / 2 splits, so that the number of a right child among the splits is
/// known from its place.
void PackedForest::pack_tree(const RandomForest::Tree& tree, std::size_t first, const std::vector<Reference>& leaves) {
    const auto reference = [&](const RandomForest::Node& child, std::size_t as_split) {
        const Reference leaf_mask = 0U - static_cast<Reference>(child.is_leaf());
        const Reference leaf = leaves[child.content & leaf_mask];
        return static_cast<Reference>(as_split) ^ ((static_cast<Reference>(as_split) ^ leaf) & leaf_mask);
    };
    const TreeSplits splits(tree.nodes);
    std::size_t at = first;
    for (const std::size_t i : splits.positions()) {
        const RandomForest::Node node = tree.nodes[i];
        m_nodes[at] = {.left = reference(tree.nodes[i + 1], at + 1),
                       .right = reference(tree.nodes[node.right], at + (node.right - i) / 2),
                       .cut = shifted(static_cast<std::uint16_t>(node.cut())),
                       .feature = static_cast<std::uint16_t>(node.feature())};
        ++at;
    }
}

} // namespace lcclass
