/// Folds whose test samples are as far from their training samples as the prediction area is from all samples.
/// Pure functions, deterministic in the seed; the same result on any number of threads.
#pragma once

#include "lcclass/sampling/folds.h"
#include "sampling/distance_match.h"
#include "sampling/groups.h"

#include <cstdint>
#include <vector>

namespace lcclass::sampling {

/// Per point, the others that its training leaves out, nearest first (Mila et al. 2022; CAST's nndm with
/// phi = "max" and min_train = 0.5). Requires: at least two points, `wanted` sorted and not empty.
std::vector<std::vector<std::int32_t>> nndm_exclusions(const PointSet& points, const Distances& wanted);

/// One fold per group. Throws: as `assign_folds` for positions and prediction points, Error(configuration) for more
/// than `most_single_folds` groups.
FoldAssignment nndm_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options);

/// k folds of groups; `match` says how many clusters they are made of. Throws: as `assign_folds` for positions and
/// prediction points, Error(configuration) for more than 50,000 groups.
FoldAssignment knndm_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options);

} // namespace lcclass::sampling
