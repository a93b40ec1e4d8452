#include "geo/raster_case.h"
#include "geo/raster_tiff.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/interrupt.h"

#include <gmock/gmock.h>
#include <tbb/global_control.h>

#include <cpl_conv.h>
#include <cpl_string.h>

#include <csignal>
#include <sys/resource.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class RasterSinkTest : public RasterTest {
protected:
    [[nodiscard]] std::vector<std::string> names_in_folder() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder())) {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }
};

GridSpec grid_in_zone_33(std::int64_t width, std::int64_t height) {
    return {.width = width,
            .height = height,
            .origin_x = 600000,
            .origin_y = 5100000,
            .pixel_width = 10,
            .pixel_height = 10,
            .crs_wkt = parse_crs("EPSG:32633")};
}

const ClassLegend three_classes({{1, "artificial land", {255, 0, 0}},
                                 {3, "wood & <scrub>", {51, 160, 44}},
                                 {7, "water", {0, 0, 255}}});

RasterLayout map_layout(std::int64_t width, std::int64_t height) {
    return {.grid = grid_in_zone_33(width, height),
            .bands = {{.name = "class_code", .unit = {}, .radiometry = {}, .resampling = {}}},
            .type = PixelType::uint8,
            .nodata = {},
            .metadata = {{"LCCLASS_RECIPE", "{\"bands\":[\"B04\"]}"}},
            .legend = three_classes,
            .cloud_optimized = true,
            .statistics = true};
}

RasterLayout float_layout(std::int64_t width, std::int64_t height) {
    return {.grid = grid_in_zone_33(width, height),
            .bands = {{.name = "NDVI", .unit = {}, .radiometry = {}, .resampling = {}},
                      {.name = "S2REP", .unit = "nm", .radiometry = {}, .resampling = {}}},
            .type = PixelType::float32,
            .nodata = {},
            .metadata = {},
            .legend = {}};
}

using PixelRule = std::function<float(int band, std::int64_t x, std::int64_t y)>;

PixelBlock block_of(const Window& window, int n_bands, const PixelRule& rule) {
    PixelBlock block;
    block.reset(window, n_bands);
    for (int band = 0; band < n_bands; ++band) {
        for (std::int64_t i = 0; i < window.n_pixels(); ++i) {
            block.band(band)[static_cast<std::size_t>(i)] =
                rule(band, window.x + i % window.width, window.y + i / window.width);
        }
    }
    return block;
}

void write_by_blocks(const fs::path& path, const RasterLayout& layout, std::int64_t block_size, const PixelRule& rule) {
    const auto sink = create_raster(path, layout);
    for (const Window& window : block_windows(layout.grid.extent(), block_size, block_size)) {
        sink->write(block_of(window, static_cast<int>(layout.bands.size()), rule));
    }
    sink->commit();
}

float some_class(int, std::int64_t x, std::int64_t y) {
    const std::int64_t patch = (x / 40 + y / 30) % 4;
    return patch == 0 ? nan_value : patch == 1 ? 1.0F : patch == 2 ? 3.0F : 7.0F;
}

float some_value(int band, std::int64_t x, std::int64_t y) {
    return (x + y) % 50 == 0 ? nan_value : static_cast<float>(band + 1) * 0.37F * static_cast<float>(x - 2 * y);
}

TEST_F(RasterSinkTest, FloatsComeBackAsWritten) {
    write_by_blocks(file("a.tif"), float_layout(700, 530), 512, some_value);
    const RasterFile opened = open_raster(file("a.tif"));
    EXPECT_EQ(band_names(*opened.source), (std::vector<std::string>{"NDVI", "S2REP"}));
    EXPECT_EQ(opened.source->bands()[1].unit, "nm");
    EXPECT_TRUE(same_lattice(opened.source->grid(), grid_in_zone_33(700, 530)));
    EXPECT_TRUE(same_crs(opened.source->grid().crs_wkt, parse_crs("EPSG:32633")));
    const PixelBlock expected = block_of({0, 0, 700, 530}, 2, some_value);
    const PixelBlock actual = read_all(*opened.source);
    expect_same(band_of(actual, 0), band_of(expected, 0));
    expect_same(band_of(actual, 1), band_of(expected, 1));
    EXPECT_EQ(names_in_folder(), std::vector<std::string>{"a.tif"});
}

