#include "file_kind.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/vector_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

using Layers = std::vector<LayerSummary>;

constexpr std::uintmax_t largest_json = std::uintmax_t{256} << 20;

std::string first_bytes(const fs::path& path) {
    std::array<char, 4096> bytes{};
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), bytes.size());
    return {bytes.data(), static_cast<std::size_t>(file.gcount())};
}

std::string raster_kind(const fs::path& path) {
    const auto metadata = raster_metadata(path);
    if (const auto kind = metadata.find("LCCLASS_KIND"); kind != metadata.end()) {
        return kind->second;
    }
    if (metadata.contains("LCCLASS_RECIPE")) {
        return "stack";
    }
    const RasterFile file = open_raster(path);
    if (band_names(*file.source) == std::vector<std::string>{"class_code", "polygon_id"}) {
        return "labels";
    }
    return file.legend ? "map" : "raster";
}

bool has_layer(const Layers& layers, const std::string& name) {
    return std::ranges::any_of(layers, [&](const LayerSummary& layer) { return layer.name == name; });
}

/// FlatGeobuf keeps no metadata: there a layer is known by its name and fields.
bool holds_shap_values(const LayerSummary& layer) {
    return layer.kind == "shap_values" ||
           (layer.name == "shap_values" && std::ranges::find(layer.fields, "explained_code") != layer.fields.end());
}

std::string vector_kind(const fs::path& path) {
    const Layers layers = list_layers(path);
    if (std::ranges::any_of(layers, [](const LayerSummary& layer) { return layer.kind == "plan"; })) {
        return "plan";
    }
    if (std::ranges::any_of(layers, holds_shap_values)) {
        return "shap_values";
    }
    if (has_layer(layers, "samples")) {
        return has_layer(layers, "blocks") ? "folds" : "samples";
    }
    return layers.size() > 1 ? "vector" : "samples"; // any table with classes can be samples
}

/// By the members at the top, which every kind has of its own.
std::string json_kind(const fs::path& path) {
    using Json = nlohmann::ordered_json;
    const auto only_top = [](int depth, Json::parse_event_t event, const Json& /*value*/) {
        return depth < 2 || event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end;
    };
    const Json content = Json::parse(read_file(path, largest_json), only_top, false);
    constexpr std::array<std::pair<const char*, const char*>, 6> members = {{{"manifest", "manifest"},
                                                                             {"times", "times"},
                                                                             {"schemes", "cv"},
                                                                             {"mode", "accuracy"},
                                                                             {"place", "explained place"},
                                                                             {"importance", "explain"}}};
    for (const auto& [key, kind] : members) {
        if (content.is_object() && content.contains(key)) {
            return kind;
        }
    }
    return {};
}

} // namespace

std::string file_kind(const fs::path& path) {
    std::error_code status;
    if (fs::is_directory(path, status)) {
        return "scene";
    }
    if (!fs::is_regular_file(path, status)) {
        read_file(path, 0); // says what is wrong
    }
    const std::string head = first_bytes(path);
    const auto begins = [&](std::string_view magic) { return head.starts_with(magic); };
    using namespace std::string_view_literals;
    if (begins("II*\0"sv) || begins("MM\0*"sv) || begins("II+\0"sv) || begins("MM\0+"sv) ||
        begins("\0\0\0\x0CjP  "sv) || begins("\xFF\x4F\xFF\x51"sv)) {
        return raster_kind(path);
    }
    if (begins("PK\x03\x04"sv)) {
        return "scene";
    }
    if (begins("\x89LCM"sv)) {
        return "model";
    }
    if (begins("row,class_code,base,"sv)) {
        return "shap_values";
    }
    if (path.extension() == ".csv") {
        return "samples";
    }
    if (begins("SQLite format 3\0"sv) || begins("fgb\x03"sv)) {
        return vector_kind(path);
    }
    return trim(head).starts_with('{') ? json_kind(path) : std::string();
}

} // namespace lcclass
