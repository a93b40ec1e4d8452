#include "command_line.h"
#include "commands.h"

#include "cv_fits.h"
#include "fold_styles.h"
#include "forest_options.h"
#include "lcclass/assess/cv_report.h"
#include "lcclass/assess/learning_curve.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/report/qgis_style.h"
#include "stage_files.h"
#include "training.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace lcclass {

namespace {

class CvCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "cv"; }
    [[nodiscard]] std::string summary() const override {
        return "cross-validation: random, by polygon, spatial or distance-matched";
    }
    [[nodiscard]] std::string example() const override {
        return "lcclass cv --samples samples.gpkg --schemes random,spatial-block --block-size 10000 -o cv.json";
    }

    void add_options(CLI::App& app) override {
        add_sample_options(app, m_samples);
        add_fold_options(app, m_fold_arguments);
        app.add_flag("--folds-only", m_folds_only, "write the folds and fit nothing");
        app.add_option("--permutation-repeats", m_fits.options.permutation_repeats,
                       "also permutation importance on the test folds, shuffled so many times");
        app.add_option("--bootstrap-replicates", m_bootstrap.replicates,
                       "draws of polygons that intervals are made of, 0: no intervals");
        app.add_option("--confidence", m_bootstrap.confidence,
                       "share of the bootstrap intervals that should hold the truth");
        app.add_option("--variograms", m_variograms, "variograms of the features and of the error");
        list_option(app, "--learning-curve", m_fits.learning_curve,
                    "also forests from so many of the training polygons: shares up to 1, numbers above 1");
        app.add_option("--compare", m_compare,
                       "also 'n_estimators=500;features=B02,B03' on the same folds; may be given again")
            ->allow_extra_args(false);
        value_option(app, "--tune", m_tune,
                     "parameters to choose in every fold: 'n_estimators=100,200;max_depth=10,none'");
        app.add_option("--inner-folds", m_inner_folds,
                       "with --tune: parts of each training part to choose parameters with");
        only_words(app.add_option(
                       "--scoring", m_scoring,
                       "with --tune: choose parameters by f1_weighted, accuracy, balanced_accuracy, f1_macro or kappa"),
                   {"f1_weighted", "accuracy", "balanced_accuracy", "f1_macro", "kappa"});
        add_forest_options(app, m_forest);
        path_option(app, "-o,--output", m_output, "figures to write [cv.json]");
        path_option(app, "--folds-output", m_folds_output, "blocks and folds to write [folds.gpkg beside --output]");
        path_option(app, "--samples-output", m_samples_output, "the sample table with folds and predictions, to write");
        main_options(app, {"--samples", "--class-field", "--features", "--schemes", "--folds", "--block-size",
                           "--buffer", "--prediction-area", "--n-estimators", "--max-depth", "--max-features", "--tune",
                           "--permutation-repeats", "--output", "--folds-output"});
    }

    void prepare(const GlobalOptions& globals) override {
        m_fits.options.forest = to_forest_options(m_forest, globals.seed);
        prepare_fits();
        m_plan = to_fold_plan(m_fold_arguments, globals.seed);
        if (!m_samples_output.empty()) {
            check_samples_path(m_samples_output);
        }
        m_variogram_options.seed = globals.seed;
        m_plan.options.classes_in_training = !m_folds_only;
        m_bootstrap.seed = globals.seed;
        check_options(m_bootstrap);
        m_samples_path = path_or_default(m_samples.samples, globals, "samples.gpkg", "--samples");
        if (m_folds_only) {
            m_folds_path = path_or_default(m_folds_output, globals, "folds.gpkg", "--folds-output");
        } else {
            m_path = path_or_default(m_output, globals, "cv.json", "--output");
            m_folds_path = m_folds_output.empty() ? m_path.parent_path() / "folds.gpkg" : m_folds_output;
        }
        check_folds_path(m_folds_path);
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        return m_plan.area.empty() ? std::vector{m_samples_path} : std::vector{m_samples_path, m_plan.area};
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override {
        std::vector<std::filesystem::path> files;
        if (!m_folds_only) {
            files.push_back(m_path);
        }
        files.push_back(m_folds_path);
        if (!m_samples_output.empty()) {
            files.push_back(m_samples_output);
        }
        return files;
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        return Estimate{.memory_bytes = training_memory(facts),
                        .disk_bytes = facts.samples * (200 + 40 * std::ssize(m_plan.schemes)) + (1 << 20),
                        .seconds = m_folds_only ? 1 : fitting_seconds(m_fits, m_plan, facts)};
    }

    void run(Context& context) override {
        m_samples.file.without_features = m_folds_only && m_samples_output.empty() && !m_plan.block_size_auto;
        const SampleTable samples = read_samples(m_samples_path, file_options(m_samples));
        std::optional<VariogramSet> variograms = look_at_variograms(samples, context);
        fit_plan(m_plan, samples, m_samples_path);
        const std::vector<FoldAssignment> assignments = make_folds(m_plan, samples);
        std::vector<CrossValidation> results;
        std::vector<VariantRuns> variants;
        if (!m_folds_only) {
            const auto& tuning = m_fits.options.tuning;
            check_variants(m_fits.variants, samples, tuning ? &tuning->grid : nullptr);
            results = fit_schemes(m_fits, m_plan, samples, assignments, context.progress);
            variants = fit_variants(m_fits, m_plan, samples, assignments, context.progress);
            add_error(variograms, samples, results);
        }
        context.summary = count_text(static_cast<std::int64_t>(assignments.size()), "scheme") + ", " +
                          count_text(static_cast<std::int64_t>(samples.size()), "sample");
        write_rows(samples, assignments, results, context.globals.overwrite);
        if (m_folds_only) {
            for (const FoldAssignment& assignment : assignments) {
                context.print(describe(assignment));
            }
            context.print(m_folds_path.string() + ": folds of " + with_thousands(samples.size()) + " samples");
            return;
        }
        CvReport report = make_cv_report(samples, assignments, std::move(results), m_bootstrap, std::move(variants));
        report.variograms = std::move(variograms);
        write_file_atomically(m_path, to_json(report, samples.legend), context.globals.overwrite);
        context.print(to_table(report, samples.legend));
        context.print(m_path.string() + ", " + m_folds_path.string() +
                      (m_samples_output.empty() ? std::string() : ", " + m_samples_output.string()));
    }

private:
    void prepare_fits() {
        if (m_fits.options.permutation_repeats < 0) {
            throw Error(ExitCode::configuration,
                        {.where = {},
                         .field = "--permutation-repeats=" + std::to_string(m_fits.options.permutation_repeats),
                         .problem = "is negative",
                         .fix = "give a number of shuffles, or 0 for none"});
        }
        check_amounts(m_fits.learning_curve);
        m_fits.variants = parse_variants(m_compare, m_fits.options.forest);
        if (m_folds_only) {
            refuse_what_takes_forests();
        }
        prepare_tuning();
    }

    /// Options of the forest itself may stand in a config for several runs; these ask for output.
    void refuse_what_takes_forests() const {
        const std::vector<std::pair<std::string, bool>> asked = {
            {"--compare=" + join(m_compare, ", "), !m_compare.empty()},
            {"--tune=" + m_tune, !m_tune.empty()},
            {"--learning-curve", !m_fits.learning_curve.empty()},
            {"--permutation-repeats=" + std::to_string(m_fits.options.permutation_repeats),
             m_fits.options.permutation_repeats > 0},
            {"--output=" + m_output.string(), !m_output.empty()},
        };
        for (const auto& [option, is_there] : asked) {
            if (is_there) {
                throw Error(ExitCode::command_line, {.where = {},
                                                     .field = option,
                                                     .problem = "takes forests, and --folds-only fits none",
                                                     .fix = "leave one of them out; --folds-output names the folds"});
            }
        }
    }

    void prepare_tuning() {
        const Scoring scoring = parse_scoring(m_scoring);
        if (m_tune.empty()) {
            const TuningOptions unset{};
            require_given(scoring == unset.scoring, "--tune", "the parameters that --scoring is to choose");
            require_given(m_inner_folds == unset.n_folds, "--tune", "the parameters that --inner-folds are to choose");
            return;
        }
        if (m_inner_folds < 2) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--inner-folds=" + std::to_string(m_inner_folds),
                                                  .problem = "there must be 2 or more",
                                                  .fix = "give a number such as 3"});
        }
        m_fits.options.tuning = TuningOptions{.grid = parse_tuning_grid(m_tune, m_fits.options.forest),
                                              .scoring = scoring,
                                              .n_folds = m_inner_folds,
                                              .make_folds = {}};
    }

    /// Those of the features, when they are wanted and can be had; the block size follows where it is to.
    std::optional<VariogramSet> look_at_variograms(const SampleTable& samples, Context& context) {
        check_metric(m_plan, samples, m_samples_path);
        const bool metric = samples.crs_wkt.empty() || !is_geographic(samples.crs_wkt);
        const bool wanted = m_variograms && !m_folds_only && metric && has_positions(samples);
        if (!wanted && !m_plan.block_size_auto) {
            return std::nullopt;
        }
        VariogramSet variograms = feature_variograms(samples, m_variogram_options);
        if (m_plan.block_size_auto) {
            choose_blocks(m_plan, samples, variograms, m_samples_path);
            context.print("block size: " + format_number(m_plan.options.block_size_m) + " m, " +
                          m_plan.block_size_from);
        }
        return wanted ? std::optional(std::move(variograms)) : std::nullopt;
    }

    /// The error of the random folds, which has the most samples near training samples; else of the first scheme.
    void add_error(std::optional<VariogramSet>& variograms, const SampleTable& samples,
                   const std::vector<CrossValidation>& results) const {
        if (!variograms) {
            return;
        }
        const auto random = std::find_if(results.begin(), results.end(),
                                         [](const CrossValidation& cv) { return cv.scheme == FoldScheme::random; });
        const CrossValidation& run = random == results.end() ? results.front() : *random;
        std::vector<float> wrong;
        for (std::size_t row = 0; row < run.predicted.size(); ++row) {
            wrong.push_back(run.predicted[row] == samples.class_code[row] ? 0.0F : 1.0F);
        }
        variograms->error_scheme = to_string(run.scheme);
        variograms->error = variogram_of(samples, wrong, "error", m_variogram_options);
    }

    /// What is known of every sample: folds, and after fits what the forests that did not see it say.
    void write_rows(const SampleTable& samples, const std::vector<FoldAssignment>& assignments,
                    const std::vector<CrossValidation>& results, bool overwrite) const {
        std::vector<FoldPredictions> predictions;
        for (const CrossValidation& result : results) {
            predictions.push_back(predictions_of(result));
        }
        const FoldColumns columns{.assignments = assignments, .predictions = predictions};
        write_folds(m_folds_path, samples, columns, overwrite, fold_layer_styles(columns));
        if (!m_samples_output.empty()) {
            write_samples(m_samples_output, samples, columns, overwrite,
                          {{.layer = "samples", .qml = report::to_qml(report::sample_style(samples.legend))}});
        }
    }

    SampleArguments m_samples;
    FoldArguments m_fold_arguments;
    ForestArguments m_forest;
    std::string m_tune;
    int m_inner_folds = 3;
    std::string m_scoring = "f1_weighted";
    BootstrapOptions m_bootstrap;
    bool m_variograms = true;
    VariogramOptions m_variogram_options;
    std::vector<std::string> m_compare;
    bool m_folds_only = false;
    std::filesystem::path m_output;
    std::filesystem::path m_folds_output;
    std::filesystem::path m_samples_output;
    FoldPlan m_plan;
    CvFits m_fits;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
    std::filesystem::path m_folds_path;
};

} // namespace

std::unique_ptr<Command> make_cv_command() {
    return std::make_unique<CvCommand>();
}

} // namespace lcclass
