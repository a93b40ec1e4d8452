#include "geo/raster_case.h"
#include "lcclass/geo/scene.h"

#include <gmock/gmock.h>

#include <gdal_utils.h>

#include <atomic>
#include <thread>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

double some_number(int x, int y) {
    return 1 + (x * 7919 + y * 104729) % 3001;
}

class SceneGridTest : public RasterTest {
protected:
    /// A float raster `NAME.tif` whose band is called NAME.
    void write_band(const std::string& name, RasterCase raster, const std::function<double(int, int)>& value) {
        raster.type = GDT_Float32;
        raster.bands = {values_of(raster.width, raster.height, value)};
        raster.names = {name};
        write_raster(file(name + ".tif"), raster);
    }
    [[nodiscard]] SceneOptions scene(const std::vector<std::string>& names) const {
        SceneOptions options;
        for (const std::string& name : names) {
            options.inputs.push_back(file(name + ".tif").string());
        }
        return options;
    }
    static std::string open_error(const SceneOptions& options, const std::vector<std::string>& names,
                                  ExitCode code = ExitCode::input) {
        return error_of(code, [&] { open_scene(options, names); });
    }
    /// `fine`: 6 x 6 px of 10 m, `coarse`: 3 x 3 px of 20 m over the same ground.
    void write_fine_and_coarse() {
        write_band("fine", {.width = 6, .height = 6}, some_number);
        write_band("coarse", {.width = 3, .height = 3, .pixel = 20}, [](int x, int y) { return 10 * y + x; });
    }
};

TEST_F(SceneGridTest, BilinearOfARampIsTheRamp) {
    // Pixel centres of the 20 m band lie at 10, 30, 50 ... m, those of the 10 m grid at 5, 15, 25 ... m.
    write_band("fine", {.width = 40, .height = 40}, [](int, int) { return 0; });
    write_band("coarse", {.width = 20, .height = 20, .pixel = 20},
               [](int x, int y) { return ((x + 0.5) * 20 + (y + 0.5) * 40) / 1000; });
    const auto source = open_scene(scene({"fine", "coarse"}), {"fine", "coarse"});
    EXPECT_EQ(source->bands()[0].resampling, "");
    EXPECT_EQ(source->bands()[1].resampling, "bilinear");
    const PixelBlock block = read_all(*source);
    for (int y = 1; y < 39; ++y) {
        for (int x = 1; x < 39; ++x) {
            const double expected = ((x + 0.5) * 10 + (y + 0.5) * 20) / 1000;
            EXPECT_NEAR(block.band(1)[static_cast<std::size_t>(y * 40 + x)], expected, 1e-6);
        }
    }
}

TEST_F(SceneGridTest, NearestRepeatsTheCoarsePixel) {
    write_fine_and_coarse();
    SceneOptions options = scene({"fine", "coarse"});
    options.resampling = Resampling::nearest;
    const auto source = open_scene(options, {"fine", "coarse"});
    EXPECT_EQ(source->bands()[1].resampling, "nearest");
    const PixelBlock block = read_all(*source);
    for (int y = 0; y < 6; ++y) {
        for (int x = 0; x < 6; ++x) {
            EXPECT_EQ(block.band(1)[static_cast<std::size_t>(y * 6 + x)], 10 * (y / 2) + x / 2);
        }
    }
}

TEST_F(SceneGridTest, AverageIsTheMeanOfTheFinePixels) {
    write_fine_and_coarse();
    SceneOptions options = scene({"fine", "coarse"});
    options.resolution = 20;
    options.resampling = Resampling::average;
    const auto source = open_scene(options, {"coarse", "fine"});
    EXPECT_EQ(source->grid().width, 3);
    EXPECT_EQ(source->bands()[0].resampling, "");
    EXPECT_EQ(source->bands()[1].resampling, "average");
    const PixelBlock block = read_all(*source);
    EXPECT_EQ(block.band(0)[4], 11);
    const double mean = (some_number(2, 2) + some_number(3, 2) + some_number(2, 3) + some_number(3, 3)) / 4;
    EXPECT_NEAR(block.band(1)[4], mean, 1e-3);
}

