#include "vector_case.h"

#include "geo/class_strips.h"

#include <gmock/gmock.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <array>
#include <limits>

namespace lcclass {
namespace {

using test::BurnedLabels;
using test::case_grid;
using testing::AllOf;
using testing::HasSubstr;

class RasterizeClassRaster : public test::VectorCase {
protected:
    /// A class raster on `grid`; `code(col, row)` gives the values, 0 is nodata.
    template <class Code>
    RasterizeOptions write_classes(const GridSpec& grid, Code code) const {
        RasterLayout layout;
        layout.grid = grid;
        layout.bands = {{.name = "cover", .unit = {}, .radiometry = {}, .resampling = {}}};
        layout.type = PixelType::int32;
        layout.nodata = 0;
        layout.overwrite = true;
        const auto sink = create_raster(path("classes.tif"), layout);
        PixelBlock block;
        block.reset(grid.extent(), 1);
        for (std::int64_t i = 0; i < grid.n_pixels(); ++i) {
            const int value = code(i % grid.width, i / grid.width);
            block.values[static_cast<std::size_t>(i)] =
                value == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(value);
        }
        block.update_valid();
        sink->write(block);
        sink->commit();
        RasterizeOptions options;
        options.input = path("classes.tif");
        return options;
    }
};

TEST_F(RasterizeClassRaster, PolygonsAreCellsOf16Pixels) {
    const GridSpec grid = case_grid(40, 20);
    const BurnedLabels labels = burn(write_classes(grid, [](auto col, auto) { return col < 30 ? 2 : 0; }), grid);
    EXPECT_EQ(labels.count(2), 30 * 20);
    EXPECT_EQ(labels.polygon_id[0], 1);
    EXPECT_EQ(labels.polygon_id[16], 2);
    EXPECT_EQ(labels.polygon_id[16 * 40], 4); // three cells across
    EXPECT_EQ(labels.polygon_id[35], 0);
    EXPECT_EQ(labels.result.accounting.features, 6);
    EXPECT_EQ(labels.result.accounting.burned, 4);
    EXPECT_EQ(labels.result.accounting.skipped.at("without a class"), 2);
}

TEST_F(RasterizeClassRaster, NearestAndModeResample) {
    const GridSpec fine = case_grid(20, 20);
    GridSpec coarse = fine; // 50 m pixels: 5 x 5 fine ones each
    coarse.width = coarse.height = 4;
    coarse.pixel_width = coarse.pixel_height = 50;
    // Class 1 but for the centre of each block of 5 x 5, which is class 3.
    RasterizeOptions options =
        write_classes(fine, [](auto col, auto row) { return col % 5 == 2 && row % 5 == 2 ? 3 : 1; });
    EXPECT_EQ(burn(options, coarse).count(3), 16);
    options.resampling = "mode";
    EXPECT_EQ(burn(options, coarse).count(1), 16);
    options.resampling = "cubic";
    EXPECT_THAT(refusal(options, ExitCode::command_line, coarse), HasSubstr("choose nearest or mode"));
}

TEST_F(RasterizeClassRaster, AnyNumberOfThreadsGivesTheSameLabels) {
    GridSpec degrees = case_grid(900, 700);
    degrees.crs_wkt = parse_crs("EPSG:4326");
    degrees.origin_x = 16.29;
    degrees.origin_y = 46.095;
    degrees.pixel_width = degrees.pixel_height = 1.0 / 12000;
    RasterizeOptions options = write_classes(
        degrees, [](auto col, auto row) { return static_cast<int>((col / 7 + row / 5 * 3 + col * row / 400) % 6); });
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 5);
    for (const char* resampling : {"nearest", "mode"}) {
        options.resampling = resampling;
        tbb::task_arena one(1);
        tbb::task_arena five(5);
        const BurnedLabels serial = one.execute([&] { return burn(options, case_grid(600, 500)); });
        const BurnedLabels parallel = five.execute([&] { return burn(options, case_grid(600, 500)); });
        EXPECT_EQ(serial.class_code, parallel.class_code);
        EXPECT_GT(serial.count(3), 40000);
    }
}

TEST_F(RasterizeClassRaster, AlphaBandMeansNoClass) {
    const std::string name = path("alpha.tif");
    {
        const DatasetHandle dataset(
            GDALCreate(GDALGetDriverByName("GTiff"), name.c_str(), 10, 10, 2, GDT_UInt16, nullptr));
        std::array<double, 6> transform = {600000, 10, 0, 5100100, 0, -10};
        GDALSetGeoTransform(dataset.get(), transform.data());
        GDALSetSpatialRef(dataset.get(), make_reference(parse_crs("EPSG:32633"), "test").get());
        GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset.get(), 2), GCI_AlphaBand);
        std::vector<std::uint16_t> codes(100, 3);
        std::vector<std::uint16_t> alpha(100, 65535);
        alpha[0] = alpha[7] = 0;
        alpha[1] = 1;
        for (const int number : {1, 2}) {
            ASSERT_EQ(GDALRasterIO(GDALGetRasterBand(dataset.get(), number), GF_Write, 0, 0, 10, 10,
                                   number == 1 ? codes.data() : alpha.data(), 10, 10, GDT_UInt16, 0, 0),
                      CE_None);
        }
    }
    RasterizeOptions options;
    options.input = name;
    const BurnedLabels labels = burn(options);
    EXPECT_EQ(labels.count(3), 98);
    EXPECT_EQ(labels.class_code[7], 0);
    EXPECT_EQ(labels.class_code[1], 3);
}

