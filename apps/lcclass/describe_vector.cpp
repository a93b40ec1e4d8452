#include "describe_parts.h"

#include "lcclass/core/error.h"
#include "lcclass/core/grid_spec.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/reference_file.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/geo/vector_file.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

namespace lcclass::describe_parts {

namespace fs = std::filesystem;

namespace {

using Layers = std::vector<LayerSummary>;

const LayerSummary* layer_named(const Layers& layers, const std::string& name) {
    const auto found =
        std::find_if(layers.begin(), layers.end(), [&](const LayerSummary& layer) { return layer.name == name; });
    return found == layers.end() ? nullptr : &*found;
}

std::string crs_text(const std::string& wkt) {
    return wkt.empty() ? "none" : crs_label(wkt);
}

/// Rows, groups, polygons and CRS of a table, and its classes with their numbers of samples.
Json table_json(const SampleTable& samples) {
    Json json = {{"rows", samples.size()},
                 {"groups", samples.group_names.size()},
                 {"polygons", std::set<std::int32_t>(samples.polygon_id.begin(), samples.polygon_id.end()).size()},
                 {"crs", crs_text(samples.crs_wkt)}};
    if (std::all_of(samples.polygon_id.begin(), samples.polygon_id.end(), [](std::int32_t id) { return id == 0; })) {
        json["polygons"] = nullptr;
    }
    json["classes"] = legend_json(samples.legend);
    for (Json& entry : json["classes"]) {
        entry["samples"] =
            std::count(samples.class_code.begin(), samples.class_code.end(), entry.at("code").get<int>());
    }
    return json;
}

Json describe_samples(const fs::path& path, const std::string& layer) {
    SampleFileOptions options;
    options.layer = layer;
    const SampleTable samples = read_samples(path, options);
    Json json = {{"file", path.string()}, {"kind", "samples"}, {"features", samples.feature_names}};
    json.update(table_json(samples));
    if (!samples.recipe_json.empty()) {
        add_recipe(json, "recipe", samples.recipe_json);
    }
    return json;
}

Json describe_folds(const fs::path& path, const Layers& layers) {
    SampleFileOptions options;
    options.layer = "samples";
    for (const std::string& field : layer_named(layers, "samples")->fields) {
        if (field.starts_with("fold_")) {
            options.features.push_back(field);
        }
    }
    options.without_features = options.features.empty();
    const SampleTable samples = read_samples(path, options);
    Json json = {{"file", path.string()}, {"kind", "folds"}, {"folds", Json::object()}};
    for (std::size_t f = 0; f < samples.features.size(); ++f) {
        const auto& fold = samples.features[f];
        json["folds"][samples.feature_names[f]] = std::set<float>(fold.begin(), fold.end()).size();
    }
    json["blocks"] = layer_named(layers, "blocks")->features;
    if (const LayerSummary* excluded = layer_named(layers, "excluded")) {
        json["folds_with_excluded_samples"] = excluded->features;
    }
    json.update(table_json(samples));
    return json;
}

Json describe_plan(const fs::path& path, const std::string& layer) {
    const PlanSummary plan = read_plan(path, layer);
    Json json = {{"file", path.string()},         {"kind", "plan"},          {"points", 0}, {"labelled", 0},
                 {"crs", crs_text(plan.crs_wkt)}, {"strata", Json::object()}};
    std::int64_t points = 0;
    std::int64_t labelled = 0;
    for (const auto& [code, stratum] : plan.strata) {
        json["strata"][code] = {{"pixels", stratum.pixels}, {"points", stratum.points}, {"labelled", stratum.labelled}};
        points += stratum.points;
        labelled += stratum.labelled;
    }
    json["points"] = points;
    json["labelled"] = labelled;
    return json;
}

Json describe_shap_values(const fs::path& path, const LayerSummary& layer) {
    return {{"file", path.string()}, {"kind", "shap_values"}, {"points", layer.features}, {"columns", layer.fields}};
}

/// A table without geometry: how many lines it has below its header.
Json describe_shap_text(const fs::path& path) {
    std::ifstream file(path);
    std::int64_t lines = -1;
    for (std::string line; std::getline(file, line);) {
        ++lines;
    }
    return {{"file", path.string()}, {"kind", "shap_values"}, {"rows", lines}};
}

[[noreturn]] void refuse_layers(const fs::path& path, const Layers& layers) {
    std::vector<std::string> names;
    for (const LayerSummary& layer : layers) {
        names.push_back(layer.name);
    }
    throw Error(ExitCode::input, {.where = path.string(),
                                  .field = "layers=" + join(names, ", "),
                                  .problem = "none of them is of lcclass",
                                  .fix = "give samples, folds or a plan"});
}

/// The layer that is the plan or holds the SHAP values: the one that says so, or else the one of that name.
const LayerSummary& layer_of_kind(const Layers& layers, const std::string& kind) {
    const auto found = std::ranges::find(layers, kind, &LayerSummary::kind);
    return found != layers.end() ? *found : *std::ranges::find(layers, kind, &LayerSummary::name);
}

} // namespace

Json describe_vector(const fs::path& path, const std::string& kind) {
    if (path.extension() == ".csv") {
        return kind == "samples" ? describe_samples(path, {}) : describe_shap_text(path);
    }
    const Layers layers = list_layers(path);
    if (kind == "vector") {
        refuse_layers(path, layers);
    }
    if (kind == "plan") {
        return describe_plan(path, layer_of_kind(layers, kind).name);
    }
    if (kind == "shap_values") {
        return describe_shap_values(path, layer_of_kind(layers, kind));
    }
    if (kind == "folds") {
        return describe_folds(path, layers);
    }
    return describe_samples(path, layer_named(layers, "samples") != nullptr ? "samples" : std::string());
}

} // namespace lcclass::describe_parts
