#include "report/map_part.h"

#include "report/image_codec.h"
#include "report/page_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace lcclass::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// 3 x 2 cells of a raster of 6 x 4 pixels.
MapView small_view() {
    MapView view;
    view.id = "map";
    view.title = "Map <of> all";
    view.grid = quicklook_grid({.width = 6,
                                .height = 4,
                                .origin_x = 600000,
                                .origin_y = 5100000,
                                .pixel_width = 10,
                                .pixel_height = 10,
                                .crs_wkt = {}},
                               3);
    view.crs_name = "EPSG:32633";
    view.metres_per_unit = 1;
    view.photos = {{.id = "true-colour",
                    .title = "True colour",
                    .caption = "B04",
                    .pixels = std::vector<Rgb>(6, {90, 90, 90}),
                    .valid = {1, 1, 1, 1, 1, 0}}};
    view.classes = {{.id = "map",
                     .title = "Land cover",
                     .caption = {},
                     .entries = {{.name = "</script><b>", .color = {255, 0, 0}, .note = "50.0 %"},
                                 {.name = "water", .color = {0, 0, 255}}},
                     .cells = {0, 1, 2, 2, 1, 1}}};
    view.scales = {{.id = "entropy",
                    .title = "Uncertainty",
                    .caption = {},
                    .high = 2,
                    .unit = "bits",
                    .more_is_worse = true,
                    .cells = {0, 1, 255, 3, 4, 5}}};
    view.overlays = {{.id = "polygons",
                      .title = "Polygons",
                      .caption = {},
                      .categories = {{.name = "water", .color = {0, 0, 255}}},
                      .shapes = {{.rings = {{{1, 1}, {3.25, 1}, {3.25, 2}}}, .category = 0, .note = "polygon 7"}}}};
    view.figures = {{.title = "Probability",
                     .unit = "probability",
                     .names = {"a", "water"},
                     .cells = {{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}}}};
    return view;
}

nlohmann::json data_of(const MapView& view) {
    return nlohmann::json::parse(map_part(view).json);
}

TEST(MapPart, DataHoldEveryLayerWithItsLegend) {
    const nlohmann::json data = data_of(small_view());
    EXPECT_EQ(data.at("crs"), "EPSG:32633");
    EXPECT_EQ(data.at("metres_per_unit"), 1);
    EXPECT_EQ(data.at("grid"), nlohmann::json::parse(R"({"columns": 3, "rows": 2, "step": 2, "width": 6, "height": 4,
                                                         "origin": [600000, 5100000], "pixel": [10, 10]})"));
    EXPECT_EQ(data.at("classes")[0].at("entries")[0],
              nlohmann::json::parse(R"({"name": "</script><b>", "color": "#ff0000", "note": "50.0 %"})"));
    EXPECT_EQ(data.at("scales")[0].at("high"), 2);
    EXPECT_EQ(data.at("scales")[0].at("unit"), "bits");
    EXPECT_EQ(data.at("scales")[0].at("open_end"), false);
    EXPECT_EQ(data.at("figures")[0].at("names"), nlohmann::json::parse(R"(["a", "water"])"));
    EXPECT_EQ(data.at("figures")[0].at("images").size(), 2U);
}

TEST(MapPart, CellsTravelAsGreyPng) {
    const MapView view = small_view();
    const nlohmann::json data = data_of(view);
    EXPECT_EQ(data.at("classes")[0].at("image").at("png"),
              "data:image/png;base64," + base64(grey_png(view.classes[0].cells, 3, 2)));
    EXPECT_EQ(data.at("figures")[0].at("images")[1].at("png"),
              "data:image/png;base64," + base64(grey_png(view.figures[0].cells[1], 3, 2)));
}

TEST(MapPart, CellsHaveAChecksum) {
    MapView view = small_view();
    view.grid = {.full = view.grid.full, .step = 2, .columns = 9, .rows = 1};
    view.classes[0].cells = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
    view.photos.clear();
    view.scales.clear();
    view.figures.clear();
    EXPECT_EQ(data_of(view).at("classes")[0].at("image").at("crc32"), 0xCBF43926U) << "the published check value";
}

TEST(MapPart, PhotosSayWhatIsValidOnlyWhereNotAllIs) {
    MapView view = small_view();
    EXPECT_EQ(data_of(view).at("photos")[0].at("valid").at("png"),
              "data:image/png;base64," + base64(grey_png(view.photos[0].valid, 3, 2)));
    view.photos[0].valid.assign(6, 1);
    EXPECT_FALSE(data_of(view).at("photos")[0].contains("valid"));
}

TEST(MapPart, OutlinesAreStepsInTenthsOfPixels) {
    const nlohmann::json shape = data_of(small_view()).at("overlays")[0].at("shapes")[0];
    EXPECT_EQ(shape, nlohmann::json::parse(R"([0, "polygon 7", [[10, 10, 23, 0, 0, 10]]])"));
}

TEST(MapPart, NoTextEndsTheScriptOrBecomesMarkup) {
    const MapPart part = map_part(small_view());
    EXPECT_THAT(part.json, Not(HasSubstr("<")));
    EXPECT_THAT(part.html, HasSubstr("<h3>Map &lt;of&gt; all</h3>"));
    EXPECT_THAT(part.html, Not(HasSubstr("</script>")));
    MapView damaged = small_view();
    damaged.classes[0].entries[0].name = "caf\xe9";
    EXPECT_NO_THROW(static_cast<void>(data_of(damaged)));
}

TEST(MapPart, WithoutLayersThereIsOnlyWhatIsMissing) {
    MapView view;
    view.id = "map";
    view.title = "Map";
    view.missing = {"Map: not there; lcclass predict makes it."};
    const MapPart part = map_part(view);
    EXPECT_EQ(part.json, "null");
    EXPECT_THAT(part.html, HasSubstr("lcclass predict makes it."));
    EXPECT_THAT(part.html, Not(HasSubstr("data-map")));
}

TEST(MapPart, FiguresMayHaveACoarserGrid) {
    MapView view = small_view();
    view.figures[0].grid = QuicklookGrid{.full = view.grid.full, .step = 6, .columns = 1, .rows = 1};
    view.figures[0].cells = {{200}, {56}};
    const nlohmann::json grid = data_of(view).at("figures")[0].at("grid");
    EXPECT_EQ(grid.at("step"), 6);
    EXPECT_EQ(grid.at("columns"), 1);
}

TEST(MapPart, NothingOnThePageIsLoadedFromElsewhere) {
    for (const std::string_view text : {leaflet_style, map_style, leaflet_library, map_script}) {
        EXPECT_FALSE(text.empty());
        EXPECT_EQ(text.find("sourceMappingURL"), std::string_view::npos);
    }
    EXPECT_EQ(leaflet_style.find("url("), std::string_view::npos);
    EXPECT_EQ(map_style.find("url("), std::string_view::npos);
}

} // namespace
} // namespace lcclass::report
