#include "lcclass/assess/calibration.h"

#include "lcclass/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

const std::vector<double> votes = {0.02, 0.05, 0.05, 0.11, 0.2,  0.2,  0.31, 0.36, 0.42, 0.5,
                                   0.5,  0.55, 0.63, 0.7,  0.77, 0.84, 0.9,  0.93, 0.97, 1.0};
const std::vector<std::uint8_t> is_class = {0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1};
const std::vector<double> ones(20, 1.0);
const std::vector<double> weights = {1, 2, 0.5, 1, 1, 3, 1, 0.25, 1, 1, 2, 1, 0.5, 1, 1, 0.75, 1, 1, 2, 1};

/// `curve` at `where`, as numpy.interp.
double interpolate(const CalibrationCurve& curve, double where) {
    std::size_t i = 0;
    while (i < curve.votes.size() && curve.votes[i] <= where) {
        ++i;
    }
    if (i == 0 || i == curve.votes.size()) {
        return i == 0 ? curve.probability.front() : curve.probability.back();
    }
    const double part = (where - curve.votes[i - 1]) / (curve.votes[i] - curve.votes[i - 1]);
    return curve.probability[i - 1] + part * (curve.probability[i] - curve.probability[i - 1]);
}

// Expected values: scikit-learn 1.9.1, IsotonicRegression(out_of_bounds="clip").fit(votes, is_class, weights).predict.
TEST(FitIsotonic, AgreesWithScikitLearn) {
    const std::vector<double> where = {0,    0.03, 0.05, 0.1, 0.15, 0.2,  0.25, 0.3,  0.33, 0.4,
                                       0.46, 0.5,  0.52, 0.6, 0.65, 0.75, 0.8,  0.87, 0.95, 1.0};
    const std::vector<double> expected = {0.0,
                                          0.06666666666666665,
                                          0.2,
                                          0.2,
                                          0.2,
                                          0.2,
                                          0.2606060606060606,
                                          0.32121212121212117,
                                          0.3333333333333333,
                                          0.3333333333333333,
                                          0.41666666666666674,
                                          0.5,
                                          0.5,
                                          0.5,
                                          0.5476190476190477,
                                          0.6666666666666666,
                                          0.6666666666666666,
                                          0.8333333333333333,
                                          1.0,
                                          1.0};
    const std::vector<double> weighted = {0.0,
                                          0.022222222222222216,
                                          0.06666666666666667,
                                          0.06666666666666667,
                                          0.06666666666666667,
                                          0.06666666666666667,
                                          0.2095238095238095,
                                          0.35238095238095235,
                                          0.38095238095238093,
                                          0.38095238095238093,
                                          0.38095238095238093,
                                          0.38095238095238093,
                                          0.4952380952380952,
                                          0.6666666666666666,
                                          0.683982683982684,
                                          0.7272727272727273,
                                          0.7272727272727273,
                                          0.8636363636363636,
                                          1.0,
                                          1.0};
    const CalibrationCurve alike = fit_isotonic({.votes = votes, .is_class = is_class, .weight = ones});
    const CalibrationCurve unlike = fit_isotonic({.votes = votes, .is_class = is_class, .weight = weights});
    for (std::size_t i = 0; i < where.size(); ++i) {
        EXPECT_NEAR(interpolate(alike, where[i]), expected[i], 1e-12) << where[i];
        EXPECT_NEAR(interpolate(unlike, where[i]), weighted[i], 1e-12) << where[i];
    }
}

TEST(FitIsotonic, DoesNotDependOnTheOrderOfSamples) {
    std::vector<double> v(votes.rbegin(), votes.rend());
    std::vector<std::uint8_t> c(is_class.rbegin(), is_class.rend());
    EXPECT_EQ(fit_isotonic({.votes = v, .is_class = c, .weight = ones}),
              fit_isotonic({.votes = votes, .is_class = is_class, .weight = ones}));
}

TEST(FitIsotonic, VotesThatSayNothingGiveTheShareOfTheClass) {
    const std::vector<double> same(20, 0.4);
    EXPECT_EQ(fit_isotonic({.votes = same, .is_class = is_class, .weight = ones}),
              (CalibrationCurve{.votes = {0.4}, .probability = {0.5}}));
}

