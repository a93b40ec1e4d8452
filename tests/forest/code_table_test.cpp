#include "forest/code_table.h"

#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace lcclass {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::uint16_t count_below(const std::vector<float>& thresholds, float value) {
    std::uint16_t n = 0;
    for (const float threshold : thresholds) {
        n = static_cast<std::uint16_t>(n + (threshold < value ? 1 : 0));
    }
    return n;
}

void expect_exact(const std::vector<float>& thresholds) {
    const CodeTable table(thresholds);
    std::vector<float> values = {0, -0.0F, 1, -1, 3e38F, -3e38F, infinity, -infinity};
    for (const float threshold : thresholds) {
        values.insert(values.end(),
                      {threshold, std::nextafter(threshold, infinity), std::nextafter(threshold, -infinity)});
    }
    for (const float value : values) {
        EXPECT_EQ(table.code(value), count_below(thresholds, value)) << value;
    }
}

TEST(CodeTable, CountsTheThresholdsBelowAValue) {
    expect_exact({});
    expect_exact({7.5F});
    expect_exact({0.5F, 1.5F, 2.5F, 900.5F});
    expect_exact({-0.25F, 0, 1e-30F, 0.1F, 0.2F});
}

TEST(CodeTable, IsExactWhereMostThresholdsShareACell) {
    std::vector<float> thresholds = {-3e38F};
    float next = 0.3F;
    for (int i = 0; i < 3000; ++i) {
        thresholds.push_back(next);
        next = std::nextafter(next, 1.0F);
    }
    thresholds.push_back(3e38F);
    expect_exact(thresholds);
}

TEST(CodeTable, TakesAsManyThresholdsAsAFeatureMayHave) {
    std::vector<float> thresholds;
    for (int i = 0; i < 65535; ++i) {
        thresholds.push_back(static_cast<float>(i) + 0.5F);
    }
    const CodeTable table(thresholds);
    for (int i = 0; i <= 65535; ++i) {
        ASSERT_EQ(table.code(static_cast<float>(i)), i);
    }
    EXPECT_EQ(table.code(1e9F), 65535);
    EXPECT_EQ(table.code(-1e9F), 0);
}

TEST(CodeTable, IsExactForRandomThresholdsOfAnySpread) {
    Rng rng(5, 0);
    for (int round = 0; round < 20; ++round) {
        std::vector<float> thresholds;
        const std::uint64_t n = 1 + rng.below(200);
        for (std::uint64_t i = 0; i < n; ++i) {
            const double exponent = static_cast<double>(rng.below(60)) - 30;
            const double sign = rng.below(2) == 0 ? 1 : -1;
            thresholds.push_back(static_cast<float>(sign * std::pow(2.0, exponent) * (1 + rng.uniform())));
        }
        std::sort(thresholds.begin(), thresholds.end());
        thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
        expect_exact(thresholds);
    }
}

} // namespace
} // namespace lcclass
