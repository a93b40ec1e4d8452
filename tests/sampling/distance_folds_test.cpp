#include "sampling/distance_folds.h"

#include "lcclass/core/error.h"
#include "sampling/layouts.h"
#include "sampling/point_index.h"
#include "sampling/ward.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace lcclass {
namespace {

using sampling::Distances;
using test::distance;
using test::random_points;
using test::table_of_points;
using testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();

double between(const PointSet& a, std::size_t i, const PointSet& b, std::size_t j) {
    return distance(a.x[i], a.y[i], b.x[j], b.y[j]);
}

/// For every point, the distance to the nearest one with another label, by comparing all pairs.
std::vector<double> slow_other_label(const PointSet& points, const std::vector<std::int32_t>& label) {
    std::vector<double> result(points.x.size(), infinity);
    for (std::size_t i = 0; i < result.size(); ++i) {
        for (std::size_t j = 0; j < result.size(); ++j) {
            result[i] = label[i] == label[j] ? result[i] : std::min(result[i], between(points, i, points, j));
        }
    }
    return result;
}

std::vector<double> slow_prediction_distances(const PointSet& prediction, const PointSet& points) {
    std::vector<double> result(prediction.x.size(), infinity);
    for (std::size_t i = 0; i < result.size(); ++i) {
        for (std::size_t j = 0; j < points.x.size(); ++j) {
            result[i] = std::min(result[i], between(prediction, i, points, j));
        }
    }
    return result;
}

/// Both samples repeated to the same length and sorted: the mean distance of partners (quantile form of Wasserstein).
double slow_wasserstein(std::vector<double> a, std::vector<double> b) {
    const std::size_t n = std::lcm(a.size(), b.size());
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += std::abs(a[i * a.size() / n] - b[i * b.size() / n]);
    }
    return sum / static_cast<double>(n);
}

TEST(PointIndex, FindsWhatComparingAllPairsFinds) {
    const PointSet points = random_points(700, 1000, 300, 5);
    const PointSet queries = random_points(200, 1500, 600, 6);
    const sampling::PointIndex index(points);
    const auto slow = slow_prediction_distances(queries, points);
    for (std::size_t i = 0; i < slow.size(); ++i) {
        EXPECT_DOUBLE_EQ(index.nearest(queries.x[i], queries.y[i]), slow[i]);
        EXPECT_EQ(std::isfinite(index.nearest(queries.x[i], queries.y[i], 20)), slow[i] <= 20);
    }
    for (const std::int32_t n_labels : {1, 2, 7, 700}) {
        std::vector<std::int32_t> label;
        for (std::int32_t i = 0; i < 700; ++i) {
            label.push_back(points.x[static_cast<std::size_t>(i)] < 400 ? 0 : i % n_labels);
        }
        EXPECT_EQ(index.nearest_of_other_label(label), slow_other_label(points, label));
    }
    EXPECT_EQ(sampling::PointIndex({}).nearest(0, 0), infinity);
}

/// 60,000 points at 20 places, and a query for each: time that is quadratic in the points of a place would show.
TEST(PointIndex, FindsItsWayAmongManyPointsAtOnePlace) {
    const PointSet places = random_points(20, 1000, 1000, 7);
    PointSet points;
    std::vector<std::int32_t> of_place;
    for (std::int32_t i = 0; i < 60000; ++i) {
        const auto place = static_cast<std::size_t>(i % 20);
        points.x.push_back(places.x[place]);
        points.y.push_back(places.y[place]);
        of_place.push_back(i % 20);
    }
    const std::vector<std::int32_t> alone = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    const auto apart = slow_other_label(places, alone);
    const sampling::PointIndex index(points);
    const auto nearest = index.nearest_of_other_label(of_place);
    std::vector<std::int32_t> own(points.x.size());
    std::iota(own.begin(), own.end(), 0);
    const auto twins = index.nearest_of_other_label(own);
    for (std::size_t i = 0; i < nearest.size(); ++i) {
        ASSERT_EQ(nearest[i], apart[i % 20]);
        ASSERT_EQ(twins[i], 0);
        ASSERT_EQ(index.nearest(points.x[i], points.y[i]), 0);
    }
}

