#include "report_map.h"

#include "geo/raster_case.h"
#include "geo/vector_case.h"
#include "lcclass/core/raster_sink.h"
#include "report/map_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace lcclass {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// Rasters of 6 x 4 pixels of 10 m: class 1 in the left half, 2 right of it, the last pixel without a class.
class ReportMap : public testing::Test {
protected:
    static constexpr int width = 6;
    static constexpr int height = 4;

    static void SetUpTestSuite() { set_up_gdal(std::int64_t{64} << 20); }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }

    std::filesystem::path write(const std::string& name, const std::vector<std::string>& bands,
                                const std::function<float(int band, int column, int row)>& value,
                                RasterLayout layout = {}) const {
        layout.grid = {.width = width,
                       .height = height,
                       .origin_x = 600000 + m_shift,
                       .origin_y = 5100000,
                       .pixel_width = 10,
                       .pixel_height = 10,
                       .crs_wkt = parse_crs("EPSG:32633")};
        for (const std::string& band : bands) {
            layout.bands.push_back({.name = band, .unit = {}, .radiometry = {}, .resampling = {}});
        }
        PixelBlock block;
        block.reset(layout.grid.extent(), static_cast<int>(bands.size()));
        for (int band = 0; band < block.n_bands; ++band) {
            for (int i = 0; i < width * height; ++i) {
                block.band(band)[static_cast<std::size_t>(i)] = value(band, i % width, i / width);
            }
        }
        block.update_valid();
        const auto sink = create_raster(path(name), layout);
        sink->write(block);
        sink->commit();
        return path(name);
    }

    static float class_at(int column, int row) {
        const bool last = column == width - 1 && row == height - 1;
        return last ? test::nan_value : static_cast<float>(column < 3 ? 1 : 2);
    }

    [[nodiscard]] ReportFiles map_alone() const {
        RasterLayout layout{.grid = {}, .bands = {}, .type = PixelType::uint8};
        layout.legend = ClassLegend({{.code = 1, .name = "field", .color = {200, 180, 0}},
                                     {.code = 2, .name = "wood", .color = {0, 90, 0}},
                                     {.code = 5, .name = "water", .color = {0, 0, 200}}});
        ReportFiles files;
        files.map = write(
            "map.tif", {"map"}, [](int, int column, int row) { return class_at(column, row); }, layout);
        return files;
    }

    /// A folds.gpkg with one block of a pixel per fold that is given; nothing for NULL.
    [[nodiscard]] std::filesystem::path write_blocks(const std::vector<std::optional<std::string>>& folds) const {
        test::CaseLayer layer{.name = "blocks",
                              .geometry = wkbPolygon,
                              .fields = {{"fold", OFTInteger64}, {"scheme", OFTString}},
                              .features = {}};
        for (const std::optional<std::string>& fold : folds) {
            layer.features.push_back(
                {.wkt = "POLYGON((600000 5099990,600010 5099990,600010 5100000,600000 5100000,600000 5099990))",
                 .cells = {fold, "spatial-block"}});
        }
        std::filesystem::remove(path("folds.gpkg"));
        test::write_case(path("folds.gpkg"), {layer});
        return path("folds.gpkg");
    }

    test::TemporaryFolder m_folder;
    double m_shift = 0;
};

TEST_F(ReportMap, CountsEveryPixelOfTheClasses) {
    const report::MapView view = make_map_view(map_alone(), silent_progress());
    EXPECT_EQ(view.crs_name, "EPSG:32633");
    EXPECT_EQ(view.metres_per_unit, 1);
    ASSERT_THAT(view.classes, SizeIs(1));
    const auto& entries = view.classes[0].entries;
    ASSERT_THAT(entries, SizeIs(3));
    EXPECT_EQ(entries[0].note, "52.2 %, 0.1 ha") << "12 of 23 pixels of 100 m2";
    EXPECT_EQ(entries[1].note, "47.8 %, 0.1 ha");
    EXPECT_EQ(entries[2].note, "none");
    EXPECT_EQ(entries[1].color, (Rgb{0, 90, 0}));
    EXPECT_EQ(view.classes[0].cells[0], 1);
    EXPECT_EQ(view.classes[0].cells[5], 2);
    EXPECT_EQ(view.classes[0].cells[23], 0) << "nodata";
}

TEST_F(ReportMap, SaysWhatIsMissingAndWhichCommandMakesIt) {
    const report::MapView view = make_map_view(map_alone(), silent_progress());
    EXPECT_THAT(view.missing, Contains(HasSubstr("lcclass predict --probabilities")));
    EXPECT_THAT(view.missing, Contains(HasSubstr("lcclass explain --shap-raster")));
    EXPECT_THAT(view.missing, Contains(HasSubstr("lcclass cv")));
}

TEST_F(ReportMap, LeavesOutRastersOfOtherPixels) {
    ReportFiles files = map_alone();
    m_shift = 5;
    files.stack =
        write("stack.tif", {"B02", "B03", "B04"}, [](int band, int, int) { return 0.1F * static_cast<float>(band); });
    const report::MapView view = make_map_view(files, silent_progress());
    EXPECT_THAT(view.photos, IsEmpty());
    EXPECT_THAT(view.missing, Contains(HasSubstr("stack.tif is left out")));
}

