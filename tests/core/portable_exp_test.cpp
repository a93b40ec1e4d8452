#include "lcclass/core/portable_exp.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lcclass {
namespace {

TEST(PortableExp, IsWithinAFewUnitsInTheLastPlaceOfTheLibrarys) {
    for (int i = -69000; i <= 69000; ++i) {
        const double value = i / 100.0 + 0.00123;
        const double expected = std::exp(value);
        ASSERT_NEAR(portable_exp(value) / expected, 1, 1e-15) << value;
    }
    EXPECT_EQ(portable_exp(0), 1);
}

TEST(PortableExp, LogisticIsSymmetricAndStaysWithinZeroAndOne) {
    EXPECT_EQ(portable_logistic(0), 0.5);
    EXPECT_NEAR(portable_logistic(2), 0.880797077977882444, 1e-15);
    EXPECT_NEAR(portable_logistic(-2), 1 - 0.880797077977882444, 1e-15);
    EXPECT_EQ(portable_logistic(1e300), 1);
    EXPECT_GE(portable_logistic(-1e300), 0);
    EXPECT_LT(portable_logistic(-1e300), 1e-300);
}

} // namespace
} // namespace lcclass