TEST(Wasserstein, IsTheAreaBetweenTheDistributions) {
    // [1,2): 1/4 - 0 = 0.25; [2,3): 2/4 - 1/5 = 0.3; [3,4): 3/5 - 2/4 = 0.1; [4,7): 3/4 - 3/5 = 0.15, three times;
    // [7,9): 1 - 3/5 = 0.4, twice; [9,10): 1 - 4/5 = 0.2. In all 2.1, as scipy.stats.wasserstein_distance gives.
    EXPECT_NEAR(sampling::wasserstein_distance({1, 2, 4, 7}, {2, 3, 3, 9, 10}), 2.1, 1e-12);
    EXPECT_EQ(sampling::wasserstein_distance({1, 2, 4}, {1, 1, 2, 2, 4, 4}), 0);
    EXPECT_EQ(sampling::wasserstein_distance({5}, {8}), 3);
}

TEST(Clustered, FollowsTheOneSidedKolmogorovSmirnovTest) {
    // D = 1 and n = m = 4: exp(-2 x 16 / 8) = 0.018; n = m = 2: exp(-2 x 4 / 4) = 0.135.
    EXPECT_TRUE(sampling::are_clustered({1, 1, 2, 2}, {3, 4, 5, 6}));
    EXPECT_FALSE(sampling::are_clustered({1, 2}, {3, 4}));
    EXPECT_FALSE(sampling::are_clustered({3, 4, 5, 6}, {1, 1, 2, 2})); // farther apart than needed is not clustered
}

/// Ward's criterion evaluated from scratch for all pairs of clusters at every step.
std::vector<std::int32_t> slow_ward(const PointSet& points, std::int32_t n_clusters) {
    std::vector<std::vector<std::size_t>> clusters;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        clusters.push_back({i});
    }
    const auto squares = [&](const std::vector<std::size_t>& members) {
        double x = 0;
        double y = 0;
        for (const std::size_t i : members) {
            x += points.x[i] / static_cast<double>(members.size());
            y += points.y[i] / static_cast<double>(members.size());
        }
        double sum = 0;
        for (const std::size_t i : members) {
            sum += (points.x[i] - x) * (points.x[i] - x) + (points.y[i] - y) * (points.y[i] - y);
        }
        return sum;
    };
    while (std::ssize(clusters) > n_clusters) {
        double least = infinity;
        std::pair<std::size_t, std::size_t> best;
        for (std::size_t a = 0; a < clusters.size(); ++a) {
            for (std::size_t b = a + 1; b < clusters.size(); ++b) {
                std::vector<std::size_t> both = clusters[a];
                both.insert(both.end(), clusters[b].begin(), clusters[b].end());
                const double growth = squares(both) - squares(clusters[a]) - squares(clusters[b]);
                if (growth < least) {
                    least = growth;
                    best = {a, b};
                }
            }
        }
        auto& a = clusters[best.first];
        const auto& b = clusters[best.second];
        a.insert(a.end(), b.begin(), b.end());
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(best.second));
    }
    std::vector<std::int32_t> result(points.x.size());
    for (std::size_t c = 0; c < clusters.size();
         ++c) { // the first member of a cluster is its lowest, clusters go by it
        for (const std::size_t i : clusters[c]) {
            result[i] = static_cast<std::int32_t>(c);
        }
    }
    return result;
}

TEST(Ward, MergesWhatGrowsTheSumOfSquaresLeast) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const PointSet points = random_points(45, 1000, 800, seed);
        const sampling::WardTree tree(points);
        for (const std::int32_t n : {1, 2, 3, 5, 9, 20, 44, 45}) {
            EXPECT_EQ(tree.cut(n), slow_ward(points, n)) << seed << " " << n;
        }
    }
}

