#include "geo/scene_case.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class SceneBandsTest : public SceneTest {};

TEST_F(SceneBandsTest, FolderOffersBandsByEsaName) {
    write_band(file("in/T33UUU_20170216T102101_B08.jp2"), 8);
    write_band(file("in/T33UUU_20170216T102101_B02.jp2"), 2);
    write_band(file("in/T33UUU_20170216T102101_TCI.jp2"), 1);
    write_text(file("in/notes.txt"), "B03");
    EXPECT_EQ(names_of(options({"in"})), (std::vector<std::string>{"B02", "B08"}));
}

TEST_F(SceneBandsTest, BandsComeInTheOrderAskedWhateverTheFilesAreCalled) {
    write_band(file("in/z_B02.jp2"), 2);
    write_band(file("in/a_B08.jp2"), 8);
    SceneOptions scene = options({"B02=" + file("in/z_B02.jp2").string(), "B08=" + file("in/a_B08.jp2").string()});
    for (const std::vector<std::string>& names : {std::vector<std::string>{"B08", "B02"}, {"B02", "B08"}}) {
        const auto source = open_scene(scene, names);
        EXPECT_EQ(band_names(*source), names);
        EXPECT_EQ(read_all(*source).values[0], names[0] == "B08" ? 8 : 2);
    }
}

TEST_F(SceneBandsTest, ProductGivesTheFinestResolutionOfEveryBand) {
    make_safe("S2A.SAFE", {});
    const auto bands = list_bands(options({"S2A.SAFE"}, "auto"));
    ASSERT_EQ(bands.size(), 4U); // with SCL
    EXPECT_EQ(bands[0].name, "B02");
    EXPECT_EQ(bands[0].grid.pixel_width, 10);
    EXPECT_EQ(bands[1].name, "B04");
    EXPECT_THAT(bands[1].path, HasSubstr("IMG_DATA"));
    EXPECT_EQ(bands[2].name, "B05");
    EXPECT_EQ(bands[2].grid.pixel_width, 20);
}

TEST_F(SceneBandsTest, ProductMetadataAppliesHoweverTheProductIsNamed) {
    ProductCase product;
    product.offsets = {{"1", "-1000"}, {"3", "-900"}, {"4", "-1000"}};
    const fs::path images = make_safe("S2A.SAFE", product);
    const std::string b04 = (images / "R10m" / "T33UUU_20230216T102101_B04_10m.jp2").string();
    const float expected = static_cast<float>((4000 - 900) / 10000.0);
    for (const std::string& input :
         {std::string("S2A.SAFE"), std::string("S2A.SAFE/MTD_MSIL2A.xml"), images.string(), b04, "B04=" + b04}) {
        EXPECT_FLOAT_EQ(first_pixel(options({input}, "auto"), "B04"), expected) << input;
    }
    const auto source = open_scene(options({"S2A.SAFE"}, "auto"), {"B04"});
    EXPECT_EQ(source->bands()[0].radiometry.origin, "product");
    EXPECT_EQ(source->bands()[0].unit, "reflectance");
}

TEST_F(SceneBandsTest, StatedRadiometryDoesWithoutBrokenMetadata) {
    ProductCase product;
    product.quantification = "0";
    make_safe("S2A.SAFE", product);
    EXPECT_THAT(list_error(options({"S2A.SAFE"}, "auto")), HasSubstr("BOA_QUANTIFICATION_VALUE=0"));
    EXPECT_FLOAT_EQ(first_pixel(options({"S2A.SAFE"}, "scale=0.0001,offset=-0.1"), "B04"), 0.3F);
}

TEST_F(SceneBandsTest, MissingBandIsNamedWithFolderAndWhatIsThere) {
    write_band(file("in/B02.jp2"), 2);
    write_band(file("in/B05.jp2"), 5, 20);
    const SceneOptions scene = options({"in"});
    EXPECT_THAT(error_of(ExitCode::input, [&] { open_scene(scene, {"B11"}); }),
                AllOf(HasSubstr(file("in").string()), HasSubstr("band=B11"), HasSubstr("B02 (10), B05 (20)"),
                      HasSubstr("fix: download")));
}

