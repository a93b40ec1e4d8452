// Terrain beside GDAL's own program: here, because the features layer and its tests know no GDAL.

#include "features/terrain.h"

#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <gdal.h>
#include <gdal_utils.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace lcclass {
namespace {

constexpr int width = 160;
constexpr int height = 150;
constexpr double without_value = -9999; // of gdaldem's slope and aspect

using Dataset = std::unique_ptr<void, decltype(&GDALClose)>;

/// Hills with noise, a lake, and pixels without a value: here and there, in a block, at the edges.
std::vector<float> hills() {
    Rng rng(1, 0);
    std::vector<float> heights;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double hill = 500 + 80 * std::sin(x / 15.0) + 60 * std::cos(y / 11.0) + 2 * rng.normal();
            const bool is_lake = x >= 50 && x < 70 && y >= 40 && y < 60;
            const bool is_hole = rng.uniform() < .03 || (x < 10 && y >= 100 && y < 120) || (y == 0 && x / 5 == 6);
            const double shown = is_lake ? 600 : hill;
            heights.push_back(is_hole ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(shown));
        }
    }
    return heights;
}

Dataset dataset_of(std::vector<float>& heights, double pixel_height) {
    GDALAllRegister();
    Dataset dataset(GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 1, GDT_Float32, nullptr), GDALClose);
    std::array<double, 6> transform = {500000, 10, 0, 5800000, 0, -pixel_height};
    GDALSetGeoTransform(dataset.get(), transform.data());
    const GDALRasterBandH band = GDALGetRasterBand(dataset.get(), 1);
    GDALSetRasterNoDataValue(band, std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(CE_None,
              GDALRasterIO(band, GF_Write, 0, 0, width, height, heights.data(), width, height, GDT_Float32, 0, 0));
    return dataset;
}

std::vector<float> gdaldem(const Dataset& dataset, const char* what) {
    std::array<char*, 4> words = {const_cast<char*>("-of"), const_cast<char*>("MEM"),
                                  const_cast<char*>("-compute_edges"), nullptr};
    GDALDEMProcessingOptions* options = GDALDEMProcessingOptionsNew(words.data(), nullptr);
    const Dataset result(GDALDEMProcessing("", dataset.get(), what, nullptr, options, nullptr), GDALClose);
    GDALDEMProcessingOptionsFree(options);
    std::vector<float> values(std::size_t{width} * height);
    EXPECT_EQ(CE_None, GDALRasterIO(GDALGetRasterBand(result.get(), 1), GF_Read, 0, 0, width, height, values.data(),
                                    width, height, GDT_Float32, 0, 0));
    return values;
}

std::vector<float> ours(const std::vector<float>& heights, TerrainKind kind, double pixel_height) {
    std::vector<float> values(heights.size());
    const Window whole{0, 0, width, height};
    terrain(kind, {10, pixel_height}, {whole, heights}, {whole, values});
    return values;
}

/// Slope and aspect: the same float at every pixel.
void expect_gdaldem_values(TerrainKind kind, const char* what, double pixel_height) {
    std::vector<float> heights = hills();
    const std::vector<float> theirs = gdaldem(dataset_of(heights, pixel_height), what);
    const std::vector<float> values = ours(heights, kind, pixel_height);
    int n_without = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool is_without = std::isnan(values[i]);
        n_without += is_without ? 1 : 0;
        ASSERT_EQ(is_without ? static_cast<float>(without_value) : values[i], theirs[i]) << "pixel " << i;
    }
    EXPECT_GT(n_without, 900);
}

TEST(TerrainBesideGdaldem, SlopeIsTheSameAtEveryPixel) {
    expect_gdaldem_values(TerrainKind::slope, "slope", 10);
    expect_gdaldem_values(TerrainKind::slope, "slope", 13.5);
}

TEST(TerrainBesideGdaldem, AspectIsTheSameAtEveryPixel) {
    expect_gdaldem_values(TerrainKind::aspect, "aspect", 10);
}

TEST(TerrainBesideGdaldem, HillshadeIsTheSameAtEveryPixelWhenRounded) {
    for (const double pixel_height : {10.0, 13.5}) {
        std::vector<float> heights = hills();
        const std::vector<float> theirs = gdaldem(dataset_of(heights, pixel_height), "hillshade");
        const std::vector<float> values = ours(heights, TerrainKind::hillshade, pixel_height);
        int n_other_bytes = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            // The square root of gdaldem is an approximation, good to 2^-22 of 254.
            const auto value = static_cast<double>(std::isnan(values[i]) ? 0 : values[i]);
            ASSERT_NEAR(value, static_cast<double>(theirs[i]), .5 + 1e-4) << "pixel " << i;
            ASSERT_EQ(std::isnan(values[i]), theirs[i] == 0) << "pixel " << i;
            n_other_bytes += std::floor(value + .5) == static_cast<double>(theirs[i]) ? 0 : 1;
        }
        EXPECT_LE(n_other_bytes, 5); // of 24,000
    }
}

} // namespace
} // namespace lcclass
