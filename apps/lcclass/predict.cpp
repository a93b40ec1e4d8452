#include "class_shares.h"
#include "command_line.h"
#include "commands.h"

#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/features/feature_source.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/mapping/class_priors.h"
#include "lcclass/mapping/predict_map.h"
#include "scene_features.h"
#include "scene_options.h"
#include "stage_files.h"
#include "training.h"
#include "training_pixels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

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

class PredictCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "predict"; }
    [[nodiscard]] std::string summary() const override { return "model and scene to a land cover map"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass predict -m model.lcm -i S2A_MSIL2A_....SAFE -o map.tif --uncertainty uncertainty.tif";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "-m,--model", m_model, "model [model.lcm]");
        add_scene_options(app, m_scene, "as the model was trained");
        add_extent_options(app, m_scene);
        app.add_option("--min-valid", m_min_valid,
                       "of several dates, leave out those with a smaller share of valid pixels [as for the model]")
            ->check(CLI::Range(0.0, 1.0));
        path_option(app, "-o,--output", m_output, "map to write [map.tif]");
        path_option(app, "--probabilities", m_probabilities, "also a raster with one band of probability per class");
        path_option(app, "--uncertainty", m_uncertainty, "also max_probability, margin and entropy (bits)");
        add_class_share_options(app, m_shares);
        app.add_option("--block-pixels", m_block_pixels, "side of the blocks a scene is streamed in");
    }

    void prepare(const GlobalOptions& globals) override {
        m_model_path = path_or_default(m_model, globals, "model.lcm", "--model");
        if (m_scene.inputs.empty()) {
            m_scene.inputs = {path_or_default({}, globals, "stack.tif", "--input").string()};
        }
        to_scene_options(m_scene);
        m_path = path_or_default(m_output, globals, "map.tif", "--output");
        m_share_file = class_share_file(m_shares);
        if (m_block_pixels < 16 || m_block_pixels > 16384) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--block-pixels=" + std::to_string(m_block_pixels),
                                                  .problem = "is out of range",
                                                  .fix = "16 to 16384"});
        }
    }

    [[nodiscard]] std::vector<Path> inputs() const override {
        auto paths = input_paths(m_scene.inputs);
        paths.push_back(m_model_path);
        if (!m_scene.like.empty()) {
            paths.push_back(m_scene.like);
        }
        if (!m_share_file.empty()) {
            paths.push_back(m_share_file);
        }
        return paths;
    }

    [[nodiscard]] std::vector<Path> outputs() const override {
        std::vector<Path> paths = {m_path, m_path.string() + ".aux.xml"};
        for (const Path& extra : {m_probabilities, m_uncertainty}) {
            if (!extra.empty()) {
                paths.push_back(extra);
            }
        }
        return paths;
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const auto trees = static_cast<double>(std::max(facts.n_trees, 1));
        return Estimate{.memory_bytes =
                            block_memory(facts.n_features) + (400LL << 20U) + facts.samples * facts.n_trees * 8,
                        .disk_bytes = facts.pixels / 4 + (m_uncertainty.empty() ? 0 : facts.pixels * 12) +
                                      (m_probabilities.empty() ? 0 : facts.pixels * 4 * facts.n_classes),
                        .seconds = static_cast<double>(facts.pixels) * (trees + 50) / 500e6};
    }

    void run(Context& context) override {
        const std::string model_hash = sha256_of_file(m_model_path);
        const Model model = read_model(m_model_path);
        const std::shared_ptr<const RasterSource> features = open_features(model, context);
        const MapExtras extras{.probabilities = !m_probabilities.empty(),
                               .uncertainty = !m_uncertainty.empty(),
                               .class_priors = m_shares.given()};
        const std::int64_t least_memory =
            std::max(least_map_memory(model, extras, m_block_pixels),
                     m_shares.estimated() ? least_prior_memory(model, features->grid()) : std::int64_t{0});
        require_memory(program_memory + least_memory, context.globals,
                       "allow more memory, fewer threads (-t 1) or smaller blocks (--block-pixels)");
        MapOptions options{.block_size = m_block_pixels, .memory = context.globals.memory_bytes - program_memory};
        options.class_priors = find_class_priors(model, *features, options.memory, context);
        const auto sinks = create_sinks(model, features->grid(), model_hash, options.class_priors, context);
        const MapOutputs outputs{.map = sinks[0].get(), .probabilities = sinks[1].get(), .uncertainty = sinks[2].get()};
        const MapReport report = predict_map(model, *features, outputs, options, context.progress);
        for (const auto& sink : sinks) {
            if (sink != nullptr) {
                sink->commit();
            }
        }
        print_report(model, report, *features, context);
    }

