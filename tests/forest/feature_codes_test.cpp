#include "forest/feature_codes.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lcclass {
namespace {

using ::testing::ElementsAre;

CodedFeature encode(const std::vector<float>& values, int max_bins = 65535) {
    return encode_features({.columns = {values.data()}, .n_rows = static_cast<std::int64_t>(values.size())},
                           max_bins)[0];
}

TEST(FeatureCodes, AreRanksOfDistinctValues) {
    const CodedFeature feature = encode({3.5F, -2, 0, 3.5F, -0.0F, 1e30F, -1e30F});
    EXPECT_THAT(feature.codes, ElementsAre(3, 1, 2, 3, 2, 4, 0));
    EXPECT_THAT(feature.lowest, ElementsAre(-1e30F, -2, 0, 3.5F, 1e30F));
    EXPECT_EQ(feature.highest, feature.lowest);
    EXPECT_THAT(feature.thresholds, ElementsAre(-5e29F, -1, 1.75F, 5e29F));
}

TEST(FeatureCodes, ThresholdPartsNeighbouringFloats) {
    for (const float low : {1.0F, 16777216.0F, 1e-45F, -3.0F, std::numeric_limits<float>::lowest()}) {
        const float high = std::nextafter(low, std::numeric_limits<float>::infinity());
        const float threshold = threshold_between(low, high);
        EXPECT_LE(low, threshold);
        EXPECT_LT(threshold, high);
    }
    EXPECT_EQ(threshold_between(std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max()), 0);
}

TEST(FeatureCodes, CutIsTheThresholdNearestToTheMiddleOfTheGap) {
    const CodedFeature feature = encode({0, 1, 2, 10, 11}); // thresholds 0.5 1.5 6 10.5
    EXPECT_EQ(feature.cut_between(0, 1), 0U);
    EXPECT_EQ(feature.cut_between(0, 2), 0U); // middle 1: 0.5 and 1.5 are as near
    EXPECT_EQ(feature.cut_between(0, 3), 2U); // middle 5: 6
    EXPECT_EQ(feature.cut_between(1, 4), 2U); // middle 6: 6
    EXPECT_EQ(feature.cut_between(3, 4), 3U);
}

TEST(FeatureCodes, BeyondMaxBinsAreQuantiles) {
    // 0..11 once each in 4 bins: three values each.
    std::vector<float> values;
    for (int i = 0; i < 12; ++i) {
        values.push_back(static_cast<float>(11 - i));
    }
    const CodedFeature feature = encode(values, 4);
    EXPECT_THAT(feature.codes, ElementsAre(3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0, 0));
    EXPECT_THAT(feature.lowest, ElementsAre(0, 3, 6, 9));
    EXPECT_THAT(feature.highest, ElementsAre(2, 5, 8, 11));
    EXPECT_THAT(feature.thresholds, ElementsAre(2.5F, 5.5F, 8.5F));
}

TEST(FeatureCodes, BinsNeverExceedTheirNumberAndKeepOrder) {
    Rng rng(1, 0);
    std::vector<float> values;
    for (int i = 0; i < 5000; ++i) {
        values.push_back(static_cast<float>(std::floor(std::exp(6 * rng.uniform()))));
    }
    for (const int max_bins : {2, 3, 17, 256}) {
        const CodedFeature feature = encode(values, max_bins);
        EXPECT_LE(feature.n_codes(), max_bins);
        EXPECT_GE(feature.n_codes(), 2);
        for (std::size_t i = 0; i < values.size(); ++i) {
            EXPECT_LE(feature.lowest[feature.codes[i]], values[i]);
            EXPECT_GE(feature.highest[feature.codes[i]], values[i]);
        }
    }
}

TEST(FeatureCodes, ConstantFeatureHasOneCode) {
    const CodedFeature feature = encode({7, 7, 7});
    EXPECT_EQ(feature.n_codes(), 1);
    EXPECT_TRUE(feature.thresholds.empty());
}

TEST(FeatureCodes, ValueThatIsNotFiniteIsNamed) { // FAULTS.md D01
    const std::vector<float> good = {1, 2, 3};
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity(), -HUGE_VALF}) {
        const std::vector<float> column = {1, bad, bad};
        try {
            encode_features({.columns = {good.data(), column.data()}, .n_rows = 3}, 65535);
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            EXPECT_EQ(error.fault().field, "feature 1, row 1");
        }
    }
}

} // namespace
} // namespace lcclass
