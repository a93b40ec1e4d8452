#include "describe_parts.h"

#include "lcclass/core/error.h"

namespace lcclass::describe_parts {

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

Json recipe_json(const std::string& text) {
    const Json recipe = parsed(text);
    Json features = Json::object();
    if (recipe.contains("features")) {
        for (const Json& feature : recipe.at("features")) {
            features[feature.value("name", "?")] = feature.value("formula", "?");
        }
    }
    return features;
}

void refuse_unknown(const std::filesystem::path& path) {
    throw Error(ExitCode::input, {.where = path.string(),
                                  .field = {},
                                  .problem = "is none of the files that lcclass knows",
                                  .fix = "give a stack, labels, samples, folds, model, map, plan, scene or one of "
                                         "the .json results"});
}

} // namespace lcclass::describe_parts
