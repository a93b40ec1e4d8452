#include "geo/scene_case.h"
#include "geo/scene_names.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::string date_text(const std::string& name) {
    const auto date = date_in_name(name);
    return date ? to_string(*date) : "";
}

TEST(SceneNames, DateIsTheFirstDayInAName) {
    EXPECT_EQ(date_text("S2A_MSIL1C_20170216T102101_N0204_R065_T33UUU_20170217T102204.SAFE"), "2017-02-16");
    EXPECT_EQ(date_text("T33UUU_20170216T102101"), "2017-02-16");
    EXPECT_EQ(date_text("S2L1C_20150711.tif"), "2015-07-11");
    EXPECT_EQ(date_text("20150711"), "2015-07-11");
    EXPECT_EQ(date_text("LC08_L2SP_193023_20180506_20200901_02_T1"), "2018-05-06");
}

TEST(SceneNames, LandsatSceneIdsHoldTheDayOfTheYear) {
    EXPECT_EQ(date_text("LE70350322008118EDC00"), "2008-04-27"); // day 118 of a leap year
    EXPECT_EQ(date_text("LE70350322009120EDC00_b3.tif"), "2009-04-30");
    EXPECT_EQ(date_text("LE70350322009366EDC00"), ""); // 2009 has 365 days
    EXPECT_TRUE(is_landsat_name("LE70350322008118EDC00_b3.tif"));
    EXPECT_TRUE(is_landsat_name("LC08_L2SP_193023_20180506_20200901_02_T1_SR_B4.TIF"));
    EXPECT_FALSE(is_landsat_name("T33UUU_20170216T102101_B04.jp2"));
}

TEST(SceneNames, OldProductsSayWhenTheyWereSensedBehindAV) {
    EXPECT_EQ(date_text("S2A_OPER_PRD_MSIL1C_PDMC_20160101T000000_R022_V20150813T102406_20150813T102406.SAFE"),
              "2015-08-13");
}

TEST(SceneNames, OtherDigitsAreNoDate) {
    for (const char* name : {"dem.tif", "120180506.tif", "20181306.tif", "33000101.tif", "2018_05_06.tif", "1234567"}) {
        EXPECT_EQ(date_text(name), "") << name;
    }
}

TEST(SceneNames, LevelIsPartOfProductNames) {
    EXPECT_EQ(level_in_path("x/S2A_MSIL1C_20170216T102101_N0204.SAFE/GRANULE/a/B04.jp2"), "L1C");
    EXPECT_EQ(level_in_path("S2B_MSIL2A_20230216T102101_N0509.SAFE"), "L2A");
    EXPECT_EQ(level_in_path("L2A_T33UUU_20170216T102101_B04_10m.jp2"), "L2A");
    EXPECT_EQ(level_in_path("LC08_L2SP_193023_20180506_20200901_02_T1_SR_B4.TIF"), "L2SP");
    EXPECT_EQ(level_in_path("T33UUU_20170216T102101_B04.jp2"), "");
}

class SceneDatesTest : public SceneTest {};

TEST_F(SceneDatesTest, OneDateLeavesNamesPlain) {
    write_band(file("in/T33UUU_20170216T102101_B02.jp2"), 2);
    write_band(file("dem.tif"), 300);
    const auto bands = list_bands(options({"in", "DEM=dem.tif"}));
    ASSERT_EQ(bands.size(), 2U);
    EXPECT_EQ(bands[0].name, "B02");
    EXPECT_EQ(bands[0].date, make_date(2017, 2, 16));
    EXPECT_EQ(bands[1].name, "DEM");
    EXPECT_EQ(bands[1].date, std::nullopt);
}

TEST_F(SceneDatesTest, SeveralDatesOfOneFolderAreToldApart) {
    write_band(file("in/T33UUU_20170216T102101_B02.jp2"), 2);
    write_band(file("in/T33UUU_20170303T102101_B02.jp2"), 3);
    write_band(file("dem.tif"), 300);
    const SceneOptions scene = options({"in", "DEM=dem.tif"});
    EXPECT_THAT(names_of(scene), ElementsAre("B02@2017-02-16", "B02@2017-03-03", "DEM"));
    EXPECT_EQ(first_pixel(scene, "B02@2017-03-03"), 3);
    EXPECT_THAT(error_of(ExitCode::input, [&] { open_scene(scene, {"B02"}); }),
                AllOf(HasSubstr("band=B02"), HasSubstr("B02@2017-02-16 (10)")));
}

TEST_F(SceneDatesTest, MetadataKnowsTheDateBetterThanNames) {
    ProductCase product;
    product.start_time = "2023-02-15T23:59:58.024Z";
    make_safe("S2A_MSIL2A_20230216T102101_N0509.SAFE", product);
    EXPECT_EQ(list_bands(options({"S2A_MSIL2A_20230216T102101_N0509.SAFE"}))[0].date, make_date(2023, 2, 15));
    product.start_time = "";
    make_safe("other.SAFE", product, "T33UUU_20230311T102101");
    const auto bands = list_bands(options({"other.SAFE"}));
    EXPECT_EQ(bands[0].date, make_date(2023, 3, 11));
}

