#include "lcclass/sampling/folds.h"

#include "lcclass/core/error.h"
#include "sampling/blocks.h"
#include "sampling/cluster_folds.h"
#include "sampling/layouts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace lcclass {
namespace {

using test::distance;
using test::fold_of_groups;
using test::refusal;
using test::scattered;
using test::sizes_of;
using test::table_of;
using test::table_of_points;
using testing::HasSubstr;

TEST(StratifiedFolds, HaveTheClassCountsOfStratifiedKFold) {
    // scikit-learn deals the samples, sorted by class, to folds in turn: of 7, 5 and 11 samples, the first class fills
    // positions 0-6, the second 7-11, the third 12-22, and fold f holds positions f, f + 4, f + 8, ...
    const SampleTable samples = table_of({{1, 0, 0, 7}, {2, 0, 9, 5}, {3, 0, 99, 11}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::stratified, .n_folds = 4});
    std::map<std::pair<std::int32_t, std::int32_t>, int> count; // class, fold
    for (std::size_t i = 0; i < folds.fold.size(); ++i) {
        ++count[{samples.class_code[i], folds.fold[i]}];
    }
    const std::map<std::pair<std::int32_t, std::int32_t>, int> expected = {
        {{1, 1}, 2}, {{1, 2}, 2}, {{1, 3}, 2}, {{1, 4}, 1}, {{2, 1}, 1}, {{2, 2}, 1},
        {{2, 3}, 1}, {{2, 4}, 2}, {{3, 1}, 3}, {{3, 2}, 3}, {{3, 3}, 3}, {{3, 4}, 2}};
    EXPECT_EQ(count, expected);
}

TEST(LeaveGroupOutFolds, AreOnePerGroupWithItsName) {
    SampleTable samples = table_of({{1, 0, 0, 2}, {2, 5, 0, 2}, {1, 9, 0, 2}, {2, 20, 0, 3}});
    samples.group = {0, 0, 0, 0, 1, 1, 1, 1, 1}; // two polygons each
    samples.group_names = {"north", "south"};
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::leave_group_out, .n_folds = 7});
    EXPECT_EQ(folds.n_folds, 2);
    EXPECT_EQ(folds.fold, (std::vector<std::int32_t>{1, 1, 1, 1, 2, 2, 2, 2, 2}));
    EXPECT_EQ(folds.fold_names, (std::vector<std::string>{"north", "south"}));
}

TEST(LeaveGroupOutFolds, NeedSeveralGroupsButNotThousands) {
    SampleTable samples = table_of({{1, 0, 0, 2}, {2, 5, 0, 2}});
    samples.group.assign(4, 0);
    FoldOptions options{.scheme = FoldScheme::leave_group_out, .classes_in_training = false};
    EXPECT_THAT(refusal(samples, options, ExitCode::configuration), HasSubstr("of which there is only one"));
    const SampleTable many = scattered(most_single_folds + 1, 1);
    EXPECT_THAT(refusal(many, options, ExitCode::configuration), HasSubstr("are 5,001, more than 5,000"));
}

TEST(LeaveGroupOutFolds, NameTheGroupThatHoldsAllOfAClass) {
    SampleTable samples = table_of({{1, 0, 0, 2}, {2, 5, 0, 2}, {2, 7, 0, 2}, {1, 9, 0, 2}});
    samples.group = {0, 0, 1, 1, 1, 1, 0, 0};
    samples.group_names = {"north", "south"};
    EXPECT_THAT(refusal(samples, {.scheme = FoldScheme::leave_group_out}, ExitCode::input),
                HasSubstr("class 1 'water' has 1 polygon or group"));
}

TEST(AnyGroupScheme, RefusesGroupsThatCutAPolygon) {
    SampleTable samples = table_of({{1, 0, 0, 2}, {2, 5, 0, 2}, {1, 9, 0, 2}, {2, 20, 0, 3}});
    samples.group[1] = 3; // the second sample of polygon 1
    for (const auto scheme : {FoldScheme::polygon, FoldScheme::cluster, FoldScheme::leave_group_out}) {
        EXPECT_THAT(refusal(samples, {.scheme = scheme, .n_folds = 2}, ExitCode::input),
                    HasSubstr("samples:row 2: polygon_id=1: is in group '1' and in group '4'"));
    }
    EXPECT_NO_THROW(assign_folds(samples, {.scheme = FoldScheme::random, .n_folds = 2}));
}

