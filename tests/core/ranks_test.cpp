#include "lcclass/core/ranks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CentredRanks, ShareTheMeanAmongEqualNumbers) {
    // scipy.stats.rankdata([3, 1, 3, 2, 3, 1]) is 5, 1.5, 5, 3, 5, 1.5; their mean is 3.5.
    const std::vector<float> numbers = {3, 1, 3, 2, 3, 1};
    EXPECT_THAT(centred_ranks(std::span<const float>(numbers)), ElementsAre(1.5, -2, 1.5, -0.5, 1.5, -2));
    const std::vector<double> constant = {7, 7, 7};
    EXPECT_THAT(centred_ranks(std::span<const double>(constant)), ElementsAre(0, 0, 0));
    EXPECT_THAT(centred_ranks(std::span<const double>()), IsEmpty());
}

TEST(AscendingOrder, KeepsEqualNumbersAsTheyCome) {
    const std::vector<double> numbers = {0.5, -1, 0.5, -1};
    EXPECT_THAT(ascending_order(std::span<const double>(numbers)), ElementsAre(1, 3, 0, 2));
}

} // namespace
} // namespace lcclass
