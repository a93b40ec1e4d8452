#include "features/recipe_walk.h"
#include "lcclass/core/error.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/features/masked_bands.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

constexpr int recipe_version = 2;

template <class Day>
std::vector<std::string> texts_of(const std::vector<Day>& dates) {
    std::vector<std::string> texts;
    for (const Day date : dates) {
        texts.push_back(to_string(date));
    }
    return texts;
}

/// Throws nlohmann's exception for a text that is no date, like the library does for what is not there.
std::vector<Acquisition> dates_of(const Json& json) {
    std::vector<Acquisition> dates;
    for (const Json& text : json) {
        const auto date = parse_acquisition(text.get<std::string>());
        dates.push_back(date ? *date : throw Json::other_error::create(0, "date", nullptr));
    }
    return dates;
}

Json json_of(const FeatureRecipe::Band& band) {
    Json json = {{"name", band.spec.name},
                 {"scale", band.spec.radiometry.scale},
                 {"offset", band.spec.radiometry.offset},
                 {"radiometry", band.spec.radiometry.origin},
                 {"unit", band.spec.unit},
                 {"resampling", band.spec.resampling},
                 {"level", band.spec.level}};
    if (band.dated) {
        json["dated"] = true;
    }
    return json;
}

FeatureRecipe::Band band_of(const Json& json) {
    return {.spec = {.name = json.at("name").get<std::string>(),
                     .unit = json.at("unit").get<std::string>(),
                     .radiometry = {.scale = json.at("scale").get<double>(),
                                    .offset = json.at("offset").get<double>(),
                                    .origin = json.at("radiometry").get<std::string>()},
                     .resampling = json.at("resampling").get<std::string>(),
                     .level = json.at("level").get<std::string>()},
            .dated = json.value("dated", false)};
}

Json json_of(const std::map<std::string, FeatureRecipe::Fitted>& fitted, const char* first, const char* second) {
    Json json = Json::object();
    for (const auto& [key, numbers] : fitted) {
        json[key] = {{first, numbers.first}, {second, numbers.second}};
    }
    return json;
}

std::map<std::string, FeatureRecipe::Fitted> fitted_of(const Json& json, const char* first, const char* second) {
    std::map<std::string, FeatureRecipe::Fitted> fitted;
    for (const auto& [key, numbers] : json.items()) {
        fitted[key] = {.first = numbers.at(first).get<double>(), .second = numbers.at(second).get<double>()};
    }
    return fitted;
}

Json json_of(const PrincipalComponents& components) {
    return {{"inputs", components.inputs},
            {"n_components", components.n_components},
            {"standardize", components.standardize},
            {"mean", components.mean},
            {"scale", components.scale},
            {"loadings", components.loadings},
            {"explained_variance", components.explained_variance},
            {"explained_variance_ratio", components.explained_variance_ratio},
            {"n_pixels", components.n_pixels}};
}

PrincipalComponents components_of(const Json& json) {
    PrincipalComponents components;
    json.at("inputs").get_to(components.inputs);
    json.at("n_components").get_to(components.n_components);
    json.at("standardize").get_to(components.standardize);
    json.at("mean").get_to(components.mean);
    json.at("scale").get_to(components.scale);
    json.at("loadings").get_to(components.loadings);
    json.at("explained_variance").get_to(components.explained_variance);
    json.at("explained_variance_ratio").get_to(components.explained_variance_ratio);
    json.at("n_pixels").get_to(components.n_pixels);
    const std::size_t n = components.inputs.size();
    const auto fits = [&](const std::vector<double>& numbers) { return numbers.size() == n; };
    const bool is_whole = components.n_components >= 1 && fits(components.mean) && fits(components.scale) &&
                          components.loadings.size() == static_cast<std::size_t>(components.n_components) &&
                          std::ranges::all_of(components.loadings, fits);
    return is_whole ? components : throw Json::other_error::create(0, "components", nullptr);
}

