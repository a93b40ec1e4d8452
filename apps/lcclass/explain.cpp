#include "command_line.h"
#include "commands.h"

#include "class_choice.h"
#include "explain_importance.h"
#include "explain_map.h"
#include "explain_place.h"
#include "explain_samples.h"
#include "forest_options.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_recipe.h"
#include "model_features.h"
#include "shap_background.h"
#include "stage_files.h"
#include "style_files.h"
#include "training.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace lcclass {

namespace {

class ExplainCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "explain"; }
    [[nodiscard]] std::string summary() const override { return "which features decide: importance and SHAP values"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass explain -m model.lcm --samples samples.gpkg --shap-values shap.csv -o explain.json";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "-m,--model", m_model, "model [model.lcm]");
        add_sample_options(app, m_samples);
        m_of_samples.clear();
        const auto note = [&](std::vector<CLI::Option*>& list, std::size_t first) {
            const std::vector<CLI::Option*> options = options_of(app);
            list.insert(list.end(), options.begin() + static_cast<std::ptrdiff_t>(first), options.end());
        };
        const std::size_t n_before_figures = options_of(app).size();
        add_importance_options(app, m_importance);
        add_shap_options(app, m_shap);
        note(m_of_samples, n_before_figures);
        add_background_options(app, m_background);
        value_option(app, "--class", m_class,
                     "code or name of the one class to explain [all for samples; else the predicted one]");
        path_option(app, "-o,--output", m_output, "figures to write [explain.json for samples; none for --at]");
        const std::size_t n_before_scene = options_of(app).size();
        add_place_options(app, m_place);
        add_map_options(app, m_map);
        add_scene_options(app, m_scene.arguments, "as the model was trained");
        add_extent_options(app, m_scene.arguments);
        app.add_option("--min-valid", m_scene.min_valid,
                       "of several dates, leave out those with a smaller share of valid pixels [as for the model]")
            ->check(CLI::Range(0.0, 1.0));
        std::vector<CLI::Option*> of_scene;
        note(of_scene, n_before_scene);
        for (CLI::Option* const option : of_scene) {
            option->group("One place, or a map");
        }
        main_options(app, {"--model", "--samples", "--importance", "--scheme", "--permutation-repeats", "--rows",
                           "--shap-values", "--class", "--output", "--at", "--at-crs", "--chart", "--shap-raster",
                           "--dominant-feature", "--input", "--bounds"});
    }

    void prepare(const GlobalOptions& globals) override {
        m_model_path = path_or_default(m_model, globals, "model.lcm", "--model");
        check_shap_options(m_shap, m_class);
        check_background_options(m_background);
        check_place_options(m_place);
        check_map_options(m_map);
        if (m_place.given() && m_map.given()) {
            refuse_without_effect("--at", "is one place, and rasters are of many", "leave one of the two out");
        }
        if (m_place.given() || m_map.given()) {
            prepare_scene(globals);
        } else if (!m_scene.arguments.inputs.empty() || says_how_to_read_bands(m_scene.arguments) ||
                   m_scene.min_valid) {
            refuse_without_effect("--input", "and how to read it are for one place or a map",
                                  "add --at X,Y, --shap-raster FILE or --dominant-feature FILE, or leave them out");
        }
        m_by_samples = !m_place.given() && (!m_map.given() || asks_for_figures());
        if (m_by_samples) {
            m_path = path_or_default(m_output, globals, "explain.json", "--output");
            m_importance_plan = to_importance_plan(m_importance, globals.seed);
        }
        if (m_by_samples || m_background.rows > 0) {
            m_samples_path = path_or_default(m_samples.samples, globals, "samples.gpkg", "--samples");
        }
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        std::vector<std::filesystem::path> paths = {m_model_path};
        if (m_place.given() || m_map.given()) {
            std::ranges::copy(input_paths(m_scene.arguments.inputs), std::back_inserter(paths));
        }
        for (const std::filesystem::path& path : {m_scene.arguments.like, m_map.polygons, m_samples_path}) {
            if (!path.empty()) {
                paths.push_back(path);
            }
        }
        if (m_by_samples) {
            std::ranges::copy(importance_inputs(m_importance_plan), std::back_inserter(paths));
        }
        return paths;
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override {
        std::vector<std::filesystem::path> paths;
        for (const std::filesystem::path& path : {m_path, m_shap.values, m_place.chart, m_map.shap, m_map.dominant}) {
            if (!path.empty()) {
                paths.push_back(path);
            }
        }
        for (const std::filesystem::path& raster : {m_map.shap, m_map.dominant}) {
            if (!raster.empty()) {
                paths.push_back(style_path(raster));
            }
        }
        if (!m_map.dominant.empty()) {
            paths.push_back(m_map.dominant.string() + ".aux.xml"); // it has a palette
        }
        return paths;
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        Estimate estimate{.memory_bytes = block_memory(facts.n_features), .disk_bytes = 1 << 20, .seconds = 1};
        // Rows per second of a forest of moderate depth and few features, alone and with a background of 100.
        const double slower = 1 + static_cast<double>(m_background.rows) / 10;
        if (m_map.given()) {
            constexpr double pixels_per_second = 50e3;
            constexpr std::int64_t areas = 2LL << 20U; // pixels in flight
            estimate.memory_bytes += areas * (24 * facts.n_features + 4 * facts.n_classes + 80);
            estimate.disk_bytes += m_map.shap.empty() ? 0 : facts.pixels * 4 * (facts.n_features + 1);
            estimate.seconds += static_cast<double>(facts.pixels) / pixels_per_second * slower;
        }
        if (m_by_samples) {
            const auto of = [&](std::int64_t rows) { return static_cast<double>(rows == 0 ? facts.samples : rows); };
            constexpr double rows_per_second = 200;
            constexpr double interaction_rows_per_second = 20;
            estimate.memory_bytes = std::max(estimate.memory_bytes, training_memory(facts));
            estimate.seconds +=
                importance_seconds(m_importance_plan, facts) + of(m_shap.rows) / rows_per_second * slower +
                (m_shap.interactions > 0 ? of(m_shap.interaction_rows) / interaction_rows_per_second : 0);
        }
        return estimate;
    }

    /// All that can be wrong with what the user says is found before the work that takes time.
    void run(Context& context) override {
        const Model model = read_model(m_model_path);
        if (!m_class.empty()) {
            find_class(model.legend, m_class);
        }
        const SampleTable samples =
            m_samples_path.empty() ? SampleTable{} : read_samples(m_samples_path, file_options(m_samples));
        if (!m_samples_path.empty()) {
            check_recipe(model, samples);
        }
        if (m_by_samples) {
            require_shap_memory(model, samples, m_shap, m_background.rows == 0, context);
        }
        std::optional<ScenePart> part;
        if (m_map.given()) {
            part.emplace(open_part(model, context));
        }
        const int n_classes = m_map.given() && !m_by_samples ? 1 : model.forest.n_classes();
        require_memory(program_memory + static_cast<std::int64_t>(TreeShap::fixed_bytes(model.forest, n_classes)),
                       context.globals);
        context.summary = count_text(model.forest.n_trees(), "tree") +
                          (m_by_samples ? ", " + count_text(static_cast<std::int64_t>(samples.size()), "sample") : "") +
                          (m_place.given() ? ", one place" : "") +
                          (part ? ", " + with_thousands(part->cut.n_pixels) + " px" : "");
        const auto shap = make_tree_shap(model, samples, m_samples_path, m_background, context.globals.seed);
        if (m_by_samples) {
            explain_by_samples(model, samples, *shap, context);
        }
        if (m_place.given()) {
            explain_place({.model = model,
                           .model_name = m_model_path.string(),
                           .shap = *shap,
                           .features = *open_model_features(model, m_model_path, m_scene, context),
                           .source_name = m_scene.arguments.inputs.front(),
                           .only_class = m_class,
                           .output = m_path},
                          m_place, context);
        }
        if (part) {
            explain_scene(*part, *shap, m_map, context);
        }
    }

private:
    [[noreturn]] static void refuse_without_effect(const std::string& option, const std::string& problem,
                                                   const std::string& fix) {
        throw Error(ExitCode::command_line, {.where = {}, .field = option, .problem = problem, .fix = fix});
    }

    /// Does the user ask for figures of samples, besides a map?
    [[nodiscard]] bool asks_for_figures() const {
        return !m_output.empty() || (says_samples() && m_background.rows == 0) ||
               std::ranges::any_of(m_of_samples, [](const CLI::Option* option) { return option->count() > 0; });
    }

    [[nodiscard]] bool says_samples() const {
        const SampleFileOptions& file = m_samples.file;
        return !m_samples.samples.empty() || !file.features.empty() || !file.layer.empty() ||
               !file.class_field.empty() || !file.group_field.empty() || !file.class_map.empty();
    }

    void prepare_scene(const GlobalOptions& globals) {
        SceneArguments& scene = m_scene.arguments;
        if (scene.inputs.empty()) {
            scene.inputs = {path_or_default({}, globals, "stack.tif", "--input").string()};
        }
        m_bounds = to_scene_options(scene).bounds;
        scene.bounds.clear(); // cut out of the features, so that they serve stacks as well
        if (m_place.given()) {
            check_place_alone();
            m_path = m_output; // none unless asked for, so that it does not take the place of the figures of samples
        }
    }

    /// Nothing that belongs to samples or maps goes with one place.
    void check_place_alone() const {
        const auto given =
            std::ranges::find_if(m_of_samples, [](const CLI::Option* option) { return option->count() > 0; });
        if (given != m_of_samples.end()) {
            refuse_without_effect(display_name(**given), "has no effect with --at", "leave one of the two out");
        }
        if (says_samples() && m_background.rows == 0) {
            refuse_without_effect("--samples", "and what is in them have no effect with --at",
                                  "leave them out, or add --background N");
        }
        if (m_bounds) {
            refuse_without_effect("--bounds", "has no effect with --at", "leave one of the two out");
        }
    }

    [[nodiscard]] ScenePart open_part(const Model& model, Context& context) const {
        MapTask task{.model = model,
                     .model_path = m_model_path,
                     .features = open_model_features(model, m_model_path, m_scene, context),
                     .source_name = m_scene.arguments.inputs.front(),
                     .bounds = m_bounds,
                     .class_index = {}};
        if (!m_class.empty()) {
            task.class_index = find_class(model.legend, m_class);
        }
        return open_scene_part(task, m_map, context);
    }

    void check_recipe(const Model& model, const SampleTable& samples) const {
        if (!model.recipe_json.empty() && !samples.recipe_json.empty()) {
            require_compatible(FeatureRecipe::from_json(model.recipe_json, m_model_path.string()),
                               FeatureRecipe::from_json(samples.recipe_json, m_samples_path.string()),
                               m_samples_path.string());
        }
    }

    void explain_by_samples(const Model& model, const SampleTable& samples, const TreeShap& shap,
                            Context& context) const {
        const ExplainedSamples explained{.model = model,
                                         .samples = samples,
                                         .shap = shap,
                                         .features = features_of(samples, model, m_samples_path.string()),
                                         .model_path = m_model_path,
                                         .samples_path = m_samples_path,
                                         .seed = context.globals.seed};
        class_positions(samples.class_code, model.legend,
                        {.problem = "is not a class of the model",
                         .fix = "use samples with the legend the model was trained with"});
        nlohmann::ordered_json json;
        json["importance"] = explain_importance(explained, m_importance_plan, context);
        json["shap"] = explain_samples(explained, m_shap, m_class, context);
        write_file_atomically(m_path, json.dump(2) + "\n", context.globals.overwrite);
        context.print(m_path.string() + ": importance and SHAP values");
    }

    std::filesystem::path m_model;
    SampleArguments m_samples;
    std::vector<CLI::Option*> m_of_samples; ///< options of the figures of samples
    ImportanceArguments m_importance;
    ImportancePlan m_importance_plan;
    ShapArguments m_shap;
    BackgroundArguments m_background;
    PlaceArguments m_place;
    MapArguments m_map;
    ModelScene m_scene;
    std::string m_class;
    std::optional<Bounds> m_bounds; ///< of a map
    bool m_by_samples = false;
    std::filesystem::path m_output;
    std::filesystem::path m_model_path;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_explain_command() {
    return std::make_unique<ExplainCommand>();
}

} // namespace lcclass