TEST(Hexagons, HoldTheirPointsAndAreNearest) {
    const PointSet points = test::random_points(500, 1000, 700, 3);
    const double size = 130;
    const auto layout = sampling::make_hexagons(points.x, points.y, size);
    const auto centre = [&](const Bounds& b) { return std::pair{(b.min_x + b.max_x) / 2, (b.min_y + b.max_y) / 2}; };
    for (const Bounds& cell : layout.cells) {
        EXPECT_NEAR(cell.max_x - cell.min_x, size, 1e-9);
        EXPECT_NEAR(cell.max_y - cell.min_y, 2 * size / std::sqrt(3.0), 1e-9);
    }
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const auto [own_x, own_y] = centre(layout.cells[static_cast<std::size_t>(layout.of_point[i])]);
        const double own = distance(points.x[i], points.y[i], own_x, own_y);
        EXPECT_LE(own, size / std::sqrt(3.0) + 1e-9); // no farther than a corner
        for (const Bounds& cell : layout.cells) {
            const auto [x, y] = centre(cell);
            EXPECT_GE(distance(points.x[i], points.y[i], x, y), own - 1e-9);
        }
    }
    // 1000 x 700 m in hexagons of 0.866 x 130^2 m2: at least 48 of them.
    EXPECT_GE(layout.cells.size(), 48U);
}

TEST(Hexagons, TileThePlane) {
    // Neighbouring centres of a full lattice are 10 apart in all six directions.
    PointSet points;
    for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 5; ++column) {
            points.x.push_back(10 * column + (row % 2 == 0 ? 0 : 5));
            points.y.push_back(row * 10 * std::sqrt(3.0) / 2);
        }
    }
    const auto layout = sampling::make_hexagons(points.x, points.y, 10);
    EXPECT_EQ(layout.cells.size(), 20U);
    for (std::int32_t i = 0; i < 20; ++i) {
        EXPECT_EQ(layout.of_point[static_cast<std::size_t>(i)], i);
    }
    EXPECT_NEAR(layout.cells[0].min_x, -5, 1e-12);
    EXPECT_NEAR(layout.cells[0].max_y, 10 / std::sqrt(3.0), 1e-12);
}

TEST(HexagonFolds, KeepGroupsWholeAndNameTheirShape) {
    const SampleTable samples = scattered(60, 4);
    const auto folds = assign_folds(
        samples,
        {.scheme = FoldScheme::spatial_block, .n_folds = 5, .block_size_m = 200, .shape = BlockShape::hexagon});
    fold_of_groups(samples, folds);
    ASSERT_FALSE(folds.blocks.empty());
    EXPECT_EQ(folds.blocks[0].shape, BlockShape::hexagon);
    EXPECT_EQ(parse_block_shape("hexagon"), BlockShape::hexagon);
    EXPECT_THROW(parse_block_shape("hexagone"), Error);
}

TEST(ClusterFolds, FindHeapsThatAreFarApart) {
    // Four heaps of 15 points, numbered from west to east.
    std::vector<test::Polygon> polygons;
    const std::vector<std::pair<double, double>> centres = {{9000, 0}, {0, 5000}, {4000, 9000}, {6000, 1000}};
    for (std::size_t c = 0; c < centres.size(); ++c) {
        for (int i = 0; i < 15; ++i) {
            polygons.push_back({1 + i % 3, centres[c].first + 7 * (i % 4), centres[c].second + 5 * (i % 7), 2});
        }
    }
    const SampleTable samples = table_of(polygons);
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::cluster, .n_folds = 4});
    const std::vector<std::int32_t> fold_of_heap = {4, 1, 2, 3};
    for (const auto& [group, fold] : fold_of_groups(samples, folds)) {
        EXPECT_EQ(fold, fold_of_heap[static_cast<std::size_t>(group / 15)]);
    }
}

TEST(ClusterFolds, AreRefusedWithFewerPlacesThanFolds) {
    const SampleTable samples = table_of({{1, 0, 0, 1}, {2, 0, 0, 1}, {1, 50, 0, 1}, {2, 50, 0, 1}});
    EXPECT_THAT(
        refusal(samples, {.scheme = FoldScheme::cluster, .n_folds = 3}, ExitCode::configuration),
        HasSubstr("folds=3: needs as many clusters, but polygons or groups are at 2 places; fix: use --folds 2"));
    EXPECT_EQ(sizes_of(assign_folds(samples, {.scheme = FoldScheme::cluster, .n_folds = 2})),
              (std::vector<std::int64_t>{2, 2}));
    SampleTable nowhere = samples;
    nowhere.x.assign(4, 0);
    EXPECT_THAT(refusal(nowhere, {.scheme = FoldScheme::cluster, .n_folds = 2}, ExitCode::input),
                HasSubstr("all are at one place, or the table has no positions"));
}

