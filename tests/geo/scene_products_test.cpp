#include "geo/scene_case.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const std::string old_name = "S2A_OPER_PRD_MSIL1C_PDMC_20151208T002233_R022_V20150813T102406_20150813T102406.SAFE";

class SceneProductsTest : public SceneTest {
protected:
    /// A product of 2015 with long names and two granules.
    void make_old_product() {
        ProductCase product;
        product.level = "L1C";
        product.baseline = "02.00";
        product.offsets.clear();
        const std::string name = old_name + "/S2A_OPER_MTD_SAFL1C_PDMC_20151208T002233_R022_V20150813T102406.xml";
        write_text(file(name), product.xml());
        write_granule("T33UUU", 2000);
        write_granule("T33UVU", 3000);
    }
    void write_granule(const std::string& tile, double number) {
        const std::string granule = "S2A_OPER_MSI_L1C_TL_MTI__20151207T191113_A000734_" + tile;
        const fs::path folder = file(old_name) / "GRANULE" / (granule + "_N02.00");
        write_text(folder / "S2A_OPER_MTD_L1C_TL_MTI__20151207T191113_A000734.xml", "<a/>");
        write_band(folder / "IMG_DATA" / (granule + "_B04.jp2"), number);
        write_band(folder / "QI_DATA" / (granule + "_B05.jp2"), number);
    }
    SceneOptions l2a(const std::string& name = "S2A.SAFE") { return options({name}, "auto"); }
    static std::string scene_error(const SceneOptions& options, const std::vector<std::string>& names,
                                   ExitCode code = ExitCode::input) {
        return error_of(code, [&] { open_scene(options, names); });
    }
};

TEST_F(SceneProductsTest, OneOfSeveralGranulesIsChosenByTileOrName) {
    make_old_product();
    EXPECT_THAT(list_error(options({old_name}, "auto")),
                AllOf(HasSubstr(old_name), HasSubstr("2 granules"), HasSubstr("_T33UUU_N02.00"), HasSubstr("_T33UVU_"),
                      HasSubstr("--granule")));
    for (const char* granule : {"T33UVU", "33UVU", "S2A_OPER_MSI_L1C_TL_MTI__20151207T191113_A000734_T33UVU_N02.00"}) {
        SceneOptions scene = options({old_name}, "auto");
        scene.granule = granule;
        EXPECT_FLOAT_EQ(first_pixel(scene, "B04"), 0.3F) << granule;
    }
    SceneOptions scene = options({old_name}, "auto");
    scene.granule = "T32ABC";
    EXPECT_THAT(list_error(scene), AllOf(HasSubstr("granule=T32ABC"), HasSubstr("_T33UUU_")));
}

TEST_F(SceneProductsTest, OldNamesTellLevelAndDateOfSensing) {
    make_old_product();
    SceneOptions scene = options({old_name}, "auto");
    scene.granule = "T33UUU";
    const auto bands = list_bands(scene);
    ASSERT_EQ(bands.size(), 1U);
    EXPECT_EQ(bands[0].level, "L1C");
    EXPECT_EQ(bands[0].date, make_date(2015, 8, 13)); // not the day when the files were made
    EXPECT_EQ(bands[0].radiometry.origin, "product");
}

TEST_F(SceneProductsTest, FirstMetadataOfLevelTwoSpelledItsElementsOtherwise) {
    ProductCase product;
    product.baseline = "02.05";
    product.offsets.clear();
    std::string xml = product.xml();
    const auto respell = [&](const std::string& from, const std::string& to) {
        for (std::size_t at = xml.find(from); at != std::string::npos; at = xml.find(from, at + to.size())) {
            xml.replace(at, from.size(), to);
        }
    };
    respell("Product_Info", "L2A_Product_Info");
    respell("Product_Image_Characteristics", "L2A_Product_Image_Characteristics");
    respell("BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE");
    respell("QUANTIFICATION_VALUES_LIST", "L1C_L2A_Quantification_Values_List");
    make_safe("S2A.SAFE", product);
    write_text(file("S2A.SAFE/MTD_MSIL2A.xml"), xml);
    EXPECT_FLOAT_EQ(first_pixel(l2a(), "B04"), 0.4F);
}

