#include "scene_features.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"
#include "stage_files.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_sentinel2_band(const std::string& name) {
    return name == "B8A" || (name.size() == 3 && name[0] == 'B' && parse_int(name.substr(1)).has_value());
}

/// The bands a scene offers, as far as planning goes.
struct SceneContents {
    std::vector<std::string> names;
    std::vector<std::string> features; ///< without dates, and without bands that describe others
};

SceneContents contents_of(const SceneOptions& options, const FeatureRequest* request) {
    SceneContents contents;
    for (const SceneBand& band : list_bands(options)) {
        contents.names.push_back(band.name);
        const std::string name = date_in(band.name) ? split_dated_name(band.name).name : band.name;
        if (!band.auxiliary && !holds(options.masks, name) && !holds(contents.features, name)) {
            contents.features.push_back(name);
        }
    }
    // A Sentinel-2 band that is not there is a fault of the scene, which open_scene explains.
    for (const std::string& feature : request == nullptr ? std::vector<std::string>() : request->features) {
        if (is_sentinel2_band(feature) && !holds(contents.features, feature)) {
            contents.names.push_back(feature);
        }
    }
    return contents;
}

void complete_request(FeatureRequest& request, const SceneContents& contents) {
    if (request.features.empty()) {
        request.features = contents.features;
        for (const std::string& definition : request.definitions) {
            request.features.emplace_back(trim(definition.substr(0, definition.find('='))));
        }
    }
}

/// Terrain is in metres; the library does not know reference systems.
double metres_of(const GridSpec& grid, const FeatureRecipe& recipe) {
    const auto metres = metres_per_unit(grid.crs_wkt);
    if (metres) {
        return *metres;
    }
    if (uses_terrain(recipe)) {
        throw Error(ExitCode::input, {.where = {},
                                      .field = "crs=" + crs_label(grid.crs_wkt),
                                      .problem = "slope and other terrain need pixels in metres, and the grid is in "
                                                 "degrees",
                                      .fix = "map in a projected reference system, as in --like a UTM raster"});
    }
    return 1;
}

/// Names of dated bands but those of `dropped`, and all others.
std::vector<std::string> without_dates(const std::vector<std::string>& names, const std::vector<Acquisition>& dropped) {
    std::vector<std::string> kept;
    std::copy_if(names.begin(), names.end(), std::back_inserter(kept), [&](const std::string& name) {
        const auto date = date_in(name);
        return !date || std::find(dropped.begin(), dropped.end(), *date) == dropped.end();
    });
    return kept;
}

/// One band per date, with its masks: what tells how much of a scene can be used.
std::vector<std::string> bands_that_tell(const FeatureRecipe& recipe, const std::vector<std::string>& to_read) {
    std::vector<std::string> telling;
    std::set<Acquisition> told;
    for (const std::string& name : to_read) {
        const auto date = date_in(name);
        const std::string base = date ? split_dated_name(name).name : name;
        const bool is_mask = std::any_of(recipe.masks.begin(), recipe.masks.end(),
                                         [&](const std::string& rule) { return mask_band_of(rule) == base; });
        if (is_mask || (date && told.insert(*date).second)) {
            telling.push_back(name);
        }
    }
    return telling;
}

/// Fills `scenes` and `dropped`. Throws when nothing is left.
void filter_scenes(const SceneOptions& options, const FeatureRecipe& recipe, const std::vector<std::string>& available,
                   const SceneFilter& filter, Context& context, SceneFeatures& features) {
    const std::string where = options.inputs.front();
    const std::vector<std::string> names = bands_that_tell(recipe, bands_to_read(recipe, available, where));
    const auto bands = mask_bands(open_scene(options, names), recipe.masks, recipe.mask_dilation);
    std::vector<std::string> measured;
    std::copy_if(names.begin(), names.end(), std::back_inserter(measured), [&](const std::string& name) {
        return std::none_of(recipe.masks.begin(), recipe.masks.end(),
                            [&](const std::string& rule) { return mask_band_of(rule) == split_dated_name(name).name; });
    });
    features.scenes = valid_shares(*select_bands(bands, measured, where), default_block_size, context.progress);
    for (const SceneShare& scene : features.scenes) {
        const bool keep = !scene.date || scene.share() >= filter.min_valid;
        context.inform((scene.date ? to_string(*scene.date) : "scene") + ": " + percent(scene.share()) +
                       " of the pixels are valid" +
                       (keep ? "" : ", less than " + percent(filter.min_valid) + ": left out"));
        if (!keep) {
            features.dropped.push_back(*scene.date);
        }
    }
    if (features.dropped.size() == features.scenes.size()) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "--min-valid=" + format_number(filter.min_valid),
                                      .problem = "no date has as many valid pixels",
                                      .fix = "lower it, add scenes, or check --mask and --bounds"});
    }
}