/// Mila et al. 2022 step by step on the matrix of all distances, infinity for what was taken away.
std::vector<std::vector<std::int32_t>> slow_nndm(const PointSet& points, const std::vector<double>& wanted) {
    const std::size_t n = points.x.size();
    std::vector<std::vector<double>> matrix(n, std::vector<double>(n, infinity));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            matrix[i][j] = i == j ? infinity : between(points, i, points, j);
        }
    }
    const auto nearest = [&] {
        std::vector<double> result;
        for (const auto& row : matrix) {
            result.push_back(*std::min_element(row.begin(), row.end()));
        }
        return result;
    };
    const auto share = [](const std::vector<double>& values, double limit) {
        return std::count_if(values.begin(), values.end(), [&](double v) { return v <= limit; });
    };
    std::vector<std::vector<std::int32_t>> excluded(n);
    std::vector<double> g = nearest();
    double radius = *std::min_element(g.begin(), g.end());
    while (true) {
        const auto j = static_cast<std::size_t>(std::find(g.begin(), g.end(), radius) - g.begin());
        auto& row = matrix[j];
        const auto k = std::find(row.begin(), row.end(), radius);
        const auto left = n - static_cast<std::size_t>(std::count(row.begin(), row.end(), infinity));
        const double without = static_cast<double>(share(g, radius) - 1) / static_cast<double>(n);
        const double goal = static_cast<double>(share(wanted, radius)) / static_cast<double>(wanted.size());
        if (without >= goal && 2 * left > n) {
            excluded[j].push_back(static_cast<std::int32_t>(k - row.begin()));
            *k = infinity;
            g = nearest();
            double next = infinity;
            for (const double v : g) {
                next = v >= radius ? std::min(next, v) : next;
            }
            radius = next;
        } else {
            double next = infinity;
            for (const double v : g) {
                next = v > radius ? std::min(next, v) : next;
            }
            if (next == infinity) {
                return excluded;
            }
            radius = next;
        }
    }
}

TEST(Nndm, TakesAwayWhatTheMatrixFormTakesAway) {
    std::size_t most = 0;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        const PointSet points = seed % 2 == 0 ? random_points(60, 500, 500, seed) : test::heaps(6, 10, seed);
        Distances wanted = slow_prediction_distances(random_points(80, 10000, 10000, seed + 50), points);
        std::sort(wanted.begin(), wanted.end());
        const auto excluded = sampling::nndm_exclusions(points, wanted);
        EXPECT_EQ(excluded, slow_nndm(points, wanted)) << seed;
        for (const auto& of_point : excluded) {
            most = std::max(most, of_point.size());
            EXPECT_LE(of_point.size(), 30U); // 60 points: half of them stay
        }
    }
    EXPECT_GT(most, 10U);
}

TEST(Nndm, LeavesAllInWhereSamplesAreSpreadAsThePredictionArea) {
    // Every distance wanted is shorter than those between samples: nothing is gained by taking samples away.
    PointSet points;
    for (int i = 0; i < 36; ++i) {
        points.x.push_back(100.0 * (i % 6) + i);
        points.y.push_back(100.0 * (i / 6));
    }
    for (const auto& of_point : sampling::nndm_exclusions(points, {1, 2, 3})) {
        EXPECT_TRUE(of_point.empty());
    }
}

FoldOptions matched(FoldScheme scheme, const PointSet& prediction, int n_folds = 5) {
    FoldOptions options{.scheme = scheme, .n_folds = n_folds, .classes_in_training = false};
    options.prediction = prediction;
    return options;
}

