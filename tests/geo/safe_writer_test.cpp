#include "lcclass/geo/safe_writer.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/scene.h"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <string>

namespace lcclass {
namespace {

namespace fs = std::filesystem;

class SafeWriterTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { set_up_gdal(64 << 20); }
    void SetUp() override {
        m_folder = fs::path(::testing::TempDir()) /
                   ("safe_writer_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    static SafeProduct product() {
        return {.grid = {.width = 64,
                         .height = 48,
                         .origin_x = 399960,
                         .origin_y = 5500020,
                         .pixel_width = 10,
                         .pixel_height = 10,
                         .crs_wkt = parse_crs("EPSG:32633")},
                .tile = "33UVQ",
                .sensing_time = "20180512T100031",
                .bands_10m = {"B02", "B04"},
                .bands_20m = {"B8A"},
                .remark = "SIMULATED <for a test>"};
    }

    /// Value of a pixel: different everywhere, nodata in the first column.
    static float value(int band, std::int64_t column, std::int64_t row) {
        return column == 0 ? std::numeric_limits<float>::quiet_NaN()
                           : 0.0001F * static_cast<float>(7 * column + 500 * band + 3 * row) - 0.02F;
    }

    static PixelBlock block(const Window& window, int n_bands, int first_band) {
        PixelBlock result;
        result.reset(window, n_bands);
        for (int band = 0; band < n_bands; ++band) {
            for (std::int64_t i = 0; i < window.n_pixels(); ++i) {
                result.band(band)[static_cast<std::size_t>(i)] =
                    value(first_band + band, window.x + i % window.width, window.y + i / window.width);
            }
        }
        return result;
    }

    static fs::path write_product(const fs::path& parent, std::int64_t block_size = 32) {
        SafeWriter writer(parent, product());
        for (const Window& window : block_windows({0, 0, 64, 48}, block_size, block_size)) {
            const Window half = {window.x / 2, window.y / 2, window.width / 2, window.height / 2};
            PixelBlock scl;
            scl.reset(half, 1);
            std::fill(scl.values.begin(), scl.values.end(), 4.0F);
            writer.write(block(window, 2, 0), block(half, 1, 2), scl);
        }
        writer.finish(silent_progress());
        return writer.path();
    }

    static std::map<std::string, std::string> bytes_below(const fs::path& folder) {
        std::map<std::string, std::string> files;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) {
                files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
            }
        }
        return files;
    }

    fs::path m_folder;
};

TEST(ReflectanceToDn, FollowsProcessingBaseline0400) {
    const auto dn = [](float reflectance) { return reflectance_to_dn(reflectance, SafeBaseline::n0511); };
    EXPECT_EQ(dn(0.0F), 1000);
    EXPECT_EQ(dn(0.25F), 3500);
    EXPECT_EQ(dn(0.00004F), 1000);
    EXPECT_EQ(dn(0.00006F), 1001);
    EXPECT_EQ(dn(-0.05F), 500);
    EXPECT_EQ(dn(-0.5F), 1);
    EXPECT_EQ(dn(9.0F), 65534);
    EXPECT_EQ(dn(std::numeric_limits<float>::quiet_NaN()), 0);
}

TEST(ReflectanceToDn, OlderBaselinesHaveNoOffsetAndNothingBelowOne) {
    const auto dn = [](float reflectance) { return reflectance_to_dn(reflectance, SafeBaseline::n0301); };
    EXPECT_EQ(dn(0.25F), 2500);
    EXPECT_EQ(dn(0.00016F), 2);
    EXPECT_EQ(dn(0.0F), 1);
    EXPECT_EQ(dn(-0.05F), 1);
    EXPECT_EQ(dn(std::numeric_limits<float>::quiet_NaN()), 0);
}

TEST_F(SafeWriterTest, SceneReaderGivesTheReflectancesBack) {
    const fs::path path = write_product(m_folder);
    SceneOptions options;
    options.inputs = {path.string()};
    const auto scene = open_scene(options, {"B04", "B02"});
    EXPECT_TRUE(same_crs(scene->grid().crs_wkt, product().grid.crs_wkt));
    EXPECT_TRUE(same_lattice(scene->grid(), product().grid));
    PixelBlock pixels;
    scene->read({0, 0, 64, 48}, pixels);
    for (std::int64_t row = 0; row < 48; ++row) {
        for (std::int64_t column = 0; column < 64; ++column) {
            const auto i = static_cast<std::size_t>(row * 64 + column);
            ASSERT_EQ(pixels.valid[i], column == 0 ? 0 : 1);
            if (column > 0) {
                ASSERT_NEAR(pixels.band(0)[i], value(1, column, row), 0.5001e-4);
                ASSERT_NEAR(pixels.band(1)[i], value(0, column, row), 0.5001e-4);
            }
        }
    }
}

