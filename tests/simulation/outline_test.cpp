#include "simulation/outline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace lcclass::simulation {
namespace {

using Ring = std::vector<std::pair<int, int>>;

Mask mask_of(const std::vector<std::string>& rows) {
    Mask mask(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
    for (std::size_t i = 0; i < mask.inside.size(); ++i) {
        mask.inside[i] = rows[i / rows.front().size()][i % rows.front().size()] == '#' ? 1 : 0;
    }
    return mask;
}

TEST(Outline, OnePixelHasFourCorners) {
    EXPECT_EQ(trace_outline(mask_of({"...", ".#.", "..."})), (Ring{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}}));
}

TEST(Outline, CornersAreKeptOnlyWhereTheOutlineTurns) {
    EXPECT_EQ(trace_outline(mask_of({"##.", "##.", "###"})),
              (Ring{{0, 0}, {2, 0}, {2, 2}, {3, 2}, {3, 3}, {0, 3}, {0, 0}}));
}

TEST(Outline, HoleIsEnclosed) {
    const Mask hole = enclosed_pixels(mask_of({".##..", "####.", "##.##", ".####", "..#.."}));
    EXPECT_EQ(std::count(hole.inside.begin(), hole.inside.end(), 1), 1);
    EXPECT_TRUE(hole.at(2, 2));
}

TEST(Outline, BayIsNotEnclosed) {
    const Mask hole = enclosed_pixels(mask_of({"###", "#.#", "#.#"}));
    EXPECT_EQ(std::count(hole.inside.begin(), hole.inside.end(), 1), 0);
}

TEST(Outline, AreaByShoelaceEqualsThePixelCount) {
    const Ring ring = trace_outline(mask_of({"#...#", "##.##", ".###.", "..#.."}));
    int twice_area = 0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        twice_area += ring[i].first * ring[i + 1].second - ring[i + 1].first * ring[i].second;
    }
    EXPECT_EQ(twice_area, 2 * 10);
}

TEST(Outline, DiagonalGapIsEnclosed) {
    // The two gaps meet the outside only at corners: 4-connected they are inside.
    const Mask hole = enclosed_pixels(mask_of({".##.", "#..#", ".##."}));
    EXPECT_TRUE(hole.at(1, 1));
    EXPECT_TRUE(hole.at(2, 1));
    EXPECT_FALSE(hole.at(0, 0));
}

} // namespace
} // namespace lcclass::simulation
