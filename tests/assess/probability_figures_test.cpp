#include "lcclass/assess/probability_figures.h"

#include "lcclass/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace lcclass {
namespace {

/// Probabilities in sixteenths, exact in float and double, of 24 samples and three classes.
struct Predictions {
    std::vector<float> values;
    std::vector<std::int32_t> reference = {0, 1, 2, 2, 0, 0, 2, 2, 1, 1, 0, 0, 0, 2, 1, 0, 2, 0, 0, 1, 2, 0, 2, 0};

    Predictions() {
        for (const int sixteenths : {2, 1, 13, 4, 5,  7, 10, 0, 6, 2, 4, 10, 8, 1, 7, 1,  6, 9, 6, 3, 7, 8,  1, 7,
                                     3, 6, 7,  5, 10, 1, 5,  9, 2, 8, 4, 4,  6, 5, 5, 3,  7, 6, 4, 4, 8, 5,  7, 4,
                                     7, 3, 6,  6, 7,  3, 4,  6, 6, 7, 7, 2,  7, 3, 6, 13, 1, 2, 7, 6, 3, 10, 4, 2}) {
            values.push_back(static_cast<float>(sixteenths) / 16);
        }
    }
    [[nodiscard]] ClassProbabilities view() const { return {.values = values, .reference = reference, .n_classes = 3}; }
};

// Expected: roc_auc_score(multi_class='ovr'), brier_score_loss, log_loss and roc_curve of scikit-learn 1.9.1, and the
// formula of Guo et al. 2017 in numpy, on the numbers above.
TEST(ProbabilityFigures, AreThoseOfScikitLearn) {
    const Predictions predictions;
    const ProbabilityFigures figures = probability_figures(predictions.view());
    EXPECT_NEAR(*figures.roc_auc_macro, 0.6373407979082321, 1e-12);
    EXPECT_NEAR(*figures.roc_auc_weighted, 0.6125432270580298, 1e-12);
    EXPECT_NEAR(*figures.brier, 0.638671875, 1e-12);
    EXPECT_NEAR(*figures.log_loss, 1.047409706392456, 1e-12);
    EXPECT_NEAR(*figures.ece, 0.24479166666666666, 1e-12);
    const std::vector<double> auc = {0.5384615384615385, 0.7368421052631579, 0.63671875};
    const std::vector<double> brier = {0.2693684895833333, 0.15006510416666666, 0.21923828125};
    const std::vector<double> ece = {0.2890625, 0.140625, 0.2734375};
    for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_NEAR(*figures.per_class[k].roc_auc, auc[k], 1e-12);
        EXPECT_NEAR(*figures.per_class[k].brier, brier[k], 1e-12);
        EXPECT_NEAR(*figures.per_class[k].ece, ece[k], 1e-12);
    }
}

TEST(ProbabilityFigures, HaveTheBinsOfTheReliabilityDiagram) {
    const Predictions predictions;
    const auto bins = reliability(predictions.view());
    ASSERT_EQ(bins.size(), 15U);
    EXPECT_EQ(bins[6].count, 10);
    EXPECT_DOUBLE_EQ(*bins[6].confidence, 0.4375);
    EXPECT_DOUBLE_EQ(*bins[6].accuracy, 0.1);
    EXPECT_EQ(bins[12].count, 2);
    EXPECT_DOUBLE_EQ(*bins[12].confidence, 0.8125);
    EXPECT_EQ(bins[14].count, 0);
    EXPECT_FALSE(bins[14].confidence);
    // calibration_curve(y == 1, p[:, 1], n_bins=15) of scikit-learn, which leaves out empty bins.
    const auto of_class = class_reliability(predictions.view(), 1);
    std::vector<double> confidence;
    std::vector<double> accuracy;
    for (const ReliabilityBin& bin : of_class) {
        if (bin.count > 0) {
            confidence.push_back(*bin.confidence);
            accuracy.push_back(*bin.accuracy);
        }
    }
    EXPECT_THAT(confidence,
                testing::Pointwise(testing::DoubleEq(), {0.05, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5625, 0.625}));
    EXPECT_THAT(accuracy, testing::Pointwise(testing::DoubleEq(), {0.0, 0.0, 0.25, 0.5, 0.25, 0.25, 0.0, 1.0}));
}

TEST(ProbabilityFigures, OfWeightsAreThoseOfAsManySamples) {
    const Predictions predictions;
    Predictions repeated;
    repeated.values.clear();
    repeated.reference.clear();
    std::vector<double> weight;
    for (std::size_t row = 0; row < predictions.reference.size(); ++row) {
        const std::size_t times = row % 4 + 1;
        weight.push_back(static_cast<double>(times));
        for (std::size_t i = 0; i < times; ++i) {
            for (std::size_t k = 0; k < 3; ++k) {
                repeated.values.push_back(predictions.values[3 * row + k]);
            }
            repeated.reference.push_back(predictions.reference[row]);
        }
    }
    ClassProbabilities weighted = predictions.view();
    weighted.weight = weight;
    const ProbabilityFigures figures = probability_figures(weighted);
    const ProbabilityFigures expected = probability_figures(repeated.view());
    EXPECT_NEAR(*figures.roc_auc_macro, *expected.roc_auc_macro, 1e-12);
    EXPECT_NEAR(*figures.roc_auc_weighted, *expected.roc_auc_weighted, 1e-12);
    EXPECT_NEAR(*figures.brier, *expected.brier, 1e-12);
    EXPECT_NEAR(*brier_score(weighted), *expected.brier, 1e-12);
    EXPECT_NEAR(*figures.log_loss, *expected.log_loss, 1e-12);
    EXPECT_NEAR(*figures.ece, *expected.ece, 1e-12);
    for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_NEAR(*figures.per_class[k].roc_auc, *expected.per_class[k].roc_auc, 1e-12);
        EXPECT_NEAR(*figures.per_class[k].brier, *expected.per_class[k].brier, 1e-12);
        EXPECT_NEAR(*figures.per_class[k].ece, *expected.per_class[k].ece, 1e-12);
    }
    EXPECT_NE(*figures.ece, *probability_figures(predictions.view()).ece);
    const auto bins = reliability(weighted);
    EXPECT_EQ(bins[6].count, 10);
    EXPECT_EQ(bins[6].weight, static_cast<double>(reliability(repeated.view())[6].count));
    EXPECT_EQ(roc_curve(weighted, 1).size(), roc_curve(repeated.view(), 1).size());
}