TEST_F(ReportMap, WithoutAMapThereAreThePhotoAndThePolygons) {
    ReportFiles files;
    files.stack = write("stack.tif", {"B02", "B03", "B04"},
                        [](int band, int column, int row) { return static_cast<float>(band + column + 6 * row); });
    RasterLayout layout{.grid = {}, .bands = {}, .type = PixelType::int32};
    layout.legend = ClassLegend({{.code = 1, .name = "field", .color = {200, 180, 0}}});
    files.labels = write(
        "labels.tif", {"class_code", "polygon_id"},
        [](int, int column, int row) { return column < 2 && row < 2 ? 1.0F : test::nan_value; }, layout);
    const report::MapView view = make_map_view(files, silent_progress());
    EXPECT_THAT(view.photos, SizeIs(1));
    EXPECT_THAT(view.classes, IsEmpty());
    ASSERT_THAT(view.overlays, SizeIs(1));
    EXPECT_EQ(view.overlays[0].shapes[0].note, "field, polygon 1");
    EXPECT_THAT(view.overlays[0].shapes[0].rings[0],
                ElementsAre(std::pair(0.0, 0.0), std::pair(2.0, 0.0), std::pair(2.0, 2.0), std::pair(0.0, 2.0)));
    EXPECT_THAT(view.missing, Contains(StartsWith("Map: not there")));
}

TEST_F(ReportMap, CellsHoldTheNumbersOfTheirPixels) {
    ReportFiles files = map_alone();
    const auto probability = [](int band, int column, int row) {
        const float first = 0.5F + 0.02F * static_cast<float>(column + 3 * row);
        return std::isnan(class_at(column, row)) ? test::nan_value : band == 0 ? first : 1 - first;
    };
    files.probabilities = write("probabilities.tif", {"field", "wood"}, probability);
    files.shap_raster = write("shap.tif", {"NDVI", "B08", "base"}, [](int band, int column, int) {
        return band == 2 ? 0.3F : (band == 0 ? -0.1F : 0.2F) * static_cast<float>(column);
    });
    const report::MapView view = make_map_view(files, silent_progress());
    ASSERT_THAT(view.scales, SizeIs(1)) << "the largest probability, for want of an uncertainty";
    EXPECT_EQ(view.scales[0].cells[0], 128) << "0.5";
    EXPECT_EQ(view.scales[0].cells[8], 1 + std::lround(254 * 0.6)) << "column 2, row 1: 0.5 + 0.02 (2 + 3)";
    EXPECT_EQ(view.scales[0].cells[23], 0);
    ASSERT_THAT(view.figures, SizeIs(2));
    EXPECT_THAT(view.figures[0].names, ElementsAre("field", "wood"));
    EXPECT_EQ(view.figures[0].colors[1], (Rgb{0, 90, 0}));
    EXPECT_EQ(view.figures[0].cells[1][8], 1 + std::lround(254 * 0.4));
    EXPECT_THAT(view.figures[1].names, ElementsAre("NDVI", "B08"));
    EXPECT_NEAR(view.figures[1].high, 1.0, 1e-6) << "0.2 x 5, the largest";
    EXPECT_EQ(view.figures[1].cells[0][0], 128) << "0";
    EXPECT_EQ(view.figures[1].cells[0][5], 1 + std::lround(254 * 0.25)) << "-0.5 between -1 and 1";
}

TEST_F(ReportMap, ApplicabilityIsALayerOfTwoClasses) {
    ReportFiles files = map_alone();
    RasterLayout layout;
    layout.metadata["LCCLASS_APPLICABILITY"] = R"({"threshold": 0.25})";
    files.applicability = write(
        "applicability.tif", {"dissimilarity", "inside"},
        [](int band, int column, int) {
            return band == 0 ? 0.1F * static_cast<float>(column) : static_cast<float>(column < 3);
        },
        layout);
    const report::MapView view = make_map_view(files, silent_progress());
    ASSERT_THAT(view.classes, SizeIs(2));
    EXPECT_EQ(view.classes[1].entries[1].name, "outside");
    EXPECT_EQ(view.classes[1].entries[1].note, "50.0 %");
    EXPECT_EQ(view.classes[1].cells[2], 1);
    EXPECT_EQ(view.classes[1].cells[3], 2);
    ASSERT_THAT(view.scales, SizeIs(1));
    EXPECT_THAT(view.scales[0].caption, HasSubstr("0.250"));
    EXPECT_NEAR(view.scales[0].high, 0.5, 1e-6) << "99 % of the cells are not above it";
    EXPECT_FALSE(view.scales[0].open_end);
}