TEST_F(SafeWriterTest, BandsAreFoundByNameWithTheirGrid) {
    const fs::path path = write_product(m_folder);
    SceneOptions options;
    options.inputs = {path.string()};
    std::map<std::string, SceneBand> bands;
    for (const SceneBand& band : list_bands(options)) {
        bands[band.name] = band;
    }
    ASSERT_TRUE(bands.contains("B8A"));
    EXPECT_EQ(bands["B8A"].grid.pixel_width, 20);
    EXPECT_EQ(bands["B8A"].grid.width, 32);
    EXPECT_EQ(bands["B02"].grid.width, 64);
    EXPECT_DOUBLE_EQ(bands["B02"].radiometry.scale, 0.0001);
    EXPECT_DOUBLE_EQ(bands["B02"].radiometry.offset, -0.1);
}

TEST_F(SafeWriterTest, MetadataStandWhereSentinel2ProductsHaveThem) {
    const fs::path path = write_product(m_folder);
    CPLXMLNode* tree = CPLParseXMLFile((path / "MTD_MSIL2A.xml").c_str());
    ASSERT_NE(tree, nullptr);
    CPLStripXMLNamespace(tree, nullptr, TRUE);
    const auto text = [&](const std::string& below) {
        return std::string(CPLGetXMLValue(tree, ("=Level-2A_User_Product.General_Info." + below).c_str(), ""));
    };
    const std::string image = "Product_Image_Characteristics.";
    EXPECT_EQ(text("Product_Info.PROCESSING_BASELINE"), "05.11");
    EXPECT_EQ(text("Product_Info.SIMULATED"), "SIMULATED <for a test>");
    EXPECT_EQ(text(image + "QUANTIFICATION_VALUES_LIST.BOA_QUANTIFICATION_VALUE"), "10000");
    EXPECT_EQ(text(image + "BOA_ADD_OFFSET_VALUES_LIST.BOA_ADD_OFFSET"), "-1000");
    EXPECT_EQ(text(image + "BOA_ADD_OFFSET_VALUES_LIST.BOA_ADD_OFFSET.band_id"), "0");
    EXPECT_EQ(text(image + "Special_Values.SPECIAL_VALUE_TEXT"), "NODATA");
    EXPECT_EQ(text(image + "Special_Values.SPECIAL_VALUE_INDEX"), "0");
    EXPECT_EQ(text(image + "Spectral_Information_List.Spectral_Information.bandId"), "0");
    EXPECT_EQ(text(image + "Spectral_Information_List.Spectral_Information.physicalBand"), "B1");
    CPLDestroyXMLNode(tree);
}

TEST_F(SafeWriterTest, GdalsOwnSentinel2DriverReadsIt) {
    if (GDALGetDriverByName("SENTINEL2") == nullptr) {
        GTEST_SKIP() << "this GDAL has no SENTINEL2 driver";
    }
    const fs::path path = write_product(m_folder);
    const std::string name = "SENTINEL2_L2A:" + (path / "MTD_MSIL2A.xml").string() + ":10m:EPSG_32633";
    GDALDatasetH dataset = GDALOpen(name.c_str(), GA_ReadOnly);
    ASSERT_NE(dataset, nullptr);
    double transform[6] = {};
    EXPECT_EQ(GDALGetGeoTransform(dataset, transform), CE_None);
    EXPECT_EQ(transform[0], 399960);
    EXPECT_EQ(transform[3], 5500020);
    EXPECT_EQ(GDALGetRasterXSize(dataset), 64);
    GDALClose(dataset);
}

TEST_F(SafeWriterTest, SameContentGivesSameBytesWhateverTheBlocks) {
    fs::create_directories(m_folder / "a");
    fs::create_directories(m_folder / "b");
    const auto first = bytes_below(write_product(m_folder / "a", 32));
    const auto second = bytes_below(write_product(m_folder / "b", 16));
    EXPECT_EQ(first.size(), 6U); // three bands, SCL and two XML files
    EXPECT_EQ(first, second);
}

TEST_F(SafeWriterTest, NothingIsLeftWithoutFinish) {
    fs::path path;
    {
        const SafeWriter writer(m_folder, product());
        path = writer.path();
        EXPECT_TRUE(fs::exists(path));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(SafeWriterTest, UnwritableFolderIsAnOutputError) {
    try {
        const SafeWriter writer("/proc/no_such_folder", product());
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::output);
    }
}

} // namespace
} // namespace lcclass
