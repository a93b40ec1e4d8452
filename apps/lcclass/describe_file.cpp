#include "describe_file.h"

#include "command_line.h"
#include "describe_parts.h"
#include "file_kind.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/model.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/scene.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>

namespace lcclass {

namespace fs = std::filesystem;
using describe_parts::add_recipe;
using describe_parts::Json;
using describe_parts::legend_json;
using describe_parts::parsed;

namespace {

bool is_one_of(const std::string& kind, std::initializer_list<std::string_view> kinds) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

Json grid_json(const GridSpec& grid) {
    const Bounds bounds = grid.bounds();
    return {{"size", {grid.width, grid.height}},
            {"pixel_size", {grid.pixel_width, grid.pixel_height}},
            {"bounds", {bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y}},
            {"crs", grid.crs_wkt.empty() ? "none" : crs_label(grid.crs_wkt)}};
}

void add_radiometry(Json& band, const Radiometry& radiometry) {
    band["scale"] = radiometry.scale;
    band["offset"] = radiometry.offset;
    band["radiometry"] = radiometry.origin;
}

Json describe_raster(const fs::path& path, const std::string& kind) {
    const RasterFile file = open_raster(path);
    Json json = {{"file", path.string()}, {"kind", kind}, {"format", file.driver}};
    json.update(grid_json(file.source->grid()));
    for (const BandSpec& band : file.source->bands()) {
        Json item = {{"name", band.name}};
        if (!band.unit.empty()) {
            item["unit"] = band.unit;
        }
        if (!(band.radiometry == Radiometry{})) {
            add_radiometry(item, band.radiometry);
        }
        json["bands"].push_back(std::move(item));
    }
    if (file.legend) {
        json["classes"] = legend_json(*file.legend);
    }
    if (const auto recipe = file.metadata.find("LCCLASS_RECIPE"); recipe != file.metadata.end()) {
        add_recipe(json, "features", recipe->second);
    }
    if (const auto account = file.metadata.find("LCCLASS_ACCOUNTING"); account != file.metadata.end()) {
        json["accounting"] = parsed(account->second);
    }
    for (const auto& [key, value] : file.metadata) {
        if (key == "LCCLASS_VERSION" || key == "LCCLASS_MODEL_SHA256" || key == "LCCLASS_CLASS_PRIORS") {
            json["provenance"][key] = value;
        }
    }
    return json;
}

Json describe_scene(const fs::path& path) {
    SceneOptions options;
    options.inputs = {path.string()};
    options.radiometry = "auto";
    Json json = {{"file", path.string()}, {"kind", "scene"}};
    for (const SceneBand& band : list_bands(options)) {
        Json item = {{"name", band.name},
                     {"width", band.grid.width},
                     {"height", band.grid.height},
                     {"pixel_size", band.grid.pixel_width}};
        add_radiometry(item, band.radiometry);
        if (band.date) {
            item["date"] = to_string(*band.date);
        }
        if (!band.level.empty()) {
            item["level"] = band.level;
        }
        item["file"] = fs::path(band.path).filename().string();
        json["bands"].push_back(std::move(item));
        json["crs"] = crs_label(band.grid.crs_wkt);
    }
    return json;
}

Json describe_model(const fs::path& path) {
    const std::string bytes = read_file(path);
    const Model model = decode_model(bytes, path.string());
    Json json = {{"file", path.string()},
                 {"kind", "model"},
                 {"bytes", bytes.size()},
                 {"trees", model.forest.n_trees()},
                 {"nodes", model.forest.n_nodes()},
                 {"features", model.feature_names},
                 {"classes", legend_json(model.legend)}};
    if (!model.recipe_json.empty()) {
        add_recipe(json, "recipe", model.recipe_json);
    }
    json["calibration"] = to_string(model.calibration.method);
    for (std::size_t k = 0; k < model.training_priors.size(); ++k) {
        const std::string code = std::to_string(model.legend.at(static_cast<int>(k)).code);
        json["training_priors"][code] = std::round(model.training_priors[k] * 1e9) / 1e9;
    }
    json["training"] = parsed(model.training_json);
    return json;
}

Json describe(const fs::path& path) {
    const std::string kind = file_kind(path);
    if (kind == "scene") {
        return describe_scene(path);
    }
    if (kind == "model") {
        return describe_model(path);
    }
    if (kind.empty()) {
        describe_parts::refuse_unknown(path);
    }
    if (is_one_of(kind, {"cv", "explain", "accuracy", "manifest", "times", "explained place"})) {
        return describe_parts::describe_json(path, kind);
    }
    if (is_one_of(kind, {"samples", "folds", "plan", "shap_values", "vector"})) {
        return describe_parts::describe_vector(path, kind);
    }
    return describe_raster(path, kind);
}

bool is_flat(const Json& value) {
    return std::none_of(value.begin(), value.end(), [](const Json& item) { return item.is_structured(); });
}

std::string scalar_text(const Json& value) {
    if (value.is_string()) {
        return escape_control(value.get<std::string>());
    }
    if (value.is_null()) {
        return "NA";
    }
    if (!value.is_number_float()) {
        return value.dump();
    }
    const double number = value.get<double>();
    return format_number(std::abs(number) < 1000 ? std::round(number * 1e6) / 1e6 : number);
}

/// `name: B04, unit: reflectance` of a flat object, `a, b` of a flat list.
std::string inline_text(const Json& value) {
    std::vector<std::string> parts;
    for (const auto& [key, item] : value.items()) {
        parts.push_back(value.is_object() ? key + ": " + scalar_text(item) : scalar_text(item));
    }
    return join(parts, ", ");
}

void append_lines(std::string& text, const std::string& indent, const Json& object) {
    std::size_t width = 0;
    for (const auto& [key, value] : object.items()) {
        width = std::max(width, key.size());
    }
    for (const auto& [key, value] : object.items()) {
        const std::string label = object.is_array() ? "-" : escape_control(key) + ":";
        text.append(indent).append(label);
        if (!value.is_structured()) {
            text.append(object.is_array() ? 1 : width + 2 - key.size(), ' ').append(scalar_text(value)).append("\n");
        } else if (is_flat(value) && (value.is_array() || object.is_array() || value.size() <= 2)) {
            text.append(object.is_array() ? 1 : width + 2 - key.size(), ' ').append(inline_text(value)).append("\n");
        } else {
            text.append("\n");
            append_lines(text, indent + "  ", value);
        }
    }
}

} // namespace

std::string describe_file_json(const fs::path& path) {
    return describe(path).dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string describe_file_text(const std::string& json) {
    std::string text;
    append_lines(text, {}, Json::parse(json));
    return std::string(trim(text));
}

} // namespace lcclass