TEST_F(SceneProductsTest, SceneClassificationIsOfferedAsCodes) {
    const fs::path images = make_safe("S2A.SAFE", {});
    write_band(images.parent_path() / "QI_DATA" / "MSK_CLDPRB_20m.jp2", 70, 20);
    write_band(images.parent_path() / "QI_DATA" / "MSK_CLDPRB_60m.jp2", 71, 40);
    write_band(images.parent_path() / "QI_DATA" / "MSK_SNWPRB_20m.jp2", 0, 20);
    const auto bands = list_bands(l2a());
    std::vector<std::string> auxiliary;
    for (const SceneBand& band : bands) {
        if (band.auxiliary) {
            auxiliary.push_back(band.name);
        }
        EXPECT_EQ(band.categorical, band.name == "SCL") << band.name;
    }
    EXPECT_THAT(auxiliary, ElementsAre("CLDPRB", "SCL", "SNWPRB"));
    const auto source = open_scene(l2a(), {"B04", "SCL", "CLDPRB", "SNWPRB"});
    const PixelBlock block = read_all(*source);
    EXPECT_EQ(block.band(1)[0], 4);
    EXPECT_EQ(block.band(2)[0], 70);
    EXPECT_EQ(block.band(3)[0], 0); // a probability of 0 is one
    EXPECT_EQ(source->bands()[1].resampling, "nearest");
    EXPECT_EQ(source->bands()[1].radiometry, Radiometry{});
    EXPECT_EQ(source->bands()[2].resampling, "bilinear");
}

TEST_F(SceneProductsTest, CodesAreNeverScaledOrMasked) {
    write_raster(file("QA_PIXEL.tif"), {.width = 4, .height = 1, .bands = {{0, 1, 5440, 65535}}, .nodata = 1});
    write_raster(file("B04.tif"), {.width = 4, .height = 1, .bands = {{1000, 2000, 3000, 4000}}});
    SceneOptions scene = options({"QA_PIXEL=QA_PIXEL.tif", "CLM=QA_PIXEL.tif", "B04=B04.tif"}, "scale=0.5,offset=0");
    scene.masks = {"CLM", "absent"};
    for (const char* name : {"QA_PIXEL", "CLM"}) {
        expect_same(band_of(read_all(*open_scene(scene, {name})), 0), {0, 1, 5440, 65535});
    }
    scene.masks.clear();
    expect_same(band_of(read_all(*open_scene(scene, {"CLM"})), 0), {0, nan_value, 5440, 65535});
}

TEST_F(SceneProductsTest, CodesAreResampledByNearestOrRefused) {
    write_band(file("B04.tif"), 4);
    write_raster(file("clm.tif"), {.width = 2, .height = 2, .pixel = 20, .bands = {{0, 100, 0, 100}}});
    SceneOptions scene = options({"B04=B04.tif", "CLM=clm.tif"});
    scene.masks = {"CLM"};
    scene.resampling = Resampling::cubic;
    EXPECT_THAT(band_of(read_all(*open_scene(scene, {"B04", "CLM"})), 1),
                ElementsAre(0, 0, 100, 100, 0, 0, 100, 100, 0, 0, 100, 100, 0, 0, 100, 100));
    scene.band_resampling["CLM"] = Resampling::bilinear;
    EXPECT_THAT(list_error(scene, ExitCode::configuration),
                AllOf(HasSubstr("clm.tif"), HasSubstr("resampling=CLM=bilinear"), HasSubstr("nearest")));
}

TEST_F(SceneProductsTest, ResamplingIsChosenBandByBand) {
    write_band(file("B02.tif"), 2);
    write_raster(file("a.tif"), {.width = 2, .height = 2, .pixel = 20, .bands = {{0, 100, 0, 100}}});
    SceneOptions scene = options({"B02=B02.tif", "ROADS=a.tif", "DEM=a.tif"});
    scene.band_resampling = {{"ROADS", Resampling::nearest}};
    const auto source = open_scene(scene, {"B02", "ROADS", "DEM"});
    EXPECT_EQ(source->bands()[1].resampling, "nearest");
    EXPECT_EQ(source->bands()[2].resampling, "bilinear");
    const PixelBlock block = read_all(*source);
    EXPECT_EQ(block.band(1)[1], 0);
    EXPECT_EQ(block.band(2)[1], 25);
    scene.band_resampling = {{"ROAD", Resampling::nearest}};
    EXPECT_THAT(list_error(scene, ExitCode::configuration), HasSubstr("did you mean 'ROADS'"));
}