TEST_F(ReportMap, ShowsThe255LargestOfMoreClasses) {
    std::vector<LandCoverClass> classes;
    for (int code = 1; code <= 300; ++code) {
        classes.push_back({.code = code, .name = "c" + std::to_string(code), .color = default_color(code)});
    }
    RasterLayout layout{.grid = {}, .bands = {}, .type = PixelType::uint16};
    layout.legend = ClassLegend(classes);
    ReportFiles files;
    files.map = write(
        "map.tif", {"map"}, [](int, int column, int) { return column == 0 ? 300.0F : 2.0F; }, layout);
    const report::MapView view = make_map_view(files, silent_progress());
    EXPECT_THAT(view.classes[0].entries, SizeIs(255));
    EXPECT_EQ(view.classes[0].entries[254].name, "c300");
    EXPECT_EQ(view.classes[0].cells[0], 255);
    EXPECT_THAT(view.classes[0].caption, HasSubstr("255 largest of 300"));
}

TEST_F(ReportMap, ShowsCodesThatTheLegendDoesNotHave) {
    RasterLayout layout{.grid = {}, .bands = {}, .type = PixelType::uint8};
    layout.legend = ClassLegend({{.code = 1, .name = "field", .color = {200, 180, 0}}});
    ReportFiles files;
    files.map = write(
        "map.tif", {"map"}, [](int, int column, int) { return column == 0 ? 12.0F : 1.0F; }, layout);
    const report::MapView view = make_map_view(files, silent_progress());
    ASSERT_THAT(view.classes[0].entries, SizeIs(2));
    EXPECT_EQ(view.classes[0].entries[1].name, "12 (not in the legend)");
    EXPECT_EQ(view.classes[0].entries[1].note, "16.7 %, 0.0 ha") << "one column of six, 4 pixels of 100 m2";
    EXPECT_EQ(view.classes[0].cells[0], 2);
    EXPECT_EQ(view.classes[0].cells[1], 1);
}

TEST_F(ReportMap, ApplicabilityWithoutAThresholdSaysNothingOfIt) {
    ReportFiles files = map_alone();
    for (const std::string record : {R"({"threshold": null})", R"({})", "{", "[1]"}) {
        RasterLayout layout{.grid = {}, .bands = {}, .overwrite = true};
        layout.metadata["LCCLASS_APPLICABILITY"] = record;
        files.applicability = write(
            "applicability.tif", {"dissimilarity", "inside"}, [](int, int, int) { return 1.0F; }, layout);
        const report::MapView view = make_map_view(files, silent_progress());
        ASSERT_THAT(view.scales, SizeIs(1)) << record;
        EXPECT_THAT(view.scales[0].caption, Not(HasSubstr("above"))) << record;
    }
}

TEST_F(ReportMap, SaysWhenColoursOfFoldsRepeat) {
    ReportFiles files = map_alone();
    std::vector<std::optional<std::string>> folds;
    for (int fold = 1; fold <= 16; ++fold) {
        folds.emplace_back(std::to_string(fold));
    }
    files.folds = write_blocks(folds);
    EXPECT_THAT(make_map_view(files, silent_progress()).overlays.at(0).caption, StartsWith("Blocks of one colour"));
    folds.emplace_back("17");
    files.folds = write_blocks(folds);
    const report::OverlayLayer layer = make_map_view(files, silent_progress()).overlays.at(0);
    EXPECT_EQ(layer.categories[16].color, layer.categories[0].color);
    EXPECT_THAT(layer.caption, HasSubstr("Colours repeat after 16 folds"));
}

TEST_F(ReportMap, RefusesFoldsThatCannotBe) {
    ReportFiles files = map_alone();
    for (const std::optional<std::string>& fold :
         {std::optional<std::string>("0"), std::optional<std::string>(), std::optional<std::string>("3"),
          std::optional<std::string>("-1"), std::optional<std::string>("2000000000")}) {
        files.folds = write_blocks({"1", fold});
        try {
            static_cast<void>(make_map_view(files, silent_progress()));
            FAIL() << fold.value_or("NULL");
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            EXPECT_THAT(error.what(), HasSubstr("folds.gpkg:blocks: fold=" + fold.value_or("0")));
        }
    }
}

TEST_F(ReportMap, NamesALabelRasterWithoutItsBands) {
    ReportFiles files = map_alone();
    files.labels = write("labels.tif", {"class_code"}, [](int, int, int) { return 1.0F; });
    try {
        static_cast<void>(make_map_view(files, silent_progress()));
        FAIL() << "no band polygon_id";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("labels.tif: band=polygon_id"));
    }
}

TEST_F(ReportMap, GivesTheSamePageOnAnyNumberOfThreads) {
    ReportFiles files = map_alone();
    files.stack = write("stack.tif", {"B02", "B03", "B04"},
                        [](int band, int column, int row) { return static_cast<float>(band * column + row * row); });
    const auto page = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        const report::MapView view = make_map_view(files, silent_progress());
        std::string text = report::map_part(view).json;
        for (const report::PictureFile& picture : report::map_pictures(view)) {
            text += picture.name + picture.png;
        }
        return text;
    };
    const std::string expected = page(1);
    EXPECT_EQ(page(4), expected);
    EXPECT_THAT(expected, HasSubstr("map-true-colour.png"));
    EXPECT_THAT(expected, Not(HasSubstr("nan")));
}

} // namespace
} // namespace lcclass