TEST_F(SceneGridTest, NodataIsLeftOutBeforeResampling) {
    // A 20 m Sentinel-2 band of 3000 with one DN 0 and one saturated pixel: neighbours keep 3000.
    write_band("fine", {.width = 12, .height = 12}, [](int, int) { return 1; });
    write_raster(
        file("T33UUU_B05.tif"),
        {.width = 6, .height = 6, .pixel = 20, .bands = {values_of(6, 6, [](int x, int y) {
                                                   return x == 1 && y == 1 ? 0 : x == 4 && y == 4 ? 65535 : 3000;
                                               })}});
    SceneOptions options = scene({"fine"});
    options.inputs.push_back(file("T33UUU_B05.tif").string());
    options.radiometry = "scale=0.0001,offset=-0.1";
    for (const Resampling resampling : {Resampling::bilinear, Resampling::cubic, Resampling::nearest}) {
        options.resampling = resampling;
        int n_missing = 0;
        const PixelBlock block = read_all(*open_scene(options, {"fine", "B05"}));
        for (const float value : block.band(1)) {
            n_missing += std::isnan(value) ? 1 : 0;
            EXPECT_TRUE(std::isnan(value) || std::abs(value - 0.2F) < 1e-6F) << value;
        }
        EXPECT_EQ(n_missing, 8) << to_string(resampling); // two 20 m pixels
    }
}

TEST_F(SceneGridTest, MaskedAndTaggedNumbersAreBothLeftOutWhenResampling) {
    RasterCase raster{.width = 3, .height = 1, .pixel = 20, .bands = {{500, 7, 65535}}};
    raster.nodata = 7;
    write_raster(file("T33UUU_B05.tif"), raster);
    write_band("fine", {.width = 6, .height = 2}, [](int, int) { return 1; });
    SceneOptions options = scene({"fine"});
    options.inputs.push_back(file("T33UUU_B05.tif").string());
    options.radiometry = "none";
    options.resampling = Resampling::nearest;
    const std::vector<float> row = {500, 500, nan_value, nan_value, nan_value, nan_value};
    std::vector<float> expected = row;
    expected.insert(expected.end(), row.begin(), row.end());
    expect_same(band_of(read_all(*open_scene(options, {"fine", "B05"})), 1), expected);
}

TEST_F(SceneGridTest, MaskInTheFileIsHeededBesideNodataNumbersWhenResampling) {
    RasterCase raster{.width = 4, .height = 1, .pixel = 20, .bands = {{500, 600, 0, 65535}}};
    raster.mask = {255, 0, 255, 255};
    write_raster(file("T33UUU_B05.tif"), raster);
    RasterCase with_number{.width = 4, .height = 1, .pixel = 20, .type = GDT_Float32, .bands = {{500, 600, 7, 8}}};
    with_number.names = {"dem"};
    with_number.nodata = 7;
    with_number.mask = {255, 0, 255, 0};
    write_raster(file("dem.tif"), with_number);
    write_band("fine", {.width = 8, .height = 2}, [](int, int) { return 1; });
    SceneOptions options = scene({"fine", "dem"});
    options.inputs.push_back(file("T33UUU_B05.tif").string());
    options.radiometry = "none";
    for (const Resampling resampling : {Resampling::nearest, Resampling::bilinear}) {
        options.resampling = resampling;
        const PixelBlock block = read_all(*open_scene(options, {"fine", "B05", "dem"}));
        for (const int band : {1, 2}) {
            std::vector<float> expected(16, nan_value);
            expected[0] = expected[1] = expected[8] = expected[9] = 500;
            expect_same(band_of(block, band), expected, 1e-3F);
        }
    }
}

