/// Permutation importance where a forest was not trained: features are shuffled in the test part of every fold, and the
/// accuracy that the fold's forest loses is averaged over folds.
/// Deterministic in the seed, on any number of threads.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/forest/importance.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// With fewer folds there is no interval: two would give one of 25 standard errors.
inline constexpr std::int64_t fewest_interval_folds = 3;

/// Accuracy lost, over folds. Nothing where it is not defined.
struct FoldEstimate {
    std::optional<double> mean;
    std::optional<double> sd;  ///< n - 1
    std::optional<double> low; ///< of the interval
    std::optional<double> high;
};

/// Mean of `of_fold` with the interval that should hold it in `confidence` of all cases if the samples were drawn anew:
/// Student's t with the variance of the mean corrected for training parts that have rows in common, sd^2 (1 / folds +
/// `test_to_train`) (Nadeau & Bengio 2003, Machine Learning 52; for permutation importance Molnar et al. 2023,
/// xAI 2023, CCIS 1901). `test_to_train`: rows in the test over rows in the training part of a fold.
FoldEstimate estimate_over_folds(std::span<const double> of_fold, double test_to_train, double confidence = 0.95);

struct FoldImportanceOptions {
    RandomForestOptions forest;
    int repeats = 5; ///< shuffles per fold and target; a fold counts with their mean
};

/// Refits the forest on every fold, as `cross_validate` does (the same seeds), and shuffles each of several lists of
/// targets in its test part: one estimate per list and target. Every list has the same shuffles, so that its target i
/// is comparable with target i of the others. Throws: as `cross_validate`.
std::vector<std::vector<FoldEstimate>> fold_importance(const SampleTable& samples, const FoldAssignment& folds,
                                                       std::span<const std::vector<ShuffleTarget>> lists,
                                                       const FoldImportanceOptions& options, Progress& progress);

/// The other features whose rank correlation (Spearman's) with each feature is at least `threshold` in size, ascending,
/// per feature. From 10,000 rows drawn by `seed` when there are more; ties have their mean rank. A constant feature is
/// correlated with none. Requires: threshold > 0.
std::vector<std::vector<int>> correlated_features(const FeatureView& rows, double threshold, std::uint64_t seed);

} // namespace lcclass