TEST_F(RasterSinkTest, FloatFilesAreTiledAndCompressedAndBandByBand) {
    write_by_blocks(file("a.tif"), float_layout(700, 530), 512, some_value);
    const DatasetHandle dataset(GDALOpen(file("a.tif").c_str(), GA_ReadOnly));
    int width = 0;
    int height = 0;
    GDALGetBlockSize(GDALGetRasterBand(dataset.get(), 1), &width, &height);
    EXPECT_EQ(width, 512);
    EXPECT_EQ(height, 512);
    EXPECT_STREQ(GDALGetMetadataItem(dataset.get(), "INTERLEAVE", "IMAGE_STRUCTURE"), "BAND");
    EXPECT_THAT(GDALGetMetadataItem(dataset.get(), "COMPRESSION", "IMAGE_STRUCTURE"),
                ::testing::AnyOf(::testing::StrEq("ZSTD"), ::testing::StrEq("DEFLATE")));
    EXPECT_TRUE(std::isnan(GDALGetRasterNoDataValue(GDALGetRasterBand(dataset.get(), 2), nullptr)));
}

TEST_F(RasterSinkTest, BlockSizesThatAreNoTilesGiveTheSamePixels) {
    for (const std::int64_t block_size : {7, 300, 512, 1024}) {
        const fs::path path = file(std::to_string(block_size) + ".tif");
        write_by_blocks(path, float_layout(90, 1100), block_size, some_value);
        expect_same(band_of(read_all(*open_raster(path).source), 1),
                    band_of(block_of({0, 0, 90, 1100}, 2, some_value), 1));
    }
}

TEST_F(RasterSinkTest, ClassMapCarriesColoursNamesNodataAndStatistics) {
    write_by_blocks(file("map.tif"), map_layout(900, 700), 512, some_class);
    // As other programs see it: side files count.
    CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", "YES");
    CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "NO");
    const DatasetHandle dataset(GDALOpen(file("map.tif").c_str(), GA_ReadOnly));
    ASSERT_TRUE(dataset);
    GDALRasterBandH band = GDALGetRasterBand(dataset.get(), 1);
    EXPECT_STREQ(GDALGetMetadataItem(dataset.get(), "LAYOUT", "IMAGE_STRUCTURE"), "COG");
    EXPECT_STREQ(GDALGetMetadataItem(dataset.get(), "LCCLASS_RECIPE", nullptr), "{\"bands\":[\"B04\"]}");
    EXPECT_STREQ(GDALGetMetadataItem(dataset.get(), "CLASS_3", nullptr), "wood & <scrub>");
    EXPECT_STREQ(GDALGetDescription(band), "class_code");
    int has_nodata = 0;
    EXPECT_EQ(GDALGetRasterNoDataValue(band, &has_nodata), 0);
    EXPECT_TRUE(has_nodata);
    GDALColorTableH colors = GDALGetRasterColorTable(band);
    ASSERT_NE(colors, nullptr);
    const GDALColorEntry* green = GDALGetColorEntry(colors, 3);
    EXPECT_EQ(std::vector<int>({green->c1, green->c2, green->c3}), std::vector<int>({51, 160, 44}));
    char** names = GDALGetRasterCategoryNames(band);
    ASSERT_EQ(CSLCount(names), 8);
    EXPECT_STREQ(names[0], "");
    EXPECT_STREQ(names[3], "wood & <scrub>");
    EXPECT_STREQ(names[7], "water");
    EXPECT_EQ(GDALGetOverviewCount(band), 1);
    CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", nullptr);
    CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", nullptr);
}

