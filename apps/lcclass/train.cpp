#include "command_line.h"
#include "commands.h"

#include "calibration_run.h"
#include "forest_options.h"
#include "lcclass/assess/calibration.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/forest/model.h"
#include "lcclass/geo/sample_file.h"
#include "stage_files.h"
#include "training.h"
#include "tuned_options.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

/// Rounded to what the figure is worth, so that model files do not depend on the last bit of a sum.
double rounded(double value) {
    return std::round(value * 1e9) / 1e9;
}

Json training_record(const SampleTable& samples, const ClassLegend& legend, const RandomForestOptions& options,
                     const TrainedForest& trained, const std::filesystem::path& samples_path) {
    Json record;
    record["lcclass_version"] = LCCLASS_VERSION;
    record["options"] = Json::parse(forest_options_json(options));
    record["samples"] = samples.size();
    if (std::filesystem::is_regular_file(samples_path)) { // not a folder of shapefiles
        record["samples_file"] = {{"name", samples_path.filename().string()}, {"sha256", sha256_of_file(samples_path)}};
    }
    record["groups"] = samples.group_names.size();
    for (const LandCoverClass& entry : legend.classes()) {
        record["samples_per_class"][std::to_string(entry.code)] =
            std::count(samples.class_code.begin(), samples.class_code.end(), entry.code);
    }
    if (trained.out_of_bag) {
        record["out_of_bag"] = {{"accuracy", rounded(trained.out_of_bag->accuracy)},
                                {"rows", trained.out_of_bag->n_rows}};
    }
    for (std::size_t f = 0; f < samples.feature_names.size(); ++f) {
        record["impurity_importance"][samples.feature_names[f]] = rounded(trained.impurity_importance[f]);
    }
    return record;
}

class TrainCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "train"; }
    [[nodiscard]] std::string summary() const override { return "samples to a random forest model"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass train --samples samples.gpkg --n-estimators 200 -o model.lcm";
    }

    void add_options(CLI::App& app) override {
        add_sample_options(app, m_samples);
        add_forest_options(app, m_forest);
        path_option(app, "--tuned", m_tuned, "cv.json of `cv --tune`: use the parameters that it suggests");
        only_words(app.add_option("--tuned-scheme", m_tuned_scheme,
                                  "scheme whose parameters --tuned takes [the only tuned one]"),
                   fold_scheme_words());
        add_calibration_options(app, m_calibration);
        path_option(app, "-o,--output", m_output, "model to write [model.lcm]");
        main_options(app,
                     {"--samples", "--class-field", "--features", "--n-estimators", "--max-depth", "--max-features",
                      "--min-samples-leaf", "--class-weight", "--tuned", "--calibrate", "--output"});
    }

    void prepare(const GlobalOptions& globals) override {
        m_options = to_forest_options(m_forest, globals.seed);
        require_given(m_tuned_scheme.empty() || !m_tuned.empty(), "--tuned", "the cv.json that --tuned-scheme is in");
        m_plan = calibration_plan(m_calibration);
        m_samples_path = path_or_default(m_samples.samples, globals, "samples.gpkg", "--samples");
        m_path = path_or_default(m_output, globals, "model.lcm", "--output");
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        return m_tuned.empty() ? std::vector{m_samples_path} : std::vector{m_samples_path, m_tuned};
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {m_path}; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        facts.n_trees = m_options.n_estimators;
        // An unlimited tree has about 0.22 nodes per row and the file about 9 bytes per node on the landscapes that
        // simulate makes.
        return Estimate{.memory_bytes = training_memory(facts),
                        .disk_bytes = facts.samples * m_options.n_estimators * 2,
                        .seconds = training_seconds(facts, m_options) *
                                   (m_plan.method == CalibrationMethod::none ? 1 : 1 + m_plan.n_folds)};
    }

    void run(Context& context) override {
        if (!m_tuned.empty()) {
            m_options = tuned_options(m_tuned, m_tuned_scheme, m_options);
        }
        const SampleTable samples = read_samples(m_samples_path, file_options(m_samples));
        const ClassLegend legend = classes_present(samples);
        warn_about_absent_classes(samples, legend, context);
        warn_about_constant_features(samples, context);
        if (samples.recipe_json.empty()) {
            context.warn(m_samples_path.string() + " has no feature recipe: predict will match bands by name only");
        }
        const std::vector<std::int32_t> classes = class_positions(samples.class_code, legend);
        const std::vector<double> priors = training_priors(classes, legend.size(), m_options.class_weight);
        std::optional<CalibrationRun> calibrated;
        if (m_plan.method != CalibrationMethod::none) {
            calibrated = run_calibration(samples, priors, m_options, m_plan, context);
            print_calibration(*calibrated, legend, context);
        }
        TrainedForest trained =
            train_random_forest({.features = view_of(samples), .class_index = classes, .n_classes = legend.size()},
                                m_options, context.progress);
        Json record = training_record(samples, legend, m_options, trained, m_samples_path);
        if (calibrated) {
            record["calibration"] = Json::parse(calibration_json(*calibrated));
        }
        const Model model{.forest = std::move(trained.forest),
                          .feature_names = samples.feature_names,
                          .legend = legend,
                          .recipe_json = recipe_of(samples),
                          .training_json = record.dump(),
                          .training_priors = priors,
                          .calibration = calibrated ? calibrated->report.calibration : ProbabilityCalibration{}};
        const std::string bytes = encode_model(model);
        write_file_atomically(m_path, bytes, context.globals.overwrite);
        context.summary = count_text(model.forest.n_trees(), "tree") + ", " +
                          count_text(static_cast<std::int64_t>(samples.size()), "sample") + " of " +
                          count_text(static_cast<std::int64_t>(model.feature_names.size()), "feature");
        const std::string score =
            trained.out_of_bag
                ? ", out-of-bag accuracy " + format_number(std::round(trained.out_of_bag->accuracy * 1e4) / 1e4)
                : ", out-of-bag accuracy NA";
        context.print(m_path.string() + ": " + std::to_string(model.forest.n_trees()) + " trees, " +
                      with_thousands(model.forest.n_nodes()) + " nodes, " +
                      with_thousands(static_cast<std::int64_t>(bytes.size() / 1024)) + " KiB" + score);
    }

private:
    /// The recipe of the features used, in their order: what `predict` rebuilds from bands.
    [[nodiscard]] std::string recipe_of(const SampleTable& samples) const {
        if (samples.recipe_json.empty()) {
            return {};
        }
        const std::string where = m_samples_path.string();
        return narrow_recipe(FeatureRecipe::from_json(samples.recipe_json, where), samples.feature_names, where)
            .to_json();
    }

    static void warn_about_absent_classes(const SampleTable& samples, const ClassLegend& present, Context& context) {
        for (const LandCoverClass& entry : samples.legend.classes()) {
            if (!present.index_of(entry.code)) {
                context.warn("class " + std::to_string(entry.code) + " (" + entry.name +
                             ") has no samples: the model cannot map it");
            }
        }
    }

    static void warn_about_constant_features(const SampleTable& samples, Context& context) {
        for (std::size_t f = 0; f < samples.features.size(); ++f) {
            const auto& column = samples.features[f];
            if (std::all_of(column.begin(), column.end(), [&](float value) { return value == column.front(); })) {
                context.warn("feature " + samples.feature_names[f] + " has the same value in every sample");
            }
        }
    }

    SampleArguments m_samples;
    ForestArguments m_forest;
    std::filesystem::path m_tuned;
    std::string m_tuned_scheme;
    CalibrationArguments m_calibration;
    std::filesystem::path m_output;
    RandomForestOptions m_options;
    CalibrationPlan m_plan;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_train_command() {
    return std::make_unique<TrainCommand>();
}

} // namespace lcclass
