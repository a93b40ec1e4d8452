#include "geo/raster_case.h"

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class RasterSourceTest : public RasterTest {};

std::string open_error(const fs::path& path) {
    return error_of(ExitCode::input, [&] { static_cast<void>(open_raster(path)); });
}

RasterCase ramp(int width, int height) {
    return {.width = width,
            .height = height,
            .bands = {values_of(width, height, [&](int x, int y) { return 1 + x + y * width; })}};
}

TEST_F(RasterSourceTest, ReadsWhatTheFileHoldsWithNodataAsNan) {
    RasterCase raster{.width = 3, .height = 2, .bands = {{1, 2, 3, 4, 5, 6}, {7, 99, 9, 10, 11, 12}}};
    raster.names = {"B04", "B08"};
    raster.nodata = 99;
    write_raster(file("a.tif"), raster);
    const RasterFile opened = open_raster(file("a.tif"));
    EXPECT_EQ(opened.driver, "GTiff");
    EXPECT_EQ(band_names(*opened.source), (std::vector<std::string>{"B04", "B08"}));
    EXPECT_EQ(opened.source->grid().bounds(), (Bounds{600000, 5099980, 600030, 5100000}));
    const PixelBlock block = read_all(*opened.source);
    expect_same(band_of(block, 0), {1, 2, 3, 4, 5, 6});
    expect_same(band_of(block, 1), {7, nan_value, 9, 10, 11, 12});
    EXPECT_EQ(block.valid, (std::vector<std::uint8_t>{1, 0, 1, 1, 1, 1}));
}

TEST_F(RasterSourceTest, BandsWithoutDescriptionAreNumbered) {
    write_raster(file("a.tif"), {.bands = {std::vector<double>(16, 1), std::vector<double>(16, 2)}});
    EXPECT_EQ(band_names(*open_raster(file("a.tif")).source), (std::vector<std::string>{"band_1", "band_2"}));
}

TEST_F(RasterSourceTest, NodataOfDoublesThatNoFloatHoldsIsRecognised) {
    RasterCase raster{.width = 2, .height = 1, .type = GDT_Float64, .bands = {{-1.7976931348623157e308, 0.5}}};
    raster.nodata = -1.7976931348623157e308;
    write_raster(file("a.tif"), raster);
    expect_same(band_of(read_all(*open_raster(file("a.tif")).source), 0), {nan_value, 0.5F});
}

TEST_F(RasterSourceTest, PixelsMaskedInsideTheFileAreNan) {
    write_raster(file("a.tif"), {.width = 2, .height = 1, .type = GDT_Byte, .bands = {{5, 6}}, .mask = {255, 0}});
    expect_same(band_of(read_all(*open_raster(file("a.tif")).source), 0), {5, nan_value});
}

TEST_F(RasterSourceTest, AlphaBandMasksTheOthersAndIsNone) {
    RasterCase raster{.width = 3, .height = 1, .bands = {{5, 6, 7}, {8, 9, 10}, {65535, 1, 0}}};
    raster.names = {"B04", "B08"};
    raster.alpha_band = 3;
    write_raster(file("a.tif"), raster);
    const RasterFile opened = open_raster(file("a.tif"));
    EXPECT_EQ(band_names(*opened.source), (std::vector<std::string>{"B04", "B08"}));
    const PixelBlock block = read_all(*opened.source);
    expect_same(band_of(block, 0), {5, 6, nan_value});
    expect_same(band_of(block, 1), {8, 9, nan_value});
}

TEST_F(RasterSourceTest, BandsAfterAlphaKeepTheirPixels) {
    write_raster(
        file("a.tif"),
        {.width = 2, .height = 1, .bands = {{5, 6}, {255, 0}, {7, 8}}, .names = {"B04", "", "B08"}, .alpha_band = 2});
    const RasterFile opened = open_raster(file("a.tif"));
    EXPECT_EQ(band_names(*opened.source), (std::vector<std::string>{"B04", "B08"}));
    expect_same(band_of(read_all(*opened.source), 1), {7, nan_value});
}

TEST_F(RasterSourceTest, FourthOfFourByteBandsIsNoAlphaWhenItHasAName) {
    // GDAL marks it as alpha by itself.
    write_raster(file("a.tif"), {.width = 2,
                                 .height = 1,
                                 .type = GDT_Byte,
                                 .bands = {{1, 2}, {3, 4}, {5, 6}, {0, 8}},
                                 .names = {"B02", "B03", "B04", "B08"}});
    const RasterFile opened = open_raster(file("a.tif"));
    ASSERT_EQ(band_names(*opened.source), (std::vector<std::string>{"B02", "B03", "B04", "B08"}));
    expect_same(band_of(read_all(*opened.source), 0), {1, 2});
    expect_same(band_of(read_all(*opened.source), 3), {0, 8});
}

