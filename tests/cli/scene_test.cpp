#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>

// Rows A and F of the catalogue of faults that must work, or work with a word about it.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::RasterCase;
using test::tiny_band;
using test::TinyScene;

class Scene : public test::CliTest {
protected:
    void band(const std::string& name, const RasterCase& raster) const {
        test::write_raster(path("bands/" + name + ".tif"), raster);
    }

    /// Bands of `width` x 1 pixels with these digital numbers.
    void row(const std::string& name, const std::vector<double>& numbers) const {
        RasterCase raster = tiny_band(0);
        raster.width = static_cast<int>(numbers.size());
        raster.height = 1;
        raster.bands = {numbers};
        band(name, raster);
    }

    test::ProcessResult stack(const std::string& inputs, const std::string& features, const Arguments& more = {},
                              const std::string& radiometry = test::tiny_radiometry) const {
        Arguments arguments = {"stack", "--radiometry", radiometry,    "--features", features,
                               "-o",    "stack.tif",    "--overwrite", "-i"};
        for (const std::string& name : split(inputs, ' ')) {
            arguments.push_back(name.find('=') != std::string::npos ? name : name + "=bands/" + name + ".tif");
        }
        arguments.insert(arguments.end(), more.begin(), more.end());
        return succeed(arguments);
    }

    [[nodiscard]] std::vector<float> values(int number, const std::string& file = "stack.tif") const {
        return test::band_of(test::read_all(*open_raster(path(file)).source), number);
    }

    /// The scene's four bands with one changed, and the map of them by the scene's model.
    test::ProcessResult map_with(const std::string& changed, const RasterCase& raster) const {
        fs::copy(TinyScene::get().bands(), path("scene"));
        test::write_raster(path("scene/" + changed + ".tif"), raster);
        Arguments arguments = {"predict", "-m", TinyScene::get().model(), "-o", "map.tif", "-i"};
        const Arguments inputs = test::band_inputs(path("scene"));
        arguments.insert(arguments.end(), inputs.begin(), inputs.end());
        return succeed(arguments);
    }
};

TEST_F(Scene, A10_ZeroIsNodataBeforeTheOffset) {
    row("B04", {0, 1000, 1500, 0});
    stack("B04", "B04");
    test::expect_same(values(0), {test::nan_value, 0, 0.05F, test::nan_value}, 1e-7F);
}

TEST_F(Scene, A10_ZeroIsNodataInFilesThatTheUserCallsABand) {
    row("crop", {0, 1500, 65535});
    stack("B04=bands/crop.tif", "B04");
    test::expect_same(values(0), {test::nan_value, 0.05F, test::nan_value}, 1e-7F);
}

TEST_F(Scene, A15_CoarseBandIsBroughtToTheFineGridByPixelEdges) {
    band("B02", tiny_band(0));
    RasterCase coarse = tiny_band(0); // a ramp of 1 per metre: 10 at the centre of the first pixel of 20 m
    coarse.width = coarse.height = 20;
    coarse.pixel = 20;
    coarse.bands = {test::values_of(20, 20, [](int column, int) { return 20 * column + 10; })};
    band("B11", coarse);
    stack("B02 B11", "B11", {"--resampling", "bilinear", "--like", "bands/B02.tif"}, "none");
    const auto ramp = values(0);
    for (std::size_t column = 1; column < 39; ++column) {
        EXPECT_NEAR(ramp[40 * 7 + column], 10.0 * static_cast<double>(column) + 5, 1e-6 * 400);
    }
    stack("B02 B11", "B11", {"--resampling", "nearest", "--like", "bands/B02.tif"}, "none");
    const auto steps = values(0);
    EXPECT_EQ(steps[0], 10);
    EXPECT_EQ(steps[1], 10);
    EXPECT_EQ(steps[2], 30);
}

TEST_F(Scene, A16_RoundingOfOriginsIsAccepted) {
    band("B02", tiny_band(0));
    RasterCase jittered = tiny_band(1);
    jittered.origin_x += 1e-3;
    band("B03", jittered);
    stack("B02 B03", "B02,B03");
    EXPECT_FLOAT_EQ(values(1)[0], static_cast<float>(test::tiny_number(1, 0, 0) * 0.0001 - 0.1));
}

TEST_F(Scene, A17_IntersectionWhenItIsMeant) {
    band("B02", tiny_band(0));
    RasterCase shifted = tiny_band(1);
    shifted.origin_x += 100;
    band("B03", shifted);
    const auto result = stack("B02 B03", "B02,B03", {"--extent", "intersection"});
    EXPECT_THAT(result.output, testing::HasSubstr("30 x 40 px of 10, 600100 5100000 600400 5100400"));
    EXPECT_FLOAT_EQ(values(0)[0], static_cast<float>(test::tiny_number(0, 10, 0) * 0.0001 - 0.1));
    EXPECT_FLOAT_EQ(values(1)[0], static_cast<float>(test::tiny_number(1, 0, 0) * 0.0001 - 0.1));
}

TEST_F(Scene, A24_BandsGoByNameNotByOrderOrFile) {
    row("B02", {2000});
    row("B08", {8000});
    stack("B08=bands/B02.tif B02=bands/B08.tif", "B02,B08");
    EXPECT_FLOAT_EQ(values(0)[0], 0.7F);
    EXPECT_FLOAT_EQ(values(1)[0], 0.1F);
    row("T33UUU_20170216T102101_B08", {8000});
    row("T33UUU_20170216T102101_B02", {2000});
    fs::remove(path("bands/B02.tif"));
    fs::remove(path("bands/B08.tif"));
    succeed(
        {"stack", "-i", "bands", "--radiometry", "none", "--features", "B08,B02", "-o", "stack.tif", "--overwrite"});
    EXPECT_EQ(values(0)[0], 8000);
    EXPECT_EQ(values(1)[0], 2000);
}

