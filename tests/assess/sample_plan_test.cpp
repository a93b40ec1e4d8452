#include "lcclass/assess/sample_plan.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lcclass {
namespace {

/// Olofsson et al. 2014, table 5: expected user's accuracies 0.70, 0.60, 0.90, 0.95.
std::vector<PlanStratum> olofsson() {
    return {
        {.code = 1, .name = "deforestation", .pixels = 200000, .excluded = 0, .expected_users_accuracy = 0.70},
        {.code = 2, .name = "forest gain", .pixels = 150000, .excluded = 0, .expected_users_accuracy = 0.60},
        {.code = 3, .name = "stable forest", .pixels = 3200000, .excluded = 0, .expected_users_accuracy = 0.90},
        {.code = 4, .name = "stable non-forest", .pixels = 6450000, .excluded = 0, .expected_users_accuracy = 0.95}};
}

std::string refusal(const std::vector<PlanStratum>& strata, const PlanOptions& options,
                    ExitCode code = ExitCode::configuration) {
    try {
        plan_sample(strata, options);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), code);
        return error.what();
    }
    return "accepted";
}

TEST(SamplePlan, OlofssonsSampleSize) {
    EXPECT_EQ(optimum_units(olofsson(), 0.01), 641);
}

TEST(SamplePlan, OlofssonsSharesWithSeventyFiveInRareClasses) {
    // 641 - 2 x 75 = 491 units for 3.2 and 6.45 million pixels: 162.8 and 328.2.
    EXPECT_EQ(allocate(olofsson(), 641, 75), (std::vector<std::int64_t>{75, 75, 163, 328}));
    EXPECT_EQ(allocate(olofsson(), 641, 0), (std::vector<std::int64_t>{13, 10, 205, 413}));
}

TEST(SamplePlan, TheMinimumComesBeforeTheTotal) {
    EXPECT_EQ(allocate(olofsson(), 100, 50), (std::vector<std::int64_t>{50, 50, 50, 50}));
}

TEST(SamplePlan, NoMoreThanThereIs) {
    std::vector<PlanStratum> strata = olofsson();
    strata[0].pixels = 30;
    strata[1].pixels = 90;
    strata[1].excluded = 50;
    const auto units = allocate(strata, 400, 75);
    EXPECT_EQ(units[0], 30) << "all of it";
    EXPECT_EQ(units[1], 40) << "all that was not trained on";
    EXPECT_EQ(units[0] + units[1] + units[2] + units[3], 400);
}

TEST(SamplePlan, AClassThatTrainingUsedUpIsNamed) {
    std::vector<PlanStratum> strata = olofsson();
    strata[1].pixels = 90;
    strata[1].excluded = 89;
    const std::string one = refusal(strata, {}, ExitCode::input);
    EXPECT_NE(one.find("class_code=2 (forest gain)"), std::string::npos) << one;
    EXPECT_NE(one.find("89 of the class's 90 pixels, which leaves 1 to draw"), std::string::npos) << one;
    EXPECT_NE(one.find("sample --per-class"), std::string::npos) << one;
    strata[1].excluded = 90;
    EXPECT_NE(refusal(strata, {}, ExitCode::input).find("leaves 0"), std::string::npos);
    strata[1].excluded = 88;
    EXPECT_EQ(plan_sample(strata, {}).units[1], 2);
    strata[1].pixels = 1;
    strata[1].excluded = 0;
    EXPECT_EQ(plan_sample(strata, {}).units[1], 1) << "all of the class, so nothing is left to chance";
}

TEST(SamplePlan, KnowsWhetherAClassFallsShortOfTheMinimum) {
    std::vector<PlanStratum> strata = olofsson();
    EXPECT_FALSE(plan_sample(strata, {}).is_below(50));
    strata[0].pixels = 30;
    EXPECT_TRUE(plan_sample(strata, {}).is_below(50));
}

TEST(SamplePlan, MeetsItsTargetAndNotByMore) {
    const PlanOptions options{.target_se = 0.01, .min_per_stratum = 75};
    const SamplePlan plan = plan_sample(olofsson(), options);
    EXPECT_EQ(plan.optimum_units, 641);
    EXPECT_LE(plan.expected_se, 0.01);
    // The standard error by hand: sum of (W^2 U (1 - U) / n)(1 - n / N).
    const auto by_hand = [](const std::vector<std::int64_t>& units) {
        double variance = 0;
        for (std::size_t h = 0; h < units.size(); ++h) {
            const PlanStratum stratum = olofsson()[h];
            const double weight = static_cast<double>(stratum.pixels) / 1e7;
            const double u = stratum.expected_users_accuracy;
            const auto n = static_cast<double>(units[h]);
            variance += weight * weight * u * (1 - u) / n * (1 - n / static_cast<double>(stratum.pixels));
        }
        return std::sqrt(variance);
    };
    EXPECT_NEAR(plan.expected_se, by_hand(plan.units), 1e-12);
    EXPECT_GT(by_hand(allocate(olofsson(), plan.total() - 1, 75)), 0.01);
    EXPECT_NEAR(plan.expected_users_se[0], std::sqrt(0.21 / 75 * (1 - 75 / 200000.0)), 1e-12);
}

TEST(SamplePlan, RefusesTargetsAndExpectationsThatMakeNoSense) {
    EXPECT_NE(refusal(olofsson(), {.target_se = 0, .min_per_stratum = 50}).find("target_se=0"), std::string::npos);
    EXPECT_NE(refusal(olofsson(), {.target_se = std::nan(""), .min_per_stratum = 50}).find("target_se"),
              std::string::npos);
    EXPECT_NE(refusal(olofsson(), {.target_se = 0.01, .min_per_stratum = 1}).find("min_per_stratum=1"),
              std::string::npos);
    EXPECT_NE(refusal(olofsson(), {.target_se = 1e-6, .min_per_stratum = 50}).find("1,000,000"), std::string::npos);
    auto strata = olofsson();
    strata[2].expected_users_accuracy = 90;
    EXPECT_NE(refusal(strata, {}).find("expected_ua=90"), std::string::npos);
}

} // namespace
} // namespace lcclass
