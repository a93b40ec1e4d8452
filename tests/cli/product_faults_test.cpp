#include "cli/tiny_scene.h"
#include "geo/sentinel2_case.h"

#include "lcclass/core/text.h"

#include <algorithm>

// Rows A03 to A14 and A32 of the catalogue of faults: products, their metadata and their special numbers.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::CliFault;
using test::ProductCase;
using test::RasterCase;
using test::tiny_band;

/// `name` as a product with B02, B04 and SCL, sensed on `day`.
void write_product(const fs::path& folder, const std::string& name, const ProductCase& product,
                   const std::string& day = "20230216") {
    const std::string stem = "T33UUU_" + day + "T102101";
    const fs::path granule = folder / name / "GRANULE" / (product.level + "_T33UUU");
    test::write_text(folder / name / product.file_name(), product.xml());
    test::write_raster(granule / "IMG_DATA" / "R10m" / (stem + "_B02_10m.tif"), tiny_band(0));
    test::write_raster(granule / "IMG_DATA" / "R10m" / (stem + "_B04_10m.tif"), tiny_band(2));
    RasterCase scl = tiny_band(0);
    scl.width = scl.height = test::tiny_size / 2;
    scl.pixel = 20;
    scl.bands[0].assign(static_cast<std::size_t>(scl.width * scl.height), 4);
    test::write_raster(granule / "IMG_DATA" / "R20m" / (stem + "_SCL_20m.tif"), scl);
}

ProductCase level1() {
    ProductCase product;
    product.level = "L1C";
    return product;
}

