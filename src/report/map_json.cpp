#include "report/map_json.h"

#include "report/color_ramp.h"
#include "report/image_codec.h"
#include "report/page_text.h"

#include <nlohmann/json.hpp>
#include <zlib.h>

#include <algorithm>
#include <cmath>

namespace lcclass::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr int photo_quality = 78;
constexpr double corner_units = 10; ///< per pixel

/// Cells as a picture, with their CRC-32: a browser that alters what scripts read of pictures is found out.
Json cells_json(std::span<const std::uint8_t> cells, const QuicklookGrid& grid) {
    return {{"png", "data:image/png;base64," + base64(grey_png(cells, grid.columns, grid.rows))},
            {"crc32", crc32_z(0, cells.data(), cells.size())}};
}

Json colors_json(std::span<const Rgb> colors) {
    Json json = Json::array();
    for (const Rgb color : colors) {
        json.push_back(to_string(color));
    }
    return json;
}

Json entries_json(const std::vector<ClassLayer::Entry>& entries) {
    Json json = Json::array();
    for (const ClassLayer::Entry& entry : entries) {
        json.push_back({{"name", entry.name}, {"color", to_string(entry.color)}, {"note", entry.note}});
    }
    return json;
}

template <class Layer>
Json head_json(const Layer& layer) {
    return {{"id", layer.id}, {"title", layer.title}, {"caption", layer.caption}};
}

Json grid_json(const QuicklookGrid& grid) {
    return {{"columns", grid.columns},
            {"rows", grid.rows},
            {"step", grid.step},
            {"width", grid.full.width},
            {"height", grid.full.height},
            {"origin", {grid.full.origin_x, grid.full.origin_y}},
            {"pixel", {grid.full.pixel_width, grid.full.pixel_height}}};
}

Json photo_json(const PhotoLayer& layer, const QuicklookGrid& grid) {
    Json json = head_json(layer);
    json["image"] =
        "data:image/jpeg;base64," + base64(color_jpeg(layer.pixels, grid.columns, grid.rows, photo_quality));
    if (std::ranges::find(layer.valid, std::uint8_t{0}) != layer.valid.end()) {
        json["valid"] = cells_json(layer.valid, grid);
    }
    return json;
}

Json class_json(const ClassLayer& layer, const QuicklookGrid& grid) {
    Json json = head_json(layer);
    json["entries"] = entries_json(layer.entries);
    json["image"] = cells_json(layer.cells, grid);
    return json;
}

Json scale_json(const ScaleLayer& layer, const QuicklookGrid& grid) {
    Json json = head_json(layer);
    json.update({{"low", layer.low}, {"high", layer.high}, {"unit", layer.unit}, {"digits", layer.digits}});
    json["open_end"] = layer.open_end;
    json["colors"] = colors_json(color_ramp(layer.more_is_worse));
    json["image"] = cells_json(layer.cells, grid);
    return json;
}

Json ring_json(const std::vector<std::pair<double, double>>& ring) {
    Json json = Json::array();
    std::int64_t last_x = 0;
    std::int64_t last_y = 0;
    for (const auto& [x, y] : ring) {
        const std::int64_t here_x = std::llround(x * corner_units);
        const std::int64_t here_y = std::llround(y * corner_units);
        json.push_back(here_x - last_x);
        json.push_back(here_y - last_y);
        last_x = here_x;
        last_y = here_y;
    }
    return json;
}

Json overlay_json(const OverlayLayer& layer) {
    Json json = head_json(layer);
    json["shown"] = layer.shown;
    json["categories"] = entries_json(layer.categories);
    json["shapes"] = Json::array();
    for (const OverlayLayer::Shape& shape : layer.shapes) {
        Json rings = Json::array();
        for (const auto& ring : shape.rings) {
            rings.push_back(ring_json(ring));
        }
        json["shapes"].push_back(Json::array({shape.category, shape.note, rings}));
    }
    return json;
}

Json figures_json(const CellFigures& figures, const QuicklookGrid& view_grid) {
    const QuicklookGrid& grid = figures.grid ? *figures.grid : view_grid;
    Json json = {{"title", figures.title}, {"unit", figures.unit},     {"low", figures.low},
                 {"high", figures.high},   {"digits", figures.digits}, {"names", figures.names}};
    json["colors"] = colors_json(figures.colors);
    json["grid"] = grid_json(grid);
    json["images"] = Json::array();
    for (const auto& cells : figures.cells) {
        json["images"].push_back(cells_json(cells, grid));
    }
    return json;
}

template <class Layer, class ToJson>
Json list_json(const std::vector<Layer>& layers, const ToJson& to_json) {
    Json json = Json::array();
    for (const Layer& layer : layers) {
        json.push_back(to_json(layer));
    }
    return json;
}

} // namespace

std::string map_json(const MapView& view) {
    Json json = {{"id", view.id}, {"title", view.title}, {"crs", view.crs_name}};
    json["metres_per_unit"] = view.metres_per_unit ? Json(*view.metres_per_unit) : Json();
    json["grid"] = grid_json(view.grid);
    json["photos"] = list_json(view.photos, [&](const PhotoLayer& layer) { return photo_json(layer, view.grid); });
    json["classes"] = list_json(view.classes, [&](const ClassLayer& layer) { return class_json(layer, view.grid); });
    json["scales"] = list_json(view.scales, [&](const ScaleLayer& layer) { return scale_json(layer, view.grid); });
    json["overlays"] = list_json(view.overlays, overlay_json);
    json["figures"] =
        list_json(view.figures, [&](const CellFigures& figures) { return figures_json(figures, view.grid); });
    return script_json(json);
}

} // namespace lcclass::report
