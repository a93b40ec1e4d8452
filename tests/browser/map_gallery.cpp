/// Writes the page that map_test.py looks at: `map_gallery OUT.html` a map of made-up numbers, `map_gallery OUT.html
/// DIR` the map of a folder that `lcclass run` filled; with a third word, its pictures into that folder.
#include "lcclass/geo/gdal_setup.h"
#include "report/map_part.h"
#include "report/page_parts.h"
#include "report_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace lcclass {
namespace {

namespace fs = std::filesystem;
using report::MapView;

constexpr std::int64_t columns = 90;
constexpr std::int64_t rows = 60;

template <class Cell, class ToCell>
std::vector<Cell> cells_of(std::int64_t width, std::int64_t height, const ToCell& to_cell) {
    std::vector<Cell> cells;
    for (std::int64_t j = 0; j < height; ++j) {
        for (std::int64_t i = 0; i < width; ++i) {
            cells.push_back(static_cast<Cell>(to_cell(i, j)));
        }
    }
    return cells;
}

/// Class (i / 10 + j / 10) % 4 of cell (i, j), 0 is nothing; map_test.py knows these rules.
MapView made_up_view() {
    MapView view{.id = "map", .title = "Map", .caption = "Made-up numbers."};
    const GridSpec full{.width = 2 * columns,
                        .height = 2 * rows,
                        .origin_x = 600000,
                        .origin_y = 5100000,
                        .pixel_width = 10,
                        .pixel_height = 10,
                        .crs_wkt = {}};
    view.grid = report::quicklook_grid(full, columns);
    view.crs_name = "EPSG:32633";
    view.metres_per_unit = 1;
    const auto color = [](std::int64_t i, std::int64_t j) {
        return Rgb{static_cast<std::uint8_t>(2 * i), static_cast<std::uint8_t>(80 + 2 * j), 90};
    };
    view.photos = {{.id = "true-colour",
                    .title = "True colour",
                    .caption = "B04, B03, B02",
                    .pixels = cells_of<Rgb>(columns, rows, color),
                    .valid = cells_of<std::uint8_t>(columns, rows, [](auto i, auto j) { return i + j > 5; })},
                   {.id = "false-colour",
                    .title = "False colour",
                    .caption = "B08, B04, B03",
                    .pixels = cells_of<Rgb>(columns, rows, color),
                    .valid = std::vector<std::uint8_t>(columns * rows, 1)}};
    const auto class_at = [](auto i, auto j) { return (i / 10 + j / 10) % 4; };
    view.classes = {{.id = "map",
                     .title = "Land cover",
                     .caption = "Shares are of all pixels.",
                     .entries = {{.name = "cropland", .color = {230, 190, 60}, .note = "33.3 %, 720 ha"},
                                 {.name = "woodland", .color = {20, 120, 50}, .note = "33.3 %, 720 ha"},
                                 {.name = "water", .color = {40, 90, 200}, .note = "33.3 %, 720 ha"}},
                     .cells = cells_of<std::uint8_t>(columns, rows, class_at)}};
    view.scales = {{.id = "entropy",
                    .title = "Uncertainty",
                    .caption = "Entropy.",
                    .low = 0,
                    .high = 2,
                    .unit = "bits",
                    .more_is_worse = true,
                    .cells = cells_of<std::uint8_t>(columns, rows, [](auto i, auto) { return 1 + i; })}};
    view.overlays = {
        {.id = "polygons",
         .title = "Training polygons",
         .caption = "As burned.",
         .categories = {{.name = "water", .color = {40, 90, 200}, .note = "1"}},
         .shapes = {{.rings = {{{20, 20}, {60, 20}, {60, 50}, {20, 50}}}, .category = 0, .note = "water, polygon 7"}}},
        {.id = "errors-polygon",
         .title = "Errors, polygon folds",
         .caption = "By group.",
         .categories = {{.name = "all right", .color = {0, 114, 178}, .note = "1"}},
         .shapes = {{.rings = {{{120, 80}}}, .category = 0, .note = "group 1: 20 of 20 samples right"}}}};
    const report::QuicklookGrid coarse{.full = full, .step = 6, .columns = 30, .rows = 20};
    view.figures = {{.title = "Probability of each class",
                     .unit = "probability",
                     .names = {"cropland", "woodland", "water"},
                     .cells = {cells_of<std::uint8_t>(30, 20, [](auto i, auto) { return 1 + 8 * i; }),
                               cells_of<std::uint8_t>(30, 20, [](auto, auto j) { return 1 + 10 * j; }),
                               std::vector<std::uint8_t>(600, 128)},
                     .grid = coarse,
                     .colors = {{230, 190, 60}, {20, 120, 50}, {40, 90, 200}}},
                    {.title = "What each feature adds",
                     .unit = "probability",
                     .low = -0.5,
                     .high = 0.5,
                     .names = {"NDVI", "B08"},
                     .cells = {std::vector<std::uint8_t>(600, 255), std::vector<std::uint8_t>(600, 65)},
                     .grid = coarse}};
    view.missing = {"Dominant feature: not there; lcclass explain --dominant-feature FILE makes it."};
    return view;
}

ReportFiles files_in(const fs::path& folder) {
    const auto file = [&](const char* name) { return fs::exists(folder / name) ? folder / name : fs::path(); };
    ReportFiles files;
    files.stack = file("stack.tif");
    files.labels = file("labels.tif");
    files.folds = file("folds.gpkg");
    files.map = file("map.tif");
    files.probabilities = file("probabilities.tif");
    files.uncertainty = file("uncertainty.tif");
    files.applicability = file("applicability.tif");
    files.shap_raster = file("shap.tif");
    files.dominant_feature = file("dominant.tif");
    return files;
}

std::string page_of(const report::MapPart& part) {
    const auto text = [](std::string_view view) { return std::string(view); };
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
           "style-src 'unsafe-inline'; img-src data: blob:\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Map</title>\n<style>\n" +
           text(page_style) + "main { max-width: 84rem; }\n" + text(leaflet_style) + text(map_style) +
           "</style>\n</head>\n<body>\n<main>\n" + part.html +
           "</main>\n<script type=\"application/json\" id=\"data\">" + part.json + "</script>\n<script>" +
           text(leaflet_library) + "</script>\n<script>\n" + text(map_script) +
           "</script>\n<script>\nconst dark = window.matchMedia(\"(prefers-color-scheme: dark)\");\n"
           "const data = JSON.parse(document.getElementById(\"data\").textContent);\n"
           "const element = document.querySelector(\"[data-map]\");\n"
           "const theme = () => (dark.matches ? \"dark\" : \"light\");\n"
           "if (element) {\n  const drawn = lcclass.map(element, data, theme());\n"
           "  dark.addEventListener(\"change\", () => drawn.redraw(theme()));\n}\n</script>\n</body>\n</html>\n";
}

int run(const std::vector<std::string>& arguments) {
    set_up_gdal(std::int64_t{256} << 20);
    const MapView view =
        arguments.size() > 2 ? make_map_view(files_in(arguments[2]), silent_progress()) : made_up_view();
    std::ofstream(arguments.at(1), std::ios::binary) << page_of(map_part(view));
    if (arguments.size() > 3) {
        for (const report::PictureFile& picture : map_pictures(view)) {
            std::ofstream(fs::path(arguments[3]) / picture.name, std::ios::binary) << picture.png;
            std::cout << picture.name << ' ' << picture.png.size() << '\n';
        }
    }
    return 0;
}

} // namespace
} // namespace lcclass

int main(int argc, char** argv) {
    return lcclass::run(std::vector<std::string>(argv, argv + argc));
}