TEST_F(SceneGridTest, AlphaBandMasksBandsThatAreResampled) {
    write_raster(file("coarse.tif"), {.width = 3,
                                      .height = 1,
                                      .pixel = 20,
                                      .bands = {{500, 600, 700}, {1, 2, 3}, {65535, 0, 65535}},
                                      .names = {"red", "nir"},
                                      .alpha_band = 3});
    write_band("fine", {.width = 6, .height = 2}, [](int, int) { return 1; });
    SceneOptions options = scene({"fine", "coarse"});
    options.resampling = Resampling::nearest;
    EXPECT_EQ(list_bands(options).size(), 3U);
    expect_same(band_of(read_all(*open_scene(options, {"fine", "nir"})), 1),
                {1, 1, nan_value, nan_value, 3, 3, 1, 1, nan_value, nan_value, 3, 3});
    write_raster(file("T33UUU_B05.tif"),
                 {.width = 3, .height = 1, .pixel = 20, .bands = {{500, 600, 0}, {255, 0, 255}}, .alpha_band = 2});
    options.inputs.push_back(file("T33UUU_B05.tif").string());
    options.radiometry = "none";
    expect_same(
        band_of(read_all(*open_scene(options, {"fine", "B05"})), 1),
        {500, 500, nan_value, nan_value, nan_value, nan_value, 500, 500, nan_value, nan_value, nan_value, nan_value});
    options.inputs = {"red=" + file("coarse.tif").string() + ":3"};
    EXPECT_THAT(open_error(options, {"red"}), HasSubstr("band=3: is the alpha band"));
}

TEST_F(SceneGridTest, SignedNumbersKeepTheirRangeWhenResampled) {
    // 0 and -9999 are nodata, 65535 does not occur in int16.
    RasterCase raster{
        .width = 6, .height = 1, .pixel = 20, .type = GDT_Int16, .bands = {{-2, -32768, 32767, -9999, 0, -9998}}};
    raster.nodata = -9999;
    write_raster(file("T33UUU_B05.tif"), raster);
    write_band("fine", {.width = 12, .height = 2}, [](int, int) { return 1; });
    SceneOptions options = scene({"fine"});
    options.inputs.push_back(file("T33UUU_B05.tif").string());
    options.radiometry = "none";
    options.resampling = Resampling::nearest;
    std::vector<float> expected = {-2,        -2,        -32768,    -32768,    32767, 32767,
                                   nan_value, nan_value, nan_value, nan_value, -9998, -9998};
    expected.insert(expected.end(), expected.begin(), expected.begin() + 12);
    expect_same(band_of(read_all(*open_scene(options, {"fine", "B05"})), 1), expected);
}

TEST_F(SceneGridTest, NodataThatTheTypeCannotHoldDoesNotUnmaskZero) {
    RasterCase raster{.width = 2, .height = 1, .pixel = 20, .bands = {{0, 500}}};
    raster.nodata = -9999;
    write_raster(file("T33UUU_B05.tif"), raster);
    write_band("fine", {.width = 4, .height = 2}, [](int, int) { return 1; });
    SceneOptions options = scene({"fine"});
    options.inputs.push_back(file("T33UUU_B05.tif").string());
    options.radiometry = "none";
    options.resampling = Resampling::nearest;
    expect_same(band_of(read_all(*open_scene(options, {"fine", "B05"})), 1),
                {nan_value, nan_value, 500, 500, nan_value, nan_value, 500, 500});
}

