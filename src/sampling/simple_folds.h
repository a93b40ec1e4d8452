/// Folds that no position decides: single samples, samples by class, groups by class, and one group at a time.
/// Pure functions, deterministic in the seed.
#pragma once

#include "lcclass/sampling/folds.h"
#include "sampling/groups.h"

namespace lcclass::sampling {

/// Fold per sample: a seeded order of all samples, cut as scikit-learn's KFold cuts.
std::vector<std::int32_t> random_folds(std::int64_t n_samples, const FoldOptions& options);

/// Fold per sample. Class by class, samples are shuffled (stream = class code) and dealt out in turn; the next class
/// goes on where the last one stopped. So folds differ by at most one sample, in all and within every class, as those
/// of scikit-learn's StratifiedKFold.
std::vector<std::int32_t> stratified_folds(const SampleTable& samples, const FoldOptions& options);

/// Fold per group: the same with groups, by the class of most of their samples.
std::vector<std::int32_t> group_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options);

/// Every group in a fold of its own, in the order of their numbers. Requires: at most `most_single_folds` groups.
FoldAssignment single_group_folds(const SampleTable& samples, const GroupTable& groups, FoldScheme scheme);

/// The fold of every sample's group.
std::vector<std::int32_t> spread_to_samples(const GroupTable& groups, const std::vector<std::int32_t>& fold_of_group);

} // namespace lcclass::sampling