/// The attribute table of the first band, row by row.
std::vector<std::vector<std::string>> attribute_rows(const fs::path& path) {
    CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", "YES");
    CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "NO");
    std::vector<std::vector<std::string>> rows;
    {
        const DatasetHandle dataset(GDALOpen(path.c_str(), GA_ReadOnly));
        GDALRasterAttributeTableH table = GDALGetDefaultRAT(GDALGetRasterBand(dataset.get(), 1));
        for (int row = 0; table != nullptr && row < GDALRATGetRowCount(table); ++row) {
            rows.emplace_back();
            for (int column = 0; column < GDALRATGetColumnCount(table); ++column) {
                rows.back().emplace_back(GDALRATGetValueAsString(table, row, column));
            }
        }
        if (table != nullptr) {
            EXPECT_EQ(GDALRATGetTableType(table), GRTT_THEMATIC);
            EXPECT_EQ(GDALRATGetColOfUsage(table, GFU_MinMax), 0);
            EXPECT_EQ(GDALRATGetColOfUsage(table, GFU_Name), 1);
            EXPECT_EQ(GDALRATGetColOfUsage(table, GFU_PixelCount), 5);
        }
    }
    CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", nullptr);
    CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", nullptr);
    return rows;
}

TEST_F(RasterSinkTest, AttributeTableCountsPixelsAndHectaresOfEveryClass) {
    // 600 x 2 pixels of 10 m over two tiles: one nodata, 599 of class 1, 600 of class 7, none of class 3.
    const auto rule = [](int, std::int64_t x, std::int64_t y) {
        return x == 0 && y == 0 ? nan_value : y == 0 ? 1.0F : 7.0F;
    };
    write_by_blocks(file("map.tif"), map_layout(600, 2), 512, rule);
    const auto rows = attribute_rows(file("map.tif"));
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0][0], "1");
    EXPECT_EQ(rows[0][5], "599");
    EXPECT_EQ(rows[0][6], "5.99");
    EXPECT_EQ(rows[1], (std::vector<std::string>{"3", "wood & <scrub>", "51", "160", "44", "0", "0"}));
    EXPECT_EQ(rows[2][1], "water");
    EXPECT_EQ(rows[2][5], "600");
    EXPECT_EQ(rows[2][6], "6");
    write_by_blocks(file("other.tif"), map_layout(600, 2), 100, rule);
    EXPECT_EQ(read_file(file("other.tif.aux.xml")), read_file(file("map.tif.aux.xml")));
}

TEST_F(RasterSinkTest, AttributeTableOfWideCodesAndDegreesHasCountsAndNoArea) {
    RasterLayout layout = map_layout(4, 1);
    layout.type = PixelType::uint16;
    layout.legend = ClassLegend({{.code = 300, .name = "moor", .color = {}}});
    layout.grid.crs_wkt = parse_crs("EPSG:4326");
    write_by_blocks(file("map.tif"), layout, 512,
                    [](int, std::int64_t x, std::int64_t) { return x == 0 ? nan_value : 300.0F; });
    EXPECT_EQ(attribute_rows(file("map.tif")),
              (std::vector<std::vector<std::string>>{{"300", "moor", "0", "0", "0", "3"}}));
}

TEST_F(RasterSinkTest, StatisticsInTheFileAreThoseOfThePixels) {
    // 600 x 2 pixels over two tiles: 599 ones, 600 sevens and one nodata.
    RasterLayout layout = map_layout(600, 2);
    write_by_blocks(file("map.tif"), layout, 512, [](int, std::int64_t x, std::int64_t y) {
        return x == 0 && y == 0 ? nan_value : y == 0 ? 1.0F : 7.0F;
    });
    const DatasetHandle dataset(GDALOpen(file("map.tif").c_str(), GA_ReadOnly));
    GDALRasterBandH band = GDALGetRasterBand(dataset.get(), 1);
    const auto number = [&](const char* key) {
        const char* text = GDALGetMetadataItem(band, key, nullptr);
        return text == nullptr ? -1 : CPLAtof(text);
    };
    const double mean = (599 * 1 + 600 * 7) / 1199.0;
    const double variance = (599 * (1 - mean) * (1 - mean) + 600 * (7 - mean) * (7 - mean)) / 1199;
    EXPECT_EQ(number("STATISTICS_MINIMUM"), 1);
    EXPECT_EQ(number("STATISTICS_MAXIMUM"), 7);
    EXPECT_NEAR(number("STATISTICS_MEAN"), mean, 1e-12);
    EXPECT_NEAR(number("STATISTICS_STDDEV"), std::sqrt(variance), 1e-12);
    EXPECT_NEAR(number("STATISTICS_VALID_PERCENT"), 99.92, 1e-9);
}

