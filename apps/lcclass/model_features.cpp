#include "model_features.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_source.h"
#include "lcclass/geo/raster_file.h"
#include "scene_features.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace lcclass {

namespace {

using Path = std::filesystem::path;

/// The radiometry option that reads a scene as the training scene was read.
std::string trained_radiometry(const FeatureRecipe& recipe) {
    std::string option = "none";
    for (const FeatureRecipe::Band& band : recipe.bands) {
        const Radiometry& radiometry = band.spec.radiometry;
        if (radiometry.origin == "stated") {
            return "scale=" + format_number(radiometry.scale) + ",offset=" + format_number(radiometry.offset);
        }
        if (radiometry.origin != "none") {
            option = "auto";
        }
    }
    return option;
}

/// The resampling option that brings the bands to the grid as those of the training scene were.
std::string trained_resampling(const FeatureRecipe& recipe) {
    std::vector<std::string> words;
    for (const FeatureRecipe::Band& band : recipe.bands) {
        if (!band.spec.resampling.empty()) {
            words.push_back(words.empty() ? band.spec.resampling : band.spec.name + "=" + band.spec.resampling);
        }
    }
    return join(words, ",");
}

/// Whether the scene's own metadata tell how its numbers are meant: they know better than what was stated of another.
bool says_its_radiometry(SceneArguments arguments, const FeatureRecipe& recipe) {
    arguments.radiometry = "auto";
    std::map<std::string, bool> told;
    try {
        for (const SceneBand& band : list_bands(to_scene_options(arguments))) {
            const std::string name = split_dated_name(band.name).name;
            const bool is_told = band.radiometry.origin == "product";
            told[name] = (!told.contains(name) || told[name]) && is_told;
        }
    } catch (const Error&) {
        return false; // numbers that nobody explains
    }
    return std::ranges::all_of(recipe.bands, [&](const FeatureRecipe::Band& band) {
        return band.spec.radiometry.origin != "stated" || (told.contains(band.spec.name) && told[band.spec.name]);
    });
}

/// The one input that is a stack of ours, or nothing. Its bands are features already: nothing may be done to them.
std::optional<Path> find_stack(const ModelScene& scene) {
    const SceneArguments& arguments = scene.arguments;
    for (const Path& path : input_paths(arguments.inputs)) {
        const std::string ending = path.extension().string();
        const bool may_be_tiff = ending == ".tif" || ending == ".tiff" || ending == ".TIF" || ending.empty();
        if (!std::filesystem::is_regular_file(path) || !may_be_tiff ||
            !raster_metadata(path).contains("LCCLASS_RECIPE")) {
            continue;
        }
        const bool alone = arguments.inputs.size() == 1 && arguments.inputs.front() == path.string();
        if (!alone || says_how_to_read_bands(arguments) || scene.min_valid) {
            throw Error(ExitCode::command_line,
                        {.where = path.string(),
                         .field = {},
                         .problem = "is a stack: its bands are features already",
                         .fix = "give it alone, as -i " + path.string() + ", without options for raw bands"});
        }
        return path;
    }
    return std::nullopt;
}

std::shared_ptr<const RasterSource> features_of_stack(const Model& model, const Path& model_path, const Path& path) {
    const RasterFile file = open_raster(path);
    if (!model.recipe_json.empty()) {
        require_compatible(FeatureRecipe::from_json(model.recipe_json, model_path.string()),
                           FeatureRecipe::from_json(file.metadata.at("LCCLASS_RECIPE"), path.string()), path.string());
    }
    return select_bands(file.source, model.feature_names, path.string());
}

std::shared_ptr<const RasterSource> features_of_scene(const Model& model, const Path& model_path,
                                                      const ModelScene& scene, Context& context) {
    const FeatureRecipe recipe = FeatureRecipe::from_json(model.recipe_json, model_path.string());
    SceneArguments arguments = scene.arguments;
    if (arguments.radiometry.empty()) {
        arguments.radiometry = says_its_radiometry(arguments, recipe) ? "auto" : trained_radiometry(recipe);
        context.inform("radiometry: " + arguments.radiometry +
                       (arguments.radiometry == "auto" ? ", as the scene says" : ", as the model was trained"));
    }
    if (arguments.resampling.empty()) {
        arguments.resampling = trained_resampling(recipe);
    }
    const bool is_square = std::abs(recipe.pixel_width - recipe.pixel_height) <= 1e-9 * recipe.pixel_width;
    if (arguments.like.empty() && is_square) { // a resolution has one number
        arguments.resolution = recipe.pixel_width;
    }
    const SceneFeatures features = remake_features(to_scene_options(arguments), recipe, scene.min_valid,
                                                   !scene.arguments.radiometry.empty(), context);
    return select_bands(features.source, model.feature_names, scene.arguments.inputs.front());
}

/// For models of tables that know no recipe: the bands of the raster that bear the features' names.
std::shared_ptr<const RasterSource> features_by_name(const Model& model, const Path& model_path,
                                                     const SceneArguments& arguments) {
    if (arguments.radiometry.empty()) {
        throw Error(ExitCode::model, {.where = model_path.string(),
                                      .field = "recipe",
                                      .problem = "the model knows no radiometry: its samples had no recipe",
                                      .fix = "state what the samples had: --radiometry none, auto or "
                                             "scale=S,offset=O"});
    }
    const SceneOptions options = to_scene_options(arguments);
    std::vector<std::string> available;
    for (const SceneBand& band : list_bands(options)) {
        available.push_back(band.name);
    }
    for (const std::string& name : model.feature_names) {
        if (std::find(available.begin(), available.end(), name) == available.end()) {
            throw Error(ExitCode::model, {.where = arguments.inputs.front(),
                                          .field = "feature=" + name,
                                          .problem = "is missing" + did_you_mean(name, available),
                                          .fix = "bands there are: " + join(available, " ")});
        }
    }
    return open_scene(options, model.feature_names);
}

} // namespace

std::shared_ptr<const RasterSource> open_model_features(const Model& model, const Path& model_path,
                                                        const ModelScene& scene, Context& context) {
    const std::optional<Path> stack = find_stack(scene);
    if (stack) {
        return features_of_stack(model, model_path, *stack);
    }
    return model.recipe_json.empty() ? features_by_name(model, model_path, scene.arguments)
                                     : features_of_scene(model, model_path, scene, context);
}

} // namespace lcclass