TEST_F(SceneBandsTest, TwoFilesForOneBandAreListed) {
    write_band(file("in/T33UUU_20170216T102101_B04.jp2"), 4);
    write_band(file("in/T33UVU_20170216T102101_B04.jp2"), 4);
    EXPECT_THAT(list_error(options({"in"})),
                AllOf(HasSubstr("T33UUU_20170216T102101_B04.jp2"), HasSubstr("T33UVU_20170216T102101_B04.jp2")));
}

TEST_F(SceneBandsTest, TwoProductsInOneFolderAreAmbiguous) {
    make_safe("in/one.SAFE", {});
    make_safe("in/two.SAFE", {});
    EXPECT_THAT(list_error(options({"in"})), AllOf(HasSubstr("B02"), HasSubstr("one.SAFE"), HasSubstr("two.SAFE")));
}

TEST_F(SceneBandsTest, OneNameFromTwoInputsIsRefused) {
    write_raster(file("a.tif"), {.bands = {std::vector<double>(16, 1)}, .names = {"NDVI"}});
    write_band(file("b.tif"), 2);
    EXPECT_THAT(list_error(options({"a.tif", "NDVI=" + file("b.tif").string()})),
                AllOf(HasSubstr("a.tif:band 1"), HasSubstr("NDVI"), HasSubstr("b.tif:band 1")));
}

TEST_F(SceneBandsTest, NamedInputsChooseABandOfAFile) {
    const std::vector<std::vector<double>> planes = {std::vector<double>(16, 1), std::vector<double>(16, 2)};
    write_raster(file("a.tif"), {.bands = planes});
    write_raster(file("with:colon.tif"), {.bands = {planes[0]}});
    write_raster(file("b:2"), {.bands = planes});
    const std::string a = file("a.tif").string();
    EXPECT_EQ(first_pixel(options({"red=" + a + ":2"}), "red"), 2);
    EXPECT_EQ(first_pixel(options({"red=" + file("with:colon.tif").string()}), "red"), 1);
    EXPECT_EQ(first_pixel(options({"red=" + file("b:2").string() + ":2"}), "red"), 2);
    EXPECT_THAT(list_error(options({"red=" + a})), AllOf(HasSubstr("2 bands"), HasSubstr("red=PATH:BAND")));
    EXPECT_THAT(list_error(options({"red=" + a + ":3"})), HasSubstr("band=3"));
    EXPECT_THAT(list_error(options({"red=" + a + ":x"})), HasSubstr("'x' is not the number of a band"));
    EXPECT_THAT(list_error(options({"../red=" + a + ":1"})), HasSubstr("cannot be the name of a band"));
}

TEST_F(SceneBandsTest, RastersWithDescriptionsOfferThem) {
    write_raster(file("stack.tif"), {.type = GDT_Float32,
                                     .bands = {std::vector<double>(16, 0), std::vector<double>(16, 0.5)},
                                     .names = {"B04", "NDVI"}});
    const auto source = open_scene(options({"stack.tif"}, "auto"), {"NDVI", "B04"});
    const PixelBlock block = read_all(*source);
    EXPECT_EQ(block.band(0)[0], 0.5F);
    EXPECT_EQ(block.band(1)[0], 0.0F); // zero is a number here
    EXPECT_EQ(source->bands()[1].radiometry, Radiometry{});
}

TEST_F(SceneBandsTest, ScaleAndOffsetOfTheFileAreApplied) {
    write_raster(file("a.tif"),
                 {.bands = {std::vector<double>(16, 3000)}, .names = {"red"}, .scale_offset = std::pair(0.0001, -0.1)});
    EXPECT_FLOAT_EQ(first_pixel(options({"a.tif"}, "auto"), "red"), 0.2F);
    EXPECT_EQ(list_bands(options({"a.tif"}, "auto"))[0].radiometry.origin, "file");
    EXPECT_EQ(first_pixel(options({"a.tif"}, "none"), "red"), 3000);
}

