#include "lcclass/forest/probability_correction.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lcclass {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProbabilityCalibration isotonic(std::vector<CalibrationCurve> curves) {
    return {.method = CalibrationMethod::isotonic, .curves = std::move(curves)};
}

std::vector<double> calibrated(const ProbabilityCorrection& correction, const std::vector<double>& votes) {
    std::vector<double> probabilities(votes.size());
    correction.calibrate(votes, probabilities);
    return probabilities;
}

/// What `curve` makes of a share of votes, seen through p / (p + 0.5) beside a class that is worth its votes.
double at(const CalibrationCurve& curve, double votes) {
    const ProbabilityCorrection correction(isotonic({curve, {.votes = {0, 1}, .probability = {0, 1}}}), {}, 2);
    const double first = calibrated(correction, {votes, 0.5})[0];
    return first * 0.5 / (1 - first);
}

TEST(ProbabilityCorrection, WithoutCalibrationOrPriorsVotesAreProbabilities) {
    const ProbabilityCorrection correction({}, {}, 3);
    EXPECT_FALSE(correction.has_calibration());
    EXPECT_FALSE(correction.has_priors());
    EXPECT_THAT(calibrated(correction, {0.25, 0.25, 0.5}), ElementsAre(0.25, 0.25, 0.5));
}

TEST(ProbabilityCorrection, IsotonicCurvesAreStraightBetweenKnotsAndFlatBeyond) {
    const CalibrationCurve curve{.votes = {0.2, 0.6, 0.6001, 0.9}, .probability = {0.1, 0.3, 0.8, 0.8}};
    EXPECT_NEAR(at(curve, 0), 0.1, 1e-12);
    EXPECT_NEAR(at(curve, 0.2), 0.1, 1e-12);
    EXPECT_NEAR(at(curve, 0.3), 0.15, 1e-12);
    EXPECT_NEAR(at(curve, 0.6), 0.3, 1e-12);
    EXPECT_NEAR(at(curve, 0.60005), 0.55, 1e-9);
    EXPECT_NEAR(at(curve, 0.6001), 0.8, 1e-12);
    EXPECT_NEAR(at(curve, 1), 0.8, 1e-12);
    EXPECT_NEAR(at({.votes = {0.4}, .probability = {0.25}}, 0.9), 0.25, 1e-12) << "a single knot is a constant";
}

TEST(ProbabilityCorrection, SigmoidsAreWithinAMillionth) {
    for (const double slope : {-30.0, -8.0, -1.0, 3.0}) {
        const double intercept = -slope / 3;
        const ProbabilityCorrection correction(
            {.method = CalibrationMethod::sigmoid,
             .curves = {{.slope = slope, .intercept = intercept}, {.slope = 0, .intercept = 0}}},
            {}, 2);
        for (int i = 0; i <= 1000; ++i) {
            const double votes = i / 1000.0;
            const double p = 1 / (1 + std::exp(slope * votes + intercept));
            ASSERT_NEAR(calibrated(correction, {votes, 1 - votes})[0], p / (p + 0.5), 1e-6) << slope << " " << votes;
        }
    }
}

TEST(ProbabilityCorrection, ProbabilitiesSumToOneAndAreTheVotesWhereAllCurvesSayZero) {
    const CalibrationCurve doubtful{.votes = {0.5, 1}, .probability = {0, 0.5}};
    const ProbabilityCorrection correction(isotonic({doubtful, doubtful, doubtful}), {}, 3);
    EXPECT_THAT(calibrated(correction, {0.75, 0.25, 0}), ElementsAre(1, 0, 0));
    EXPECT_THAT(calibrated(correction, {0.375, 0.5, 0.125}), ElementsAre(0.375, 0.5, 0.125));
}

TEST(ProbabilityCorrection, PriorsFollowTheRuleOfBayes) {
    const ProbabilityCorrection correction({}, {.training = {0.25, 0.75}, .mapped = {0.75, 0.25}}, 2);
    std::vector<double> probabilities = {0.25, 0.75}; // nothing but the training shares: then nothing but the mapped
    correction.correct_priors(probabilities);
    EXPECT_THAT(probabilities, ElementsAre(DoubleEq(0.75), DoubleEq(0.25)));
    probabilities = {0.5, 0.5}; // 0.5 x 3 : 0.5 / 3
    correction.correct_priors(probabilities);
    EXPECT_THAT(probabilities, ElementsAre(DoubleEq(0.9), DoubleNear(0.1, 1e-15)));
}

TEST(ProbabilityCorrection, ClassesWithoutAShareAreNeverProbable) {
    const ProbabilityCorrection correction({}, {.training = {0.5, 0.25, 0.25}, .mapped = {0, 0.6, 0.4}}, 3);
    std::vector<double> probabilities = {0.8, 0.1, 0.1};
    correction.correct_priors(probabilities);
    EXPECT_THAT(probabilities, ElementsAre(0, DoubleEq(0.6), DoubleEq(0.4)));
    probabilities = {1, 0, 0}; // says nothing of the classes that there can be
    correction.correct_priors(probabilities);
    EXPECT_THAT(probabilities, ElementsAre(0, 0.6, 0.4));
}

TEST(ProbabilityCorrection, CurvesThatAreNoneAreRefused) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const auto expect_refused = [](const ProbabilityCalibration& calibration, const std::string& what) {
        try {
            check_calibration(calibration, 1);
            FAIL() << "accepted, should say: " << what;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::model);
            EXPECT_THAT(error.what(), HasSubstr(what));
        }
    };
    expect_refused(isotonic({}), "must have 1 curves");
    expect_refused({.method = CalibrationMethod::none, .curves = {{}}}, "must have 0 curves");
    expect_refused(isotonic({{}}), "one at least");
    expect_refused(isotonic({{.votes = {0, 1}, .probability = {0}}}), "as many probabilities as votes");
    expect_refused(isotonic({{.votes = {0.5, 0.5}, .probability = {0, 1}}}), "votes must ascend");
    expect_refused(isotonic({{.votes = {0, nan}, .probability = {0, 1}}}), "votes must ascend");
    expect_refused(isotonic({{.votes = {0, 2}, .probability = {0, 1}}}), "votes must ascend");
    expect_refused(isotonic({{.votes = {0, 1}, .probability = {1, 0}}}), "must not descend");
    expect_refused(isotonic({{.votes = {0, 1}, .probability = {0, nan}}}), "must not descend");
    expect_refused({.method = CalibrationMethod::sigmoid, .curves = {{.slope = nan}}}, "must be finite");
}

TEST(CalibrationMethod, WordsAreKnownAndOthersNameTheNearest) {
    for (const auto method : {CalibrationMethod::none, CalibrationMethod::isotonic, CalibrationMethod::sigmoid}) {
        EXPECT_EQ(parse_calibration_method(to_string(method)), method);
    }
    try {
        parse_calibration_method("isotonik");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        EXPECT_THAT(error.what(), HasSubstr("did you mean 'isotonic'"));
    }
}

} // namespace
} // namespace lcclass