TEST_F(RasterSinkTest, LegendAndMetadataComeBack) {
    write_by_blocks(file("map.tif"), map_layout(20, 10), 512, some_class);
    const RasterFile opened = open_raster(file("map.tif"));
    EXPECT_EQ(opened.legend, three_classes);
    EXPECT_EQ(opened.metadata.at("LCCLASS_RECIPE"), "{\"bands\":[\"B04\"]}");
    expect_same(band_of(read_all(*opened.source), 0), band_of(block_of({0, 0, 20, 10}, 1, some_class), 0));
}

TEST_F(RasterSinkTest, CodesBeyondAByteKeepTheirColours) {
    RasterLayout layout = map_layout(2, 1);
    layout.type = PixelType::uint16;
    layout.legend = ClassLegend({{1000, "peat", {1, 2, 3}}});
    write_by_blocks(file("map.tif"), layout, 512,
                    [](int, std::int64_t x, std::int64_t) { return x == 0 ? 1000.0F : nan_value; });
    expect_same(band_of(read_all(*open_raster(file("map.tif")).source), 0), {1000, nan_value});
    const DatasetHandle dataset(GDALOpen(file("map.tif").c_str(), GA_ReadOnly));
    GDALColorTableH colors = GDALGetRasterColorTable(GDALGetRasterBand(dataset.get(), 1));
    ASSERT_NE(colors, nullptr);
    EXPECT_EQ(GDALGetColorEntry(colors, 1000)->c2, 2);
}

TEST_F(RasterSinkTest, OverviewsOfClassMapsShowTheMostFrequentClass) {
    // In every 2 x 2 pixels three are water and one is artificial land.
    write_by_blocks(file("map.tif"), map_layout(1024, 1024), 512,
                    [](int, std::int64_t x, std::int64_t y) { return x % 2 == 0 && y % 2 == 0 ? 1.0F : 7.0F; });
    const DatasetHandle dataset(GDALOpen(file("map.tif").c_str(), GA_ReadOnly));
    GDALRasterBandH overview = GDALGetOverview(GDALGetRasterBand(dataset.get(), 1), 0);
    ASSERT_NE(overview, nullptr);
    std::vector<std::uint8_t> pixels(512 * 512);
    ASSERT_EQ(GDALRasterIO(overview, GF_Read, 0, 0, 512, 512, pixels.data(), 512, 512, GDT_Byte, 0, 0), CE_None);
    EXPECT_EQ(pixels, std::vector<std::uint8_t>(512 * 512, 7));
}

TEST_F(RasterSinkTest, BytesDoNotDependOnThreads) {
    for (const int threads : {1, 5}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                        static_cast<std::size_t>(threads));
        write_by_blocks(file("map" + std::to_string(threads) + ".tif"), map_layout(1500, 1200), 512, some_class);
        write_by_blocks(file("float" + std::to_string(threads) + ".tif"), float_layout(1500, 1200), 1024, some_value);
    }
    EXPECT_TRUE(read_file(file("map1.tif")) == read_file(file("map5.tif")));
    EXPECT_TRUE(read_file(file("float1.tif")) == read_file(file("float5.tif")));
}

