#include "lcclass/assess/fold_importance.h"

#include "assess/student_t.h"
#include "assess/toy_landscape.h"
#include "lcclass/assess/cross_validation.h"
#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <array>
#include <cmath>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace test;

TEST(StudentT, HasTheBoundsOfTheIncompleteBetaFunction) {
    // 1 - betainc(degrees / 2, 1 / 2, 0, degrees / (degrees + t^2)) = p, solved with 40 digits (mpmath).
    struct Case {
        double p;
        int degrees;
        double bound;
    };
    for (const Case& expected :
         {Case{0.95, 1, 12.706204736174705}, Case{0.95, 2, 4.3026527297494639}, Case{0.95, 4, 2.7764451051977944},
          Case{0.95, 9, 2.2621571627982055}, Case{0.95, 30, 2.0422724563012383}, Case{0.99, 3, 5.8409093097333573},
          Case{0.95, 4999, 1.9604386466615249}, Case{0.5, 7, 0.71114177808178631}}) {
        EXPECT_NEAR(assess::t_bound(expected.p, expected.degrees) / expected.bound, 1, 1e-12) << expected.degrees;
    }
    EXPECT_NEAR(assess::t_share_within(1, 1), 0.5, 1e-15);
    EXPECT_NEAR(assess::t_share_within(2, 2), 0.816496580927726, 1e-15);
    EXPECT_NEAR(assess::t_share_within(0.5, 5), 0.361701128359071, 1e-14);
    EXPECT_EQ(assess::t_share_within(0, 6), 0);
}

TEST(FoldEstimates, IntervalAllowsForCommonTrainingRows) {
    // Nadeau & Bengio: 0.1 x sqrt(1/3 + 1/2) x t(2 degrees, 97.5 %) to both sides of 0.2.
    const std::array<double, 3> of_fold = {0.1, 0.2, 0.3};
    const FoldEstimate estimate = estimate_over_folds(of_fold, 0.5);
    EXPECT_NEAR(*estimate.mean, 0.2, 1e-15);
    EXPECT_NEAR(*estimate.sd, 0.1, 1e-15);
    const double half = 4.3026527297494639 * 0.1 * std::sqrt(5.0 / 6);
    EXPECT_NEAR(*estimate.low, 0.2 - half, 1e-12);
    EXPECT_NEAR(*estimate.high, 0.2 + half, 1e-12);
}

TEST(FoldEstimates, TooFewFoldsHaveNoInterval) {
    const std::array<double, 2> two = {0.1, 0.3};
    const FoldEstimate estimate = estimate_over_folds(two, 1);
    EXPECT_NEAR(*estimate.sd, std::sqrt(0.02), 1e-15);
    EXPECT_FALSE(estimate.low || estimate.high);
    const FoldEstimate of_one = estimate_over_folds(std::span(two).first(1), 1);
    EXPECT_EQ(of_one.mean, 0.1);
    EXPECT_FALSE(of_one.sd);
    EXPECT_FALSE(estimate_over_folds({}, 1).mean);
}

FoldImportanceOptions small_forest() {
    FoldImportanceOptions options;
    options.forest.n_estimators = 20;
    options.forest.seed = 11;
    options.repeats = 3;
    return options;
}

TEST(FoldImportance, SinglesAreThePermutationImportanceOfCrossValidation) {
    const SampleTable samples = landscape();
    const FoldAssignment folds = polygon_folds(samples, 4);
    const std::vector<std::vector<ShuffleTarget>> lists = {single_features(2), {{.features = {0, 1}}}};
    const auto estimates = fold_importance(samples, folds, lists, small_forest(), silent_progress());
    CrossValidationOptions options;
    options.forest = small_forest().forest;
    options.permutation_repeats = 3;
    const CrossValidation cv = cross_validate(samples, folds, options, silent_progress());
    ASSERT_EQ(estimates.size(), 2U);
    for (std::size_t f = 0; f < 2; ++f) {
        EXPECT_NEAR(*estimates[0][f].mean, cv.permutation_importance[f].mean, 1e-12);
    }
    ASSERT_EQ(estimates[1].size(), 1U);
    // All features from another row: right where both are of one class, as by chance.
    EXPECT_NEAR(*estimates[1][0].mean, *cv.pooled.overall_accuracy - 1.0 / 3, 0.06);
    // Of four folds a third as many rows are tested as trained on.
    const FoldEstimate& level = estimates[0][0];
    EXPECT_NEAR(*level.high - *level.mean, 3.182446305284263 * *level.sd * std::sqrt(1.0 / 4 + 1.0 / 3), 1e-12);
}

