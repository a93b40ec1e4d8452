#include "geo/landsat_product.h"
#include "geo/scene_case.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const std::string oli = "LC08_L2SP_193023_20180506_20200901_02_T1";
const std::string etm = "LE07_L2SP_193023_20180514_20200829_02_T1";

/// The entries of a product's metadata that matter, and the Level-1 ones that must not be mistaken for them.
struct MetadataCase {
    std::string level = "L2SP";
    std::string date = "2018-05-06";
    std::string multiplier = "2.75e-05";

    [[nodiscard]] std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>> groups() const {
        return {{"PRODUCT_CONTENTS", {{"PROCESSING_LEVEL", level}}},
                {"IMAGE_ATTRIBUTES", {{"SPACECRAFT_ID", "LANDSAT_8"}, {"DATE_ACQUIRED", date}}},
                {"LEVEL1_RADIOMETRIC_RESCALING",
                 {{"REFLECTANCE_MULT_BAND_4", "2.0000E-05"}, {"REFLECTANCE_ADD_BAND_4", "-0.100000"}}},
                {"LEVEL2_SURFACE_REFLECTANCE_PARAMETERS",
                 {{"REFLECTANCE_MULT_BAND_4", multiplier},
                  {"REFLECTANCE_ADD_BAND_4", "-0.2"},
                  {"REFLECTANCE_MULT_BAND_5", "3e-05"},
                  {"REFLECTANCE_ADD_BAND_5", "-0.3"}}},
                {"LEVEL2_SURFACE_TEMPERATURE_PARAMETERS",
                 {{"TEMPERATURE_MULT_BAND_ST_B10", "0.00341802"}, {"TEMPERATURE_ADD_BAND_ST_B10", "149.0"}}}};
    }
    [[nodiscard]] std::string text() const {
        std::string result = "GROUP = LANDSAT_METADATA_FILE\n";
        for (const auto& [group, entries] : groups()) {
            result += "  GROUP = " + group + "\n";
            for (const auto& [key, value] : entries) {
                const bool quoted = key == "PROCESSING_LEVEL" || key == "SPACECRAFT_ID";
                result += "    " + key + " = " + (quoted ? "\"" + value + "\"" : value) + "\n";
            }
            result += "  END_GROUP = " + group + "\n";
        }
        return result + "END_GROUP = LANDSAT_METADATA_FILE\nEND\n";
    }
    [[nodiscard]] std::string xml() const {
        std::string result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LANDSAT_METADATA_FILE>\n";
        for (const auto& [group, entries] : groups()) {
            result += "<" + group + ">";
            for (const auto& [key, value] : entries) {
                result += "<" + key + ">" + value + "</" + key + ">\n";
            }
            result += "</" + group + ">\n";
        }
        return result + "</LANDSAT_METADATA_FILE>\n";
    }
};

class SceneLandsatTest : public SceneTest {
protected:
    void make_bands(const std::string& folder, const std::string& product, double number = 10000) {
        for (const char* band : {"SR_B4", "SR_B5", "ST_B10"}) {
            write_band(file(folder) / (product + "_" + band + ".TIF"), number);
        }
        for (const char* flags : {"QA_PIXEL", "QA_RADSAT", "SR_QA_AEROSOL"}) {
            write_band(file(folder) / (product + "_" + flags + ".TIF"), 21824);
        }
    }
};

