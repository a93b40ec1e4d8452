#include "lcclass/core/pixel_block.h"

#include <gtest/gtest.h>

#include <limits>

namespace lcclass {
namespace {

TEST(PixelBlock, APixelIsValidWhenEveryBandHasAFiniteValue) {
    PixelBlock block;
    block.reset({.x = 0, .y = 0, .width = 3, .height = 1}, 2);
    std::ranges::copy(std::vector<float>{1, 2, std::numeric_limits<float>::infinity()}, block.band(0).begin());
    std::ranges::copy(std::vector<float>{4, std::numeric_limits<float>::quiet_NaN(), 6}, block.band(1).begin());
    block.update_valid();
    EXPECT_EQ(block.valid, (std::vector<std::uint8_t>{1, 0, 0}));
}

TEST(PixelBlock, ViewHasOneColumnPerBand) {
    PixelBlock block;
    block.reset({.x = 0, .y = 0, .width = 2, .height = 2}, 3);
    const FeatureView view = view_of(block);
    EXPECT_EQ(view.n_rows, 4);
    EXPECT_EQ(view.n_features(), 3);
    EXPECT_EQ(view.columns[2], block.values.data() + 8);
}

} // namespace
} // namespace lcclass
