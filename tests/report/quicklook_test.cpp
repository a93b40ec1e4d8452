#include "lcclass/report/quicklook.h"

#include "support/memory_raster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <cmath>
#include <limits>

namespace lcclass::report {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr float nothing = std::numeric_limits<float>::quiet_NaN();

/// Three bands of 53 x 38 pixels with holes: 1000 * band + 7 * column + row, none where column + row is a multiple
/// of 11.
test::MemoryRaster scene() {
    std::vector<std::pair<std::string, std::vector<float>>> bands;
    for (int band = 0; band < 3; ++band) {
        std::vector<float> values;
        for (int row = 0; row < 38; ++row) {
            for (int column = 0; column < 53; ++column) {
                const bool hole = (column + row + band) % 11 == 0;
                values.push_back(hole ? nothing : static_cast<float>(1000 * band + 7 * column + row));
            }
        }
        bands.emplace_back("B" + std::to_string(band), values);
    }
    return {test::grid_of(53, 38), bands};
}

float value_at(const test::MemoryRaster& raster, int band, std::int64_t column, std::int64_t row) {
    PixelBlock block;
    raster.read({column, row, 1, 1}, block);
    return block.band(band)[0];
}

TEST(Quicklook, GridKeepsTheLongerSideWithinWhatIsAsked) {
    const QuicklookGrid grid = quicklook_grid(test::grid_of(53, 38), 10);
    EXPECT_EQ(grid.step, 6);
    EXPECT_EQ(grid.columns, 9);
    EXPECT_EQ(grid.rows, 7);
    EXPECT_EQ(grid.pixel_column(0), 3);
    EXPECT_EQ(grid.pixel_column(8), 51);
    EXPECT_EQ(grid.pixel_row(6), 37) << "39 is beyond the edge";
    EXPECT_EQ(quicklook_grid(test::grid_of(10980, 10980), 900).step, 13);
    EXPECT_EQ(quicklook_grid(test::grid_of(20, 10), 900).step, 1);
}

TEST(Quicklook, CellsAreThePixelsThatTheyShow) {
    const test::MemoryRaster raster = scene();
    for (const std::int64_t most : {4, 10, 53}) {
        const QuicklookGrid grid = quicklook_grid(raster.grid(), most);
        const Quicklook read =
            read_quicklook(raster, {.exact = {{.grid = grid, .bands = {2, 0}}}, .block_pixels = 16}, silent_progress());
        for (std::int64_t j = 0; j < grid.rows; ++j) {
            for (std::int64_t i = 0; i < grid.columns; ++i) {
                const float expected = value_at(raster, 2, grid.pixel_column(i), grid.pixel_row(j));
                const float found = read.exact[0][0][static_cast<std::size_t>(j * grid.columns + i)];
                EXPECT_TRUE(found == expected || (std::isnan(found) && std::isnan(expected))) << i << ' ' << j;
            }
        }
    }
}

TEST(Quicklook, PhotosAreMeansOfPixelsThatHaveAllThreeBands) {
    const test::MemoryRaster raster = scene();
    const QuicklookGrid grid = quicklook_grid(raster.grid(), 10);
    const Quicklook read =
        read_quicklook(raster, {.photos = {{2, 1, 0}}, .photo_grid = grid, .block_pixels = 16}, silent_progress());
    for (std::int64_t j = 0; j < grid.rows; ++j) {
        for (std::int64_t i = 0; i < grid.columns; ++i) {
            double sum = 0;
            int n = 0;
            for (std::int64_t row = 6 * j; row < std::min<std::int64_t>(38, 6 * j + 6); ++row) {
                for (std::int64_t column = 6 * i; column < std::min<std::int64_t>(53, 6 * i + 6); ++column) {
                    const std::int64_t rest = (column + row) % 11;
                    if (rest != 0 && rest != 10 && rest != 9) {
                        sum += static_cast<double>(2000 + 7 * column + row);
                        ++n;
                    }
                }
            }
            EXPECT_NEAR(read.photos[0][0][static_cast<std::size_t>(j * grid.columns + i)], sum / n, 1e-3);
        }
    }
}

TEST(Quicklook, CountsEveryPixelOfACode) {
    const test::MemoryRaster raster(test::grid_of(4, 2), {{"map", {1, 1, 3, 0, nothing, 300, 3, 3}}});
    const Quicklook read = read_quicklook(raster, {.counted = {0}, .block_pixels = 2}, silent_progress());
    EXPECT_THAT(read.counts[0], ElementsAre(Pair(1, 2), Pair(3, 3), Pair(300, 1)));
}

TEST(Quicklook, IsTheSameForAnyThreadsAndBlocks) {
    const test::MemoryRaster raster = scene();
    const QuicklookGrid grid = quicklook_grid(raster.grid(), 10);
    const auto read = [&](std::size_t threads, std::int64_t block) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        const Quicklook found = read_quicklook(
            raster,
            {.exact = {{.grid = grid, .bands = {1}}}, .photos = {{0, 1, 2}}, .photo_grid = grid, .block_pixels = block},
            silent_progress());
        PhotoLayer photo;
        stretch_photo(found.photos[0], photo);
        return std::pair(photo.pixels, scale_cells(found.exact[0][0], 1000, 1500));
    };
    const auto expected = read(1, 1024);
    for (const std::int64_t block : {1, 7, 13, 24}) {
        EXPECT_EQ(read(1, block), expected) << block;
        EXPECT_EQ(read(4, block), expected) << block;
    }
}

TEST(Quicklook, ClassCellsArePositionsOfCodes) {
    const std::vector<float> values = {20, nothing, 10, 30, 0};
    EXPECT_THAT(class_cells(values, std::vector<std::int32_t>{10, 20}), ElementsAre(2, 0, 1, 0, 0));
}

TEST(Quicklook, ScaleCellsLieEvenlyFromLowToHigh) {
    const std::vector<float> values = {-1, 0, 0.5F, 1, 7, nothing};
    EXPECT_THAT(scale_cells(values, 0, 1), ElementsAre(1, 1, 128, 255, 255, 0));
    EXPECT_DOUBLE_EQ(scale_value(1, 0, 1), 0);
    EXPECT_DOUBLE_EQ(scale_value(128, -0.3, 0.3), 0) << "what is nothing stays nothing between signs";
    EXPECT_DOUBLE_EQ(scale_value(255, 0, 3), 3);
}

TEST(Quicklook, PhotosAreStretchedBetweenQuantilesAndClearWithoutPixels) {
    std::vector<float> band = {nothing};
    for (int i = 0; i <= 100; ++i) {
        band.push_back(static_cast<float>(i));
    }
    PhotoLayer photo;
    stretch_photo({band, band, band}, photo);
    EXPECT_EQ(photo.valid[0], 0);
    EXPECT_EQ(photo.valid[1], 1);
    EXPECT_EQ(photo.pixels[1].red, 0);
    EXPECT_EQ(photo.pixels[3].red, 0) << "2 is what 2 % are below";
    EXPECT_EQ(photo.pixels[99].red, 255) << "98";
    EXPECT_EQ(photo.pixels[101].blue, 255);
    EXPECT_EQ(photo.pixels[51].green, 143) << "255 * 0.5^(1/1.2)";
}

} // namespace
} // namespace lcclass::report