private:
    /// The shares to correct for, in the order of the legend; empty: none asked for.
    [[nodiscard]] std::vector<double> find_class_priors(const Model& model, const RasterSource& features,
                                                        std::int64_t memory, Context& context) const {
        if (!m_shares.given()) {
            return {};
        }
        if (model.training_priors.empty()) {
            throw Error(ExitCode::model, {.where = m_model_path.string(),
                                          .field = "training_priors",
                                          .problem = "are unknown: the model was made before they were kept",
                                          .fix = "train the model again, or leave --class-priors out"});
        }
        if (!m_shares.estimated()) {
            return read_class_shares(m_shares, model.legend);
        }
        return estimate_class_priors(model, features, memory, context);
    }

    [[nodiscard]] std::vector<double> estimate_class_priors(const Model& model, const RasterSource& features,
                                                            std::int64_t memory, Context& context) const {
        const PriorEstimate estimate =
            estimate_priors(model, features, {.block_size = m_block_pixels, .memory = memory}, context.progress);
        check_estimate(estimate, model);
        for (std::size_t k = 0; k < estimate.priors.size(); ++k) {
            if (estimate.priors[k] * static_cast<double>(estimate.n_pixels) < 1) {
                const LandCoverClass& entry = model.legend.at(static_cast<int>(k));
                context.warn("the estimated share of class " + std::to_string(entry.code) + " (" + entry.name +
                             ") is less than a pixel: if it is there, state the shares with --class-priors");
            }
        }
        context.inform("class shares of " + with_thousands(estimate.n_pixels) +
                       " pixels: " + class_shares_text(estimate.priors, model.legend));
        return estimate.priors;
    }

    /// The model's features, read from a stack or computed from bands by the model's own recipe.
    [[nodiscard]] std::shared_ptr<const RasterSource> open_features(const Model& model, Context& context) const {
        const std::optional<Path> stack = find_stack();
        if (stack) {
            return features_of_stack(model, *stack);
        }
        return model.recipe_json.empty() ? features_by_name(model) : features_of_scene(model, context);
    }

    /// The one input that is a stack of ours, or nothing. Its bands are features already: nothing may be done to them.
    [[nodiscard]] std::optional<Path> find_stack() const {
        for (const Path& path : input_paths(m_scene.inputs)) {
            const std::string ending = path.extension().string();
            const bool may_be_tiff = ending == ".tif" || ending == ".tiff" || ending == ".TIF" || ending.empty();
            if (!std::filesystem::is_regular_file(path) || !may_be_tiff ||
                !raster_metadata(path).contains("LCCLASS_RECIPE")) {
                continue;
            }
            const bool alone = m_scene.inputs.size() == 1 && m_scene.inputs.front() == path.string();
            if (!alone || says_how_to_read_bands(m_scene)) {
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

    [[nodiscard]] std::shared_ptr<const RasterSource> features_of_stack(const Model& model, const Path& path) const {
        const RasterFile file = open_raster(path);
        if (!model.recipe_json.empty()) {
            require_compatible(FeatureRecipe::from_json(model.recipe_json, m_model_path.string()),
                               FeatureRecipe::from_json(file.metadata.at("LCCLASS_RECIPE"), path.string()),
                               path.string());
        }
        return select_bands(file.source, model.feature_names, path.string());
    }

    [[nodiscard]] std::shared_ptr<const RasterSource> features_of_scene(const Model& model, Context& context) const {
        const FeatureRecipe recipe = FeatureRecipe::from_json(model.recipe_json, m_model_path.string());
        SceneArguments arguments = m_scene;
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
        const SceneFeatures features =
            remake_features(to_scene_options(arguments), recipe, m_min_valid, !m_scene.radiometry.empty(), context);
        return select_bands(features.source, model.feature_names, m_scene.inputs.front());
    }

    /// For models of tables that know no recipe: the bands of the raster that bear the features' names.
    [[nodiscard]] std::shared_ptr<const RasterSource> features_by_name(const Model& model) const {
        if (m_scene.radiometry.empty()) {
            throw Error(ExitCode::model, {.where = m_model_path.string(),
                                          .field = "recipe",
                                          .problem = "the model knows no radiometry: its samples had no recipe",
                                          .fix = "state what the samples had: --radiometry none, auto or "
                                                 "scale=S,offset=O"});
        }
        const SceneOptions options = to_scene_options(m_scene);
        std::vector<std::string> available;
        for (const SceneBand& band : list_bands(options)) {
            available.push_back(band.name);
        }
        for (const std::string& name : model.feature_names) {
            if (std::find(available.begin(), available.end(), name) == available.end()) {
                throw Error(ExitCode::model, {.where = m_scene.inputs.front(),
                                              .field = "feature=" + name,
                                              .problem = "is missing" + did_you_mean(name, available),
                                              .fix = "bands there are: " + join(available, " ")});
            }
        }
        return open_scene(options, model.feature_names);
    }

    [[nodiscard]] std::array<std::unique_ptr<RasterSink>, 3> create_sinks(const Model& model, const GridSpec& grid,
                                                                          const std::string& model_hash,
                                                                          const std::vector<double>& class_priors,
                                                                          const Context& context) const {
        RasterLayout layout;
        layout.grid = grid;
        layout.cloud_optimized = true;
        layout.statistics = true;
        layout.overwrite = context.globals.overwrite;
        const std::string samples = training_samples_of(model);
        const auto create = [&](const Path& path, const std::string& kind,
                                std::vector<BandSpec> bands) -> std::unique_ptr<RasterSink> {
            if (path.empty()) {
                return nullptr;
            }
            layout.bands = std::move(bands);
            layout.metadata = provenance(kind);
            layout.metadata["LCCLASS_MODEL_SHA256"] = model_hash;
            if (!samples.empty()) {
                layout.metadata["LCCLASS_SAMPLES"] = samples;
            }
            if (!class_priors.empty()) {
                layout.metadata["LCCLASS_CLASS_PRIORS"] = class_shares_text(class_priors, model.legend);
            }
            return create_raster(path, layout);
        };
        std::array<std::unique_ptr<RasterSink>, 3> sinks;
        std::vector<BandSpec> class_bands;
        for (const LandCoverClass& entry : model.legend.classes()) {
            class_bands.push_back({.name = entry.name, .unit = "probability", .radiometry = {}, .resampling = {}});
        }
        sinks[1] = create(m_probabilities, "probabilities", std::move(class_bands));
        sinks[2] = create(m_uncertainty, "uncertainty",
                          {{.name = "max_probability", .unit = "probability", .radiometry = {}, .resampling = {}},
                           {.name = "margin", .unit = "probability", .radiometry = {}, .resampling = {}},
                           {.name = "entropy", .unit = "bit", .radiometry = {}, .resampling = {}}});
        layout.type = model.legend.max_code() <= 255 ? PixelType::uint8 : PixelType::uint16;
        layout.legend = model.legend;
        sinks[0] = create(m_path, "map", {{.name = "class_code", .unit = {}, .radiometry = {}, .resampling = {}}});
        return sinks;
    }

    void print_report(const Model& model, const MapReport& report, const RasterSource& features,
                      Context& context) const {
        std::int64_t mapped = 0;
        for (const std::int64_t pixels : report.class_pixels) {
            mapped += pixels;
        }
        if (mapped == 0) {
            context.warn(m_path.string() + ": no pixel has a value in every feature; the whole map is nodata");
        }
        print_classes(model, report, mapped, context);
        context.print("nodata " + with_thousands(report.nodata_pixels) + " of " +
                      with_thousands(features.grid().n_pixels()) + " pixels");
        context.print(m_path.string() + ": " + describe(features.grid()));
    }

    static void print_classes(const Model& model, const MapReport& report, std::int64_t mapped, Context& context) {
        const bool corrected = !report.class_pixels_without_priors.empty();
        const auto share_of = [&](std::int64_t pixels) {
            return mapped == 0 ? 0 : 100.0 * static_cast<double>(pixels) / static_cast<double>(mapped);
        };
        context.print(std::string("code  class                           pixels   share") +
                      (corrected ? "  without class priors" : ""));
        for (int k = 0; k < model.legend.size(); ++k) {
            const auto at = static_cast<std::size_t>(k);
            const std::int64_t pixels = report.class_pixels[at];
            std::string line = to_right(std::to_string(model.legend.at(k).code), 4) + "  " +
                               name_cell(model.legend.at(k).name, 24) + to_right(with_thousands(pixels), 14) +
                               to_right(fixed_digits(share_of(pixels), 1), 7) + " %";
            if (corrected) {
                line += to_right(fixed_digits(share_of(report.class_pixels_without_priors[at]), 1), 19) + " %";
            }
            context.print(line);
        }
    }

    Path m_model;
    SceneArguments m_scene;
    std::optional<double> m_min_valid;
    Path m_output;
    Path m_probabilities;
    Path m_uncertainty;
    ClassShareArguments m_shares;
    std::int64_t m_block_pixels = default_block_size;
    Path m_model_path;
    Path m_share_file;
    Path m_path;
};

} // namespace

std::unique_ptr<Command> make_predict_command() {
    return std::make_unique<PredictCommand>();
}

} // namespace lcclass
