#include "forest/forest_assembly.h"

#include "forest/distribution_table.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <limits>

namespace lcclass {

namespace {

std::vector<std::uint16_t> merge_distributions(std::vector<GrownTree>& grown, int n_classes) {
    constexpr std::uint32_t not_yet = std::numeric_limits<std::uint32_t>::max();
    DistributionTable table(n_classes);
    const auto k = static_cast<std::size_t>(n_classes);
    std::vector<std::uint32_t> merged;
    for (GrownTree& tree : grown) {
        merged.assign(tree.distributions.size() / k, not_yet);
        for (RandomForest::Node& node : tree.tree.nodes) {
            if (node.is_leaf()) {
                std::uint32_t& index = merged[node.content];
                if (index == not_yet) {
                    index = table.index_of(std::span(tree.distributions).subspan(node.content * k, k));
                }
                node.content = index;
            }
        }
        tree.distributions = {};
    }
    return table.take();
}

std::vector<std::vector<float>> used_thresholds(const std::vector<std::vector<float>>& all,
                                                std::vector<GrownTree>& grown) {
    std::vector<std::vector<std::uint16_t>> new_cut;
    for (const auto& of_feature : all) {
        new_cut.emplace_back(of_feature.size(), std::uint16_t{0});
    }
    for (const GrownTree& tree : grown) {
        for (const RandomForest::Node& node : tree.tree.nodes) {
            if (!node.is_leaf()) {
                new_cut[node.feature()][node.cut()] = 1;
            }
        }
    }
    std::vector<std::vector<float>> thresholds(all.size());
    for (std::size_t f = 0; f < all.size(); ++f) {
        for (std::size_t i = 0; i < new_cut[f].size(); ++i) {
            if (new_cut[f][i] != 0) {
                new_cut[f][i] = static_cast<std::uint16_t>(thresholds[f].size());
                thresholds[f].push_back(all[f][i]);
            }
        }
    }
    tbb::parallel_for(std::size_t{0}, grown.size(), [&](std::size_t t) {
        for (RandomForest::Node& node : grown[t].tree.nodes) {
            if (!node.is_leaf()) {
                node.content = (node.feature() << 16U) | new_cut[node.feature()][node.cut()];
            }
        }
    });
    return thresholds;
}

} // namespace

RandomForest::Parts assemble_forest(std::vector<GrownTree> grown, const std::vector<std::vector<float>>& thresholds,
                                    int n_classes) {
    RandomForest::Parts parts{.n_features = static_cast<int>(thresholds.size()), .n_classes = n_classes};
    parts.distributions = merge_distributions(grown, n_classes);
    parts.thresholds = used_thresholds(thresholds, grown);
    for (GrownTree& tree : grown) {
        parts.trees.push_back(std::move(tree.tree));
    }
    return parts;
}

GrownTree cut_tree(const GrownTree& grown, int depth) {
    struct Pending {
        std::uint32_t node;
        int depth;
        std::uint32_t parent; ///< of a right child
    };
    const RandomForest::Tree& from = grown.tree;
    GrownTree result{.tree = {}, .distributions = grown.distributions, .importance = {}, .cuts = {}};
    auto& [nodes, cover] = result.tree;
    std::vector<Pending> stack = {{.node = 0, .depth = 0, .parent = PendingNode::no_parent}};
    while (!stack.empty()) {
        const Pending next = stack.back();
        stack.pop_back();
        const auto index = static_cast<std::uint32_t>(nodes.size());
        if (next.parent != PendingNode::no_parent) {
            nodes[next.parent].right = index;
        }
        nodes.push_back(from.nodes[next.node]);
        cover.push_back(from.cover[next.node]);
        if (nodes.back().is_leaf()) {
            continue;
        }
        const std::uint32_t right = std::exchange(nodes.back().right, 0);
        if (next.depth < depth) {
            stack.push_back({.node = right, .depth = next.depth + 1, .parent = index});
            stack.push_back({.node = next.node + 1, .depth = next.depth + 1, .parent = PendingNode::no_parent});
            continue;
        }
        const auto cut = std::lower_bound(grown.cuts.begin(), grown.cuts.end(), next.node,
                                          [](const CutNode& entry, std::uint32_t node) { return entry.node < node; });
        nodes.back().content = cut->distribution;
        cover.back() = cut->cover;
    }
    return result;
}

} // namespace lcclass
