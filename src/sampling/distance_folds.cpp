#include "sampling/distance_folds.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "sampling/buffer.h"
#include "sampling/point_index.h"
#include "sampling/simple_folds.h"
#include "sampling/ward.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

namespace lcclass::sampling {

namespace {

constexpr int most_groups_of_knndm = 50000; // Ward's time grows with the square of their number
constexpr int n_candidates = 100;
constexpr double least_training_share = 0.5;

/// The other points by distance, found as they are asked for: most points ask for a few only.
class NeighbourList {
public:
    NeighbourList(const PointSet& points, std::size_t own) : m_points(&points), m_own(own) { grow(first_size); }

    /// Distance to the nearest one that was not dropped, infinity when none is left.
    [[nodiscard]] double distance() const {
        return m_next < m_sorted.size() ? m_sorted[m_next].first : std::numeric_limits<double>::infinity();
    }
    [[nodiscard]] std::size_t n_left() const { return m_points->x.size() - 1 - m_next; }

    /// Drops the nearest one and says which it was. Requires: one is left.
    std::int32_t drop() {
        const std::int32_t dropped = m_sorted[m_next++].second;
        if (m_next == m_sorted.size() && n_left() > 0) {
            grow(4 * m_sorted.size());
        }
        return dropped;
    }

private:
    static constexpr std::size_t first_size = 16;

    void grow(std::size_t size) {
        std::vector<std::pair<double, std::int32_t>> all;
        all.reserve(m_points->x.size());
        for (std::size_t i = 0; i < m_points->x.size(); ++i) {
            if (i != m_own) {
                const double dx = m_points->x[i] - m_points->x[m_own];
                const double dy = m_points->y[i] - m_points->y[m_own];
                all.emplace_back(std::sqrt(dx * dx + dy * dy), static_cast<std::int32_t>(i));
            }
        }
        const auto n = static_cast<std::ptrdiff_t>(std::min(size, all.size()));
        std::partial_sort(all.begin(), all.begin() + n, all.end());
        m_sorted.assign(all.begin(), all.begin() + n);
    }

