#include "lcclass/core/grid_spec.h"

#include "support/memory_raster.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

TEST(GridSpec, BoundsAndCentresFollowTheOuterCorner) {
    const GridSpec grid = test::grid_of(3, 2);
    EXPECT_EQ(grid.bounds(), (Bounds{.min_x = 600000, .min_y = 5099980, .max_x = 600030, .max_y = 5100000}));
    EXPECT_DOUBLE_EQ(grid.center_x(0), 600005);
    EXPECT_DOUBLE_EQ(grid.center_y(1), 5099985);
}

TEST(GridSpec, LatticesAgreeWithinAThousandthOfAPixelAtBothEnds) {
    const GridSpec grid = test::grid_of(1000, 1000);
    GridSpec other = grid;
    other.origin_x += 0.009;
    EXPECT_TRUE(same_lattice(grid, other));
    other.origin_x += 0.009;
    EXPECT_FALSE(same_lattice(grid, other));
    other = grid;
    other.pixel_width += 1e-4; // a tenth of a metre at the far edge
    EXPECT_FALSE(same_lattice(grid, other));
}

TEST(GridSpec, BlockWindowsCoverTheAreaOnceRowByRow) {
    const auto windows = block_windows({.x = 5, .y = 7, .width = 5, .height = 3}, 2, 2);
    ASSERT_EQ(windows.size(), 6U);
    EXPECT_EQ(windows[0], (Window{.x = 5, .y = 7, .width = 2, .height = 2}));
    EXPECT_EQ(windows[2], (Window{.x = 9, .y = 7, .width = 1, .height = 2}));
    EXPECT_EQ(windows[5], (Window{.x = 9, .y = 9, .width = 1, .height = 1}));
    std::int64_t pixels = 0;
    for (const Window& window : windows) {
        pixels += window.n_pixels();
    }
    EXPECT_EQ(pixels, 15);
}

TEST(GridSpec, PixelCountsAreSixtyFourBit) {
    const GridSpec grid = test::grid_of(100000, 100000);
    EXPECT_EQ(grid.n_pixels(), 10000000000LL);
}

} // namespace
} // namespace lcclass