TEST_F(SceneLandsatTest, NumbersBecomeValuesByTheBandsOwnGroupOfEitherMetadata) {
    make_bands("text", oli);
    write_text(file("text") / (oli + "_MTL.txt"), MetadataCase().text());
    make_bands("xml", oli);
    write_text(file("xml") / (oli + "_MTL.xml"), MetadataCase().xml());
    for (const std::string& input :
         {std::string("text"), "text/" + oli + "_MTL.txt", std::string("xml"), "xml/" + oli + "_MTL.xml"}) {
        const SceneOptions scene = options({input}, "auto");
        EXPECT_THAT(names_of(scene), ElementsAre("QA_PIXEL", "QA_RADSAT", "SR_B4", "SR_B5", "ST_B10")) << input;
        const auto source = open_scene(scene, {"SR_B4", "SR_B5", "ST_B10", "QA_PIXEL"});
        const PixelBlock block = read_all(*source);
        EXPECT_FLOAT_EQ(block.band(0)[0], 0.075F); // 10000 x 2.75e-5 - 0.2
        EXPECT_FLOAT_EQ(block.band(1)[0], 0.0F);
        EXPECT_FLOAT_EQ(block.band(2)[0], 183.1802F);
        EXPECT_EQ(block.band(3)[0], 21824);
        EXPECT_EQ(source->bands()[0].unit, "reflectance");
        EXPECT_EQ(source->bands()[2].unit, "K");
        EXPECT_EQ(source->bands()[0].level, "L2SP");
    }
}

TEST_F(SceneLandsatTest, DateIsThatOfAcquisition) {
    make_bands("in", oli);
    MetadataCase metadata;
    metadata.date = "2018-05-07"; // other than the name's, to see which is read
    write_text(file("in") / (oli + "_MTL.txt"), metadata.text());
    EXPECT_EQ(list_bands(options({"in"}))[0].date, make_date(2018, 5, 7));
    make_bands("in", etm);
    EXPECT_EQ(names_of(options({"in"}, "none")).back(), "ST_B10@2018-05-14");
    SceneOptions chosen = options({"in"}, "none");
    chosen.granule = oli;
    EXPECT_EQ(names_of(chosen).back(), "ST_B10");
}

TEST_F(SceneLandsatTest, ZeroIsFillBeforeTheOffset) {
    write_raster(file("in") / (oli + "_SR_B4.TIF"), {.width = 4, .height = 1, .bands = {{0, 1, 8000, 65535}}});
    write_text(file("in") / (oli + "_MTL.xml"), MetadataCase().xml());
    SceneOptions scene = options({"in"}, "auto");
    const float highest = static_cast<float>(65535 * 2.75e-5 - 0.2);
    expect_same(band_of(read_all(*open_scene(scene, {"SR_B4"})), 0), {nan_value, -0.1999725F, 0.02F, highest}, 1e-6F);
    scene.min_valid_dn = 7273; // USGS: the lowest number of reflectances from 0 on
    expect_same(band_of(read_all(*open_scene(scene, {"SR_B4"})), 0), {nan_value, nan_value, 0.02F, highest}, 1e-6F);
}

TEST_F(SceneLandsatTest, BandsAreRenamedForIndicesAndKeepTheirRadiometry) {
    make_bands("in", oli);
    write_text(file("in") / (oli + "_MTL.xml"), MetadataCase().xml());
    SceneOptions scene = options({"in"}, "auto");
    scene.rename = {"B04=SR_B4", "B08=SR_B5"};
    EXPECT_FLOAT_EQ(first_pixel(scene, "B04"), 0.075F);
}

TEST_F(SceneLandsatTest, WithoutMetadataTheRadiometryMustBeStated) {
    make_bands("in", oli);
    EXPECT_THAT(list_error(options({"in"}, "auto")),
                AllOf(HasSubstr("radiometry=auto"), HasSubstr("_MTL.xml"), HasSubstr("scale=0.0000275,offset=-0.2")));
    const std::string red = file("in/" + oli + "_SR_B4.TIF").string();
    for (const std::string& input : {red, "B04=" + red}) {
        EXPECT_FLOAT_EQ(first_pixel(options({input}, "scale=0.0000275,offset=-0.2"), input == red ? "SR_B4" : "B04"),
                        0.075F);
        EXPECT_THAT(list_error(options({input}, "auto")), HasSubstr("radiometry=auto"));
    }
}

