#include "lcclass/assess/bootstrap.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>

namespace lcclass {
namespace {

struct Predictions {
    std::vector<std::int32_t> group;
    std::vector<std::int32_t> reference;
    std::vector<std::int32_t> predicted;

    void add(std::int32_t in_group, std::int32_t is, std::int32_t taken_for, int times = 1) {
        group.insert(group.end(), static_cast<std::size_t>(times), in_group);
        reference.insert(reference.end(), static_cast<std::size_t>(times), is);
        predicted.insert(predicted.end(), static_cast<std::size_t>(times), taken_for);
    }
    [[nodiscard]] std::vector<FigureSample> draw(const BootstrapOptions& options = {}) const {
        return bootstrap_figures({.group = group, .reference = reference, .predicted = predicted, .n_classes = 2},
                                 options);
    }
};

/// Polygons of `size` pixels of two classes in turn; every polygon is wholly right or wrong, or pixels are on their
/// own.
Predictions landscape(int n_polygons, int size, bool together, std::uint64_t stream = 1) {
    Predictions result;
    Rng rng(7, stream);
    for (std::int32_t polygon = 0; polygon < n_polygons; ++polygon) {
        const std::int32_t k = polygon % 2;
        bool right = rng.uniform() < 0.8;
        for (int i = 0; i < size; ++i) {
            right = together ? right : rng.uniform() < 0.8;
            result.add(polygon, k, right ? k : 1 - k);
        }
    }
    return result;
}

double width(const IntervalEstimate& interval) {
    return *interval.high - *interval.low;
}

TEST(IntervalOf, IsTheBcaIntervalOfScipy) {
    // scipy.stats.bootstrap 1.17.1, method BCa, 60 resamples with default_rng(5), confidence 0.9: the ratio of
    // hits (9 7 10 4 8 10 6 9 3 10 8 7) to pixels (10 10 12 9 10 10 11 9 8 10 12 10) of twelve polygons.
    const FigureSample figure{.estimate = 91.0 / 121,
                              .replicates = {0.7672413793103449,
                                             0.8145161290322581,
                                             0.7723577235772358,
                                             0.7377049180327869,
                                             0.6796875,
                                             0.7603305785123967,
                                             0.6949152542372882,
                                             0.712,
                                             0.744,
                                             0.6068376068376068,
                                             0.7739130434782608,
                                             0.8064516129032258,
                                             0.7155172413793104,
                                             0.7603305785123967,
                                             0.8347826086956521,
                                             0.7226890756302521,
                                             0.8360655737704918,
                                             0.5950413223140496,
                                             0.7833333333333333,
                                             0.8292682926829268,
                                             0.7622950819672131,
                                             0.75,
                                             0.734375,
                                             0.7652173913043478,
                                             0.7272727272727273,
                                             0.6206896551724138,
                                             0.824,
                                             0.7796610169491526,
                                             0.7886178861788617,
                                             0.7350427350427351,
                                             0.7131147540983607,
                                             0.7886178861788617,
                                             0.7833333333333333,
                                             0.736,
                                             0.7966101694915254,
                                             0.7777777777777778,
                                             0.7142857142857143,
                                             0.7863247863247863,
                                             0.8347107438016529,
                                             0.8188976377952756,
                                             0.6923076923076923,
                                             0.7272727272727273,
                                             0.68,
                                             0.7235772357723578,
                                             0.8067226890756303,
                                             0.7560975609756098,
                                             0.6639344262295082,
                                             0.784,
                                             0.752,
                                             0.7768595041322314,
                                             0.859504132231405,
                                             0.8515625,
                                             0.7333333333333333,
                                             0.7166666666666667,
                                             0.6864406779661016,
                                             0.7699115044247787,
                                             0.71900826446281,
                                             0.7563025210084033,
                                             0.7563025210084033,
                                             0.6638655462184874},
                              .jackknife = {82.0 / 111, 84.0 / 111, 81.0 / 109, 87.0 / 112, 83.0 / 111, 81.0 / 111,
                                            85.0 / 110, 82.0 / 112, 88.0 / 113, 81.0 / 111, 83.0 / 109, 84.0 / 111},
                              .n_groups = 12};
    const IntervalEstimate interval = interval_of(figure, 0.9);
    EXPECT_NEAR(*interval.low, 0.6199686152553628, 1e-8);
    EXPECT_NEAR(*interval.high, 0.8331770164325727, 1e-8);
    EXPECT_NEAR(*interval.se, 0.057201322700895584, 1e-12);
    EXPECT_EQ(interval.n_undefined, 0);
}

TEST(BootstrapFigures, LeavesOutOnePolygonInTurn) {
    Predictions predictions;
    const std::vector<int> hits = {9, 7, 10, 4, 8};
    for (std::size_t g = 0; g < hits.size(); ++g) {
        predictions.add(static_cast<std::int32_t>(g), 0, 0, hits[g]);
        predictions.add(static_cast<std::int32_t>(g), 0, 1, 10 - hits[g]);
    }
    const auto figures = predictions.draw();
    ASSERT_EQ(figures.size(), n_overall_figures + 2 * 3);
    EXPECT_DOUBLE_EQ(*figures[0].estimate, 38.0 / 50);
    EXPECT_THAT(figures[0].jackknife, testing::ElementsAre(29.0 / 40, 31.0 / 40, 28.0 / 40, 34.0 / 40, 30.0 / 40));
    EXPECT_EQ(figures[0].replicates.size(), 1000U);
}

TEST(BootstrapFigures, ReplicatesAreSumsOfWholePolygons) {
    // Polygon g has 10^g pixels, all but those of the last one right: digits of a replicate's sums count the draws.
    Predictions predictions;
    for (std::int32_t g = 0; g < 5; ++g) {
        predictions.add(g, 0, g == 4 ? 1 : 0, static_cast<int>(std::pow(10, g)));
    }
    const auto figures = predictions.draw();
    for (const double accuracy : figures[0].replicates) {
        bool found = false;
        for (int code = 0; code < 7776 && !found; ++code) { // 0 to 5 draws of each of 5 polygons
            std::int64_t right = 0;
            std::int64_t all = 0;
            int draws = 0;
            for (int g = 0, rest = code, pixels = 1; g < 5; ++g, rest /= 6, pixels *= 10) {
                draws += rest % 6;
                all += std::int64_t{rest % 6} * pixels;
                right += g == 4 ? 0 : std::int64_t{rest % 6} * pixels;
            }
            found = draws == 5 && accuracy == static_cast<double>(right) / static_cast<double>(all);
        }
        ASSERT_TRUE(found) << accuracy;
    }
}

TEST(BootstrapFigures, StandardErrorIsThatOfPolygonsNotOfPixels) {
    // Polygons of 20 pixels that are wholly right or wrong: sqrt(p (1 - p) / 200), as if they were 200 pixels.
    const auto together = interval_of(landscape(200, 20, true).draw()[0], 0.95);
    const double p = *together.estimate;
    EXPECT_NEAR(*together.se, std::sqrt(p * (1 - p) / 200), 0.002);
    EXPECT_NEAR(width(together), 2 * 1.96 * *together.se, 0.01);
    const auto apart = interval_of(landscape(200, 20, false).draw()[0], 0.95);
    EXPECT_NEAR(*apart.se, std::sqrt(0.8 * 0.2 / 4000), 0.0007);
}

TEST(BootstrapFigures, AreTheSameOnAnyNumberOfThreads) {
    const Predictions predictions = landscape(60, 3, true);
    std::vector<std::vector<double>> seen;
    for (const std::size_t threads : {1U, 3U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        seen.push_back(predictions.draw()[1].replicates);
    }
    EXPECT_EQ(seen[0], seen[1]);
    EXPECT_NE(seen[0], predictions.draw({.seed = 43})[1].replicates);
}

TEST(BootstrapFigures, ManyPolygonsShareTheirJackknifeParts) {
    const auto figures = landscape(4100, 1, true).draw({.replicates = 200});
    EXPECT_EQ(figures[0].jackknife.size(), 2000U);
    EXPECT_EQ(figures[0].n_groups, 4100);
    const auto interval = interval_of(figures[0], 0.95);
    EXPECT_NEAR(*interval.se, std::sqrt(0.8 * 0.2 / 4100), 0.0015);
    EXPECT_LT(*interval.low, *interval.estimate);
    EXPECT_GT(*interval.high, *interval.estimate);
}

TEST(BootstrapFigures, CountsReplicatesThatLackAClass) {
    Predictions predictions;
    for (std::int32_t g = 0; g < 40; ++g) {
        predictions.add(g, g < 5 ? 1 : 0, g < 5 && g % 2 == 0 ? 1 : 0, 4);
    }
    const auto figures = predictions.draw();
    const auto recall = interval_of(figures[n_overall_figures + 3 + 1], 0.95);
    // None of five polygons among 40 draws: (35 / 40)^40 = 0.0048.
    EXPECT_GT(recall.n_undefined, 0);
    EXPECT_LT(recall.n_undefined, 15);
    EXPECT_TRUE(recall.low);
    EXPECT_DOUBLE_EQ(*recall.estimate, 0.6);
    const auto precision = interval_of(figures[n_overall_figures + 3], 0.95);
    EXPECT_FALSE(precision.low) << "three polygons were taken for the class";
    EXPECT_DOUBLE_EQ(*precision.estimate, 1);
}

TEST(BootstrapFigures, HaveNoIntervalWithFewPolygonsOrWithoutReplicates) {
    const auto few = interval_of(landscape(4, 50, false).draw()[0], 0.95);
    EXPECT_TRUE(few.estimate);
    EXPECT_FALSE(few.low);
    EXPECT_FALSE(few.se);
    const auto none = interval_of(landscape(50, 2, true).draw({.replicates = 0})[0], 0.95);
    EXPECT_TRUE(none.estimate);
    EXPECT_FALSE(none.low);
}

TEST(Difference, OfARunAndItselfIsNothing) {
    const auto figures = landscape(50, 4, false).draw();
    const auto interval = interval_of(difference(figures[0], figures[0]), 0.95);
    EXPECT_EQ(*interval.estimate, 0);
    EXPECT_EQ(*interval.low, 0);
    EXPECT_EQ(*interval.high, 0);
}

TEST(Difference, IsNarrowerThanTheRunsWhereTheyErrAlike) {
    // Run b errs where a does, and in three polygons more.
    Predictions a = landscape(150, 5, true);
    Predictions b = a;
    for (std::size_t i = 0; i < b.group.size(); ++i) {
        b.predicted[i] = b.group[i] % 50 == 0 ? 1 - b.reference[i] : b.predicted[i];
    }
    const auto of_a = interval_of(a.draw()[0], 0.95);
    const auto gap = interval_of(difference(a.draw()[0], b.draw()[0]), 0.95);
    EXPECT_GT(*gap.estimate, 0);
    EXPECT_LT(width(gap), 0.5 * width(of_a));
}

TEST(BootstrapOptions, OutOfRangeAreRefused) {
    EXPECT_NO_THROW(check_options(BootstrapOptions{}));
    EXPECT_NO_THROW(check_options(BootstrapOptions{.replicates = 0}));
    EXPECT_THROW(check_options({.replicates = 7}), Error);
    EXPECT_THROW(check_options({.replicates = -1}), Error);
    EXPECT_THROW(check_options({.confidence = 1}), Error);
    EXPECT_THROW(check_options({.confidence = 95}), Error);
    EXPECT_THROW(check_options({.confidence = std::nan("")}), Error);
}

} // namespace
} // namespace lcclass