// Expected values: the minimum that scipy's BFGS (gtol 1e-12) finds of the loss that scikit-learn 1.9.1 minimises;
// its own _sigmoid_calibration stops at -3.004959, 1.501671 and -4.288629, 2.288645.
TEST(FitSigmoid, AgreesWithScikitLearn) {
    const CalibrationCurve alike = fit_sigmoid({.votes = votes, .is_class = is_class, .weight = ones});
    EXPECT_NEAR(alike.slope, -3.00495807, 1e-6);
    EXPECT_NEAR(alike.intercept, 1.50167104, 1e-6);
    const CalibrationCurve unlike = fit_sigmoid({.votes = votes, .is_class = is_class, .weight = weights});
    EXPECT_NEAR(unlike.slope, -4.28862972, 1e-6);
    EXPECT_NEAR(unlike.intercept, 2.28864546, 1e-6);
}

TEST(FitSigmoid, StaysFiniteWhereVotesTellTheClassesApartWhollyOrNotAtAll) {
    const std::vector<double> apart = {0, 0, 0, 1, 1, 1};
    const std::vector<std::uint8_t> classes = {0, 0, 0, 1, 1, 1};
    const std::vector<double> weight(6, 1.0);
    // Targets are 4/5 and 1/5 (Platt 1999), which the sigmoid meets: log 4 at 0, -log 4 at 1.
    const CalibrationCurve steep = fit_sigmoid({.votes = apart, .is_class = classes, .weight = weight});
    EXPECT_NEAR(steep.intercept, std::log(4.0), 1e-8);
    EXPECT_NEAR(steep.slope, -2 * std::log(4.0), 1e-8);
    const std::vector<double> same(6, 0.5);
    const CalibrationCurve flat = fit_sigmoid({.votes = same, .is_class = classes, .weight = weight});
    EXPECT_NEAR(flat.slope * 0.5 + flat.intercept, 0, 1e-8);
}

TEST(TrainingPriors, AreTheSharesOfTheSamplesOrAllAlikeWithABalancedWeight) {
    const std::vector<std::int32_t> classes = {0, 0, 0, 1};
    EXPECT_THAT(training_priors(classes, 2, ClassWeight::none), ElementsAre(0.75, 0.25));
    EXPECT_THAT(training_priors(classes, 2, ClassWeight::balanced), ElementsAre(0.5, 0.5));
    EXPECT_THAT(training_priors(classes, 2, ClassWeight::balanced_subsample), ElementsAre(0.5, 0.5));
}

/// Samples of two classes with what forests that did not see them said.
struct Scored {
    SampleTable samples;
    FoldAssignment folds{.scheme = FoldScheme::polygon, .n_folds = 2, .fold = {}, .blocks = {}};
    CrossValidation result;

    Scored() {
        samples.legend =
            ClassLegend({{.code = 3, .name = "low", .color = {}}, {.code = 7, .name = "high", .color = {}}});
        result.classes = {{.class_code = 3, .polygons = 0, .pixels = 0}, {.class_code = 7, .polygons = 0, .pixels = 0}};
    }
    void add(int group, std::int32_t code, float votes_of_3, int fold) {
        samples.class_code.push_back(code);
        samples.polygon_id.push_back(group + 1);
        samples.group.push_back(group);
        samples.group_names.resize(std::max(samples.group_names.size(), static_cast<std::size_t>(group) + 1), "g");
        folds.fold.push_back(fold);
        result.probabilities.insert(result.probabilities.end(), {votes_of_3, 1 - votes_of_3});
    }
    [[nodiscard]] CalibrationReport fit(CalibrationMethod method, const std::vector<double>& priors) const {
        return fit_calibration(samples, folds, result, method, priors);
    }
};

