#include "sampling/distance_match.h"

#include "sampling/point_index.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace lcclass::sampling {

namespace {

std::vector<std::int32_t> fold_of_places(const Places& places, const FoldAssignment& folds) {
    std::vector<std::int32_t> fold(places.points.x.size());
    for (std::size_t row = 0; row < places.of_sample.size(); ++row) {
        fold[static_cast<std::size_t>(places.of_sample[row])] = folds.fold[row];
    }
    return fold;
}

/// Points that train `fold`: of other folds, with at least one sample that is not left out.
PointSet training_points(const Places& places, const FoldAssignment& folds, int fold) {
    std::vector<bool> trains(places.points.x.size(), false);
    for (const std::int64_t row : rows_of_fold(folds, fold).train) {
        trains[static_cast<std::size_t>(places.of_sample[static_cast<std::size_t>(row)])] = true;
    }
    PointSet points;
    for (std::size_t p = 0; p < trains.size(); ++p) {
        if (trains[p]) {
            points.x.push_back(places.points.x[p]);
            points.y.push_back(places.points.y[p]);
        }
    }
    return points;
}

std::vector<double> distances_without_excluded(const Places& places, const FoldAssignment& folds,
                                               const std::vector<std::int32_t>& fold_of) {
    std::vector<std::vector<std::size_t>> tested(static_cast<std::size_t>(folds.n_folds));
    for (std::size_t p = 0; p < fold_of.size(); ++p) {
        tested[static_cast<std::size_t>(fold_of[p] - 1)].push_back(p);
    }
    std::vector<double> result(fold_of.size());
    tbb::parallel_for(0, folds.n_folds, [&](int f) {
        const PointIndex index(training_points(places, folds, f + 1));
        for (const std::size_t p : tested[static_cast<std::size_t>(f)]) {
            result[p] = index.nearest(places.points.x[p], places.points.y[p]);
        }
    });
    return result;
}

Distances sorted_finite(std::vector<double> distances) {
    std::erase_if(distances, [](double distance) { return !std::isfinite(distance); });
    std::sort(distances.begin(), distances.end());
    return distances;
}

} // namespace

Distances prediction_distances(const PointSet& prediction, const PointSet& points) {
    const PointIndex index(points);
    Distances distances;
    for (std::size_t i = 0; i < prediction.x.size(); ++i) {
        distances.push_back(index.nearest(prediction.x[i], prediction.y[i]));
    }
    std::sort(distances.begin(), distances.end());
    return distances;
}

Distances leave_one_out_distances(const PointSet& points) {
    std::vector<std::int32_t> own(points.x.size());
    std::iota(own.begin(), own.end(), 0);
    return sorted_finite(PointIndex(points).nearest_of_other_label(own));
}

double wasserstein_distance(const Distances& a, const Distances& b) {
    double area = 0;
    double last = std::min(a.front(), b.front());
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        const double next = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
        const double gap = static_cast<double>(i) / static_cast<double>(a.size()) -
                           static_cast<double>(j) / static_cast<double>(b.size());
        area += std::abs(gap) * (next - last);
        last = next;
        for (; i < a.size() && a[i] == next; ++i) {
        }
        for (; j < b.size() && b[j] == next; ++j) {
        }
    }
    return area;
}

bool are_clustered(const Distances& near, const Distances& far) {
    const auto n = static_cast<double>(near.size());
    const auto m = static_cast<double>(far.size());
    double most = 0;
    std::size_t j = 0;
    for (std::size_t i = 0; i < near.size(); ++i) {
        if (i + 1 < near.size() && near[i + 1] == near[i]) {
            continue;
        }
        for (; j < far.size() && far[j] <= near[i]; ++j) {
        }
        most = std::max(most, static_cast<double>(i + 1) / n - static_cast<double>(j) / m);
    }
    return std::exp(-2 * most * most * n * m / (n + m)) < 0.05;
}

DistanceMatch match_of(const Places& places, const FoldAssignment& folds, const PointSet& prediction) {
    const std::vector<std::int32_t> fold_of = fold_of_places(places, folds);
    const Distances wanted = prediction_distances(prediction, places.points);
    const Distances tested =
        sorted_finite(folds.excluded.empty() ? PointIndex(places.points).nearest_of_other_label(fold_of)
                                             : distances_without_excluded(places, folds, fold_of));
    DistanceMatch match{.n_prediction_points = prediction.size()};
    match.w_m = tested.empty() ? 0 : wasserstein_distance(tested, wanted);
    match.leave_one_out_w_m = wasserstein_distance(leave_one_out_distances(places.points), wanted);
    return match;
}

} // namespace lcclass::sampling
