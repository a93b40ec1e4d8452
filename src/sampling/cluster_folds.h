/// Folds of nearby groups: k-means on their positions.
/// Pure functions, deterministic in the seed.
#pragma once

#include "lcclass/core/point_set.h"
#include "lcclass/sampling/folds.h"
#include "sampling/groups.h"

#include <cstdint>
#include <vector>

namespace lcclass::sampling {

struct KMeans {
    std::vector<std::int32_t> cluster; ///< per point, 0..k-1, from west to east (then south to north) by centre
    double inertia = 0;                ///< sum of squared distances to the centres
};

/// Lloyd's algorithm until nothing changes (at most 300 rounds) from `n_starts` k-means++ seedings (Arthur &
/// Vassilvitskii 2007), start s with Rng(seed, s); the least inertia wins, the first on ties. No cluster is empty.
/// Requires: at least k different points, k >= 1, n_starts >= 1.
KMeans k_means(const PointSet& points, int k, int n_starts, std::uint64_t seed);

/// Fold per group. Throws Error(input) for samples without positions, Error(configuration) for fewer places than folds.
std::vector<std::int32_t> cluster_folds(const SampleTable& samples, const GroupTable& groups,
                                        const FoldOptions& options);

} // namespace lcclass::sampling
