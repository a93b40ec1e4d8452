/// How well distances from test to training samples match those from the prediction area to the samples.
/// Pure functions; the same result on any number of threads.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/point_set.h"
#include "sampling/places.h"

#include <vector>

namespace lcclass::sampling {

/// Sorted distances, the form in which distributions are compared.
using Distances = std::vector<double>;

/// From every prediction point to the nearest of `points`. Requires: at least one of each.
Distances prediction_distances(const PointSet& prediction, const PointSet& points);

/// From every point to the nearest other one. Requires: at least two points.
Distances leave_one_out_distances(const PointSet& points);

/// Integral of |F - G| over all distances, F and G the empirical distribution functions (Wasserstein distance of order
/// 1, as scipy's wasserstein_distance and twosamples' wass_stat of power 1). Requires: sorted, not empty, finite.
double wasserstein_distance(const Distances& a, const Distances& b);

/// True when `near` is stochastically smaller than `far`: one-sided Kolmogorov-Smirnov test at 5 %, with the
/// asymptotic p value exp(-2 D^2 n m / (n + m)). Requires: sorted, not empty.
bool are_clustered(const Distances& near, const Distances& far);

/// Of folds as they are, rows that are left out of training included. A point whose samples are all left out is no
/// training point; distances to no training point at all do not count. Requires: samples of a place share their fold.
DistanceMatch match_of(const Places& places, const FoldAssignment& folds, const PointSet& prediction);

} // namespace lcclass::sampling