    const PointSet* m_points;
    std::size_t m_own;
    std::size_t m_next = 0;
    std::vector<std::pair<double, std::int32_t>> m_sorted;
};

void require_prediction(const FoldOptions& options) {
    if (options.prediction.x.empty()) {
        throw Error(ExitCode::configuration, {.where = "folds",
                                              .field = "scheme=" + to_string(options.scheme),
                                              .problem = "needs to know where the map will be used",
                                              .fix = "--prediction-area with the stack or a polygon of the area"});
    }
}

/// Cluster counts that are tried: a geometric series from k to n - 2.
std::vector<std::int32_t> candidate_counts(int k, int n) {
    const double low = std::log(k);
    const double high = std::log(std::max(k, n - 2));
    std::vector<std::int32_t> counts;
    for (int i = 0; i < n_candidates; ++i) {
        const auto count =
            static_cast<std::int32_t>(std::lround(std::exp(low + (high - low) * i / (n_candidates - 1))));
        if (counts.empty() || counts.back() != count) {
            counts.push_back(count);
        }
    }
    return counts;
}

/// The direction in which points spread most: first principal axis of their covariance.
std::pair<double, double> main_axis(const PointSet& points) {
    const auto n = static_cast<double>(points.x.size());
    double mean_x = 0;
    double mean_y = 0;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        mean_x += (points.x[i] - points.x[0]) / n;
        mean_y += (points.y[i] - points.y[0]) / n;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const double dx = points.x[i] - points.x[0] - mean_x;
        const double dy = points.y[i] - points.y[0] - mean_y;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    const double half = (xx - yy) / 2;
    const double root = std::sqrt(half * half + xy * xy);
    // Of the two forms of the eigenvector, the one that does not cancel.
    return half >= 0 ? std::pair{half + root, xy} : std::pair{std::abs(xy), xy < 0 ? half - root : root - half};
}

struct ClusterSummary {
    std::int32_t cluster = 0;
    std::int64_t size = 0;
    double along = 0; ///< position of the centre on the main axis
};

std::vector<ClusterSummary> clusters_along(const PointSet& points, const std::vector<std::int32_t>& cluster,
                                           std::int32_t n_clusters, const std::pair<double, double>& axis) {
    std::vector<ClusterSummary> result(static_cast<std::size_t>(n_clusters));
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        ClusterSummary& entry = result[static_cast<std::size_t>(cluster[i])];
        entry.cluster = cluster[i];
        ++entry.size;
        entry.along += (points.x[i] - points.x[0]) * axis.first + (points.y[i] - points.y[0]) * axis.second;
    }
    for (ClusterSummary& entry : result) {
        entry.along /= static_cast<double>(entry.size);
    }
    std::sort(result.begin(), result.end(), [](const ClusterSummary& a, const ClusterSummary& b) {
        return std::pair(a.along, a.cluster) < std::pair(b.along, b.cluster);
    });
    return result;
}

/// Fold 1..k of every point: large clusters become folds of their own, the others are dealt out along the main axis.
std::vector<std::int32_t> merge_clusters(const PointSet& points, const std::vector<std::int32_t>& cluster,
                                         std::int32_t n_clusters, int k, const std::pair<double, double>& axis) {
    const auto ordered = clusters_along(points, cluster, n_clusters, axis);
    std::vector<std::int32_t> fold_of(static_cast<std::size_t>(n_clusters), 0);
    std::int32_t n_large = 0;
    for (const ClusterSummary& entry : ordered) {
        if (entry.size * k >= std::ssize(cluster)) {
            fold_of[static_cast<std::size_t>(entry.cluster)] = ++n_large;
        }
    }
    std::int32_t dealt = 0;
    for (const ClusterSummary& entry : ordered) {
        if (fold_of[static_cast<std::size_t>(entry.cluster)] == 0) {
            fold_of[static_cast<std::size_t>(entry.cluster)] = n_large + 1 + dealt++ % (k - n_large);
        }
    }
    std::vector<std::int32_t> fold;
    for (const std::int32_t c : cluster) {
        fold.push_back(fold_of[static_cast<std::size_t>(c)]);
    }
    return fold;
}

/// Two folds cannot both hold less than half; otherwise no fold may hold more.
bool is_too_uneven(const std::vector<std::int32_t>& fold, int k) {
    std::vector<std::int64_t> size(static_cast<std::size_t>(k), 0);
    for (const std::int32_t f : fold) {
        ++size[static_cast<std::size_t>(f - 1)];
    }
    const double most = static_cast<double>(*std::max_element(size.begin(), size.end()));
    return most > (k == 2 ? 0.75 : 0.5) * static_cast<double>(fold.size());
}

/// True when all groups with some class are in one fold, whose training would lack it.
bool lacks_class(const GroupTable& groups, const std::vector<std::int32_t>& fold) {
    for (int k = 0; k < groups.n_classes; ++k) {
        std::int32_t first = 0;
        bool several = false;
        for (int g = 0; g < groups.n_groups && !several; ++g) {
            if (groups.count(g, k) > 0) {
                several = first != 0 && fold[static_cast<std::size_t>(g)] != first;
                first = fold[static_cast<std::size_t>(g)];
            }
        }
        if (first != 0 && !several) {
            return true;
        }
    }
    return false;
}

/// What one number of clusters gives; less is better.
struct Candidate {
    bool lacks_class = false; ///< taken only when all candidates do
    double w = std::numeric_limits<double>::infinity();
    std::int32_t n_clusters = 0;

    bool operator<(const Candidate& other) const {
        return std::tuple(lacks_class, w, n_clusters) < std::tuple(other.lacks_class, other.w, other.n_clusters);
    }
};

struct Clustering {
    const PointSet& points;
    const WardTree& tree;
    std::pair<double, double> axis;