TEST(FoldImportance, ThreadsDoNotMatter) {
    const SampleTable samples = landscape();
    const FoldAssignment folds = polygon_folds(samples, 3);
    const std::vector<std::vector<ShuffleTarget>> lists = {{{.features = {0}, .conditions = {1}}, {.features = {1}}}};
    const auto all = fold_importance(samples, folds, lists, small_forest(), silent_progress());
    const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 1);
    const auto one = fold_importance(samples, folds, lists, small_forest(), silent_progress());
    for (std::size_t t = 0; t < 2; ++t) {
        EXPECT_EQ(one[0][t].mean, all[0][t].mean);
        EXPECT_EQ(one[0][t].low, all[0][t].low);
    }
}

TEST(FoldImportance, RefusesWhatCannotBeTrained) {
    SampleTable samples = landscape();
    const FoldAssignment folds = polygon_folds(samples, 3);
    const std::vector<std::vector<ShuffleTarget>> lists = {single_features(2)};
    FoldAssignment empty = folds;
    empty.n_folds = 4;
    EXPECT_THROW(fold_importance(samples, empty, lists, small_forest(), silent_progress()), Error);
    std::fill(samples.class_code.begin(), samples.class_code.end(), 2);
    EXPECT_THROW(fold_importance(samples, folds, lists, small_forest(), silent_progress()), Error);
}

TEST(CorrelatedFeatures, AreThoseOfScipysSpearman) {
    // scipy.stats.spearmanr: a-b 0.771084, a-c -0.903047, b-c -0.915168, a-d -0.432959, b-d -0.054882, c-d 0.165647
    const std::vector<std::vector<float>> columns = {{1, 2, 2, 3, 5, 4, 7, 6},
                                                     {2, 1, 4, 3, 3, 6, 8, 9},
                                                     {8, 7, 6, 6, 4, 3, 3, 1},
                                                     {5, 1, 4, 2, 3, 5, 1, 2},
                                                     {3, 3, 3, 3, 3, 3, 3, 3}};
    FeatureView rows{.columns = {}, .n_rows = 8};
    for (const auto& column : columns) {
        rows.columns.push_back(column.data());
    }
    const auto at = [&](double threshold) { return correlated_features(rows, threshold, 1); };
    EXPECT_THAT(at(0.771), ElementsAre(ElementsAre(1, 2), ElementsAre(0, 2), ElementsAre(0, 1), IsEmpty(), IsEmpty()));
    EXPECT_THAT(at(0.772), ElementsAre(ElementsAre(2), ElementsAre(2), ElementsAre(0, 1), IsEmpty(), IsEmpty()));
    EXPECT_THAT(at(0.9151), ElementsAre(IsEmpty(), ElementsAre(2), ElementsAre(1), IsEmpty(), IsEmpty()));
    EXPECT_THAT(at(0.9152), testing::Each(IsEmpty()));
    EXPECT_THAT(at(0.4329)[3], ElementsAre(0));
    EXPECT_THAT(at(0.4330)[3], IsEmpty());
    EXPECT_THAT(at(0.0001)[4], IsEmpty()); // a constant
}

TEST(CorrelatedFeatures, CopiesAreCorrelatedAtAnyThreshold) {
    Rng rng(1, 0);
    std::vector<float> column;
    std::vector<float> falling;
    for (int i = 0; i < 12000; ++i) { // more than are looked at
        column.push_back(static_cast<float>(rng.normal()));
        falling.push_back(-column.back());
    }
    const FeatureView rows{.columns = {column.data(), falling.data()}, .n_rows = 12000};
    EXPECT_THAT(correlated_features(rows, 1, 1), ElementsAre(ElementsAre(1), ElementsAre(0)));
}

} // namespace
} // namespace lcclass
