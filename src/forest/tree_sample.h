/// Which rows a tree learns from: the bootstrap, with class weights.
/// A value owned by one thread; its memory is used again from tree to tree.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// A row in the bag: where its features are, its class and how often it was drawn.
struct BagEntry {
    std::uint32_t row = 0;
    std::uint16_t class_index = 0;
    std::uint16_t count = 0;
};

struct TreeSample {
    std::vector<BagEntry> bag;             ///< in row order
    std::vector<std::uint32_t> out_of_bag; ///< in row order
    std::vector<double> class_weight;      ///< factor per class; 1 without class weights
    std::vector<std::uint16_t> counts;     ///< draws per row
};

/// What all trees of a forest draw from.
struct BootstrapPlan {
    std::span<const std::int32_t> class_index;
    int n_classes = 0;
    std::int64_t n_draws = 0; ///< per tree; unused without bootstrap
    bool bootstrap = true;
    ClassWeight class_weight = ClassWeight::none;
    std::uint64_t seed = 0;
};

/// Number of draws per tree as scikit-learn rounds it. Throws Error(configuration) when it exceeds `n_rows`.
std::int64_t draws_per_tree(const RandomForestOptions& options, std::int64_t n_rows);

/// The sample of tree `tree`, whatever other trees there are.
void draw_sample(const BootstrapPlan& plan, int tree, TreeSample& sample);

} // namespace lcclass
