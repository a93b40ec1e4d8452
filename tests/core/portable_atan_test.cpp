#include "lcclass/core/portable_atan.h"

#include <gtest/gtest.h>

#include <limits>

namespace lcclass {
namespace {

TEST(PortableAtan, AgreesWithTheLibraryOverItsWholeRange) {
    for (double value = -30; value <= 30; value += 1.0 / 1024) {
        const double expected = std::atan(value);
        ASSERT_NEAR(portable_atan(value), expected, 4e-16 * std::abs(expected)) << value;
    }
    for (const double value : {1e-300, 1e-9, 1e9, 1e300}) {
        EXPECT_DOUBLE_EQ(portable_atan(value), std::atan(value));
        EXPECT_DOUBLE_EQ(portable_atan(-value), std::atan(-value));
    }
    EXPECT_DOUBLE_EQ(portable_atan(std::numeric_limits<double>::infinity()), M_PI / 2);
}

TEST(PortableAtan, AngleOfAPointAgreesWithTheLibraryAllAround) {
    for (int degree = -179; degree <= 180; ++degree) {
        const double angle = degree * M_PI / 180;
        const double x = 3 * std::cos(angle);
        const double y = 3 * std::sin(angle);
        EXPECT_DOUBLE_EQ(portable_atan2(y, x), std::atan2(y, x)) << degree;
    }
    EXPECT_DOUBLE_EQ(portable_atan2(0, 2), 0);
    EXPECT_DOUBLE_EQ(portable_atan2(0, -2), M_PI);
    EXPECT_DOUBLE_EQ(portable_atan2(2, 0), M_PI / 2);
    EXPECT_DOUBLE_EQ(portable_atan2(-2, 0), -M_PI / 2);
    EXPECT_EQ(portable_atan2(0, 0), 0);
}

} // namespace
} // namespace lcclass