TEST(NndmFolds, ComeCloserToThePredictionAreaThanLeaveOneOut) {
    const PointSet points = test::heaps(8, 9, 3);
    const auto samples = table_of_points(points);
    const auto folds = assign_folds(samples, matched(FoldScheme::nndm, random_points(200, 10000, 10000, 4)));
    EXPECT_EQ(folds.n_folds, 72);
    ASSERT_TRUE(folds.match.has_value());
    EXPECT_EQ(folds.match->n_prediction_points, 200);
    EXPECT_LT(folds.match->w_m, 0.6 * folds.match->leave_one_out_w_m);
    EXPECT_GT(count_excluded(folds, 1), 0);
}

TEST(MatchedFolds, NeedAPredictionAreaAndPositions) {
    const auto samples = table_of_points(test::heaps(5, 4, 3));
    for (const auto scheme : {FoldScheme::nndm, FoldScheme::knndm}) {
        try {
            assign_folds(samples, matched(scheme, {}));
            ADD_FAILURE() << "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::configuration);
            EXPECT_THAT(error.what(), HasSubstr("needs to know where the map will be used; fix: --prediction-area"));
        }
    }
}

/// The direction of the largest spread, by trying many.
std::pair<double, double> slow_axis(const PointSet& points) {
    double best = -1;
    std::pair<double, double> axis;
    for (int step = 0; step < 200000; ++step) {
        const double angle = std::acos(-1.0) * (step - 100000) / 200000;
        double sum = 0;
        double squares = 0;
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            const double along = points.x[i] * std::cos(angle) + points.y[i] * std::sin(angle);
            sum += along;
            squares += along * along;
        }
        const double spread = squares - sum * sum / static_cast<double>(points.x.size());
        if (spread > best) {
            best = spread;
            axis = {std::cos(angle), std::sin(angle)};
        }
    }
    return axis;
}

/// W of every number of clusters that knndm tries, from the slow Ward clustering and distances.
std::vector<double> slow_knndm(const PointSet& points, const std::vector<double>& wanted, int k) {
    const auto n = std::ssize(points.x);
    const auto [ax, ay] = slow_axis(points);
    std::vector<double> result;
    std::map<std::int32_t, bool> seen;
    for (int i = 0; i < 100; ++i) {
        const double from = std::log(k);
        const double to = std::log(static_cast<double>(n - 2));
        const auto n_clusters = static_cast<std::int32_t>(std::lround(std::exp(from + (to - from) * i / 99)));
        if (!seen.emplace(n_clusters, true).second) {
            continue;
        }
        const auto cluster = slow_ward(points, n_clusters);
        std::vector<std::pair<double, std::int32_t>> order;
        std::vector<std::int64_t> size(static_cast<std::size_t>(n_clusters), 0);
        for (std::int32_t c = 0; c < n_clusters; ++c) {
            double along = 0;
            for (std::size_t p = 0; p < points.x.size(); ++p) {
                along += cluster[p] == c ? points.x[p] * ax + points.y[p] * ay : 0;
                size[static_cast<std::size_t>(c)] += cluster[p] == c ? 1 : 0;
            }
            order.emplace_back(along / static_cast<double>(size[static_cast<std::size_t>(c)]), c);
        }
        std::sort(order.begin(), order.end());
        std::map<std::int32_t, std::int32_t> fold_of;
        for (const auto& [along, c] : order) {
            if (size[static_cast<std::size_t>(c)] * k >= n) {
                fold_of[c] = static_cast<std::int32_t>(fold_of.size()) + 1;
            }
        }
        const auto n_large = static_cast<std::int32_t>(fold_of.size());
        std::int32_t next = n_large;
        for (const auto& [along, c] : order) {
            if (!fold_of.contains(c)) {
                fold_of[c] = ++next;
                next = next == k ? n_large : next;
            }
        }
        std::vector<std::int32_t> fold;
        std::map<std::int32_t, std::int64_t> fold_size;
        for (const std::int32_t c : cluster) {
            fold.push_back(fold_of[c]);
            ++fold_size[fold_of[c]];
        }
        const bool uneven =
            std::any_of(fold_size.begin(), fold_size.end(), [&](const auto& entry) { return 2 * entry.second > n; });
        result.push_back(uneven ? infinity : slow_wasserstein(slow_other_label(points, fold), wanted));
    }
    return result;
}