/// A stack of one product after `change`, with `more` on the command line.
std::function<Arguments(const fs::path&)> product_with(const std::function<void(ProductCase&)>& change,
                                                       const Arguments& more = {}) {
    return [change, more](const fs::path& folder) {
        ProductCase product;
        change(product);
        write_product(folder, "S2.SAFE", product);
        Arguments arguments = {"stack", "-i", "S2.SAFE"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
}

/// A stack of one product whose metadata was cut to `part`.
Arguments cut_metadata(const fs::path& folder, double part) {
    write_product(folder, "S2.SAFE", {});
    const fs::path file = folder / "S2.SAFE" / "MTD_MSIL2A.xml";
    fs::resize_file(file, static_cast<std::uintmax_t>(part * static_cast<double>(fs::file_size(file))));
    return {"stack", "-i", "S2.SAFE"};
}

/// A stack of `in.vrt` with `content` in its band.
std::function<Arguments(const fs::path&)> virtual_raster(const std::string& content, const Arguments& more) {
    return [content, more](const fs::path& folder) {
        test::write_raster(folder / "red.tif", tiny_band(0));
        test::write_text(folder / "in.vrt",
                         "<VRTDataset rasterXSize=\"40\" rasterYSize=\"40\"><SRS>EPSG:32633</SRS><GeoTransform>"
                         "600000,10,0,5100400,0,-10</GeoTransform><VRTRasterBand dataType=\"UInt16\" band=\"1\" "
                         "subClass=\"VRTDerivedRasterBand\">" +
                             content + "</VRTRasterBand></VRTDataset>");
        Arguments arguments = {"stack", "--radiometry", "none", "-i", "B02=in.vrt"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
}

std::string vrt_source(const std::string& file) {
    return "<SimpleSource><SourceFilename relativeToVRT=\"1\">" + file +
           "</SourceFilename><SourceBand>1</SourceBand></SimpleSource>";
}

/// Numbers whose offset was subtracted beforehand, in a file that says it was not.
RasterCase harmonised_twice() {
    RasterCase band = tiny_band(0);
    for (double& number : band.bands[0]) {
        number -= 1400;
    }
    band.scale_offset = std::pair(0.0001, -0.1);
    return band;
}

std::vector<CliFault> metadata_faults() {
    return {
        {.name = "A03_OffsetsMissingInNewBaseline",
         .words = {"MTD_MSIL2A.xml", "BOA_ADD_OFFSET", "05.11"},
         .arrange = product_with([](ProductCase& product) { product.offsets.clear(); })},
        {.name = "A05_OffsetSubtractedTwiceWhenStrict",
         .words = {"band=B02", "% of the reflectances are below -0.02", "--strict"},
         .arrange =
             [](const fs::path& folder) {
                 test::write_raster(folder / "b02.tif", harmonised_twice());
                 return Arguments{"stack", "-i", "B02=b02.tif", "--strict"};
             }},
        {.name = "A06_OffsetOfOneBandMissing",
         .words = {"MTD_MSIL2A.xml", "BOA_ADD_OFFSET", "no offset for band B04"},
         .arrange = product_with([](ProductCase& product) {
             std::erase_if(product.offsets, [](const auto& entry) { return entry.first == "3"; });
         })},
        {.name = "A06_OffsetOfAnUnknownBand",
         .words = {"BOA_ADD_OFFSET[@band_id='99']"},
         .arrange = product_with([](ProductCase& product) { product.offsets.emplace_back("99", "-1000"); })},
        {.name = "A08_MetadataCutShort",
         .words = {"MTD_MSIL2A.xml"},
         .arrange = [](const fs::path& folder) { return cut_metadata(folder, 0.6); }},
        {.name = "A08_MetadataEmpty",
         .words = {"MTD_MSIL2A.xml"},
         .arrange = [](const fs::path& folder) { return cut_metadata(folder, 0); }},
        {.name = "A08_QuantificationZero",
         .words = {"QUANTIFICATION_VALUES_LIST/BOA_QUANTIFICATION_VALUE=0", "greater than 0"},
         .arrange = product_with([](ProductCase& product) { product.quantification = "0"; })},
        {.name = "A08_QuantificationNan",
         .words = {"BOA_QUANTIFICATION_VALUE=nan", "is not a number"},
         .arrange = product_with([](ProductCase& product) { product.quantification = "nan"; })},
        {.name = "A08_QuantificationText",
         .words = {"BOA_QUANTIFICATION_VALUE=many", "is not a number"},
         .arrange = product_with([](ProductCase& product) { product.quantification = "many"; })},
    };
}

std::vector<CliFault> level_and_mask_faults() {
    return {
        {.name = "A09_LevelOneWhereTwoIsAsked",
         .words = {"S2.SAFE", "level=L1C", "not of level L2A"},
         .arrange = product_with([](ProductCase& product) { product.level = "L1C"; }, {"--level", "L2A"})},
        {.name = "A09_SurfaceReflectanceOfLandsatWhereThatIsAsked",
         .words = {"S2.SAFE", "level=L2A", "not of level L2SR"},
         .arrange = product_with([](ProductCase&) {}, {"--level", "L2SR"})},
        {.name = "A09_LevelsMixed",
         .words = {"one.SAFE", "two.SAFE", "level=L1C"},
         .arrange =
             [](const fs::path& folder) {
                 write_product(folder, "one.SAFE", level1());
                 write_product(folder, "two.SAFE", {}, "20230311");
                 return Arguments{"stack", "-i", "one.SAFE", "two.SAFE"};
             }},
        {.name = "A09_OffsetListOfTheOtherLevel",
         .words = {"MTD_MSIL1C.xml", "RADIO_ADD_OFFSET"},
         .arrange =
             [](const fs::path& folder) {
                 write_product(folder, "S2.SAFE", level1());
                 std::string xml = level1().xml();
                 for (std::size_t at = xml.find("RADIO_ADD"); at != std::string::npos; at = xml.find("RADIO_ADD")) {
                     xml.replace(at, 9, "BOA_ADD"); // as a converter of L2A would write it
                 }
                 test::write_text(folder / "S2.SAFE" / "MTD_MSIL1C.xml", xml);
                 return Arguments{"stack", "-i", "S2.SAFE"};
             }},
        {.name = "A12_MinimumBelowZero",
         .code = 2,
         .words = {"--min-valid-dn=-5", "0 or more"},
         .arrange = product_with([](ProductCase&) {}, {"--min-valid-dn=-5"})},
        {.name = "A14_MaskByABandThatFeaturesNeedScaled",
         .code = 2,
         .words = {"--mask=B02=1..2000", "as stored"},
         .arrange = product_with([](ProductCase&) {}, {"--features", "B02", "--mask", "B02=1..2000"})},
        {.name = "A14_ClassificationMissing",
         .code = 3,
         .words = {"SCL"},
         .arrange =
             [](const fs::path& folder) {
                 write_product(folder, "S2.SAFE", {});
                 fs::remove_all(folder / "S2.SAFE" / "GRANULE" / "L2A_T33UUU" / "IMG_DATA" / "R20m");
                 return Arguments{"stack", "-i", "S2.SAFE", "--features", "B02,SCL"};
             }},
        {.name = "A14_ClassificationResampledBetweenClasses",
         .code = 3,
         .words = {"SCL=bilinear", "nearest"},
         .arrange = product_with([](ProductCase&) {}, {"--features", "B02,SCL", "--resampling", "SCL=bilinear"})},
        {.name = "A32_VirtualRasterWithoutPermission",
         .words = {"in.vrt", "--allow-vrt"},
         .arrange = virtual_raster(vrt_source("red.tif"), {})},
        {.name = "A32_VirtualRasterOfRemoteFile",
         .words = {"in.vrt", "SourceFilename=/vsicurl/http://127.0.0.1:1/a.tif"},
         .arrange = virtual_raster(vrt_source("/vsicurl/http://127.0.0.1:1/a.tif"), {"--allow-vrt"})},
        {.name = "A32_VirtualRasterOfAbsolutePath",
         .words = {"in.vrt", "SourceFilename=/etc/passwd"},
         .arrange = virtual_raster(vrt_source("/etc/passwd"), {"--allow-vrt"})},
        {.name = "A32_VirtualRasterOfParentFolder",
         .words = {"in.vrt", "SourceFilename=../out/out.tif", "outside"},
         .arrange = virtual_raster(vrt_source("../out/out.tif"), {"--allow-vrt"})},
        {.name = "A32_VirtualRasterWithPython",
         .words = {"in.vrt", "PixelFunctionLanguage"},
         .arrange = virtual_raster("<PixelFunctionType>f</PixelFunctionType><PixelFunctionLanguage>Python"
                                   "</PixelFunctionLanguage><PixelFunctionCode>import os</PixelFunctionCode>" +
                                       vrt_source("red.tif"),
                                   {"--allow-vrt"})},
        {.name = "A32_RemoteFile",
         .words = {"/vsicurl/http://127.0.0.1:1/a.tif", "virtual file systems"},
         .arrange =
             [](const fs::path&) {
                 return Arguments{"stack", "--radiometry", "none", "-i", "B02=/vsicurl/http://127.0.0.1:1/a.tif"};
             }},
    };
}

using ProductFault = test::FaultRow;

TEST_P(ProductFault, IsRefusedAndLeavesTheOldFile) {
    check();
}

INSTANTIATE_TEST_SUITE_P(Metadata, ProductFault, testing::ValuesIn(metadata_faults()), test::name_of_fault);
INSTANTIATE_TEST_SUITE_P(LevelsAndMasks, ProductFault, testing::ValuesIn(level_and_mask_faults()), test::name_of_fault);

class SpecialNumbers : public test::CliTest {
protected:
    /// A band of `numbers` in one row.
    void row(const std::string& name, const std::vector<double>& numbers, std::optional<double> nodata = {}) const {
        RasterCase raster = tiny_band(0);
        raster.width = static_cast<int>(numbers.size());
        raster.height = 1;
        raster.bands = {numbers};
        raster.nodata = nodata;
        test::write_raster(path(name + ".tif"), raster);
    }
    test::ProcessResult stack(const std::string& inputs, const Arguments& more = {}) const {
        Arguments arguments = {"stack", "--radiometry", test::tiny_radiometry, "-o", "stack.tif", "--overwrite", "-i"};
        for (const std::string& name : split(inputs, ' ')) {
            arguments.push_back(name + "=" + name + ".tif");
        }
        arguments.insert(arguments.end(), more.begin(), more.end());
        return succeed(arguments);
    }
    [[nodiscard]] std::vector<float> values(int band) const {
        return test::band_of(test::read_all(*open_raster(path("stack.tif")).source), band);
    }
};

TEST_F(SpecialNumbers, A05_OffsetSubtractedTwiceIsAWarning) {
    test::write_raster(path("b02.tif"), harmonised_twice());
    const auto result = succeed({"stack", "-i", "B02=b02.tif", "-o", "stack.tif"});
    EXPECT_THAT(result.errors, testing::HasSubstr("warning: B02: 100 % of the reflectances are below -0.02"));
    std::vector<double> numbers(200, 2000); // 1 % is tolerated, more is not
    numbers[0] = numbers[1] = 700;
    row("B02", numbers);
    EXPECT_THAT(stack("B02").errors, testing::Not(testing::HasSubstr("warning")));
    numbers[2] = 700;
    row("B02", numbers);
    EXPECT_THAT(stack("B02").errors, testing::HasSubstr("warning: B02: 1.5 %"));
}

TEST_F(SpecialNumbers, A11_SaturatedNumbersAreNodataAndCounted) {
    row("B02", {65535, 1500, 65534, 0, 65535});
    row("B03", {1500, 1500, 65535, 1500, 1500});
    const auto result = stack("B02 B03");
    EXPECT_THAT(result.output, testing::HasSubstr("B02 saturated (nodata) at 2 pixels\nB03 saturated (nodata) at 1"));
    EXPECT_THAT(result.output, testing::HasSubstr("pixels with all features: 1 of 5"));
    test::expect_same(values(0), {test::nan_value, 0.05F, 6.4534F, test::nan_value, test::nan_value}, 1e-6F);
}

TEST_F(SpecialNumbers, A11_SaturationIsWhatTheProductSays) {
    const auto band = tiny_band(0).bands[0];
    ProductCase product;
    product.saturated = std::to_string(static_cast<int>(band[0]));
    write_product(folder(), "S2.SAFE", product);
    const auto n = std::count(band.begin(), band.end(), band[0]);
    const auto result = succeed({"stack", "-i", "S2.SAFE", "--features", "B02", "-o", "stack.tif"});
    EXPECT_THAT(result.output, testing::HasSubstr("B02 saturated (nodata) at " + std::to_string(n) + " pixels"));
}

TEST_F(SpecialNumbers, A12_NumbersBelowTheMinimumAreNodataAndCounted) {
    row("B02", {1, 2, 3, 0, 1500});
    EXPECT_THAT(stack("B02").output, testing::HasSubstr("pixels with all features: 4 of 5"));
    const auto result = stack("B02", {"--min-valid-dn", "3"});
    EXPECT_THAT(result.output, testing::HasSubstr("B02 below --min-valid-dn (nodata) at 2 pixels"));
    test::expect_same(values(0), {test::nan_value, test::nan_value, -0.0997F, test::nan_value, 0.05F}, 1e-6F);
}

TEST_F(SpecialNumbers, A13_NodataOfAnyBandIsNodataOfThePixel) {
    row("B02", {7777, 1500, 1500, 1500}, 7777);
    row("B03", {1500, 8888, 1500, 1500}, 8888);
    row("B04", {1500, 1500, 0, 7777});
    const auto result = stack("B02 B03 B04");
    EXPECT_THAT(result.output, testing::HasSubstr("pixels with all features: 1 of 4"));
    test::expect_same(values(0), {test::nan_value, 0.05F, 0.05F, 0.05F}, 1e-6F);
    test::expect_same(values(1), {0.05F, test::nan_value, 0.05F, 0.05F}, 1e-6F);
    test::expect_same(values(2), {0.05F, 0.05F, test::nan_value, 0.6777F},
                      1e-6F); // another band's tag is a number here
}

TEST_F(SpecialNumbers, A32_VirtualRastersOfPlainFilesWorkWithPermission) {
    row("red", {1100, 1200});
    test::write_text(path("in.vrt"), "<VRTDataset rasterXSize=\"2\" rasterYSize=\"1\"><SRS>EPSG:32633</SRS>"
                                     "<GeoTransform>600000,10,0,5100400,0,-10</GeoTransform>"
                                     "<VRTRasterBand dataType=\"UInt16\" band=\"1\">" +
                                         vrt_source("red.tif") + "</VRTRasterBand></VRTDataset>");
    succeed({"stack", "--radiometry", test::tiny_radiometry, "--allow-vrt", "-i", "B02=in.vrt", "-o", "stack.tif"});
    test::expect_same(values(0), {0.01F, 0.02F}, 1e-7F);
}

} // namespace
} // namespace lcclass