TEST(KMeans, IsAsGoodAsScikitLearns) {
    PointSet points;
    for (int i = 0; i < 60; ++i) {
        points.x.push_back(i * 37 % 101);
        points.y.push_back(i * 53 % 97);
    }
    // sklearn.cluster.KMeans(k, n_init=1000, random_state=0).inertia_, scikit-learn 1.2.1.
    const std::map<int, double> inertia = {
        {2, 59956.3893214683}, {3, 33131.90750988142}, {5, 16635.769230769234}, {8, 8003.214285714286}};
    for (const auto& [k, expected] : inertia) {
        const auto result = sampling::k_means(points, k, 100, 42);
        EXPECT_LE(result.inertia, expected * (1 + 1e-9)) << k;
        EXPECT_GE(result.inertia, expected * 0.999) << k;
    }
}

TEST(KMeans, FillsEveryClusterOfManyEqualPoints) {
    PointSet points{std::vector<double>(50, 3.0), std::vector<double>(50, 4.0)};
    points.x[7] = 5;
    points.x[9] = 1;
    const auto result = sampling::k_means(points, 3, 1, 1);
    EXPECT_EQ(std::set<std::int32_t>(result.cluster.begin(), result.cluster.end()).size(), 3U);
    EXPECT_EQ(result.inertia, 0);
    EXPECT_EQ(result.cluster[9], 0);
    EXPECT_EQ(result.cluster[7], 2);
}

/// Rows of other folds within the buffer of a test row, by comparing all pairs.
std::set<std::int64_t> rows_within(const SampleTable& samples, const FoldAssignment& folds, int fold, double buffer) {
    std::set<std::int64_t> near;
    for (std::size_t test = 0; test < folds.fold.size(); ++test) {
        for (std::size_t row = 0; row < folds.fold.size() && folds.fold[test] == fold; ++row) {
            if (folds.fold[row] != fold &&
                distance(samples.x[test], samples.y[test], samples.x[row], samples.y[row]) <= buffer) {
                near.insert(static_cast<std::int64_t>(row));
            }
        }
    }
    return near;
}

std::set<std::int64_t> excluded_rows(const FoldAssignment& folds, int fold) {
    std::set<std::int64_t> rows;
    for (const RowRange& range : folds.excluded.at(static_cast<std::size_t>(fold - 1))) {
        for (std::int64_t row = range.first; row < range.end; ++row) {
            rows.insert(row);
        }
    }
    return rows;
}

TEST(Buffer, LeavesOutExactlyTheRowsWithinIt) {
    const SampleTable samples = scattered(40, 9);
    for (const auto scheme : {FoldScheme::random, FoldScheme::polygon, FoldScheme::cluster}) {
        const auto folds =
            assign_folds(samples, {.scheme = scheme, .n_folds = 4, .classes_in_training = false, .buffer_m = 60});
        EXPECT_EQ(folds.buffer_m, 60);
        for (int fold = 1; fold <= 4; ++fold) {
            EXPECT_EQ(excluded_rows(folds, fold), rows_within(samples, folds, fold, 60));
        }
    }
}

TEST(Buffer, HoldsTheRowAtExactlyItsDistance) {
    const SampleTable samples =
        table_of({{1, 0, 0, 1}, {2, 3, 4, 1}, {1, 600000, 5100000, 1}, {2, 600030, 5100040, 1}});
    FoldOptions options{.scheme = FoldScheme::cluster, .n_folds = 4, .classes_in_training = false, .buffer_m = 5};
    const auto near = assign_folds(samples, options); // folds from west to east are rows in order
    EXPECT_EQ(near.fold, (std::vector<std::int32_t>{1, 2, 3, 4}));
    EXPECT_EQ(excluded_rows(near, 1), (std::set<std::int64_t>{1}));
    EXPECT_TRUE(excluded_rows(near, 3).empty());
    options.buffer_m = 50;
    EXPECT_EQ(excluded_rows(assign_folds(samples, options), 3), (std::set<std::int64_t>{3}));
}

TEST(Buffer, IsRefusedWhenItTakesAClassOrIsNoLength) {
    const SampleTable samples = scattered(40, 9);
    FoldOptions options{.scheme = FoldScheme::polygon, .n_folds = 4, .buffer_m = 1000};
    EXPECT_THAT(refusal(samples, options, ExitCode::input), HasSubstr("use a smaller --buffer"));
    for (const double buffer : {-1.0, std::numeric_limits<double>::quiet_NaN()}) {
        options.buffer_m = buffer;
        EXPECT_THAT(refusal(samples, options, ExitCode::configuration), HasSubstr("is not a length"));
    }
}