TEST_F(RasterSourceTest, RastersOfOnePixelAndOneColumnAreRead) {
    write_raster(file("one.tif"), ramp(1, 1));
    write_raster(file("column.tif"), ramp(1, 5));
    expect_same(band_of(read_all(*open_raster(file("one.tif")).source), 0), {1});
    expect_same(band_of(read_all(*open_raster(file("column.tif")).source), 0), {1, 2, 3, 4, 5});
}

TEST_F(RasterSourceTest, PixelsBeyondTheFourthBillionAreAddressed) {
    constexpr int size = 70000; // 4.9e9 pixels, nearly all of them holes in the file
    std::array<std::string, 4> texts = {"TILED=YES", "SPARSE_OK=YES", "BIGTIFF=YES", "COMPRESS=DEFLATE"};
    std::array<char*, 5> options = {texts[0].data(), texts[1].data(), texts[2].data(), texts[3].data(), nullptr};
    {
        const DatasetHandle dataset(
            GDALCreate(GDALGetDriverByName("GTiff"), file("big.tif").c_str(), size, size, 1, GDT_Byte, options.data()));
        fill_dataset(dataset.get(), {.width = size, .height = size, .bands = {}});
        std::uint8_t seven = 7;
        ASSERT_EQ(GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Write, size - 1, size - 2, 1, 1, &seven, 1, 1,
                               GDT_Byte, 0, 0),
                  CE_None);
    }
    const RasterFile opened = open_raster(file("big.tif"));
    EXPECT_EQ(opened.source->grid().n_pixels(), 4900000000);
    PixelBlock block;
    opened.source->read({size - 2, size - 2, 2, 2}, block);
    expect_same(band_of(block, 0), {0, 7, 0, 0});
}

TEST_F(RasterSourceTest, RefusesTwoBandsOfOneName) {
    write_raster(file("a.tif"),
                 {.bands = {std::vector<double>(16, 1), std::vector<double>(16, 2)}, .names = {"B04", "B04"}});
    EXPECT_THAT(open_error(file("a.tif")), AllOf(HasSubstr("band 2"), HasSubstr("'B04'"), HasSubstr("fix:")));
}

TEST_F(RasterSourceTest, RefusesRastersWithoutReferenceSystem) {
    RasterCase raster = ramp(4, 4);
    raster.crs.clear();
    write_raster(file("a.tif"), raster);
    EXPECT_THAT(open_error(file("a.tif")), AllOf(HasSubstr("a.tif"), HasSubstr("crs"), HasSubstr("gdal_edit")));
}

TEST_F(RasterSourceTest, RefusesRastersThatLieNowhere) {
    RasterCase raster = ramp(4, 4);
    raster.georeferenced = false;
    write_raster(file("none.tif"), raster);
    EXPECT_THAT(open_error(file("none.tif")), AllOf(HasSubstr("geotransform"), HasSubstr("missing")));
}

TEST_F(RasterSourceTest, RefusesRotatedShearedAndSouthUpRasters) {
    const auto error_with = [&](std::array<double, 6> transform) {
        RasterCase raster = ramp(4, 4);
        raster.transform = transform;
        write_raster(file("a.tif"), raster);
        return open_error(file("a.tif"));
    };
    EXPECT_THAT(error_with({600000, 10, 1, 5100000, 1, -10}), HasSubstr("rotated or sheared"));
    EXPECT_THAT(error_with({600000, 10, 0.5, 5100000, 0, -10}), HasSubstr("rotated or sheared"));
    EXPECT_THAT(error_with({600000, 10, 0, 5100000, 0, 10}), AllOf(HasSubstr("south-up"), HasSubstr("gdalwarp")));
}

