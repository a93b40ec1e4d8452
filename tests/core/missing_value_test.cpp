#include "lcclass/core/missing_value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace lcclass {
namespace {

TEST(MissingValue, EveryKindIsNanAndKeepsItsKindWhenCopied) {
    for (const Missing kind : {Missing::nodata, Missing::saturated, Missing::below_minimum}) {
        const std::vector<float> values(5, missing_value(kind));
        std::vector<float> copy(5);
        std::copy(values.begin(), values.end(), copy.begin());
        for (const float value : copy) {
            EXPECT_TRUE(std::isnan(value));
            EXPECT_EQ(missing_kind(value), kind);
        }
    }
}

TEST(MissingValue, NansOfOthersAreNodata) {
    EXPECT_EQ(missing_kind(std::numeric_limits<float>::quiet_NaN()), Missing::nodata);
    EXPECT_EQ(missing_kind(-std::numeric_limits<float>::quiet_NaN()), Missing::nodata);
    EXPECT_EQ(missing_kind(std::bit_cast<float>(0x7FFFFFFFU)), Missing::nodata);
    EXPECT_EQ(missing_kind(std::bit_cast<float>(missing_value_bits)), Missing::nodata);
    EXPECT_EQ(missing_kind(std::nanf("2")), Missing::nodata);
}

} // namespace
} // namespace lcclass
