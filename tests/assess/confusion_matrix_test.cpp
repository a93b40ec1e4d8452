#include "lcclass/assess/confusion_matrix.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace lcclass {
namespace {

ConfusionMatrix matrix_of(const std::vector<std::vector<std::int64_t>>& rows) {
    ConfusionMatrix matrix(static_cast<int>(rows.size()));
    for (int i = 0; i < matrix.n_classes(); ++i) {
        for (int j = 0; j < matrix.n_classes(); ++j) {
            matrix.add(i, j, rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]);
        }
    }
    return matrix;
}

TEST(ConfusionMatrix, CountsRowsAsReferenceAndColumnsAsPrediction) {
    ConfusionMatrix matrix(2);
    matrix.add(0, 1);
    matrix.add(0, 1);
    matrix.add(1, 1, 5);
    EXPECT_EQ(matrix.at(0, 1), 2);
    EXPECT_EQ(matrix.at(1, 0), 0);
    EXPECT_EQ(matrix.reference_total(0), 2);
    EXPECT_EQ(matrix.predicted_total(1), 7);
    EXPECT_EQ(matrix.total(), 7);
}

TEST(ConfusionMatrix, PartsAddUp) {
    ConfusionMatrix sum = matrix_of({{1, 2}, {3, 4}});
    sum += matrix_of({{10, 20}, {30, 40}});
    EXPECT_EQ(sum.at(0, 1), 22);
    EXPECT_EQ(sum.total(), 110);
}

TEST(ConfusionMatrix, RefusesCellsItDoesNotHave) {
    ConfusionMatrix matrix(2);
    EXPECT_THROW(matrix.add(2, 0), Error);
    EXPECT_THROW(matrix.add(0, -1), Error);
    EXPECT_THROW(matrix += ConfusionMatrix(3), Error);
}

TEST(Accuracy, OfAHandMadeMatrix) {
    // Reference 40 + 60; predicted 45 + 55; agreed 35 + 50.
    const AccuracyReport report = accuracy_of(matrix_of({{35, 5}, {10, 50}}));
    EXPECT_DOUBLE_EQ(*report.overall_accuracy, 0.85);
    // Chance: 0.40 x 0.45 + 0.60 x 0.55 = 0.51; kappa = (0.85 - 0.51) / 0.49.
    EXPECT_DOUBLE_EQ(*report.kappa, 0.34 / 0.49);
    EXPECT_DOUBLE_EQ(*report.per_class[0].precision, 35.0 / 45);
    EXPECT_DOUBLE_EQ(*report.per_class[0].recall, 35.0 / 40);
    EXPECT_DOUBLE_EQ(*report.per_class[0].f1, 70.0 / 85);
    EXPECT_DOUBLE_EQ(*report.f1_macro, (70.0 / 85 + 100.0 / 115) / 2);
    EXPECT_DOUBLE_EQ(*report.f1_weighted, 0.4 * 70 / 85 + 0.6 * 100 / 115);
    EXPECT_EQ(report.per_class[1].support, 60);
}

TEST(Accuracy, KappaIsZeroForChanceAgreement) {
    // Rows in the proportions of the columns: prediction knows nothing of the reference.
    EXPECT_NEAR(*accuracy_of(matrix_of({{8, 32}, {12, 48}})).kappa, 0, 1e-15);
}

TEST(Accuracy, KappaIsOneForPerfectAndBelowZeroForWorseThanChance) {
    EXPECT_DOUBLE_EQ(*accuracy_of(matrix_of({{5, 0}, {0, 7}})).kappa, 1);
    EXPECT_DOUBLE_EQ(*accuracy_of(matrix_of({{0, 5}, {5, 0}})).kappa, -1);
}

TEST(Accuracy, KappaIsUndefinedWhenOneClassIsAllThereIs) {
    const AccuracyReport report = accuracy_of(matrix_of({{9, 0}, {0, 0}}));
    EXPECT_FALSE(report.kappa);
    EXPECT_DOUBLE_EQ(*report.overall_accuracy, 1);
}

TEST(Accuracy, AbsentClassesAreNotZero) {
    // Class 0 is never predicted, class 1 is not in the reference, class 2 is in neither, class 3 is perfect.
    const AccuracyReport report = accuracy_of(matrix_of({{0, 4, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 6}}));
    EXPECT_FALSE(report.per_class[0].precision);
    EXPECT_EQ(report.per_class[0].recall, 0);
    EXPECT_EQ(report.per_class[0].f1, 0);
    EXPECT_EQ(report.per_class[1].precision, 0);
    EXPECT_FALSE(report.per_class[1].recall);
    EXPECT_EQ(report.per_class[1].f1, 0);
    EXPECT_FALSE(report.per_class[2].precision);
    EXPECT_FALSE(report.per_class[2].recall);
    EXPECT_FALSE(report.per_class[2].f1);
    EXPECT_DOUBLE_EQ(*report.f1_macro, 1.0 / 3);
    EXPECT_DOUBLE_EQ(*report.f1_weighted, 0.6);
}

TEST(Accuracy, OfNothingIsNothing) {
    const AccuracyReport report = accuracy_of(ConfusionMatrix(2));
    EXPECT_FALSE(report.overall_accuracy);
    EXPECT_FALSE(report.kappa);
    EXPECT_FALSE(report.f1_weighted);
    EXPECT_FALSE(report.f1_macro);
}

// scikit-learn 1.2.1, printed with %.17g:
//   r = numpy.random.RandomState(7); t = r.choice(4, 500, p=[.5, .3, .15, .05])
//   p = numpy.where(r.rand(500) < .7, t, r.choice(4, 500))
//   confusion_matrix, accuracy_score, cohen_kappa_score, f1_score (weighted, macro),
//   precision_score, recall_score, f1_score (average=None)
TEST(Accuracy, AgreesWithScikitLearn) {
    const AccuracyReport report =
        accuracy_of(matrix_of({{187, 23, 28, 16}, {5, 107, 13, 12}, {7, 3, 68, 5}, {1, 2, 1, 22}}));
    constexpr double tolerance = 1e-12;
    EXPECT_NEAR(*report.overall_accuracy, 0.76800000000000002, tolerance);
    EXPECT_NEAR(*report.kappa, 0.65911428487466561, tolerance);
    EXPECT_NEAR(*report.f1_weighted, 0.77927911775405767, tolerance);
    EXPECT_NEAR(*report.f1_macro, 0.7146065852790755, tolerance);
    const std::array<double, 4> precision = {0.93500000000000005, 0.79259259259259263, 0.61818181818181817,
                                             0.40000000000000002};
    const std::array<double, 4> recall = {0.73622047244094491, 0.78102189781021902, 0.81927710843373491,
                                          0.84615384615384615};
    const std::array<double, 4> f1 = {0.82378854625550657, 0.78676470588235292, 0.70466321243523311,
                                      0.54320987654320985};
    for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_NEAR(*report.per_class[k].precision, precision[k], tolerance);
        EXPECT_NEAR(*report.per_class[k].recall, recall[k], tolerance);
        EXPECT_NEAR(*report.per_class[k].f1, f1[k], tolerance);
    }
}

} // namespace
} // namespace lcclass