TEST_F(SceneGridTest, ResampledBandsEqualGdalsWarperWhateverTheWindow) {
    write_band("fine", {.width = 1300, .height = 700}, [](int, int) { return 1; });
    write_band("coarse", {.width = 650, .height = 350, .pixel = 20}, some_number);
    const DatasetHandle coarse(GDALOpen(file("coarse.tif").c_str(), GA_ReadOnly));
    for (const char* method : {"near", "bilinear", "cubic"}) {
        std::vector<std::string> texts = {"-of", "MEM", "-tr", "10", "10", "-r", method, "-ot", "Float32", "-et", "0"};
        std::vector<char*> arguments;
        for (std::string& text : texts) {
            arguments.push_back(text.data());
        }
        arguments.push_back(nullptr);
        GDALWarpAppOptions* app = GDALWarpAppOptionsNew(arguments.data(), nullptr);
        GDALDatasetH input = coarse.get();
        const DatasetHandle oracle(GDALWarp("", nullptr, 1, &input, app, nullptr));
        GDALWarpAppOptionsFree(app);
        std::vector<float> expected(1300 * 700);
        ASSERT_EQ(GDALRasterIO(GDALGetRasterBand(oracle.get(), 1), GF_Read, 0, 0, 1300, 700, expected.data(), 1300, 700,
                               GDT_Float32, 0, 0),
                  CE_None);
        SceneOptions options = scene({"fine", "coarse"});
        options.resampling = method == std::string("near") ? Resampling::nearest : parse_resampling(method);
        const auto source = open_scene(options, {"fine", "coarse"});
        EXPECT_EQ(band_of(read_all(*source), 1), expected) << method;
        for (const Window& window : block_windows(source->grid().extent(), 217, 131)) {
            PixelBlock block;
            source->read(window, block);
            for (std::int64_t i = 0; i < window.n_pixels(); ++i) {
                const auto at = (window.y + i / window.width) * 1300 + window.x + i % window.width;
                ASSERT_EQ(block.band(1)[static_cast<std::size_t>(i)], expected[static_cast<std::size_t>(at)]);
            }
        }
    }
}