TEST_F(RasterizeClassRaster, ClassMapReadsValuesAsText) {
    const GridSpec grid = case_grid();
    RasterizeOptions options = write_classes(grid, [](auto col, auto) { return col < 5 ? 41 : 90; });
    write_file_atomically(path("map.yml"), "41: {code: 2, name: forest}\n90: drop\n", true);
    options.class_map = path("map.yml");
    const BurnedLabels labels = burn(options);
    EXPECT_EQ(labels.count(2), 50);
    EXPECT_EQ(labels.count(0), 50);
    EXPECT_EQ(labels.result.info.legend.at(0).name, "forest");
    write_file_atomically(path("map.yml"), "41: 2\n", true);
    EXPECT_THAT(refusal(options), HasSubstr("class_code=90"));
}

TEST_F(RasterizeClassRaster, WhatIsNoClassIsRefused) {
    const GridSpec grid = case_grid();
    EXPECT_THAT(refusal(write_classes(grid, [](auto col, auto) { return col < 5 ? -3 : 1; })),
                HasSubstr("class_code=-3"));
    GridSpec far = grid;
    far.origin_x += 10000;
    EXPECT_THAT(refusal(write_classes(far, [](auto, auto) { return 1; })),
                AllOf(HasSubstr("610000 5100000 610100 5100100"), HasSubstr("600000 5100000 600100 5100100")));
    RasterizeOptions options = write_classes(grid, [](auto, auto) { return 1; });
    options.group_field = "point_id";
    EXPECT_THAT(refusal(options, ExitCode::command_line), HasSubstr("group-field"));
}

/// Class 1 with a pixel of 3 in it on the left, class 2 from column 6 on, one pixel without a class at the right edge.
int two_areas(std::int64_t col, std::int64_t row) {
    if (col == 2 && row == 4) {
        return 3;
    }
    return col == 9 && row == 9 ? 0 : col < 6 ? 1 : 2;
}

TEST_F(RasterizeClassRaster, ErosionTakesTheEdgesOfClasses) {
    RasterizeOptions options = write_classes(case_grid(), two_areas);
    options.erode = 1;
    const BurnedLabels labels = burn(options);
    EXPECT_EQ(labels.count(1), 59 - 10 - 4) << "the column beside 2, the four around 3";
    EXPECT_EQ(labels.count(2), 39 - 10 - 2) << "the column beside 1, the two beside no class; not the edge of the grid";
    EXPECT_EQ(labels.count(3), 0);
    EXPECT_EQ(labels.class_code[44], 1);
    EXPECT_EQ(labels.class_code[45], 0);
    EXPECT_EQ(labels.polygon_id[45], 0);
    EXPECT_EQ(labels.result.info.legend.size(), 2);
    EXPECT_THAT(labels.result.accounting.notes,
                testing::IsSupersetOf({"27 pixels at the edges of classes have no label (erosion by 1)",
                                       "classes without a pixel left: 3"}));
}