TEST_F(Scene, A26_NdviOfUnsignedNumbersMayBeNegative) {
    row("B04", {2000, 1000});
    row("B08", {1000, 2000});
    stack("B04 B08", "NDVI", {}, "none"); // (1000 - 2000) / (1000 + 2000)
    test::expect_same(values(0), {-1.0F / 3, 1.0F / 3}, 1e-7F);
}

TEST_F(Scene, A27_SumsOfZeroOrLessAreNodataAndCounted) {
    row("B04", {1000, 900, 2000, 1000});
    row("B08", {1000, 900, 3000, 3000}); // after the offset: 0 + 0, -0.01 - 0.01, 0.1 + 0.2, 0 + 0.2
    const auto result = stack("B04 B08", "NDVI");
    test::expect_same(values(0), {test::nan_value, test::nan_value, 1.0F / 3, 1}, 1e-6F);
    EXPECT_THAT(result.output, testing::HasSubstr("NDVI undefined (nodata) at 2 pixels"));
}

TEST_F(Scene, A28_ScaleOfTheFileIsApplied) {
    RasterCase index = tiny_band(0);
    index.type = GDT_Int16;
    index.scale_offset = {1e-4, 0};
    std::ranges::fill(index.bands[0], -2500.0);
    band("NDVI", index);
    stack("NDVI", "NDVI", {}, "auto");
    EXPECT_FLOAT_EQ(values(0)[0], -0.25F);
}

TEST_F(Scene, A29_OnePixelAndOneColumnWork) {
    row("B04", {1500});
    stack("B04", "B04");
    EXPECT_FLOAT_EQ(values(0)[0], 0.05F);
    RasterCase column = tiny_band(0);
    column.width = 1;
    column.bands = {test::values_of(1, 40, [](int, int y) { return 1000 + y; })};
    band("B04", column);
    stack("B04", "B04");
    EXPECT_EQ(values(0).size(), 40U);
    EXPECT_FLOAT_EQ(values(0)[39], 0.0039F);
}

TEST_F(Scene, A30_CornerBeyondTheFourthBillionthByte) {
    constexpr int side = 70000;
    {
        std::array<std::string, 3> texts = {"SPARSE_OK=TRUE", "TILED=YES", "BIGTIFF=YES"};
        std::array<char*, 4> options = {texts[0].data(), texts[1].data(), texts[2].data(), nullptr};
        const DatasetHandle huge(GDALCreate(GDALGetDriverByName("GTiff"), path("huge.tif").c_str(), side, side, 1,
                                            GDT_UInt16, options.data()));
        ASSERT_TRUE(huge);
        std::array<double, 6> transform = {0, 10, 0, 10.0 * side, 0, -10};
        GDALSetGeoTransform(huge.get(), transform.data());
        GDALSetSpatialRef(huge.get(), make_reference(parse_crs("EPSG:32633"), "test").get());
        std::uint16_t number = 4321;
        ASSERT_EQ(GDALRasterIO(GDALGetRasterBand(huge.get(), 1), GF_Write, side - 1, side - 1, 1, 1, &number, 1, 1,
                               GDT_UInt16, 0, 0),
                  CE_None);
    }
    stack("B04=huge.tif", "B04", {"--bounds", "699980,0,700000,20"}, "none");
    test::expect_same(values(0), {test::nan_value, test::nan_value, test::nan_value, 4321}); // the rest is sparse: 0
}

TEST_F(Scene, A31_PredictingASceneWithoutValuesWarns) {
    RasterCase empty = tiny_band(1);
    std::ranges::fill(empty.bands[0], 0.0);
    const auto result = map_with("B03", empty);
    EXPECT_THAT(result.errors, testing::HasSubstr("warning: map.tif: no pixel has a value in every feature"));
    EXPECT_THAT(result.output, testing::HasSubstr("nodata 1,600 of 1,600 pixels"));
}

TEST_F(Scene, F01_OrderOfTheStackDoesNotMatter) {
    Arguments permuted = {
        "stack", "--radiometry", test::tiny_radiometry, "--features", "NDVI,B08,B03,NDWI,B02,B04", "-o", "permuted.tif",
        "-i"};
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    permuted.insert(permuted.end(), inputs.rbegin(), inputs.rend());
    succeed(permuted);
    const std::string model = TinyScene::get().model();
    succeed({"predict", "-m", model, "-i", TinyScene::get().stack(), "-o", "map.tif"});
    succeed({"predict", "-m", model, "-i", "permuted.tif", "-o", "map2.tif"});
    EXPECT_TRUE(bytes("map.tif") == bytes("map2.tif"));
}

TEST_F(Scene, F03_NodataInOneFeatureIsNodataInTheMap) {
    RasterCase gap = tiny_band(2);
    gap.bands[0][40 * 3 + 5] = 0;
    const auto result = map_with("B04", gap);
    EXPECT_THAT(result.output, testing::HasSubstr("nodata 1 of 1,600 pixels"));
    const auto map = values(0, "map.tif");
    for (std::size_t i = 0; i < map.size(); ++i) {
        EXPECT_EQ(std::isnan(map[i]), i == 40 * 3 + 5) << i;
    }
}

} // namespace
} // namespace lcclass
