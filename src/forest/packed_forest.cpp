#include "forest/packed_forest.h"

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
    m_nodes.resize(n_inner);
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

void PackedForest::pack_tree(const RandomForest::Tree& tree, std::size_t first, const std::vector<Reference>& leaves) {
    std::vector<Reference> number(tree.nodes.size());
    auto next = static_cast<Reference>(first);
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const RandomForest::Node& node = tree.nodes[i];
        number[i] = node.is_leaf() ? leaves[node.distribution()] : next++;
    }
    Node* out = m_nodes.data() + first;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const RandomForest::Node& node = tree.nodes[i];
        if (!node.is_leaf()) {
            *out++ = {.left = number[i + 1],
                      .right = number[node.right],
                      .cut = shifted(static_cast<std::uint16_t>(node.cut())),
                      .feature = static_cast<std::uint16_t>(node.feature())};
        }
    }
}

} // namespace lcclass