TEST(FitCalibration, PolygonsOfAClassWeighTheSameAndClassesTheirPrior) {
    Scored scored;
    for (int i = 0; i < 100; ++i) {
        scored.add(0, 3, 0.25F, 1); // one large polygon of class 3 that is not recognised
    }
    scored.add(1, 3, 0.75F, 2);
    for (int i = 0; i < 101; ++i) {
        scored.add(i < 50 ? 2 : 3, 7, 0.25F, i < 50 ? 1 : 2);
    }
    // At 0.25: half of class 3 (one polygon of two) and all of class 7.
    const auto even = scored.fit(CalibrationMethod::isotonic, {0.5, 0.5}).calibration;
    EXPECT_THAT(even.curves[0].probability, ElementsAre(DoubleNear(1.0 / 3, 1e-12), DoubleNear(1, 1e-12)));
    const auto odd = scored.fit(CalibrationMethod::isotonic, {0.8, 0.2}).calibration;
    EXPECT_THAT(odd.curves[0].probability, ElementsAre(DoubleNear(0.4 / 0.6, 1e-12), DoubleNear(1, 1e-12)));
    EXPECT_THAT(odd.curves[0].votes, ElementsAre(0.25, 0.75));
    EXPECT_THAT(odd.curves[1].votes, ElementsAre(0.25, 0.75));
}

/// Samples whose class is as probable as `probability` says, while the votes say something else.
Scored overconfident(int n, std::uint64_t seed) {
    Scored scored;
    Rng rng(seed, 0);
    for (int i = 0; i < n; ++i) {
        const double probability = rng.uniform();
        const double odds = probability / (1 - probability);
        const auto votes_of_3 = static_cast<float>(odds * odds * odds / (1 + odds * odds * odds));
        scored.add(i, rng.uniform() < probability ? 3 : 7, votes_of_3, i % 2 + 1);
    }
    return scored;
}

TEST(FitCalibration, MendsOverconfidenceOnSamplesOfOtherFolds) {
    const Scored scored = overconfident(4000, 5);
    struct Case {
        CalibrationMethod method;
        double most_brier;
        double most_ece;
    };
    // E[2 p (1 - p)] = 1/3 is the least that a Brier score can be here; no sigmoid of the votes undoes a cube of odds.
    for (const auto& [method, most_brier, most_ece] :
         {Case{CalibrationMethod::isotonic, 0.36, 0.04}, Case{CalibrationMethod::sigmoid, 0.38, 0.08}}) {
        const CalibrationReport report = scored.fit(method, {0.5, 0.5});
        EXPECT_GT(report.before.brier, 0.4);
        EXPECT_LT(report.after.brier, most_brier) << to_string(method);
        EXPECT_GT(report.before.ece, 0.1);
        EXPECT_LT(report.after.ece, most_ece) << to_string(method);
        EXPECT_TRUE(report.reversed.empty());
        EXPECT_EQ(report.calibration, scored.fit(method, {0.5, 0.5}).calibration);
    }
}

TEST(FitCalibration, FiguresOfWhatIsPerfectAreZeroAndOfWhatIsUselessAreKnown) {
    Scored perfect;
    Scored useless;
    for (int i = 0; i < 40; ++i) {
        perfect.add(i, i % 2 == 0 ? 3 : 7, i % 2 == 0 ? 1 : 0, i / 2 % 2 + 1);
        useless.add(i, i % 4 == 0 ? 3 : 7, 1, i / 4 % 2 + 1);
    }
    const CalibrationReport best = perfect.fit(CalibrationMethod::isotonic, {0.5, 0.5});
    EXPECT_NEAR(best.before.brier, 0, 1e-15);
    EXPECT_NEAR(best.after.brier, 0, 1e-15);
    EXPECT_NEAR(best.after.ece, 0, 1e-15);
    // Always sure of class 3, which is a quarter of the samples: 2 x 3/4, and off by 3/4.
    const CalibrationReport worst = useless.fit(CalibrationMethod::isotonic, {0.25, 0.75});
    EXPECT_NEAR(worst.before.brier, 1.5, 1e-12);
    EXPECT_NEAR(worst.before.ece, 0.75, 1e-12);
    EXPECT_NEAR(worst.after.brier, 2 * 0.25 * 0.75, 1e-12) << "knows the shares, if nothing else";
    EXPECT_NEAR(worst.after.ece, 0, 1e-12);
}

TEST(FitCalibration, NamesClassesThatVotesSpeakAgainst) {
    Scored scored;
    for (int i = 0; i < 40; ++i) {
        scored.add(i, i % 2 == 0 ? 3 : 7, i % 2 == 0 ? 0.25F : 0.75F, i / 2 % 2 + 1);
    }
    EXPECT_THAT(scored.fit(CalibrationMethod::sigmoid, {0.5, 0.5}).reversed, ElementsAre(0, 1));
}

} // namespace
} // namespace lcclass
