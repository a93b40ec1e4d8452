#include "lcclass/assess/map_pixels.h"

#include "lcclass/core/error.h"
#include "support/memory_raster.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <limits>
#include <set>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// Two blocks wide: stripes of classes 1 to 3, and a column of nodata.
test::MemoryRaster striped() {
    constexpr std::int64_t width = 1500;
    constexpr std::int64_t height = 40;
    std::vector<float> codes;
    for (std::int64_t row = 0; row < height; ++row) {
        for (std::int64_t col = 0; col < width; ++col) {
            codes.push_back(col == 7 ? nan : static_cast<float>(col < 15 ? 1 : 2 + row % 2));
        }
    }
    return {test::grid_of(width, height), {{"class_code", std::move(codes)}}};
}

TEST(MapPixels, CountsCodesWhereTheMapHasAValue) {
    const auto map = striped();
    const auto counts = count_codes(map, map, silent_progress());
    EXPECT_EQ(counts, (std::map<std::int32_t, std::int64_t>{{1, 14 * 40}, {2, 1485 * 20}, {3, 1485 * 20}}));
    std::vector<float> half(1500 * 40, nan);
    std::fill(half.begin(), half.begin() + 1500, 9.0F);
    const test::MemoryRaster strata(test::grid_of(1500, 40), {{"stratum", std::move(half)}});
    EXPECT_EQ(count_codes(map, strata, silent_progress()), (std::map<std::int32_t, std::int64_t>{{9, 1499}}));
}

TEST(MapPixels, GivesTheCodeAtEveryPixelAskedFor) {
    const auto map = striped();
    const std::vector<std::int64_t> pixels = {1499, 0, 1500 + 1200, 7, 39 * 1500};
    EXPECT_EQ(codes_at(map, pixels, silent_progress()), (std::vector<std::int32_t>{2, 1, 3, 0, 1}));
    EXPECT_TRUE(codes_at(map, {}, silent_progress()).empty());
}

TEST(MapPixels, FindsThePixelsThatHaveACode) {
    std::vector<float> codes(1500 * 40, nan);
    codes[1499] = 4;
    codes[1500] = 2;
    const test::MemoryRaster raster(test::grid_of(1500, 40), {{"class_code", std::move(codes)}});
    const auto found = coded_pixels(raster, 2, silent_progress());
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].pixel, 1499);
    EXPECT_EQ(found[0].code, 4);
    EXPECT_EQ(found[1].pixel, 1500);
    EXPECT_THROW(coded_pixels(raster, 1, silent_progress()), Error);
}

TEST(MapPixels, DrawsSoManyOfEveryClassAndTheSameOnAnyThreads) {
    const auto map = striped();
    const std::vector<std::int64_t> excluded = {0, 1, 2, 3};
    std::vector<std::vector<std::int64_t>> draws;
    for (const std::size_t threads : {1U, 4U}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        std::vector<std::int64_t>& pixels = draws.emplace_back();
        std::map<std::int32_t, int> per_code;
        for (const DrawnPixel& drawn :
             draw_pixels(map, {{1, 1000}, {2, 50}, {3, 20}}, excluded, 5, silent_progress())) {
            pixels.push_back(drawn.pixel);
            ++per_code[drawn.code];
            EXPECT_EQ(codes_at(map, std::vector{drawn.pixel}, silent_progress())[0], drawn.code);
        }
        EXPECT_EQ(per_code, (std::map<std::int32_t, int>{{1, 14 * 40 - 4}, {2, 50}, {3, 20}}));
        EXPECT_EQ(std::set(pixels.begin(), pixels.end()).size(), pixels.size()) << "without replacement";
        for (const std::int64_t pixel : excluded) {
            EXPECT_EQ(std::count(pixels.begin(), pixels.end(), pixel), 0);
        }
    }
    EXPECT_EQ(draws[0], draws[1]);
    const auto other = draw_pixels(map, {{2, 50}}, {}, 6, silent_progress());
    EXPECT_EQ(other.size(), 50U);
    EXPECT_EQ(std::count(draws[0].begin(), draws[0].end(), other[0].pixel), 0) << "another seed";
}

TEST(MapPixels, DrawsEveryPixelOfAClassEquallyOften) {
    // 5 of the 20 pixels of a class, 2,000 times: each 500 times, with a standard deviation of 19.
    const test::MemoryRaster map(test::grid_of(20, 1), {{"class_code", std::vector<float>(20, 1)}});
    std::vector<int> times(20);
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        for (const DrawnPixel& drawn : draw_pixels(map, {{1, 5}}, {}, seed, silent_progress())) {
            ++times[static_cast<std::size_t>(drawn.pixel)];
        }
    }
    for (const int n : times) {
        EXPECT_NEAR(n, 500, 90);
    }
}

} // namespace
} // namespace lcclass
