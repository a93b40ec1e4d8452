#include "lcclass/features/feature_recipe.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/spectral_index.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace lcclass {

namespace {

constexpr int recipe_version = 1;

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void refuse_feature(const std::string& name, std::string problem, std::string fix) {
    throw Error(ExitCode::configuration,
                {.where = {}, .field = "features=" + name, .problem = std::move(problem), .fix = std::move(fix)});
}

/// The bands one feature takes, out of those there are.
std::vector<std::string> bands_of(const std::string& feature, const std::vector<std::string>& available) {
    if (holds(available, feature)) {
        return {feature};
    }
    const SpectralIndex* index = find_spectral_index(feature);
    if (index == nullptr) {
        std::vector<std::string> known = available;
        for (const SpectralIndex& entry : spectral_indices()) {
            known.push_back(entry.name);
        }
        refuse_feature(feature, "is neither a band of the scene nor an index" + did_you_mean(feature, known),
                       "bands: " + join(available, " ") + "; indices: see lcclass stack --help");
    }
    std::vector<std::string> missing;
    std::copy_if(index->bands.begin(), index->bands.end(), std::back_inserter(missing),
                 [&](const std::string& band) { return !holds(available, band); });
    if (!missing.empty()) {
        refuse_feature(feature, "= " + index->formula + " needs " + join(missing, ", ") + ", which the scene lacks",
                       "add the band or drop the index; bands there are: " + join(available, " "));
    }
    return index->bands;
}

std::string describe(const Radiometry& radiometry) {
    return "scale " + format_number(radiometry.scale) + " offset " + format_number(radiometry.offset) + " (" +
           radiometry.origin + ")";
}

const BandSpec* find_band(const FeatureRecipe& recipe, const std::string& name) {
    const auto found =
        std::find_if(recipe.bands.begin(), recipe.bands.end(), [&](const BandSpec& band) { return band.name == name; });
    return found == recipe.bands.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_use(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::model,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

void require_same_radiometry(const BandSpec& expected, const BandSpec& offered, const std::string& where) {
    const bool from_products = expected.radiometry.origin == "product" && offered.radiometry.origin == "product";
    const bool same_numbers = expected.radiometry.scale == offered.radiometry.scale &&
                              expected.radiometry.offset == offered.radiometry.offset;
    if (!from_products && !same_numbers) {
        refuse_use(where, expected.name,
                   "the model was trained with " + describe(expected.radiometry) + ", this has " +
                       describe(offered.radiometry),
                   "make the stack with the radiometry of its scene, stated as for the training stack");
    }
}

void require_same_pixel(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(a); };
    if (!near(expected.pixel_width, offered.pixel_width) || !near(expected.pixel_height, offered.pixel_height)) {
        refuse_use(where, "pixel size=" + format_number(offered.pixel_width),
                   "the model was trained on pixels of " + format_number(expected.pixel_width),
                   "stack --resolution " + format_number(expected.pixel_width));
    }
}

} // namespace

std::vector<std::string> FeatureRecipe::feature_names() const {
    std::vector<std::string> names;
    for (const Feature& feature : features) {
        names.push_back(feature.name);
    }
    return names;
}

std::string FeatureRecipe::to_json() const {
    nlohmann::ordered_json json;
    json["version"] = recipe_version;
    json["pixel_width"] = pixel_width;
    json["pixel_height"] = pixel_height;
    for (const BandSpec& band : bands) {
        json["bands"].push_back({{"name", band.name},
                                 {"scale", band.radiometry.scale},
                                 {"offset", band.radiometry.offset},
                                 {"radiometry", band.radiometry.origin},
                                 {"unit", band.unit},
                                 {"resampling", band.resampling}});
    }
    for (const Feature& feature : features) {
        json["features"].push_back({{"name", feature.name}, {"formula", feature.formula}});
    }
    return json.dump();
}

FeatureRecipe FeatureRecipe::from_json(const std::string& text, const std::string& where) {
    try {
        const auto json = nlohmann::json::parse(text);
        if (json.at("version").get<int>() != recipe_version) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "recipe version=" + json.at("version").dump(),
                                          .problem = "this lcclass reads version " + std::to_string(recipe_version),
                                          .fix = "make the file again with this lcclass"});
        }
        FeatureRecipe recipe;
        recipe.pixel_width = json.at("pixel_width").get<double>();
        recipe.pixel_height = json.at("pixel_height").get<double>();
        for (const auto& band : json.at("bands")) {
            recipe.bands.push_back({.name = band.at("name").get<std::string>(),
                                    .unit = band.at("unit").get<std::string>(),
                                    .radiometry = {.scale = band.at("scale").get<double>(),
                                                   .offset = band.at("offset").get<double>(),
                                                   .origin = band.at("radiometry").get<std::string>()},
                                    .resampling = band.at("resampling").get<std::string>()});
        }
        for (const auto& feature : json.at("features")) {
            recipe.features.push_back(
                {.name = feature.at("name").get<std::string>(), .formula = feature.at("formula").get<std::string>()});
        }
        return recipe;
    } catch (const nlohmann::json::exception&) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "recipe",
                                      .problem = "is not a feature recipe",
                                      .fix = "make the file again with lcclass stack"});
    }
}