TEST_F(RasterizeClassRaster, SmallPatchesHaveNoLabel) {
    RasterizeOptions options = write_classes(case_grid(), two_areas);
    options.min_patch = 2;
    const BurnedLabels labels = burn(options);
    EXPECT_EQ(labels.count(1), 59);
    EXPECT_EQ(labels.count(2), 39);
    EXPECT_EQ(labels.count(0), 2);
    EXPECT_THAT(labels.result.accounting.notes,
                testing::Contains("1 pixels in 1 patches of fewer than 2 pixels have no label"));
    options.min_patch = 40;
    EXPECT_EQ(burn(options).count(2), 0);
    options.min_patch = 60;
    EXPECT_THAT(refusal(options), HasSubstr("no pixel is left"));
    options.min_patch = -1;
    EXPECT_THAT(refusal(options, ExitCode::command_line), HasSubstr("min-patch=-1"));
}

TEST_F(RasterizeClassRaster, StripsOfAnyHeightGiveTheSameLabels) {
    const GridSpec grid = case_grid(23, 31);
    const RasterizeOptions options = write_classes(
        grid, [](auto col, auto row) { return static_cast<int>(col / 5 + row / 7 * 3 + col * row / 90) % 4; });
    const WarpedClasses classes(options, grid);
    const ValueCodes codes(options, {{1, 1}, {2, 1}, {3, 1}}, ClassLegend(), false);
    const std::vector<std::int32_t> all = codes.of(classes.read(grid.extent()));
    PatchSizes sizes(30);
    for (std::size_t row = 0; row < 31; ++row) {
        sizes.next(std::span(all).subspan(row * 23, 23));
    }
    ASSERT_GT(sizes.n_small(), 0);
    const auto labels_by = [&](std::int64_t height) {
        ClassStrips strips(classes, codes, grid, sizes.large(), 2);
        std::vector<std::int32_t> labels;
        for (const Window& strip : block_windows(grid.extent(), grid.width, height)) {
            const ClassStrip part = strips.read(strip);
            labels.insert(labels.end(), part.labels.begin(), part.labels.end());
        }
        return labels;
    };
    const std::vector<std::int32_t> whole = labels_by(31);
    EXPECT_GT(std::count_if(whole.begin(), whole.end(), [](auto code) { return code > 0; }), 20);
    for (const std::int64_t height : {1, 2, 3, 10}) {
        EXPECT_EQ(labels_by(height), whole) << height;
    }
}

TEST_F(RasterizeClassRaster, CellsThatLoseTheirLastPixelAreCounted) {
    const GridSpec grid = case_grid(40, 16);
    RasterizeOptions options = write_classes(grid, [](auto col, auto row) {
        return col < 16 ? 1 : col == 20 && row == 3 ? 2 : 0;
    });
    options.min_patch = 9;
    const BurnedLabels labels = burn(options, grid);
    const LabelAccounting& account = labels.result.accounting;
    EXPECT_EQ(account.features, 3);
    EXPECT_EQ(account.burned, 1);
    EXPECT_EQ(account.skipped.at("no pixel left by erosion or minimum patch"), 1);
    EXPECT_EQ(account.skipped.at("without a class"), 1);
}

TEST_F(RasterizeClassRaster, MinimumPatchIsNotForPolygons) {
    test::CaseLayer layer;
    layer.features = {{.wkt = test::box(0, 0, 50, 50), .cells = {"1"}}};
    write(layer);
    RasterizeOptions choice = options();
    choice.min_patch = 3;
    EXPECT_THAT(refusal(choice, ExitCode::command_line), HasSubstr("has no meaning for polygons"));
}

} // namespace
} // namespace lcclass