TEST_F(RasterSourceTest, RefusesWhatIsNoRasterFileAtOnce) {
    write_text(file("empty.tif"), "");
    write_text(file("page.jp2"), "<!DOCTYPE html><html><body>404 Not Found</body></html>");
    write_text(file("source.vrt"), "<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"><VRTRasterBand dataType=\"Byte\" "
                                   "band=\"1\"><SimpleSource><SourceFilename>/etc/passwd</SourceFilename>"
                                   "</SimpleSource></VRTRasterBand></VRTDataset>");
    fs::create_directory(file("folder.tif"));
    ASSERT_EQ(mkfifo(file("pipe.tif").c_str(), 0600), 0);
    const std::vector<std::pair<fs::path, std::string>> cases = {
        {file("empty.tif"), "is empty"},
        {file("page.jp2"), "not a readable GeoTIFF"},
        {file("source.vrt"), "virtual raster"},
        {file("folder.tif"), "is a folder"},
        {file("pipe.tif"), "not a regular"},
        {"/dev/zero", "not a regular"},
        {file("absent.tif"), "does not exist"},
        {"/vsimem/a.tif", "virtual file systems"},
        {"/vsicurl/http://localhost/a.tif", "virtual file systems"}};
    for (const auto& [path, problem] : cases) {
        const auto start = std::chrono::steady_clock::now();
        EXPECT_THAT(open_error(path), AllOf(HasSubstr(path.filename().string()), HasSubstr(problem)));
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << path;
    }
}

/// Cuts `name` at ten places; every cut must be noticed, or the pixels must be right all the same.
void expect_cuts_noticed(const fs::path& whole, const fs::path& cut) {
    const std::vector<float> expected = band_of(read_all(*open_raster(whole).source), 0);
    const auto size = fs::file_size(whole);
    int noticed_while_reading = 0;
    for (std::uintmax_t part = 0; part < 10; ++part) {
        fs::copy_file(whole, cut, fs::copy_options::overwrite_existing);
        fs::resize_file(cut, size / 10 * part);
        try {
            const RasterFile opened = open_raster(cut);
            try {
                EXPECT_EQ(band_of(read_all(*opened.source), 0), expected) << part;
            } catch (const Error& error) {
                ++noticed_while_reading;
                EXPECT_THAT(error.what(), AllOf(HasSubstr(cut.filename().string() + ":band 1"),
                                                HasSubstr("window=0,0 200x200"), HasSubstr("fix:")));
            }
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr(cut.filename().string()));
        }
    }
    EXPECT_GT(noticed_while_reading, 2);
}

TEST_F(RasterSourceTest, TruncatedFilesAreNoticedWithFileBandAndWindow) {
    const auto noise = values_of(200, 200, [](int x, int y) { return 1 + (x * 7919 + y * 104729) % 3001; });
    write_raster(file("whole.tif"), {.width = 200, .height = 200, .bands = {noise}});
    write_raster(file("whole.jp2"), {.width = 200, .height = 200, .bands = {noise}});
    expect_cuts_noticed(file("whole.tif"), file("cut.tif"));
    expect_cuts_noticed(file("whole.jp2"), file("cut.jp2"));
}

TEST_F(RasterSourceTest, ManyThreadsReadTheSameNumbers) {
    write_raster(file("a.jp2"), ramp(200, 130));
    const RasterFile opened = open_raster(file("a.jp2"));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            PixelBlock block;
            for (int i = 0; i < 20; ++i) {
                const std::int64_t x = (t * 31 + i * 17) % 150;
                const std::int64_t y = (t * 13 + i * 29) % 100;
                opened.source->read({x, y, 50, 30}, block);
                wrong += block.values[0] != static_cast<float>(1 + x + y * 200);
                wrong += block.values[1499] != static_cast<float>(1 + x + 49 + (y + 29) * 200);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

TEST_F(RasterSourceTest, LegendComesFromTheColourTableWithoutItsPadding) {
    {
        const DatasetHandle dataset(
            GDALCreate(GDALGetDriverByName("GTiff"), file("map.tif").c_str(), 1, 1, 1, GDT_Byte, nullptr));
        GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
        const GDALColorEntry red = {255, 0, 0, 255};
        const GDALColorEntry blue = {0, 0, 255, 255};
        GDALSetColorEntry(table, 2, &red);
        GDALSetColorEntry(table, 5, &blue);
        GDALSetRasterColorTable(GDALGetRasterBand(dataset.get(), 1), table);
        GDALDestroyColorTable(table);
        fill_dataset(dataset.get(), {.width = 1, .height = 1, .bands = {{2}}});
    }
    const auto legend = open_raster(file("map.tif")).legend;
    ASSERT_TRUE(legend);
    EXPECT_EQ(*legend, ClassLegend({{2, "class 2", {255, 0, 0}}, {5, "class 5", {0, 0, 255}}}));
}

TEST_F(RasterSourceTest, NumbersAloneAreNoLegend) {
    write_raster(file("a.tif"), ramp(2, 2));
    EXPECT_FALSE(open_raster(file("a.tif")).legend);
}

} // namespace
} // namespace lcclass::test
