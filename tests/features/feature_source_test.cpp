#include "lcclass/features/feature_source.h"

#include "features/feature_case.h"

namespace lcclass {
namespace {

using test::recipe_of;

constexpr float nan = test::no_value;

std::shared_ptr<test::MemoryRaster> red_and_infrared() {
    return std::make_shared<test::MemoryRaster>(
        test::grid_of(2, 2), std::vector<std::pair<std::string, std::vector<float>>>{{"B04", {.2F, 0, nan, .1F}},
                                                                                     {"B08", {.1F, 0, .4F, .3F}}});
}

TEST(FeatureSource, FeaturesStandInTheOrderAskedFor) {
    const auto bands = red_and_infrared();
    const FeatureSource source(bands, recipe_of({.features = {"NDVI", "B04"}}, *bands));
    PixelBlock block;
    source.read(source.grid().extent(), block);
    EXPECT_EQ(band_names(source), (std::vector<std::string>{"NDVI", "B04"}));
    EXPECT_FLOAT_EQ(block.band(0)[0], -1.0F / 3);
    EXPECT_FLOAT_EQ(block.band(0)[3], 0.5F);
    EXPECT_EQ(block.band(1)[0], .2F);
}

TEST(FeatureSource, UndefinedIsNodataAndCountedOnceNodataIsNotCounted) {
    const auto bands = red_and_infrared();
    const FeatureSource source(bands, recipe_of({.features = {"B08", "NDVI"}}, *bands));
    PixelBlock block;
    source.read(source.grid().extent(), block);
    EXPECT_EQ(block.valid, (std::vector<std::uint8_t>{1, 0, 0, 1}));
    EXPECT_TRUE(std::isnan(block.band(1)[1])) << "0 / 0";
    EXPECT_EQ(block.band(0)[1], 0) << "the band itself has a value there";
    EXPECT_EQ(source.undefined_counts(), (std::vector<std::int64_t>{0, 1}));
}

TEST(FeatureSource, AMissingBandIsNamed) {
    const auto bands = red_and_infrared();
    const auto red_only = std::make_shared<test::MemoryRaster>(
        test::grid_of(1, 1), std::vector<std::pair<std::string, std::vector<float>>>{{"B04", {.2F}}});
    EXPECT_THROW(FeatureSource(red_only, recipe_of({.features = {"NDVI"}}, *bands)), Error);
}

TEST(SelectBands, PicksByNameWhateverTheOrder) {
    const auto picked = select_bands(red_and_infrared(), {"B08", "B04"}, "s.tif");
    PixelBlock block;
    picked->read({.x = 1, .y = 1, .width = 1, .height = 1}, block);
    EXPECT_EQ(block.values, (std::vector<float>{.3F, .1F}));
}

TEST(SelectBands, LeavesNodataOfOtherBandsAside) {
    const auto picked = select_bands(red_and_infrared(), {"B08"}, "s.tif");
    PixelBlock block;
    picked->read(picked->grid().extent(), block);
    EXPECT_EQ(block.valid[2], 1);
}

TEST(SelectBands, MissingFeaturesAreAllListed) {
    try {
        select_bands(red_and_infrared(), {"NDVI", "B04", "B11"}, "s.tif");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::model);
        EXPECT_NE(std::string(error.what()).find("lacks NDVI, B11"), std::string::npos) << error.what();
    }
}

} // namespace
} // namespace lcclass