TEST_F(SceneDatesTest, ProductsOfSeveralDatesMayShareAFolder) {
    ProductCase product;
    make_safe("in/one.SAFE", product);
    product.baseline = "03.01"; // without offset
    product.offsets.clear();
    make_safe("in/two.SAFE", product, "T33UUU_20210311T102101");
    const SceneOptions scene = options({"in"}, "auto");
    EXPECT_FLOAT_EQ(first_pixel(scene, "B04@2023-02-16"), 0.3F);
    EXPECT_FLOAT_EQ(first_pixel(scene, "B04@2021-03-11"), 0.4F);
}

TEST_F(SceneDatesTest, DatesAreStatedWithBandsAndWholeInputs) {
    write_band(file("red.tif"), 1);
    write_band(file("in/B02.jp2"), 2);
    write_band(file("in/B04.jp2"), 4);
    write_raster(file("multi.tif"),
                 {.bands = {std::vector<double>(16, 7), std::vector<double>(16, 8)}, .names = {"VV", "VH"}});
    const SceneOptions scene =
        options({"red@2018-05-06=red.tif", "@20180711=in", "@2018-08-01=multi.tif", "one@2018-09-01=multi.tif:2"});
    EXPECT_THAT(names_of(scene), ElementsAre("red@2018-05-06", "B02@2018-07-11", "B04@2018-07-11", "VV@2018-08-01",
                                             "VH@2018-08-01", "one@2018-09-01"));
    EXPECT_EQ(first_pixel(scene, "VH@2018-08-01"), 8);
    EXPECT_EQ(first_pixel(scene, "one@2018-09-01"), 8);
}

TEST_F(SceneDatesTest, AStatedDateStaysInTheNameEvenAlone) {
    write_band(file("red.tif"), 1);
    EXPECT_THAT(names_of(options({"red@2018-05-06=red.tif"})), ElementsAre("red@2018-05-06"));
}

TEST_F(SceneDatesTest, StatedDatesWinOverNames) {
    write_band(file("in/T33UUU_20170216T102101_B02.jp2"), 2);
    EXPECT_THAT(names_of(options({"@2018-05-06=in"})), ElementsAre("B02@2018-05-06"));
    write_band(file("in/T33UUU_20170303T102101_B02.jp2"), 3);
    EXPECT_THAT(list_error(options({"@2018-05-06=in"})),
                AllOf(HasSubstr("B02@2018-05-06"), HasSubstr("20170216T102101_B02"), HasSubstr("20170303T102101_B02")));
}

TEST_F(SceneDatesTest, NamedFilesAreDatedByEsaAndLandsatNamesAlone) {
    write_band(file("T33UUU_20170216T102101_B02.jp2"), 2);
    write_band(file("LE70350322008118EDC00_b3.tif"), 3);
    write_band(file("roads_20200101.tif"), 4);
    EXPECT_THAT(names_of(options({"blue=T33UUU_20170216T102101_B02.jp2", "green=LE70350322008118EDC00_b3.tif",
                                  "ROADS=roads_20200101.tif"})),
                ElementsAre("blue@2017-02-16", "green@2008-04-27", "ROADS"));
}

TEST_F(SceneDatesTest, RastersWithNamedBandsAreDatedByTheirFile) {
    for (const char* name : {"S2L1C_20150711.tif", "S2L1C_20150731.tif"}) {
        write_raster(file(name), {.bands = {std::vector<double>(16, 4)}, .names = {"B04"}});
    }
    EXPECT_THAT(names_of(options({"S2L1C_20150711.tif", "S2L1C_20150731.tif"})),
                ElementsAre("B04@2015-07-11", "B04@2015-07-31"));
}

TEST_F(SceneDatesTest, DatedDescriptionsAreKept) {
    const std::vector<std::vector<double>> planes(3, std::vector<double>(16, 1));
    write_raster(file("stack_20200101.tif"), {.bands = planes, .names = {"NDVI@2015-07-11", "NDVI@p50", "DEM"}});
    const auto bands = list_bands(options({"stack_20200101.tif"}));
    EXPECT_EQ(bands[0].name, "NDVI@2015-07-11");
    EXPECT_EQ(bands[0].date, make_date(2015, 7, 11));
    EXPECT_EQ(bands[1].name, "NDVI@p50");
    EXPECT_EQ(bands[2].name, "DEM"); // the file's own date is not the DEM's
    EXPECT_EQ(bands[2].date, std::nullopt);
}