TEST(RocCurve, IsThatOfScikitLearn) {
    const Predictions predictions;
    std::vector<double> false_rates;
    std::vector<double> true_rates;
    std::vector<double> thresholds;
    for (const RocPoint& point : roc_curve(predictions.view(), 1)) {
        false_rates.push_back(point.false_positive_rate);
        true_rates.push_back(point.true_positive_rate);
        thresholds.push_back(point.threshold);
    }
    using testing::DoubleEq;
    using testing::Pointwise;
    EXPECT_THAT(false_rates,
                Pointwise(DoubleEq(), {0.0, 0.0, 0.05263157894736842, 0.3684210526315789, 0.42105263157894735,
                                       0.5789473684210527, 0.7368421052631579, 0.9473684210526315, 1.0}));
    EXPECT_THAT(true_rates, Pointwise(DoubleEq(), {0.0, 0.2, 0.2, 0.6, 0.8, 1.0, 1.0, 1.0, 1.0}));
    EXPECT_TRUE(std::isinf(thresholds[0]));
    thresholds.erase(thresholds.begin());
    EXPECT_THAT(thresholds, testing::ElementsAre(0.625, 0.5625, 0.375, 0.3125, 0.25, 0.1875, 0.0625, 0.0));
}

TEST(RocCurve, OfManyPointsKeepsItsShape) {
    Rng rng(1, 2);
    std::vector<float> values;
    std::vector<std::int32_t> reference;
    for (int i = 0; i < 20000; ++i) {
        const int k = i % 2;
        const auto p = static_cast<float>(std::clamp(0.5 + 0.3 * (k - 0.5) + 0.2 * rng.normal(), 0.0, 1.0));
        values.insert(values.end(), {1 - p, p});
        reference.push_back(k);
    }
    const ClassProbabilities view{.values = values, .reference = reference, .n_classes = 2};
    const auto points = roc_curve(view, 1, 60);
    EXPECT_LE(points.size(), 60U);
    EXPECT_GE(points.size(), 50U);
    EXPECT_EQ(points.front().true_positive_rate, 0);
    EXPECT_EQ(points.back().false_positive_rate, 1);
    double area = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        EXPECT_GE(points[i].false_positive_rate, points[i - 1].false_positive_rate);
        area += (points[i].false_positive_rate - points[i - 1].false_positive_rate) *
                (points[i].true_positive_rate + points[i - 1].true_positive_rate) / 2;
    }
    EXPECT_NEAR(area, *probability_figures(view).per_class[1].roc_auc, 0.001);
}

TEST(ProbabilityFigures, OfAClassThatIsMissingAreNotDefined) {
    Predictions predictions;
    std::replace(predictions.reference.begin(), predictions.reference.end(), 1, 0);
    const auto figures = probability_figures(predictions.view());
    EXPECT_FALSE(figures.per_class[1].roc_auc);
    EXPECT_TRUE(roc_curve(predictions.view(), 1).empty());
    EXPECT_DOUBLE_EQ(*figures.roc_auc_macro, (*figures.per_class[0].roc_auc + *figures.per_class[2].roc_auc) / 2);
    std::fill(predictions.reference.begin(), predictions.reference.end(), 2);
    EXPECT_FALSE(probability_figures(predictions.view()).roc_auc_weighted);
    EXPECT_TRUE(probability_figures(predictions.view()).brier);
    EXPECT_FALSE(probability_figures({.values = {}, .reference = {}, .n_classes = 3}).ece);
}

TEST(ProbabilityFigures, TiesCountHalf) {
    const std::vector<float> values(12, 0.5F);
    const std::vector<std::int32_t> reference = {0, 1, 1, 0, 1, 1};
    const auto figures = probability_figures({.values = values, .reference = reference, .n_classes = 2});
    EXPECT_EQ(figures.per_class[0].roc_auc, 0.5);
    EXPECT_EQ(figures.roc_auc_macro, 0.5);
}

TEST(ProbabilityFigures, CertainErrorsHaveAFiniteLogLoss) {
    // Both ends of the bins are kept: 0 is in the first, 1 in the last. -log(2.2204e-16) = 36.0437.
    const std::vector<float> values = {1, 0, 0, 1};
    const std::vector<std::int32_t> reference = {0, 0};
    const ClassProbabilities view{.values = values, .reference = reference, .n_classes = 2};
    const auto figures = probability_figures(view);
    EXPECT_NEAR(*figures.log_loss, 36.04365338911715 / 2, 1e-12);
    EXPECT_EQ(figures.brier, 1);
    EXPECT_EQ(figures.ece, 0.5);
    const auto bins = class_reliability(view, 1);
    EXPECT_EQ(bins[0].count, 1);
    EXPECT_EQ(bins[14].count, 1);
}

} // namespace
} // namespace lcclass