TEST_F(RasterSinkTest, BytesOfMapsDoNotDependOnTheBlockSize) {
    for (const int block_size : {300, 512, 2048}) {
        write_by_blocks(file(std::to_string(block_size)), map_layout(1500, 1200), block_size, some_class);
    }
    EXPECT_TRUE(read_file(file("300")) == read_file(file("512")));
    EXPECT_TRUE(read_file(file("300")) == read_file(file("2048")));
}

TEST_F(RasterSinkTest, NothingIsLeftWithoutCommit) {
    {
        const auto map = create_raster(file("map.tif"), map_layout(600, 600));
        map->write(block_of({0, 0, 600, 600}, 1, some_class));
        const auto stack = create_raster(file("stack.tif"), float_layout(600, 600));
        stack->write(block_of({0, 0, 600, 512}, 2, some_value));
    }
    EXPECT_TRUE(names_in_folder().empty());
}

TEST_F(RasterSinkTest, MissingPixelsAreNotPublished) {
    const auto sink = create_raster(file("a.tif"), float_layout(600, 600));
    sink->write(block_of({0, 0, 600, 599}, 2, some_value));
    EXPECT_THAT(error_of(ExitCode::internal, [&] { sink->commit(); }), HasSubstr("not every pixel was written"));
    EXPECT_FALSE(fs::exists(file("a.tif")));
}

TEST_F(RasterSinkTest, PixelsWrittenTwiceAreABug) {
    const auto sink = create_raster(file("a.tif"), float_layout(512, 512));
    const PixelBlock block = block_of({0, 0, 512, 512}, 2, some_value);
    sink->write(block);
    EXPECT_THAT(error_of(ExitCode::internal, [&] { sink->write(block); }), HasSubstr("written twice"));
}

TEST_F(RasterSinkTest, ExistingFileStaysUntilTheNewOneIsWhole) {
    write_by_blocks(file("a.tif"), float_layout(4, 4), 512, some_value);
    const std::string before = read_file(file("a.tif"));
    RasterLayout layout = float_layout(5, 5);
    EXPECT_THAT(error_of(ExitCode::output, [&] { create_raster(file("a.tif"), layout); }), HasSubstr("--overwrite"));
    layout.overwrite = true;
    const auto sink = create_raster(file("a.tif"), layout);
    sink->write(block_of({0, 0, 5, 5}, 2, some_value));
    EXPECT_TRUE(read_file(file("a.tif")) == before);
    sink->commit();
    EXPECT_EQ(open_raster(file("a.tif")).source->grid().width, 5);
}

TEST_F(RasterSinkTest, NamesOfAnEarlierMapDoNotStay) {
    write_by_blocks(file("a.tif"), map_layout(4, 4), 512, some_class);
    EXPECT_TRUE(fs::exists(file("a.tif.aux.xml")));
    RasterLayout layout = float_layout(4, 4);
    layout.overwrite = true;
    write_by_blocks(file("a.tif"), layout, 512, some_value);
    EXPECT_EQ(names_in_folder(), std::vector<std::string>{"a.tif"});
}

TEST_F(RasterSinkTest, OutputsAreLocalFilesInFoldersThatExist) {
    const RasterLayout layout = float_layout(4, 4);
    for (const fs::path& path : {fs::path("/vsimem/a.tif"), file("absent/a.tif"), folder()}) {
        EXPECT_THAT(error_of(ExitCode::output, [&] { create_raster(path, layout); }), HasSubstr("fix:"));
    }
}

TEST_F(RasterSinkTest, ValuesThatPixelsCannotHoldAreABug) {
    const auto refuse = [&](float value) {
        RasterLayout layout = map_layout(1, 1);
        layout.overwrite = true;
        const auto sink = create_raster(file("a.tif"), layout);
        return error_of(ExitCode::internal, [&] {
            sink->write(block_of({0, 0, 1, 1}, 1, [&](int, auto, auto) { return value; }));
        });
    };
    EXPECT_THAT(refuse(300), AllOf(HasSubstr("a.tif:class_code"), HasSubstr("value=300"), HasSubstr("Byte")));
    EXPECT_THAT(refuse(-1), HasSubstr("value=-1"));
    EXPECT_THAT(refuse(2.5F), HasSubstr("value=2.5"));
    EXPECT_THAT(refuse(std::numeric_limits<float>::infinity()), HasSubstr("does not fit"));
    EXPECT_THAT(refuse(0), HasSubstr("the same as nodata"));
}