FeatureRecipe recipe_of(const Json& json) {
    FeatureRecipe recipe;
    json.at("pixel_width").get_to(recipe.pixel_width);
    json.at("pixel_height").get_to(recipe.pixel_height);
    json.at("metres_per_unit").get_to(recipe.metres_per_unit);
    for (const Json& band : json.at("bands")) {
        recipe.bands.push_back(band_of(band));
    }
    for (const Json& feature : json.at("features")) {
        recipe.features.push_back(
            {.name = feature.at("name").get<std::string>(), .formula = feature.at("formula").get<std::string>()});
    }
    for (const Json& definition : json.value("definitions", Json::array())) {
        recipe.definitions.push_back({.name = definition.at("name").get<std::string>(),
                                      .formula = definition.at("formula").get<std::string>(),
                                      .unit = definition.at("unit").get<std::string>()});
    }
    recipe.dates = dates_of(json.value("dates", Json::array()));
    recipe.min_valid = json.value("min_valid", 0.0);
    recipe.masks = json.value("masks", std::vector<std::string>());
    recipe.mask_dilation = json.value("mask_dilation", std::int64_t{0});
    if (json.contains("gap_fill")) {
        const Json& fill = json.at("gap_fill");
        recipe.gap_fill = {.dates = {}, .hold_ends = fill.at("hold_ends").get<bool>()};
        std::ranges::transform(dates_of(fill.at("dates")), std::back_inserter(recipe.gap_fill->dates),
                               &Acquisition::date);
    }
    if (json.contains("components")) {
        recipe.components = components_of(json.at("components"));
    }
    recipe.ranges = fitted_of(json.value("ranges", Json::object()), "low", "high");
    recipe.standards = fitted_of(json.value("standards", Json::object()), "mean", "sd");
    return recipe;
}

/// Every formula can be read and leads to bands. Throws Error(input) naming `where` otherwise.
void check_formulas(const FeatureRecipe& recipe, const std::string& where) {
    constexpr std::int64_t widest_dilation = 100;
    const auto is_length = [](double length) { return std::isfinite(length) && length > 0; };
    if (recipe.mask_dilation < 0 || recipe.mask_dilation > widest_dilation || !is_length(recipe.pixel_width) ||
        !is_length(recipe.pixel_height) || !is_length(recipe.metres_per_unit) ||
        !(recipe.min_valid >= 0 && recipe.min_valid <= 1)) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "recipe",
                                      .problem = "has a length or share that is none",
                                      .fix = "make the file again with lcclass stack"});
    }
    try {
        const Definitions definitions(recipe.definitions);
        std::vector<std::string> names;
        for (const FeatureRecipe::Band& band : recipe.bands) {
            names.push_back(band.spec.name);
        }
        const AvailableBands bands(names);
        const RecipeWalk walk(definitions, bands, recipe.components);
        for (const FeatureRecipe::Feature& feature : recipe.features) {
            walk.add_bands(expression_of(recipe, feature.formula), names);
        }
        for (const std::string& rule : recipe.masks) {
            static_cast<void>(mask_band_of(rule));
        }
    } catch (const Error& error) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "recipe: " + error.fault().field,
                                      .problem = error.fault().problem,
                                      .fix = "make the file again with lcclass stack"});
    }
}

} // namespace

std::string FeatureRecipe::to_json() const {
    Json json;
    json["version"] = recipe_version;
    json["pixel_width"] = pixel_width;
    json["pixel_height"] = pixel_height;
    json["metres_per_unit"] = metres_per_unit;
    for (const Band& band : bands) {
        json["bands"].push_back(json_of(band));
    }
    for (const Feature& feature : features) {
        json["features"].push_back({{"name", feature.name}, {"formula", feature.formula}});
    }
    for (const FeatureDefinition& definition : definitions) {
        json["definitions"].push_back(
            {{"name", definition.name}, {"formula", definition.formula}, {"unit", definition.unit}});
    }
    if (!dates.empty()) {
        json["dates"] = texts_of(dates);
        json["min_valid"] = min_valid;
    }
    if (!masks.empty()) {
        json["masks"] = masks;
        json["mask_dilation"] = mask_dilation;
    }
    if (gap_fill) {
        json["gap_fill"] = {{"dates", texts_of(gap_fill->dates)}, {"hold_ends", gap_fill->hold_ends}};
    }
    if (components) {
        json["components"] = json_of(*components);
    }
    if (!ranges.empty()) {
        json["ranges"] = json_of(ranges, "low", "high");
    }
    if (!standards.empty()) {
        json["standards"] = json_of(standards, "mean", "sd");
    }
    return json.dump();
}

FeatureRecipe FeatureRecipe::from_json(const std::string& text, const std::string& where) {
    try {
        const auto json = Json::parse(text);
        if (json.at("version").get<int>() != recipe_version) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "recipe version=" + json.at("version").dump(),
                                          .problem = "this lcclass reads version " + std::to_string(recipe_version),
                                          .fix = "make the file again with this lcclass"});
        }
        FeatureRecipe recipe = recipe_of(json);
        check_formulas(recipe, where);
        return recipe;
    } catch (const nlohmann::json::exception&) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "recipe",
                                      .problem = "is not a feature recipe",
                                      .fix = "make the file again with lcclass stack"});
    }
}

} // namespace lcclass