TEST_F(SceneBandsTest, StatedRadiometryIsOfSentinel2BandsWhereThereAreSome) {
    write_band(file("dem.tif"), 300);
    write_band(file("red.tif"), 3000);
    write_raster(file("slope.tif"),
                 {.bands = {std::vector<double>(16, 50)}, .names = {"slope"}, .scale_offset = std::pair(0.5, 1.0)});
    const std::string dem = "DEM=" + file("dem.tif").string();
    const std::string red = file("red.tif").string();
    const SceneOptions scene = options({"B04=" + red, dem, "slope.tif"}, "scale=0.0001,offset=-0.1");
    EXPECT_FLOAT_EQ(first_pixel(scene, "B04"), 0.2F);
    EXPECT_EQ(first_pixel(scene, "DEM"), 300);
    EXPECT_EQ(first_pixel(scene, "slope"), 26); // 50 x 0.5 + 1, as its file says
    EXPECT_EQ(open_scene(scene, {"DEM"})->bands()[0].radiometry, Radiometry{});
    // `none` is no statement about one kind of band.
    EXPECT_EQ(first_pixel(options({"B04=" + red, "slope.tif"}, "none"), "slope"), 50);
    const SceneOptions without = options({"red=" + red, dem}, "scale=0.0001,offset=-0.1");
    EXPECT_FLOAT_EQ(first_pixel(without, "red"), 0.2F);
    EXPECT_FLOAT_EQ(first_pixel(without, "DEM"), -0.07F);
}

TEST_F(SceneBandsTest, DescriptionsAreNamesForAStatedRadiometryToo) {
    write_raster(file("stack.tif"), {.type = GDT_Float32,
                                     .bands = {std::vector<double>(16, 3000), std::vector<double>(16, 7)},
                                     .names = {"B8A", "dem"}});
    const SceneOptions scene = options({"stack.tif"}, "scale=0.0001,offset=0");
    EXPECT_FLOAT_EQ(first_pixel(scene, "B8A"), 0.3F);
    EXPECT_EQ(first_pixel(scene, "dem"), 7);
}

TEST_F(SceneBandsTest, DescribedSentinel2BandsHaveTheirSpecialNumbersInAnyPixelType) {
    for (const GDALDataType type : {GDT_UInt16, GDT_Float32}) {
        write_raster(file("stack.tif"), {.width = 5,
                                         .height = 1,
                                         .type = type,
                                         .bands = {{0, 3, 5, 3000, 65535}, {0, 3, 5, 3000, 65535}},
                                         .names = {"B04", "height"}});
        for (const std::string renamed : {"", "red=B04"}) {
            SceneOptions scene = options({"stack.tif"}, "scale=0.0001,offset=-0.1");
            scene.min_valid_dn = 5;
            if (!renamed.empty()) {
                scene.rename = {renamed};
            }
            const PixelBlock block = read_all(*open_scene(scene, {renamed.empty() ? "B04" : "red", "height"}));
            expect_same(band_of(block, 0), {nan_value, nan_value, -0.0995F, 0.2F, nan_value}, 1e-6F);
            expect_same(band_of(block, 1), {0, 3, 5, 3000, 65535});
        }
        fs::remove(file("stack.tif"));
    }
}

TEST_F(SceneBandsTest, DescribedSentinel2BandsOfIntegersNeedAStatement) {
    write_raster(file("multi.tif"), {.bands = {std::vector<double>(16, 4), std::vector<double>(16, 5)},
                                     .names = {"B04@2018-05-06", "height"}});
    EXPECT_THAT(list_error(options({"multi.tif"}, "auto")),
                AllOf(HasSubstr("multi.tif"), HasSubstr("radiometry=auto"), HasSubstr("or none")));
}

TEST_F(SceneBandsTest, CodesStayCodesUnderAnotherName) {
    write_raster(file("multi.tif"), {.bands = {std::vector<double>(16, 4)}, .names = {"SCL"}});
    SceneOptions scene = options({"multi.tif"}, "auto");
    scene.rename = {"CLS=SCL"};
    EXPECT_TRUE(list_bands(scene)[0].categorical);
    write_band(file("T33UUU_20170216T102101_SCL_20m.jp2"), 4);
    EXPECT_TRUE(list_bands(options({"CLS=T33UUU_20170216T102101_SCL_20m.jp2"}, "auto"))[0].categorical);
}