    [[nodiscard]] std::vector<std::int32_t> folds(std::int32_t n_clusters, int k) const {
        return merge_clusters(points, tree.cut(n_clusters), n_clusters, k, axis);
    }
};

Candidate best_candidate(const Clustering& clustering, const GroupTable& groups, const Distances& wanted, int k) {
    const PointIndex index(clustering.points);
    const std::vector<std::int32_t> counts = candidate_counts(k, groups.n_groups);
    std::vector<Candidate> candidates(counts.size());
    tbb::parallel_for(std::size_t{0}, counts.size(), [&](std::size_t i) {
        const std::vector<std::int32_t> fold = clustering.folds(counts[i], k);
        candidates[i].n_clusters = counts[i];
        candidates[i].lacks_class = lacks_class(groups, fold);
        if (!is_too_uneven(fold, k)) {
            Distances tested = index.nearest_of_other_label(fold);
            std::sort(tested.begin(), tested.end());
            candidates[i].w = wasserstein_distance(tested, wanted);
        }
    });
    return *std::min_element(candidates.begin(), candidates.end());
}

} // namespace

std::vector<std::vector<std::int32_t>> nndm_exclusions(const PointSet& points, const Distances& wanted) {
    const std::size_t n = points.x.size();
    std::vector<NeighbourList> lists;
    lists.reserve(n);
    std::map<double, std::set<std::int32_t>> open; // points by the distance to what is left of their training
    for (std::size_t i = 0; i < n; ++i) {
        lists.emplace_back(points, i);
        open[lists.back().distance()].insert(static_cast<std::int32_t>(i));
    }
    std::vector<std::vector<std::int32_t>> excluded(n);
    std::size_t n_settled = 0;
    std::size_t n_wanted = 0; // of `wanted`, at most the distance looked at
    while (!open.empty()) {
        const auto nearest = open.begin();
        const double radius = nearest->first;
        for (; n_wanted < wanted.size() && wanted[n_wanted] <= radius; ++n_wanted) {
        }
        const std::int32_t point = *nearest->second.begin();
        NeighbourList& list = lists[static_cast<std::size_t>(point)];
        const double without = static_cast<double>(n_settled + nearest->second.size() - 1) / static_cast<double>(n);
        const double share = static_cast<double>(n_wanted) / static_cast<double>(wanted.size());
        const bool enough_left = static_cast<double>(list.n_left()) > least_training_share * static_cast<double>(n);
        if (without >= share && enough_left) {
            excluded[static_cast<std::size_t>(point)].push_back(list.drop());
            nearest->second.erase(nearest->second.begin());
            if (nearest->second.empty()) {
                open.erase(nearest);
            }
            open[list.distance()].insert(point);
        } else {
            n_settled += nearest->second.size();
            open.erase(nearest);
        }
    }
    return excluded;
}

FoldAssignment nndm_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options) {
    require_prediction(options);
    require_positions(samples, "nndm");
    const Places places = group_places(samples, groups);
    FoldAssignment result = single_group_folds(samples, groups, FoldScheme::nndm);
    const auto excluded = nndm_exclusions(places.points, prediction_distances(options.prediction, places.points));
    result.excluded = rows_of_groups(groups, excluded);
    return result;
}

FoldAssignment knndm_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options) {
    require_prediction(options);
    require_positions(samples, "knndm");
    if (groups.n_groups > most_groups_of_knndm) {
        throw Error(ExitCode::configuration,
                    {.where = "folds",
                     .field = "scheme=knndm",
                     .problem = with_thousands(groups.n_groups) + " polygons or groups are more than the " +
                                with_thousands(most_groups_of_knndm) + " it can cluster",
                     .fix = "use spatial-block, or --group-field with fewer groups"});
    }
    const PointSet points = group_places(samples, groups).points;
    const Distances wanted = prediction_distances(options.prediction, points);
    FoldAssignment result{.scheme = FoldScheme::knndm, .n_folds = options.n_folds, .fold = {}, .blocks = {}};
    result.match.emplace();
    if (!are_clustered(leave_one_out_distances(points), wanted)) {
        result.fold = spread_to_samples(groups, group_folds(samples, groups, options));
        return result;
    }
    const WardTree tree(points);
    const Clustering clustering{.points = points, .tree = tree, .axis = main_axis(points)};
    const Candidate best = best_candidate(clustering, groups, wanted, options.n_folds);
    result.match->n_clusters = best.n_clusters;
    result.fold = spread_to_samples(groups, clustering.folds(best.n_clusters, options.n_folds));
    return result;
}

} // namespace lcclass::sampling