TEST_F(SceneLandsatTest, WhatIsStatedForSentinel2LeavesLandsatToItsMetadata) {
    make_bands("in", oli);
    write_band(file("T33UUU_20180506T102101_B04.jp2"), 3000);
    const SceneOptions scene = options({"in", "T33UUU_20180506T102101_B04.jp2"}, "scale=0.0001,offset=-0.1");
    EXPECT_THAT(list_error(scene), AllOf(HasSubstr("_MTL.xml"), HasSubstr("of the Sentinel-2 bands")));
    write_text(file("in") / (oli + "_MTL.xml"), MetadataCase().xml());
    EXPECT_FLOAT_EQ(first_pixel(scene, "B04"), 0.2F);
    EXPECT_FLOAT_EQ(first_pixel(scene, "SR_B4"), 0.075F);
}

TEST_F(SceneLandsatTest, NumbersOfTwoSensorsDoNotMix) {
    make_bands("oli", oli);
    make_bands("etm", etm);
    write_band(file("oli") / (oli + "_SR_B7.TIF"), 7);
    write_band(file("etm") / (etm + "_SR_B7.TIF"), 7);
    SceneOptions both = options({"oli", "etm"});
    both.rename = {"B04=SR_B4"};
    EXPECT_THAT(error_of(ExitCode::input,
                         [&] {
                             open_scene(both, {"B04@2018-05-06", "B04@2018-05-14"});
                         }),
                AllOf(HasSubstr(oli + "_SR_B4.TIF"), HasSubstr(etm + "_SR_B4.TIF"), HasSubstr("--rename")));
    EXPECT_NO_THROW(open_scene(both, {"SR_B7@2018-05-06", "SR_B7@2018-05-14"})); // the same wavelengths
    EXPECT_NO_THROW(open_scene(both, {"QA_PIXEL@2018-05-06", "QA_PIXEL@2018-05-14"}));
    const SceneOptions named = options({"B08=oli/" + oli + "_SR_B5.TIF", "B08=etm/" + etm + "_SR_B4.TIF"});
    EXPECT_NO_THROW(open_scene(named, {"B08@2018-05-06", "B08@2018-05-14"}));
    make_bands("etm", "LT05_L2SP_193023_20080514_20200829_02_T1");
    EXPECT_NO_THROW(open_scene(options({"etm"}), {"SR_B4@2018-05-14", "SR_B4@2008-05-14"}));
}

TEST_F(SceneLandsatTest, FlagsStayFlagsUnderAnotherName) {
    make_bands("in", oli);
    write_text(file("in") / (oli + "_MTL.xml"), MetadataCase().xml());
    SceneOptions scene = options({"in"}, "auto");
    scene.rename = {"QA=QA_PIXEL"};
    const auto bands = list_bands(scene);
    EXPECT_EQ(bands[0].name, "QA");
    EXPECT_TRUE(bands[0].categorical);
    EXPECT_EQ(first_pixel(scene, "QA"), 21824);
}

TEST_F(SceneLandsatTest, BrokenMetadataIsExplained) {
    make_bands("in", oli);
    const fs::path text = file("in") / (oli + "_MTL.txt");
    MetadataCase metadata;
    metadata.multiplier = "x";
    write_text(text, metadata.text());
    const std::string key = "LEVEL2_SURFACE_REFLECTANCE_PARAMETERS/REFLECTANCE_MULT_BAND_4";
    EXPECT_THAT(list_error(options({"in"}, "auto")), HasSubstr(key + "=x: is not a number"));
    metadata.multiplier = "0";
    write_text(text, metadata.text());
    EXPECT_THAT(list_error(options({"in"}, "auto")), HasSubstr(key));
    const std::string whole = MetadataCase().text();
    for (std::size_t part = 0; part < 10; ++part) {
        write_text(text, whole.substr(0, whole.size() * part / 10));
        EXPECT_THAT(list_error(options({"in"}, "auto")), HasSubstr("_MTL.txt")) << part;
    }
    metadata = {};
    metadata.level = "L1TP";
    write_text(text, metadata.text());
    EXPECT_THAT(list_error(options({"in"}, "auto")), AllOf(HasSubstr("L1TP"), HasSubstr("Level-2")));
    const std::string xml = MetadataCase().xml();
    for (std::size_t part = 0; part < 10; ++part) {
        write_text(file("in") / (oli + "_MTL.xml"), xml.substr(0, xml.size() * part / 10));
        EXPECT_THAT(list_error(options({"in"}, "auto")), HasSubstr("_MTL.xml")) << part;
    }
}

