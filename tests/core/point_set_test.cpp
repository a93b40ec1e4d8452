#include "lcclass/core/point_set.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

TEST(MeanPlace, IsTheMeanOfWhatWasAdded) {
    MeanPlace mean;
    mean.add(1, 10);
    mean.add(2, 10);
    mean.add(6, 40);
    EXPECT_DOUBLE_EQ(mean.x(), 3);
    EXPECT_DOUBLE_EQ(mean.y(), 20);
}

TEST(MeanPlace, OfOnePlaceIsExactlyThatPlace) {
    MeanPlace mean;
    for (int i = 0; i < 7; ++i) {
        mean.add(600000.1, 5100000.3);
    }
    EXPECT_EQ(mean.x(), 600000.1);
    EXPECT_EQ(mean.y(), 5100000.3);
}

} // namespace
} // namespace lcclass
