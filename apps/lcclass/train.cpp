#include "command_line.h"
#include "commands.h"

#include "forest_options.h"
#include "lcclass/assess/calibration.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/forest/model.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/sampling/folds.h"
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

/// How a model's probabilities were calibrated, and what it was good for.
struct CalibrationRun {
    CalibrationReport report;
    FoldScheme scheme = FoldScheme::polygon;
    int n_folds = 0;
};

Json calibration_record(const CalibrationRun& run) {
    const auto figures = [](const CalibrationFigures& of) {
        return Json{{"brier", rounded(of.brier)}, {"ece", rounded(of.ece)}};
    };
    return {{"method", to_string(run.report.calibration.method)},
            {"folds", run.n_folds},
            {"scheme", to_string(run.scheme)},
            {"before", figures(run.report.before)},
            {"after", figures(run.report.after)}};
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

/// False when no polygon is known and every sample is a group of its own.
bool knows_groups(const SampleTable& samples) {
    return std::any_of(samples.polygon_id.begin(), samples.polygon_id.end(), [](std::int32_t id) { return id != 0; }) ||
           std::ssize(samples.group_names) < samples.size();
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
        app.add_option("--tuned-scheme", m_tuned_scheme, "of those that were tuned in it [the only one]");
        app.add_option("--calibrate", m_calibrate, "probabilities by out-of-fold samples: none, isotonic or sigmoid");
        app.add_option("--calibration-folds", m_calibration_folds, "polygon folds of these samples");
        path_option(app, "-o,--output", m_output, "model to write [model.lcm]");
    }

    void prepare(const GlobalOptions& globals) override {
        m_options = to_forest_options(m_forest, globals.seed);
        require_given(m_tuned_scheme.empty() || !m_tuned.empty(), "--tuned", "the cv.json that --tuned-scheme is in");
        m_method = parse_calibration_method(m_calibrate);
        if (m_calibration_folds < 2) {
            throw Error(ExitCode::configuration,
                        {.where = {},
                         .field = "--calibration-folds=" + std::to_string(m_calibration_folds),
                         .problem = "is less than 2",
                         .fix = "give the number of parts that polygons are dealt to, commonly 5"});
        }
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
                                   (m_method == CalibrationMethod::none ? 1 : 1 + m_calibration_folds)};
    }

    void run(Context& context) override {
        if (!m_tuned.empty()) {
            m_options = tuned_options(m_tuned, m_tuned_scheme, m_options);
        }
        const SampleTable samples = read_samples(m_samples_path, m_samples.file);
        const ClassLegend legend = classes_present(samples);
        warn_about_absent_classes(samples, legend, context);
        warn_about_constant_features(samples, context);
        if (samples.recipe_json.empty()) {
            context.warn(m_samples_path.string() + " has no feature recipe: predict will match bands by name only");
        }
        const std::vector<std::int32_t> classes = class_indices(samples, legend);
        const std::vector<double> priors = training_priors(classes, legend.size(), m_options.class_weight);
        std::optional<CalibrationRun> calibrated;
        if (m_method != CalibrationMethod::none) {
            calibrated = calibrate(samples, priors, context);
            print_calibration(*calibrated, legend, context);
        }
        TrainedForest trained =
            train_random_forest({.features = view_of(samples), .class_index = classes, .n_classes = legend.size()},
                                m_options, context.progress);
        Json record = training_record(samples, legend, m_options, trained, m_samples_path);
        if (calibrated) {
            record["calibration"] = calibration_record(*calibrated);
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
        const std::string score =
            trained.out_of_bag
                ? ", out-of-bag accuracy " + format_number(std::round(trained.out_of_bag->accuracy * 1e4) / 1e4)
                : ", out-of-bag accuracy NA";
        context.print(m_path.string() + ": " + std::to_string(model.forest.n_trees()) + " trees, " +
                      with_thousands(model.forest.n_nodes()) + " nodes, " +
                      with_thousands(static_cast<std::int64_t>(bytes.size() / 1024)) + " KiB" + score);
    }

private:
    /// Curves from forests that did not see the polygons they speak of.
    CalibrationRun calibrate(const SampleTable& samples, const std::vector<double>& priors, Context& context) const {
        CalibrationRun run{.report = {}, .n_folds = m_calibration_folds};
        if (!knows_groups(samples)) {
            run.scheme = FoldScheme::stratified;
            context.warn("the table says neither polygon nor group of its samples, so the calibration is fitted on "
                         "stratified random folds: too confident where samples are neighbours");
        }
        FoldOptions options;
        options.scheme = run.scheme;
        options.n_folds = m_calibration_folds;
        options.seed = m_options.seed;
        const FoldAssignment folds = folds_for_calibration(samples, options);
        const CrossValidation result =
            cross_validate(samples, folds, {.forest = m_options, .tuning = {}, .permutation_repeats = 0, .record = {}},
                           context.progress);
        run.report = fit_calibration(samples, folds, result, m_method, priors);
        return run;
    }

    /// What cannot be folded is refused in the words of this command's options.
    static FoldAssignment folds_for_calibration(const SampleTable& samples, const FoldOptions& options) {
        try {
            return assign_folds(samples, options);
        } catch (const Error& error) {
            Fault fault = error.fault();
            fault.where = "--calibrate";
            fault.field = fault.field.starts_with("folds=") ? "--calibration-" + fault.field : fault.field;
            fault.fix += ", or leave --calibrate out";
            throw Error(error.code(), fault);
        }
    }

    static void print_calibration(const CalibrationRun& run, const ClassLegend& legend, Context& context) {
        const auto change = [](double before, double after) {
            const auto digits = [](double value) { return format_number(std::round(value * 1e4) / 1e4); };
            return digits(before) + " -> " + digits(after);
        };
        const CalibrationReport& report = run.report;
        context.print("calibration " + to_string(report.calibration.method) + ", " + std::to_string(run.n_folds) + " " +
                      to_string(run.scheme) + " folds: Brier score " + change(report.before.brier, report.after.brier) +
                      ", calibration error " + change(report.before.ece, report.after.ece));
        if (report.after.brier >= report.before.brier) {
            context.warn("the calibration makes the Brier score no better: collect more polygons, or leave it out");
        }
        for (const int k : report.reversed) {
            context.warn("class " + std::to_string(legend.at(k).code) + " (" + legend.at(k).name +
                         ") is the less probable the more trees vote for it: its polygons do not look alike");
        }
    }

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
    std::string m_calibrate = "none";
    int m_calibration_folds = 5;
    std::filesystem::path m_output;
    RandomForestOptions m_options;
    CalibrationMethod m_method = CalibrationMethod::none;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_train_command() {
    return std::make_unique<TrainCommand>();
}

} // namespace lcclass
