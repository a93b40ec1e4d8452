#include "sampling/cluster_folds.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "sampling/places.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

namespace lcclass::sampling {

namespace {

constexpr int most_rounds = 300;
constexpr int n_starts = 10;

double squared_distance(const PointSet& points, std::size_t i, const PointSet& centres, std::size_t c) {
    const double dx = points.x[i] - centres.x[c];
    const double dy = points.y[i] - centres.y[c];
    return dx * dx + dy * dy;
}

/// k-means++: every next centre is a point drawn with a chance in proportion to its squared distance to those there
/// are.
PointSet seed_centres(const PointSet& points, int k, Rng rng) {
    const std::size_t n = points.x.size();
    std::size_t chosen = static_cast<std::size_t>(rng.below(n));
    PointSet centres{{points.x[chosen]}, {points.y[chosen]}};
    std::vector<double> least(n, std::numeric_limits<double>::infinity());
    while (centres.size() < k) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            least[i] = std::min(least[i], squared_distance(points, i, centres, centres.x.size() - 1));
            sum += least[i];
        }
        const double target = rng.uniform() * sum;
        double passed = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (least[i] > 0) {
                chosen = i; // the last one that can be drawn, should rounding carry the target beyond the sum
                passed += least[i];
                if (passed > target) {
                    break;
                }
            }
        }
        centres.x.push_back(points.x[chosen]);
        centres.y.push_back(points.y[chosen]);
    }
    return centres;
}

/// The nearest centre of every point, the first on ties.
std::vector<std::int32_t> nearest_centres(const PointSet& points, const PointSet& centres) {
    std::vector<std::int32_t> cluster(points.x.size());
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        std::size_t best = 0;
        double least = squared_distance(points, i, centres, 0);
        for (std::size_t c = 1; c < centres.x.size(); ++c) {
            const double distance = squared_distance(points, i, centres, c);
            if (distance < least) {
                least = distance;
                best = c;
            }
        }
        cluster[i] = static_cast<std::int32_t>(best);
    }
    return cluster;
}

/// Gives every empty cluster the point that is farthest from its centre, of a cluster that has others.
void fill_empty(const PointSet& points, const PointSet& centres, std::vector<std::int32_t>& cluster) {
    std::vector<std::int64_t> size(centres.x.size(), 0);
    for (const std::int32_t c : cluster) {
        ++size[static_cast<std::size_t>(c)];
    }
    for (std::size_t empty = 0; empty < size.size(); ++empty) {
        if (size[empty] > 0) {
            continue;
        }
        std::size_t taken = 0;
        double most = -1;
        for (std::size_t i = 0; i < cluster.size(); ++i) {
            const auto c = static_cast<std::size_t>(cluster[i]);
            if (size[c] > 1 && squared_distance(points, i, centres, c) > most) {
                most = squared_distance(points, i, centres, c);
                taken = i;
            }
        }
        --size[static_cast<std::size_t>(cluster[taken])];
        cluster[taken] = static_cast<std::int32_t>(empty);
        size[empty] = 1;
    }
}

PointSet mean_positions(const PointSet& points, const std::vector<std::int32_t>& cluster, std::size_t k) {
    PointSet sum{std::vector<double>(k, 0.0), std::vector<double>(k, 0.0)};
    std::vector<double> count(k, 0.0);
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        const auto c = static_cast<std::size_t>(cluster[i]);
        sum.x[c] += points.x[i] - points.x[0]; // offsets: coordinates are large beside their differences
        sum.y[c] += points.y[i] - points.y[0];
        count[c] += 1;
    }
    for (std::size_t c = 0; c < k; ++c) {
        sum.x[c] = points.x[0] + sum.x[c] / count[c];
        sum.y[c] = points.y[0] + sum.y[c] / count[c];
    }
    return sum;
}

/// Numbers clusters by their centres, from west to east.
void renumber(const PointSet& centres, std::vector<std::int32_t>& cluster) {
    std::vector<std::size_t> order(centres.x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(centres.x[a], centres.y[a], a) < std::tuple(centres.x[b], centres.y[b], b);
    });
    std::vector<std::int32_t> number(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        number[order[i]] = static_cast<std::int32_t>(i);
    }
    for (std::int32_t& c : cluster) {
        c = number[static_cast<std::size_t>(c)];
    }
}

KMeans run_lloyd(const PointSet& points, PointSet centres) {
    KMeans result;
    for (int round = 0; round < most_rounds; ++round) {
        std::vector<std::int32_t> cluster = nearest_centres(points, centres);
        fill_empty(points, centres, cluster);
        if (cluster == result.cluster) {
            break;
        }
        result.cluster = std::move(cluster);
        centres = mean_positions(points, result.cluster, centres.x.size());
    }
    for (std::size_t i = 0; i < result.cluster.size(); ++i) {
        result.inertia += squared_distance(points, i, centres, static_cast<std::size_t>(result.cluster[i]));
    }
    renumber(centres, result.cluster);
    return result;
}

std::int64_t count_places(const PointSet& points) {
    std::set<std::pair<double, double>> places;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        places.emplace(points.x[i], points.y[i]);
    }
    return std::ssize(places);
}

} // namespace

KMeans k_means(const PointSet& points, int k, int starts, std::uint64_t seed) {
    KMeans best;
    for (int start = 0; start < starts; ++start) {
        KMeans result = run_lloyd(points, seed_centres(points, k, Rng(seed, static_cast<std::uint64_t>(start))));
        if (start == 0 || result.inertia < best.inertia) {
            best = std::move(result);
        }
    }
    return best;
}

std::vector<std::int32_t> cluster_folds(const SampleTable& samples, const GroupTable& groups,
                                        const FoldOptions& options) {
    require_positions(samples, "cluster");
    const Places places = group_places(samples, groups);
    const std::int64_t n_places = count_places(places.points);
    if (n_places < options.n_folds) {
        throw Error(
            ExitCode::configuration,
            {.where = "folds",
             .field = "folds=" + std::to_string(options.n_folds),
             .problem = "needs as many clusters, but polygons or groups are at " + with_thousands(n_places) + " places",
             .fix = n_places < 2 ? "use --schemes polygon" : "use --folds " + std::to_string(n_places)});
    }
    std::vector<std::int32_t> fold = k_means(places.points, options.n_folds, n_starts, options.seed).cluster;
    for (std::int32_t& number : fold) {
        ++number;
    }
    return fold;
}

} // namespace lcclass::sampling