TEST_F(SceneGridTest, ManyThreadsReadTheSameResampledNumbers) {
    write_band("fine", {.width = 400, .height = 300}, some_number);
    write_band("coarse", {.width = 200, .height = 150, .pixel = 20}, some_number);
    const auto source = open_scene(scene({"fine", "coarse"}), {"fine", "coarse"});
    const PixelBlock whole = read_all(*source);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            PixelBlock block;
            for (const Window& window : block_windows(source->grid().extent(), 64, 64)) {
                source->read(window, block);
                const auto at = static_cast<std::size_t>(window.y * 400 + window.x);
                wrong += block.band(0)[0] != whole.band(0)[at];
                wrong += block.band(1)[0] != whole.band(1)[at];
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

TEST_F(SceneGridTest, HalfAPixelOfShiftIsAnErrorAndRoundingIsNot) {
    write_band("fine", {.width = 6, .height = 6}, some_number);
    write_band("half", {.width = 6, .height = 6, .origin_x = 600005}, some_number);
    write_band("near", {.width = 6, .height = 6, .origin_x = 600000.005}, some_number);
    write_band("coarse", {.width = 3, .height = 3, .origin_y = 5100005, .pixel = 20}, some_number);
    EXPECT_THAT(open_error(scene({"fine", "half"}), {"fine", "half"}),
                AllOf(HasSubstr("half.tif:half"), HasSubstr("shifted by 0.5, 0 px"), HasSubstr("fix:")));
    EXPECT_THAT(open_error(scene({"fine", "coarse"}), {"fine", "coarse"}), HasSubstr("shifted by 0, 0.5 px"));
    const auto source = open_scene(scene({"fine", "near"}), {"fine", "near"});
    EXPECT_EQ(source->bands()[1].resampling, "");
}

TEST_F(SceneGridTest, PixelSizesThatAreNoMultipleAreAnError) {
    write_band("fine", {.width = 6, .height = 6}, some_number);
    write_band("odd", {.width = 4, .height = 4, .pixel = 15}, some_number);
    EXPECT_THAT(open_error(scene({"fine", "odd"}), {"fine", "odd"}),
                AllOf(HasSubstr("pixel_size=15"), HasSubstr("no multiple of the 10 of fine"), HasSubstr("--like")));
}

TEST_F(SceneGridTest, ExtentsThatDifferAreAnErrorUnlessTheIntersectionIsMeant) {
    write_band("a", {.width = 6, .height = 6}, [](int x, int y) { return 100 * y + x; });
    write_band("b", {.width = 6, .height = 6, .origin_x = 600020, .origin_y = 5099990},
               [](int x, int y) { return 100 * y + x; });
    SceneOptions options = scene({"a", "b"});
    EXPECT_THAT(open_error(options, {"a", "b"}), AllOf(HasSubstr("b.tif:b"), HasSubstr("--intersection")));
    options.intersection = true;
    const auto source = open_scene(options, {"a", "b"});
    EXPECT_EQ(source->grid().bounds(), (Bounds{600020, 5099940, 600060, 5099990}));
    const PixelBlock block = read_all(*source);
    EXPECT_EQ(block.band(0)[0], 102);
    EXPECT_EQ(block.band(1)[0], 0);
}

TEST_F(SceneGridTest, EmptyIntersectionsAreAlwaysAnError) {
    write_band("a", {.width = 6, .height = 6}, some_number);
    write_band("b", {.width = 6, .height = 6, .origin_x = 600060}, some_number);
    SceneOptions options = scene({"a", "b"});
    EXPECT_THAT(open_error(options, {"a", "b"}), HasSubstr("nothing in common"));
    options.intersection = true;
    EXPECT_THAT(open_error(options, {"a", "b"}), HasSubstr("nothing in common"));
}

TEST_F(SceneGridTest, CoarseBandMayStickOutByPartOfAPixel) {
    write_band("fine", {.width = 5, .height = 5}, some_number);
    write_band("coarse", {.width = 3, .height = 3, .pixel = 20}, some_number);
    write_band("short", {.width = 2, .height = 3, .pixel = 20}, some_number);
    write_band("long", {.width = 4, .height = 3, .pixel = 20}, some_number);
    const auto source = open_scene(scene({"fine", "coarse"}), {"fine", "coarse"});
    EXPECT_EQ(source->grid().width, 5);
    EXPECT_EQ(read_all(*source).valid, std::vector<std::uint8_t>(25, 1));
    EXPECT_THAT(open_error(scene({"fine", "short"}), {"fine", "short"}), HasSubstr("short.tif"));
    EXPECT_THAT(open_error(scene({"fine", "long"}), {"fine", "long"}), HasSubstr("long.tif"));
}

TEST_F(SceneGridTest, DifferentReferenceSystemsAreAnErrorWithBothCodes) {
    write_band("a", {.width = 6, .height = 6}, some_number);
    write_band("b", {.width = 6, .height = 6, .crs = "EPSG:32632"}, some_number);
    EXPECT_THAT(open_error(scene({"a", "b"}), {"a", "b"}),
                AllOf(HasSubstr("EPSG:32632"), HasSubstr("EPSG:32633"), HasSubstr("--reproject")));
}

TEST_F(SceneGridTest, ReprojectionOnRequestFindsTheSameGround) {
    // Longitude in a raster of zone 32 that surrounds the 10 m grid in zone 33, south-east of Graz.
    write_band("a", {.width = 20, .height = 20}, some_number);
    const TransformationHandle to_32 = make_transformation(parse_crs("EPSG:32633"), parse_crs("EPSG:32632"), "test");
    const TransformationHandle to_degrees =
        make_transformation(parse_crs("EPSG:32632"), parse_crs("EPSG:4326"), "test");
    double x = 600100;
    double y = 5099900;
    ASSERT_TRUE(OCTTransform(to_32.get(), 1, &x, &y, nullptr));
    const double left = std::round(x) - 500;
    const double top = std::round(y) + 500;
    write_band("b", {.width = 100, .height = 100, .origin_x = left, .origin_y = top, .crs = "EPSG:32632"},
               [&](int column, int row) {
                   double px = left + 10 * column + 5;
                   double py = top - 10 * row - 5;
                   OCTTransform(to_degrees.get(), 1, &px, &py, nullptr);
                   return 1000 * (px - 16);
               });
    SceneOptions options = scene({"a", "b"});
    options.reproject = true;
    const auto source = open_scene(options, {"a", "b"});
    EXPECT_EQ(source->bands()[1].resampling, "bilinear");
    EXPECT_EQ(crs_label(source->grid().crs_wkt), "EPSG:32633");
    const PixelBlock block = read_all(*source);
    const TransformationHandle own_degrees =
        make_transformation(parse_crs("EPSG:32633"), parse_crs("EPSG:4326"), "test");
    for (std::size_t i = 0; i < 400; i += 57) {
        double px = source->grid().center_x(static_cast<std::int64_t>(i % 20));
        double py = source->grid().center_y(static_cast<std::int64_t>(i / 20));
        ASSERT_TRUE(OCTTransform(own_degrees.get(), 1, &px, &py, nullptr));
        EXPECT_NEAR(block.band(1)[i], 1000 * (px - 16), 5e-5); // 5e-8 degree is about 5 mm
    }
}

TEST_F(SceneGridTest, BoundsAreSnappedOutwardsToPixelEdges) {
    write_band("a", {.width = 6, .height = 6}, [](int x, int y) { return 100 * y + x; });
    SceneOptions options = scene({"a"});
    options.bounds = Bounds{600012, 5099955, 600030, 5099989};
    const auto source = open_scene(options, {"a"});
    EXPECT_EQ(source->grid().bounds(), (Bounds{600010, 5099950, 600030, 5099990}));
    EXPECT_EQ(band_of(read_all(*source), 0), (std::vector<float>{101, 102, 201, 202, 301, 302, 401, 402}));
}

TEST_F(SceneGridTest, BoundsBeyondTheSceneAreAnErrorUnlessTheIntersectionIsMeant) {
    write_band("a", {.width = 6, .height = 6}, some_number);
    SceneOptions options = scene({"a"});
    options.bounds = Bounds{600030, 5099950, 600100, 5099990};
    EXPECT_THAT(open_error(options, {"a"}), HasSubstr("--intersection"));
    options.intersection = true;
    EXPECT_EQ(open_scene(options, {"a"})->grid().bounds(), (Bounds{600030, 5099950, 600060, 5099990}));
    options.bounds = Bounds{0, 0, 10, 10};
    EXPECT_THAT(open_error(options, {"a"}), HasSubstr("nothing in common"));
}

TEST_F(SceneGridTest, BandsThatAreNotUsedDoNotMatter) {
    write_fine_and_coarse();
    write_band("elsewhere", {.width = 6, .height = 6, .origin_x = 100000, .crs = "EPSG:32632"}, some_number);
    const auto source = open_scene(scene({"fine", "coarse", "elsewhere"}), {"coarse"});
    EXPECT_EQ(source->grid().pixel_width, 20);
    EXPECT_EQ(band_of(read_all(*source), 0)[4], 11);
}

TEST_F(SceneGridTest, LikeTakesTheGridAsItIs) {
    write_fine_and_coarse();
    write_band("like", {.width = 4, .height = 2, .origin_x = 600040}, some_number);
    SceneOptions options = scene({"fine"});
    options.like = file("like.tif").string();
    const auto source = open_scene(options, {"fine"});
    EXPECT_EQ(source->grid().bounds(), (Bounds{600040, 5099980, 600080, 5100000}));
    // Columns 4 and 5 of the band, then nothing.
    const auto number = [](int x, int y) { return static_cast<float>(some_number(x, y)); };
    expect_same(band_of(read_all(*source), 0),
                {number(4, 0), number(5, 0), nan_value, nan_value, number(4, 1), number(5, 1), nan_value, nan_value});
    EXPECT_EQ(source->bands()[0].resampling, "");
    options.resolution = 20;
    EXPECT_THAT(open_error(options, {"fine"}, ExitCode::command_line), HasSubstr("like="));
}

TEST_F(SceneGridTest, LikeElsewhereIsAnError) {
    write_fine_and_coarse();
    write_band("like", {.width = 4, .height = 2, .origin_x = 700000}, some_number);
    write_band("zone", {.width = 4, .height = 2, .crs = "EPSG:32632"}, some_number);
    SceneOptions options = scene({"fine"});
    options.like = file("like.tif").string();
    EXPECT_THAT(open_error(options, {"fine"}), HasSubstr("nothing in common"));
    options.like = file("zone.tif").string();
    EXPECT_THAT(open_error(options, {"fine"}), AllOf(HasSubstr("EPSG:32632"), HasSubstr("EPSG:32633")));
}

TEST_F(SceneGridTest, SenselessResolutionsAndBoundsAreRefused) {
    write_fine_and_coarse();
    for (const double resolution : {0.0, -10.0, std::numeric_limits<double>::quiet_NaN()}) {
        SceneOptions options = scene({"fine"});
        options.resolution = resolution;
        EXPECT_THAT(open_error(options, {"fine"}, ExitCode::command_line), HasSubstr("resolution="));
    }
    SceneOptions options = scene({"fine"});
    options.bounds = Bounds{600030, 5099950, 600010, 5099990};
    EXPECT_THAT(open_error(options, {"fine"}, ExitCode::command_line), HasSubstr("bounds="));
    options = scene({"fine"});
    options.resolution = 1e-9;
    EXPECT_THAT(open_error(options, {"fine"}), HasSubstr("makes a raster of"));
}

TEST_F(SceneGridTest, DamageInAResampledBandIsNamedByItsFile) {
    write_band("fine", {.width = 400, .height = 400}, some_number);
    write_raster(file("T33UUU_B05.jp2"),
                 {.width = 200, .height = 200, .pixel = 20, .bands = {values_of(200, 200, some_number)}});
    fs::resize_file(file("T33UUU_B05.jp2"), fs::file_size(file("T33UUU_B05.jp2")) / 2);
    SceneOptions options = scene({"fine"});
    options.inputs.push_back(file("T33UUU_B05.jp2").string());
    options.radiometry = "none";
    EXPECT_THAT(error_of(ExitCode::input,
                         [&] {
                             read_all(*open_scene(options, {"fine", "B05"}));
                         }),
                AllOf(HasSubstr("T33UUU_B05.jp2:band 1"), HasSubstr("window=0,0 400x400")));
}

TEST_F(SceneGridTest, BerlinsBandsLieOnOneGrid) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const fs::path images = shared_data() / "berlin_s2l1c" / "IMG_DATA";
    SceneOptions options;
    options.inputs = {images.string()};
    options.radiometry = "scale=0.0001,offset=0";
    EXPECT_EQ(list_bands(options).size(), 13U);
    const auto source = open_scene(options, {"B04", "B05", "B01"});
    EXPECT_EQ(source->grid().width, 1536);
    EXPECT_EQ(source->grid().height, 768);
    EXPECT_EQ(source->grid().bounds(), (Bounds{330000, 5814360, 345360, 5822040}));
    EXPECT_EQ(source->bands()[0].resampling, "");
    EXPECT_EQ(source->bands()[2].resampling, "bilinear");
    const PixelBlock block = read_all(*source);
    EXPECT_EQ(std::count(block.valid.begin(), block.valid.end(), 1), 1536 * 768);
    const RasterFile b04 = open_raster(images / "T33UUU_20170216T102101_B04.jp2");
    const PixelBlock numbers = read_all(*b04.source);
    for (std::size_t i = 0; i < block.valid.size(); i += 10007) {
        EXPECT_NEAR(block.band(0)[i], numbers.band(0)[i] / 10000, 1e-7);
    }
}

} // namespace
} // namespace lcclass::test