TEST_F(SceneDatesTest, DescriptionsThatAreDatesBecomeTheDatesOfAName) {
    write_raster(file("ndvi.tif"), {.bands = {std::vector<double>(16, 1), std::vector<double>(16, 2)},
                                    .names = {"2015-07-11", "2015-07-31"}});
    const SceneOptions scene = options({"NDVI@=ndvi.tif"});
    EXPECT_THAT(names_of(scene), ElementsAre("NDVI@2015-07-11", "NDVI@2015-07-31"));
    EXPECT_EQ(first_pixel(scene, "NDVI@2015-07-31"), 2);
    write_raster(file("twice.tif"), {.bands = {std::vector<double>(16, 1), std::vector<double>(16, 2)},
                                     .names = {"2015-12-08", "2015-12-08"}});
    const SceneOptions twice = options({"NDVI@=twice.tif"});
    EXPECT_THAT(names_of(twice), ElementsAre("NDVI@2015-12-08", "NDVI@2015-12-08.2"));
    EXPECT_EQ(first_pixel(twice, "NDVI@2015-12-08.2"), 2);
    EXPECT_THAT(list_error(options({"NDVI=ndvi.tif"})), HasSubstr("NDVI@=PATH"));
    write_band(file("red.tif"), 1);
    EXPECT_THAT(list_error(options({"NDVI@=red.tif"})), AllOf(HasSubstr("red.tif"), HasSubstr("is a date")));
}

TEST_F(SceneDatesTest, FoldersAboveTheScenesOwnAreNotItsDate) {
    write_band(file("download_20200101/scene/B04.jp2"), 4);
    EXPECT_EQ(list_bands(options({"download_20200101/scene"}))[0].date, std::nullopt);
    write_band(file("download_20200101/scene_20180506/B04.jp2"), 4);
    write_band(file("download_20200101/tile_20180507/R10m/B04.jp2"), 4);
    EXPECT_EQ(list_bands(options({"download_20200101/scene_20180506"}))[0].date, make_date(2018, 5, 6));
    EXPECT_EQ(list_bands(options({"download_20200101/tile_20180507"}))[0].date, make_date(2018, 5, 7));
    make_safe("download_20200101/S2A_MSIL2A_20230216T102101_N0509.SAFE", {}, "T33UUU");
    EXPECT_EQ(list_bands(options({"download_20200101/S2A_MSIL2A_20230216T102101_N0509.SAFE"}, "auto"))[0].date,
              make_date(2023, 2, 16));
}

TEST_F(SceneDatesTest, DatesDoNotDependOnHowAPathIsWritten) {
    write_band(file("scene_20180506/B04.jp2"), 4);
    const fs::path before = fs::current_path();
    fs::current_path(file("scene_20180506"));
    std::vector<std::optional<Date>> dates;
    for (const std::string& input : {std::string("."), std::string("B04.jp2"), std::string("../scene_20180506/."),
                                     file("scene_20180506/B04.jp2").string()}) {
        SceneOptions scene = options({file("scene_20180506").string()});
        scene.inputs = {input};
        dates.push_back(list_bands(scene)[0].date);
    }
    fs::current_path(before);
    EXPECT_THAT(dates, ::testing::Each(std::optional(make_date(2018, 5, 6))));
}

TEST_F(SceneDatesTest, DatesMustBeDates) {
    write_band(file("red.tif"), 1);
    EXPECT_THAT(list_error(options({"red@2018-13-06=red.tif"})), HasSubstr("'2018-13-06' is not a date"));
    EXPECT_THAT(list_error(options({"@=red.tif"})), HasSubstr("neither a band nor a date"));
}

TEST_F(SceneDatesTest, TwoFilesForOneBandOfOneDateAreListed) {
    write_band(file("in/T33UUU_20170216T102101_B04.jp2"), 4);
    write_band(file("in/T33UVU_20170216T102101_B04.jp2"), 4);
    write_band(file("in/T33UUU_20170303T102101_B04.jp2"), 4);
    EXPECT_THAT(list_error(options({"in"})),
                AllOf(HasSubstr("T33UUU_20170216T102101_B04.jp2"), HasSubstr("T33UVU_20170216T102101_B04.jp2")));
    SceneOptions chosen = options({"in"});
    chosen.granule = "33UUU";
    EXPECT_THAT(names_of(chosen), ElementsAre("B04@2017-02-16", "B04@2017-03-03"));
}

TEST_F(SceneDatesTest, RealSeriesAreDatedByDescriptionAndFile) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const fs::path folder = shared_data() / "slovenia_s2_series";
    const auto ndvi = list_bands(options({"NDVI@=" + (folder / "NDVI_68dates.tif").string()}));
    EXPECT_EQ(ndvi.size(), 68U);
    EXPECT_EQ(ndvi[0].name, "NDVI@2015-07-11");
    EXPECT_EQ(ndvi[8].name, "NDVI@2015-12-08.2"); // the place was seen twice that day
    const auto scenes = list_bands(
        options({(folder / "S2L1C_20150711.tif").string(), (folder / "S2L1C_20150909.tif").string()}, "auto"));
    EXPECT_EQ(scenes.size(), 26U);
    EXPECT_EQ(scenes.back().name, "B12@2015-09-09");
}

} // namespace
} // namespace lcclass::test