TEST_F(RasterSinkTest, ClassCodesThatAreNodataOrTooLargeAreABug) {
    RasterLayout layout = map_layout(1, 1);
    layout.nodata = 7;
    EXPECT_THAT(error_of(ExitCode::internal, [&] { create_raster(file("a.tif"), layout); }),
                AllOf(HasSubstr("class_code=7"), HasSubstr("nodata")));
    layout.nodata = 0;
    layout.legend = ClassLegend({{300, "peat", {}}});
    EXPECT_THAT(error_of(ExitCode::internal, [&] { create_raster(file("a.tif"), layout); }),
                HasSubstr("class_code=300"));
    EXPECT_TRUE(names_in_folder().empty());
}

TEST_F(RasterSinkTest, ChangedPixelsAreNoticedBeforePublishing) {
    const RasterLayout layout = float_layout(600, 20);
    write_by_blocks(file("a.tif"), layout, 512, some_value);
    RasterLayout other = layout;
    other.overwrite = true;
    write_by_blocks(file("b.tif"), other, 512, [](int band, std::int64_t x, std::int64_t y) {
        return x == 599 && y == 19 && band == 1 ? 0.25F : some_value(band, x, y);
    });
    const auto digests_of = [&](const fs::path& path) {
        const DatasetHandle dataset(GDALOpen(path.c_str(), GA_ReadOnly));
        std::vector<std::string> digests;
        for (int tile = 0; tile < 2; ++tile) {
            std::vector<std::byte> pixels(512 * 512 * 4);
            digests.push_back(tile_digest(TileLayout{600, 20}.window_of(tile), 2, 4, [&](int band) {
                EXPECT_EQ(GDALReadBlock(GDALGetRasterBand(dataset.get(), band + 1), tile, 0, pixels.data()), CE_None);
                return pixels.data();
            }));
        }
        return digests;
    };
    const std::vector<std::string> digests = digests_of(file("a.tif"));
    EXPECT_NO_THROW(verify_tiles(file("a.tif"), file("a.tif"), layout, digests));
    EXPECT_THAT(error_of(ExitCode::output, [&] { verify_tiles(file("b.tif"), file("final.tif"), layout, digests); }),
                AllOf(HasSubstr("final.tif"), HasSubstr("tile 1")));
}

/// Writes noise with room for 100 kB only; exit code 6 and a message when that was noticed and nothing is left.
void write_without_room(const fs::path& path, const RasterLayout& layout) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit room = {100000, 100000};
    setrlimit(RLIMIT_FSIZE, &room);
    int code = 0;
    try {
        write_by_blocks(path, layout, 512, [&](int, std::int64_t x, std::int64_t y) {
            const std::int64_t noise = (x * 7919 + y * 104729) % 99991;
            return static_cast<float>(layout.legend ? 1 + 2 * (noise % 31 % 2) : noise);
        });
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        code = static_cast<int>(error.code());
    }
    const bool left_something = !fs::is_empty(path.parent_path());
    fs::remove_all(path.parent_path());
    std::_Exit(left_something ? 99 : code);
}

TEST_F(RasterSinkTest, FullDiskIsNoticedAndLeavesNothing) {
    GTEST_FLAG_SET(death_test_style, "threadsafe"); // the child needs its own worker threads
    EXPECT_EXIT(write_without_room(file("a.tif"), float_layout(600, 600)), ::testing::ExitedWithCode(6),
                "a.tif: .*fix:");
    EXPECT_EXIT(write_without_room(file("map.tif"), map_layout(2000, 2000)), ::testing::ExitedWithCode(6),
                "map.tif: .*fix:");
}

} // namespace
} // namespace lcclass::test
