#include "describe_parts.h"

#include "lcclass/core/error.h"

#include <algorithm>

namespace lcclass::describe_parts {

namespace {

Json features_of(const Json& recipe) {
    Json features = Json::object();
    if (recipe.contains("features")) {
        for (const Json& feature : recipe.at("features")) {
            features[feature.value("name", "?")] = feature.value("formula", "?");
        }
    }
    return features;
}

/// Of the bands that have one, each once.
Json levels_of(const Json& recipe) {
    Json levels = Json::array();
    for (const Json& band : recipe.contains("bands") ? recipe.at("bands") : Json::array()) {
        const std::string level = band.value("level", "");
        if (!level.empty() && std::find(levels.begin(), levels.end(), Json(level)) == levels.end()) {
            levels.push_back(level);
        }
    }
    return levels;
}

/// As the recipe has them, with the names of the inputs beside the loadings.
Json components_json(const Json& components) {
    Json json = {{"standardize", components.at("standardize")}, {"n_pixels", components.at("n_pixels")}};
    const Json& inputs = components.at("inputs");
    const Json& loadings = components.at("loadings");
    for (std::size_t c = 0; c < loadings.size(); ++c) {
        const std::string name = "PC" + std::to_string(c + 1);
        json["explained_variance_ratio"][name] = components.at("explained_variance_ratio").at(c);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            json["loadings"][name][inputs.at(i).get<std::string>()] = loadings.at(c).at(i);
        }
    }
    return json;
}

Json described_recipe(const Json& recipe, const char* key) {
    Json json = {{key, features_of(recipe)}};
    if (const Json levels = levels_of(recipe); !levels.empty()) {
        json["levels"] = levels;
    }
    for (const char* part : {"masks", "mask_dilation", "dates", "gap_fill"}) {
        if (recipe.contains(part)) {
            json[part] = recipe.at(part);
        }
    }
    if (recipe.contains("components")) {
        json["components"] = components_json(recipe.at("components"));
    }
    if (recipe.contains("ranges")) {
        json["grey_levels"] = recipe.at("ranges");
    }
    if (recipe.contains("standards")) {
        json["standardized"] = recipe.at("standards");
    }
    return json;
}

} // namespace

Json parsed(const std::string& text) {
    return Json::accept(text) ? Json::parse(text) : Json(text);
}

Json legend_json(const ClassLegend& legend) {
    Json classes = Json::array();
    for (const LandCoverClass& entry : legend.classes()) {
        classes.push_back({{"code", entry.code}, {"name", entry.name}, {"color", to_string(entry.color)}});
    }
    return classes;
}

void add_recipe(Json& json, const char* key, const std::string& text) {
    const Json recipe = parsed(text);
    try {
        json.update(described_recipe(recipe, key));
    } catch (const Json::exception&) { // a file of others may hold anything
        json[key] = recipe;
    }
}

void refuse_unknown(const std::filesystem::path& path) {
    throw Error(ExitCode::input, {.where = path.string(),
                                  .field = {},
                                  .problem = "is none of the files that lcclass knows",
                                  .fix = "give a stack, labels, samples, folds, model, map, plan, scene or one of "
                                         "the .json results"});
}

} // namespace lcclass::describe_parts