TEST_F(SceneLandsatTest, LevelOneIsRefused) {
    write_band(file("in/LC08_L1TP_193023_20180506_20200901_02_T1_B4.TIF"), 1);
    EXPECT_THAT(list_error(options({"in"}, "auto")), AllOf(HasSubstr("Level-1"), HasSubstr("Level-2")));
}

TEST_F(SceneLandsatTest, SingleFilesOfLevelOneAreRefused) {
    const std::string name = "LC08_L1TP_193023_20180506_20200901_02_T1_B4.TIF";
    write_band(file(name), 1);
    for (const std::string& input : {name, "B04=" + name, "B04=" + file(name).string() + ":1"}) {
        EXPECT_THAT(list_error(options({input}, "scale=0.0001,offset=0")),
                    AllOf(HasSubstr(name), HasSubstr("Level-1"), HasSubstr("Level-2")));
    }
}

TEST_F(SceneLandsatTest, SceneIdsWithSuffixesAreBandsOfTheirDays) {
    for (const char* suffix : {"b3", "b4", "fmask"}) {
        write_band(file("in/LE70350322008118EDC00/LE70350322008118EDC00_" + std::string(suffix) + ".tif"), 1);
    }
    const auto bands = list_bands(options({"in"}, "auto"));
    ASSERT_EQ(bands.size(), 3U);
    EXPECT_EQ(bands[0].name, "b3");
    EXPECT_EQ(bands[0].date, make_date(2008, 4, 27));
    EXPECT_TRUE(bands[2].categorical);
    EXPECT_TRUE(bands[2].auxiliary);
    write_band(file("in/LE70350322008150EDC00_b3.tif"), 2);
    EXPECT_THAT(names_of(options({"in"}, "auto")),
                ElementsAre("b3@2008-04-27", "b3@2008-05-29", "b4@2008-04-27", "fmask@2008-04-27"));
    EXPECT_EQ(names_of(options({"in/LE70350322008150EDC00_b3.tif"}, "auto")), std::vector<std::string>{"b3"});
}

TEST_F(SceneLandsatTest, OneStemOfAnyKindNamesBandsBySuffix) {
    write_band(file("in/site7_20190704_red.tif"), 1);
    write_band(file("in/site7_20190704_nir.tif"), 2);
    write_text(file("in/readme.txt"), "");
    const auto bands = list_bands(options({"in"}));
    ASSERT_EQ(bands.size(), 2U);
    EXPECT_EQ(bands[0].name, "nir");
    EXPECT_EQ(bands[0].date, make_date(2019, 7, 4));
    write_band(file("in/site8_20190704_nir.tif"), 2);
    EXPECT_THAT(list_error(options({"in"})), HasSubstr("holds no band files"));
}

TEST_F(SceneLandsatTest, RealSeriesIsReadFromItsFolders) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const SceneOptions series = options({(shared_data() / "landsat_series").string()}, "none");
    const auto bands = list_bands(series);
    EXPECT_EQ(bands.size(), 64U); // 16 dates x b3 b4 b5 fmask
    EXPECT_EQ(bands.front().name, "b3@2008-04-27");
    EXPECT_EQ(bands.back().name, "fmask@2009-07-03");
    EXPECT_EQ(open_scene(series, {"b3@2008-04-27", "fmask@2009-07-03"})->grid().width, 61);
}

} // namespace
} // namespace lcclass::test