std::vector<std::string> bands_needed(const std::vector<std::string>& features,
                                      const std::vector<std::string>& available) {
    std::set<std::string> seen;
    std::vector<std::string> needed;
    for (const std::string& feature : features) {
        if (!seen.insert(feature).second) {
            refuse_feature(feature, "is asked for twice", "name every feature once");
        }
        for (const std::string& band : bands_of(feature, available)) {
            if (!holds(needed, band)) {
                needed.push_back(band);
            }
        }
    }
    return needed;
}

FeatureRecipe make_recipe(const std::vector<std::string>& features, const RasterSource& bands) {
    FeatureRecipe recipe;
    recipe.pixel_width = bands.grid().pixel_width;
    recipe.pixel_height = bands.grid().pixel_height;
    const std::vector<std::string> available = band_names(bands);
    for (const std::string& name : bands_needed(features, available)) {
        const auto at = std::find(available.begin(), available.end(), name) - available.begin();
        recipe.bands.push_back(bands.bands()[static_cast<std::size_t>(at)]);
    }
    for (const std::string& name : features) {
        const SpectralIndex* index = holds(available, name) ? nullptr : find_spectral_index(name);
        recipe.features.push_back({.name = name, .formula = index == nullptr ? name : index->formula});
    }
    return recipe;
}

FeatureRecipe narrow_recipe(const FeatureRecipe& recipe, const std::vector<std::string>& features,
                            const std::string& where) {
    FeatureRecipe narrow = recipe;
    narrow.features.clear();
    std::vector<std::string> needed;
    for (const std::string& name : features) {
        const auto found = std::find_if(recipe.features.begin(), recipe.features.end(),
                                        [&](const auto& feature) { return feature.name == name; });
        if (found == recipe.features.end()) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "feature=" + name,
                                          .problem = "is not made by the recipe of the table",
                                          .fix = "use features of the stack: " + join(recipe.feature_names(), ",")});
        }
        narrow.features.push_back(*found);
        const SpectralIndex* index = found->formula == name ? nullptr : find_spectral_index(name);
        const std::vector<std::string> bands = index == nullptr ? std::vector{name} : index->bands;
        needed.insert(needed.end(), bands.begin(), bands.end());
    }
    std::erase_if(narrow.bands, [&](const BandSpec& band) { return !holds(needed, band.name); });
    return narrow;
}

void require_compatible(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    std::vector<std::string> missing;
    for (const auto& feature : expected.features) {
        const auto found = std::find_if(offered.features.begin(), offered.features.end(),
                                        [&](const auto& other) { return other.name == feature.name; });
        if (found == offered.features.end()) {
            missing.push_back(feature.name);
        } else if (found->formula != feature.formula) {
            refuse_use(where, feature.name + "=" + found->formula, "the model was trained with " + feature.formula,
                       "make the stack with the model's formula");
        }
    }
    if (!missing.empty()) {
        refuse_use(where, "features", "lacks " + join(missing, ", ") + ", which the model needs",
                   "stack --features " + join(expected.feature_names(), ","));
    }
    for (const BandSpec& band : expected.bands) {
        const BandSpec* other = find_band(offered, band.name);
        if (other != nullptr) {
            require_same_radiometry(band, *other, where);
        }
    }
    require_same_pixel(expected, offered, where);
}

} // namespace lcclass
