/// Permutation importance: how much accuracy is lost when features are shuffled.
/// Free functions that run on all threads; deterministic in the seed, whatever their number.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

struct ImportanceEstimate {
    double mean = 0;
    double sd = 0; ///< over repeats (and folds, when pooled), or over trees
};

/// What is shuffled at once.
struct ShuffleTarget {
    std::vector<int> features; ///< positions; a row gets all of them from one other row
    /// Positions of features that stay: rows change places only with rows that the forest cannot tell apart much by
    /// them, within cells that its own cut points of these features make (after Strobl et al. 2008, BMC Bioinformatics
    /// 9:307; here of the whole forest, those first that part most training rows, as long as 10 rows are left on both
    /// sides). Empty: with any row.
    std::vector<int> conditions = {};
};

struct ShuffleOptions {
    int repeats = 5;
    std::uint64_t seed = 42;
};

/// Decrease in overall accuracy of `forest` on `rows` when a target is shuffled, per target, over the repeats (Breiman
/// 2001, Machine Learning 45; single features: scikit-learn's permutation_importance). `progress` advances by one per
/// target and repeat; its beginning and end are the caller's. Requires: as many classes as rows.
std::vector<std::vector<double>> shuffle_decreases(const RandomForest& forest, const FeatureView& rows,
                                                   std::span<const std::int32_t> class_index,
                                                   std::span<const ShuffleTarget> targets,
                                                   const ShuffleOptions& options, Progress& progress);

/// One target per feature.
std::vector<ShuffleTarget> single_features(int n_features);

/// Mean and standard deviation (n - 1) of each feature's decreases; NaN (not available) where there are fewer values
/// than the figure needs.
std::vector<ImportanceEstimate> summarize_decreases(const std::vector<std::vector<double>>& decreases);

struct OutOfBagImportance {
    /// Of the forest's votes out of the bag, as `train_random_forest` had it when these are its rows and options.
    std::optional<OutOfBagScore> score;
    /// Per feature, over the trees with rows out of the bag.
    std::vector<ImportanceEstimate> features;
};

/// Decrease in the accuracy of single trees on the rows outside their bag when a feature is shuffled among these, mean
/// and standard deviation over trees (Breiman & Cutler's manual of random forests; randomForest and ranger for R
/// without scaling). The bags are drawn again: it takes the very rows, in their order, and the options that the forest
/// was trained with, which a caller can tell by `score`. `seed` is that of the shuffles. Nothing without bootstrap.
/// Throws Error(configuration) when the options cannot be those of so many rows.
OutOfBagImportance out_of_bag_importance(const RandomForest& forest, const TrainingSet& data,
                                         const RandomForestOptions& options, std::uint64_t seed, Progress& progress);

} // namespace lcclass
