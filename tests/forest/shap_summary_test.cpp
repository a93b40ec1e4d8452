#include "lcclass/forest/shap_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

constexpr std::array<float, 10> values = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
constexpr std::array<double, 10> shap = {0.1, -0.2, 0.05, -0.3, 0.4, 0.3, -0.1, 0.2, 0.25, 0.1};

TEST(ShapSummary, EqualsNumpyAndScipy) {
    // numpy.quantile, numpy.mean and scipy.stats.spearmanr (1.10) of the two lists above.
    const ShapSpread spread = summarize_shap(values, shap);
    EXPECT_NEAR(spread.mean_abs, 0.2, 1e-15);
    EXPECT_NEAR(spread.mean, 0.08, 1e-15);
    EXPECT_THAT(spread.quantiles, Pointwise(DoubleNear(1e-15), {-0.3, -0.255, -0.0625, 0.1, 0.2375, 0.355, 0.4}));
    ASSERT_TRUE(spread.rank_correlation);
    EXPECT_NEAR(*spread.rank_correlation, 0.8895872933807083, 1e-14);
}

TEST(ShapSummary, DirectionIsThatOfRanksAlone) {
    const std::array<float, 4> rising = {1, 2, 3, 1000};
    EXPECT_EQ(summarize_shap(rising, std::array<double, 4>{-0.5, -0.4, 0, 0.001}).rank_correlation, 1.0);
    EXPECT_EQ(summarize_shap(rising, std::array<double, 4>{4, 3, 2, 1}).rank_correlation, -1.0);
}

TEST(ShapSummary, ConstantsHaveNoDirection) {
    EXPECT_FALSE(summarize_shap(std::array<float, 3>{7, 7, 7}, std::array<double, 3>{1, 2, 3}).rank_correlation);
    EXPECT_FALSE(summarize_shap(std::array<float, 3>{1, 2, 3}, std::array<double, 3>{0, 0, 0}).rank_correlation);
    const ShapSpread one = summarize_shap(std::array<float, 1>{1}, std::array<double, 1>{-0.25});
    EXPECT_FALSE(one.rank_correlation);
    EXPECT_THAT(one.quantiles, Pointwise(DoubleNear(0), std::vector<double>(7, -0.25)));
}

TEST(ValueBins, HoldAboutEqualNumbersAndNeverPartEqualValues) {
    // Sorted 1 1 2 3 3 | 4 5 5 6 9: the 5th of 10 begins the second half.
    const ValueBins bins = bin_values(values, 2);
    EXPECT_THAT(bins.low, ElementsAre(1, 4));
    EXPECT_THAT(bins.high, ElementsAre(3, 9));
    EXPECT_THAT(bins.count, ElementsAre(5, 5));
    EXPECT_THAT(bins.bin_of_row, ElementsAre(0, 0, 1, 0, 1, 1, 0, 1, 1, 0));
    EXPECT_THAT(bins.means(shap), ElementsAre(DoubleNear(-0.08, 1e-15), DoubleNear(0.24, 1e-15)));
}

TEST(ValueBins, RepeatedValuesMakeFewerBins) {
    const std::array<float, 6> tied = {5, 5, 5, 5, 5, 7};
    const ValueBins bins = bin_values(tied, 3);
    EXPECT_THAT(bins.low, ElementsAre(5, 7));
    EXPECT_THAT(bins.count, ElementsAre(5, 1));
    EXPECT_THAT(bin_values(std::array<float, 3>{2, 2, 2}, 20).count, ElementsAre(3));
    EXPECT_THAT(bin_values(std::array<float, 3>{3, 1, 2}, 20).low, ElementsAre(1, 2, 3));
}

} // namespace
} // namespace lcclass