constexpr std::array<FoldScheme, 8> all_schemes = {
    FoldScheme::random,  FoldScheme::stratified,      FoldScheme::polygon, FoldScheme::spatial_block,
    FoldScheme::cluster, FoldScheme::leave_group_out, FoldScheme::nndm,    FoldScheme::knndm};

FoldOptions any_options(FoldScheme scheme, std::uint64_t seed) {
    Rng rng(seed, 1);
    FoldOptions options{.scheme = scheme,
                        .n_folds = static_cast<int>(2 + rng.below(4)),
                        .block_size_m = static_cast<double>(50 + rng.below(200)),
                        .balanced_starts = 5,
                        .seed = seed,
                        .classes_in_training = false};
    options.shape = rng.below(2) == 0 ? BlockShape::square : BlockShape::hexagon;
    options.buffer_m = rng.below(3) == 0 ? static_cast<double>(1 + rng.below(60)) : 0;
    options.prediction = test::random_points(25, 500 + static_cast<double>(rng.below(2000)), 1500, seed);
    return options;
}

/// Every third layout lies in heaps, so that knndm has something to do.
SampleTable any_layout(std::uint64_t seed) {
    Rng rng(seed, 2);
    const int n = static_cast<int>(12 + rng.below(40));
    return seed % 3 == 0 ? table_of_points(test::heaps(2 + n / 10, 7, seed)) : scattered(n, seed);
}

void expect_no_leak(const SampleTable& samples, const FoldAssignment& folds) {
    if (keeps_groups_whole(folds.scheme)) {
        fold_of_groups(samples, folds);
    }
    std::int64_t tested = 0;
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        const FoldRows rows = rows_of_fold(folds, fold);
        EXPECT_FALSE(rows.test.empty());
        EXPECT_FALSE(rows.train.empty());
        EXPECT_EQ(std::ssize(rows.test) + std::ssize(rows.train) + rows.n_excluded, samples.size());
        tested += std::ssize(rows.test);
        std::vector<bool> is_test(samples.group_names.size(), false);
        for (const std::int64_t row : rows.test) {
            is_test[static_cast<std::size_t>(samples.group[static_cast<std::size_t>(row)])] = true;
        }
        for (const std::int64_t row : rows.train) {
            const auto at = static_cast<std::size_t>(row);
            EXPECT_FALSE(keeps_groups_whole(folds.scheme) && is_test[static_cast<std::size_t>(samples.group[at])]);
            EXPECT_NE(folds.fold[at], fold);
        }
    }
    EXPECT_EQ(tested, samples.size()); // every sample is tested once
}

TEST(AnyLayout, HasNoLeakAndNoEmptyFold) {
    int refused = 0;
    for (std::uint64_t seed = 0; seed < 10000; ++seed) {
        const SampleTable samples = any_layout(seed);
        const FoldScheme scheme = all_schemes[seed % all_schemes.size()];
        for (const auto each : {scheme, FoldScheme::polygon, FoldScheme::spatial_block}) {
            const FoldOptions options = any_options(each, seed);
            try {
                expect_no_leak(samples, assign_folds(samples, options));
            } catch (const Error& error) {
                // Few blocks, or a buffer that takes everything: said, never silently empty.
                EXPECT_TRUE(error.code() == ExitCode::input || error.code() == ExitCode::configuration) << error.what();
                ++refused;
            }
        }
    }
    EXPECT_LT(refused, 3000); // of 30,000
}

TEST(AnyLayout, HasTheSameFoldsOnAnyNumberOfThreads) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const SampleTable samples = any_layout(seed);
        for (const FoldScheme scheme : all_schemes) {
            FoldOptions options = any_options(scheme, seed);
            options.block_size_m = 60;
            options.buffer_m = options.buffer_m > 0 && keeps_groups_whole(scheme) ? 5 : 0;
            const auto run = [&](std::size_t threads) {
                const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
                return assign_folds(samples, options);
            };
            const auto one = run(1);
            const auto four = run(4);
            ASSERT_EQ(one.fold, four.fold) << to_string(scheme) << " " << seed;
            ASSERT_EQ(one.excluded, four.excluded) << to_string(scheme) << " " << seed;
            ASSERT_EQ(one.match->w_m, four.match->w_m) << to_string(scheme) << " " << seed;
        }
    }
}

} // namespace
} // namespace lcclass
