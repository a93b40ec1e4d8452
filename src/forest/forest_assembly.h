/// Trees grown one by one put together to the parts of a forest.
/// Pure functions but for the trees they take; safe from any thread.
#pragma once

#include "forest/tree_grower.h"
#include "lcclass/forest/random_forest.h"

#include <vector>

namespace lcclass {

/// `thresholds`: per feature, those that the cuts of the nodes refer to. The forest keeps those that a node uses, and
/// the distributions that a leaf uses, in the order of trees and nodes: equal trees make equal parts.
RandomForest::Parts assemble_forest(std::vector<GrownTree> grown, const std::vector<std::vector<float>>& thresholds,
                                    int n_classes);

/// The tree as it would be had it not been grown beyond `depth`. Requires: a cut for every inner node at that depth.
GrownTree cut_tree(const GrownTree& grown, int depth);

} // namespace lcclass
