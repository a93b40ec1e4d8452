/// Permutation importance: how much accuracy is lost when a feature is shuffled.
/// Deterministic in the seed, on any number of threads.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

struct ImportanceEstimate {
    double mean = 0;
    double sd = 0; ///< over repeats (and folds, when pooled)
};

/// Decrease in overall accuracy of `forest` on `rows` when one feature is shuffled, per feature, over `n_repeats`
/// shuffles (Breiman 2001; scikit-learn's permutation_importance). Requires: as many classes as rows.
std::vector<std::vector<double>> permutation_decreases(const RandomForest& forest, const FeatureView& rows,
                                                       std::span<const std::int32_t> class_index, int n_repeats,
                                                       std::uint64_t seed);

/// Mean and standard deviation (n - 1) of each feature's decreases; NaN (not available) where there are fewer values
/// than the figure needs.
std::vector<ImportanceEstimate> summarize_decreases(const std::vector<std::vector<double>>& decreases);

} // namespace lcclass