TEST_F(SceneBandsTest, LooseSentinel2BandsNeedAStatement) {
    write_band(file("in/T33UUU_20170216T102101_B04.jp2"), 4);
    const std::string path = file("in/T33UUU_20170216T102101_B04.jp2").string();
    for (const std::string& input : {std::string("in"), path, "red=" + path}) {
        EXPECT_THAT(list_error(options({input}, "auto")),
                    AllOf(HasSubstr("B04.jp2"), HasSubstr("radiometry=auto"), HasSubstr("fix: state --radiometry")));
    }
}

TEST_F(SceneBandsTest, ZeroAndSaturationAreNodataBeforeTheOffset) {
    write_raster(file("T33UUU_20170216T102101_B04.jp2"), {.width = 4, .height = 1, .bands = {{0, 1, 65534, 65535}}});
    const SceneOptions scene = options({"T33UUU_20170216T102101_B04.jp2"}, "scale=0.0001,offset=-0.1");
    expect_same(band_of(read_all(*open_scene(scene, {"B04"})), 0),
                {nan_value, static_cast<float>(-0.0999), static_cast<float>(6.4534), nan_value}, 1e-7F);
}

TEST_F(SceneBandsTest, NumbersThatAreNotSentinel2KeepTheirZeros) {
    write_raster(file("a.tif"), {.width = 2, .height = 1, .bands = {{0, 65535}}, .names = {"red"}});
    expect_same(band_of(read_all(*open_scene(options({"a.tif"}, "auto"), {"red"})), 0), {0, 65535});
}

TEST_F(SceneBandsTest, NdviOfDigitalNumbersIsAccurate) {
    write_raster(file("B04.tif"), {.width = 3, .height = 1, .bands = {{2000, 1234, 7}}});
    write_raster(file("B08.tif"), {.width = 3, .height = 1, .bands = {{1000, 4321, 5}}});
    const PixelBlock block =
        read_all(*open_scene(options({"B04.tif", "B08.tif"}, "scale=0.0001,offset=0"), {"B04", "B08"}));
    const auto ndvi = [&](std::size_t i) {
        return (block.band(1)[i] - block.band(0)[i]) / (block.band(1)[i] + block.band(0)[i]);
    };
    EXPECT_NEAR(ndvi(0), -1 / 3.0, 1e-6);
    EXPECT_NEAR(ndvi(1), 3087 / 5555.0, 1e-6);
    EXPECT_NEAR(ndvi(2), -2 / 12.0, 1e-6);
}

TEST_F(SceneBandsTest, RadiometryMustBeWholeAndPlausible) {
    write_band(file("a.tif"), 1);
    for (const char* text : {"scale=0.0001", "offset=0", "scale=0,offset=0", "scale=x,offset=0", "scale=nan,offset=0",
                             "scale=1,offset=0,scale=1", "gain=1,offset=0", "", "AUTO"}) {
        EXPECT_THAT(list_error(options({"a.tif"}, text), ExitCode::command_line),
                    AllOf(HasSubstr("radiometry="), HasSubstr("fix: write auto, none")));
    }
    EXPECT_THAT(list_error(options({"a.tif"}, "scale=0.0001,offset=-1000"), ExitCode::command_line),
                HasSubstr("offset=-0.1"));
}

TEST_F(SceneBandsTest, InputsThatOfferNoBandAreRefused) {
    fs::create_directory(file("empty"));
    EXPECT_THAT(list_error(options({"empty"})), HasSubstr("holds no band files"));
    EXPECT_THAT(list_error(options({"absent"})), HasSubstr("does not exist"));
    write_text(file("other.xml"), "<a/>");
    EXPECT_THAT(list_error(options({"other.xml"})), HasSubstr("not the metadata of a Sentinel-2 product"));
    EXPECT_THAT(list_error(options({}), ExitCode::command_line), HasSubstr("no bands were named"));
}

TEST_F(SceneBandsTest, BandAskedForTwiceIsRefused) {
    write_band(file("in/B02.jp2"), 2);
    EXPECT_THAT(error_of(ExitCode::configuration,
                         [&] {
                             open_scene(options({"in"}), {"B02", "B02"});
                         }),
                HasSubstr("band=B02"));
}

} // namespace
} // namespace lcclass::test
