/// Grows one tree from its bootstrap sample, depth first with an explicit stack.
/// A grower belongs to one thread; its memory is used again from tree to tree.
#pragma once

#include "forest/distribution_table.h"
#include "forest/feature_codes.h"
#include "forest/out_of_bag_votes.h"
#include "forest/tree_sample.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// The leaf that an inner node would be if its tree ended there.
struct CutNode {
    std::uint32_t node = 0;
    std::uint32_t distribution = 0;
    float cover = 0;
};

/// A tree whose leaves refer to its own table of distributions.
struct GrownTree {
    RandomForest::Tree tree;                  ///< cover of leaves only
    std::vector<std::uint16_t> distributions; ///< starts with the pure ones
    std::vector<double> importance;           ///< impurity decrease per feature, sums to 1 (or all 0)
    std::vector<CutNode> cuts;                ///< inner nodes at the plan's cut depths, ascending
};

/// A node to be made: its rows in and out of the bag, and the key of its path from the root.
struct PendingNode {
    static constexpr std::uint32_t no_parent = 0xFFFFFFFFU;

    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t oob_begin = 0;
    std::uint32_t oob_end = 0;
    std::uint32_t parent = no_parent; ///< of a right child
    std::int32_t depth = 0;
    std::uint64_t key = 0;

    [[nodiscard]] std::uint32_t n_rows() const { return end - begin; }
};

/// A subtree, numbered from its root, with its own table of distributions; or only the root of one that splits.
struct TreePart {
    RandomForest::Tree tree;
    std::vector<double> decrease; ///< of impurity, per node
    std::vector<std::uint16_t> distributions;
    std::vector<CutNode> cuts;
    std::vector<PendingNode> children; ///< right, left; empty for a whole subtree
};

/// What all growers share.
struct GrowthPlan {
    const std::vector<CodedFeature>* features = nullptr;
    BootstrapPlan bootstrap;
    RandomForestOptions options;
    int max_features = 1;
    std::vector<bool> cut_depths;   ///< true at depths whose inner nodes are remembered as the leaves they could be
    OutOfBagVotes* votes = nullptr; ///< null: not wanted
};

class TreeGrower {
public:
    virtual ~TreeGrower() = default;
    /// Tree number `tree` of the forest, whatever other trees there are.
    virtual GrownTree grow(int tree) = 0;
    /// The subtree of `root`, or with `root_only` the root and what its children are. Several growers may work on
    /// one sample when their roots have no row in common.
    virtual TreePart grow_part(TreeSample& sample, const PendingNode& root, bool root_only) = 0;
};

std::unique_ptr<TreeGrower> make_tree_grower(const GrowthPlan& plan);
/// The root of tree number `tree`.
PendingNode root_of(const GrowthPlan& plan, int tree, const TreeSample& sample);
/// Sums the decrease in impurity per feature, in the order of the nodes, and scales the sums to 1.
std::vector<double> importance_of(const RandomForest::Tree& tree, std::span<const double> decrease,
                                  std::size_t n_features);

} // namespace lcclass