std::set<Acquisition> dates_in(const std::vector<std::string>& names) {
    std::set<Acquisition> dates;
    for (const std::string& name : names) {
        if (const auto date = date_in(name)) {
            dates.insert(*date);
        }
    }
    return dates;
}

/// Radiometry stated for this very scene may have other numbers than the training scene's; whether there is any may not
/// differ.
void trust_stated_numbers(const FeatureRecipe& trained, FeatureRecipe& offered) {
    for (std::size_t b = 0; b < offered.bands.size(); ++b) {
        Radiometry& radiometry = offered.bands[b].spec.radiometry;
        const Radiometry& expected = trained.bands[b].spec.radiometry;
        if (radiometry.origin != "none" && expected.origin != "none") {
            radiometry = expected;
        }
    }
}

void name_masks(SceneOptions& options, const std::vector<std::string>& rules) {
    for (const std::string& rule : rules) {
        options.masks.push_back(mask_band_of(rule));
    }
}

/// Masks look at numbers as stored: a band that were both would lose its scale.
void require_masks_apart(const FeatureRecipe& recipe) {
    for (const std::string& rule : recipe.masks) {
        const std::string name = mask_band_of(rule);
        const bool is_measured = is_sentinel2_band(name) || name.starts_with("SR_") || name.starts_with("ST_");
        const bool is_taken = std::any_of(recipe.bands.begin(), recipe.bands.end(),
                                          [&](const FeatureRecipe::Band& band) { return band.spec.name == name; });
        if (is_measured && is_taken) {
            throw Error(ExitCode::command_line,
                        {.where = {},
                         .field = "--mask=" + rule,
                         .problem = "features need " + name + " scaled, and a mask takes it as stored",
                         .fix = "mask by another band, or join the file again under another name"});
        }
    }
}

} // namespace

SceneFeatures make_features(SceneOptions options, FeatureRequest request, const SceneFilter& filter,
                            const FitOptions& fit, Context& context) {
    name_masks(options, request.masks);
    SceneContents contents = contents_of(options, &request);
    complete_request(request, contents);
    FeatureRecipe recipe = plan_recipe(request, contents.names);
    require_masks_apart(recipe);
    SceneFeatures features;
    if (recipe.dates.size() > 1) {
        filter_scenes(options, recipe, contents.names, filter, context, features);
        contents.names = without_dates(contents.names, features.dropped);
        recipe = plan_recipe(request, contents.names);
    }
    const std::string where = options.inputs.front();
    const auto scene = open_scene(options, bands_to_read(recipe, contents.names, where));
    const auto bands = mask_bands(scene, recipe.masks, recipe.mask_dilation);
    describe_bands(recipe, *bands);
    recipe.metres_per_unit = metres_of(bands->grid(), recipe);
    recipe.min_valid = recipe.dates.empty() ? 0 : filter.min_valid;
    fit_recipe(recipe, *bands, fit, context.progress);
    features.source = std::make_shared<FeatureSource>(bands, std::move(recipe));
    return features;
}

FeatureOutline outline_features(SceneOptions options, FeatureRequest request) {
    name_masks(options, request.masks);
    const SceneContents contents = contents_of(options, &request);
    complete_request(request, contents);
    const FeatureRecipe recipe = plan_recipe(request, contents.names);
    const auto scene = open_scene(options, bands_to_read(recipe, contents.names, options.inputs.front()));
    return {.grid = scene->grid(), .n_features = static_cast<int>(recipe.features.size())};
}

SceneFeatures remake_features(SceneOptions options, const FeatureRecipe& recipe, std::optional<double> min_valid,
                              bool radiometry_is_stated, Context& context) {
    const std::string where = options.inputs.front();
    name_masks(options, recipe.masks);
    std::vector<std::string> names = contents_of(options, nullptr).names;
    SceneFeatures features;
    if (!recipe.dates.empty() && dates_in(names).size() > 1) {
        filter_scenes(options, recipe, names, {.min_valid = min_valid.value_or(recipe.min_valid)}, context, features);
        names = without_dates(names, features.dropped);
    }
    const auto scene = open_scene(options, bands_to_read(recipe, names, where));
    FeatureRecipe offered = recipe;
    describe_bands(offered, *scene);
    offered.metres_per_unit = metres_of(scene->grid(), recipe);
    if (radiometry_is_stated) {
        trust_stated_numbers(recipe, offered);
    }
    require_compatible(recipe, offered, where);
    const auto bands = mask_bands(scene, recipe.masks, recipe.mask_dilation);
    features.source = std::make_shared<FeatureSource>(bands, std::move(offered));
    if (features.source->years_moved() != 0) {
        context.inform("dates of the model are moved by " + std::to_string(features.source->years_moved()) +
                       (std::abs(features.source->years_moved()) == 1 ? " year" : " years") + " to those of the scene");
    }
    return features;
}

} // namespace lcclass