TEST(KnndmFolds, HaveTheSmallestWOfABruteForceSearch) {
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        const PointSet points = test::heaps(9, 6, seed);
        const PointSet prediction = random_points(150, 10000, 10000, seed + 20);
        const auto wanted = slow_prediction_distances(prediction, points);
        const auto folds = assign_folds(table_of_points(points), matched(FoldScheme::knndm, prediction, 5));
        const std::vector<double> tried = slow_knndm(points, wanted, 5);
        const double least = *std::min_element(tried.begin(), tried.end());
        ASSERT_TRUE(folds.match.has_value());
        EXPECT_NEAR(folds.match->w_m, least, 1e-9 * least) << seed;
        EXPECT_NEAR(folds.match->w_m, slow_wasserstein(slow_other_label(points, folds.fold), wanted), 1e-9 * least);
        EXPECT_GE(folds.match->n_clusters, 5);
        EXPECT_LT(folds.match->w_m, folds.match->leave_one_out_w_m);
        std::vector<std::int32_t> own(points.x.size());
        std::iota(own.begin(), own.end(), 0);
        EXPECT_NEAR(folds.match->leave_one_out_w_m, slow_wasserstein(slow_other_label(points, own), wanted), 1e-6);
    }
}

TEST(KnndmFolds, AreThoseOfPolygonsWhereSamplesAreNotClustered) {
    const auto samples = table_of_points(random_points(60, 1000, 1000, 2));
    const auto options = matched(FoldScheme::knndm, random_points(100, 1000, 1000, 3));
    const auto folds = assign_folds(samples, options);
    EXPECT_EQ(folds.match->n_clusters, 0);
    EXPECT_EQ(folds.fold, assign_folds(samples, matched(FoldScheme::polygon, options.prediction)).fold);
}

TEST(KnndmFolds, PreferFoldsThatLeaveEveryClassInTraining) {
    // Class 3 is in two heaps only; folds of whole heaps that put both in one fold cannot be trained.
    PointSet points = test::heaps(8, 6, 11);
    SampleTable samples = table_of_points(points);
    for (std::size_t i = 0; i < samples.class_code.size(); ++i) {
        samples.class_code[i] = i / 6 < 2 ? 3 : static_cast<std::int32_t>(1 + i % 2);
    }
    FoldOptions options = matched(FoldScheme::knndm, random_points(100, 10000, 10000, 3), 3);
    options.classes_in_training = true;
    EXPECT_NO_THROW(assign_folds(samples, options));
}

TEST(DistanceMatch, CountsABufferAsDistance) {
    const PointSet points = test::heaps(6, 8, 5);
    FoldOptions options = matched(FoldScheme::polygon, random_points(100, 10000, 10000, 6), 4);
    const auto near = assign_folds(table_of_points(points), options);
    options.buffer_m = 20; // heaps are 100 m wide
    const auto far = assign_folds(table_of_points(points), options);
    EXPECT_LT(far.match->w_m, near.match->w_m);
    // By comparing all pairs: every test point and the nearest one of other folds that is farther than the buffer.
    std::vector<double> tested;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const FoldRows rows = rows_of_fold(far, far.fold[i]);
        double least = infinity;
        for (const std::int64_t row : rows.train) {
            least = std::min(least, between(points, i, points, static_cast<std::size_t>(row)));
        }
        tested.push_back(least);
    }
    const auto wanted = slow_prediction_distances(options.prediction, points);
    EXPECT_NEAR(far.match->w_m, slow_wasserstein(tested, wanted), 1e-6);
}

} // namespace
} // namespace lcclass