TEST_F(SceneProductsTest, LevelsAreCheckedAgainstWhatWasAsked) {
    ProductCase l1c;
    l1c.level = "L1C";
    make_safe("one.SAFE", l1c);
    SceneOptions scene = l2a("one.SAFE");
    scene.level = "L2A";
    EXPECT_THAT(list_error(scene), AllOf(HasSubstr("one.SAFE"), HasSubstr("level=L1C"), HasSubstr("L2A")));
    scene.level = "L1C";
    EXPECT_EQ(open_scene(scene, {"B04"})->bands()[0].level, "L1C");
}

TEST_F(SceneProductsTest, ReflectanceAboveAndBelowTheAtmosphereDoesNotMix) {
    ProductCase l1c;
    l1c.level = "L1C";
    make_safe("one.SAFE", l1c);
    make_safe("two.SAFE", {}, "T33UUU_20230311T102101");
    const SceneOptions scene = options({"one.SAFE", "two.SAFE"}, "auto");
    EXPECT_THAT(scene_error(scene, {"B04@2023-02-16", "B04@2023-03-11"}),
                AllOf(HasSubstr("one.SAFE"), HasSubstr("two.SAFE"), HasSubstr("level=L1C")));
    EXPECT_NO_THROW(open_scene(scene, {"B04@2023-02-16", "SCL@2023-03-11"})); // codes are no reflectance
}

TEST_F(SceneProductsTest, BandsAreRenamed) {
    write_raster(file("a.tif"),
                 {.bands = {std::vector<double>(16, 1), std::vector<double>(16, 2)}, .names = {"nir", "red"}});
    SceneOptions scene = options({"@2018-05-06=a.tif"});
    scene.rename = {"red=nir", "nir=red"};
    EXPECT_EQ(first_pixel(scene, "red@2018-05-06"), 1);
    EXPECT_EQ(first_pixel(scene, "nir@2018-05-06"), 2);
    scene.rename = {"B04=rad"};
    EXPECT_THAT(list_error(scene, ExitCode::configuration), AllOf(HasSubstr("rename=B04=rad"), HasSubstr("'red'")));
    scene.rename = {"B04"};
    EXPECT_THAT(list_error(scene, ExitCode::command_line), HasSubstr("NEW=OLD"));
    scene.rename = {"red=nir"};
    EXPECT_THAT(list_error(scene), HasSubstr("band red@2018-05-06 is found a second time"));
}

TEST_F(SceneProductsTest, NumbersBelowTheMinimumAreNodata) {
    write_raster(file("B04.tif"), {.width = 4, .height = 1, .type = GDT_Int16, .bands = {{-9999, 0, 1, 2}}});
    write_raster(file("dem.tif"), {.width = 4, .height = 1, .type = GDT_Int16, .bands = {{-9999, 0, 1, 2}}});
    SceneOptions scene = options({"B04=B04.tif", "DEM=dem.tif"});
    expect_same(band_of(read_all(*open_scene(scene, {"B04"})), 0), {-9999, nan_value, 1, 2});
    scene.min_valid_dn = 2;
    expect_same(band_of(read_all(*open_scene(scene, {"B04"})), 0), {-9999, nan_value, nan_value, 2});
    expect_same(band_of(read_all(*open_scene(scene, {"DEM"})), 0), {-9999, 0, 1, 2});
}

TEST_F(SceneProductsTest, NumbersBelowTheMinimumDoNotBleedIntoNeighbours) {
    write_raster(file("B02.tif"), {.width = 4, .height = 2, .bands = {std::vector<double>(8, 5)}});
    for (const GDALDataType type : {GDT_Int16, GDT_UInt16, GDT_Int32}) {
        write_raster(file("B11.tif"), {.width = 2, .height = 1, .pixel = 20, .type = type, .bands = {{3, 1000}}});
        SceneOptions scene = options({"B02=B02.tif", "B11=B11.tif"});
        scene.min_valid_dn = 10;
        expect_same(band_of(read_all(*open_scene(scene, {"B02", "B11"})), 1),
                    {nan_value, nan_value, 1000, 1000, nan_value, nan_value, 1000, 1000});
    }
}

TEST_F(SceneProductsTest, UserPathsIntoVirtualFileSystemsAreRefused) {
    EXPECT_THAT(list_error(options({"/vsicurl/http://example.com/a.tif"})), HasSubstr("virtual file systems"));
    EXPECT_THAT(list_error(options({"/vsizip/{/tmp/a.zip}/a.tif"})), HasSubstr("virtual file systems"));
    EXPECT_THAT(list_error(options({"B04=/vsimem/a.tif"})), HasSubstr("virtual file systems"));
}

} // namespace
} // namespace lcclass::test
