#include "command_line.h"
#include "commands.h"

#include "compare_options.h"
#include "fold_options.h"
#include "forest_options.h"
#include "lcclass/assess/cv_report.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/sample_file.h"
#include "stage_files.h"
#include "training.h"

namespace lcclass {

namespace {

class CvCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "cv"; }
    [[nodiscard]] std::string summary() const override {
        return "cross-validation: random, by polygon, spatial or distance-matched";
    }
    [[nodiscard]] std::string example() const override {
        return "lcclass cv --samples samples.gpkg --schemes random,polygon,spatial-block --block-size 10000 -o cv.json";
    }

    void add_options(CLI::App& app) override {
        add_sample_options(app, m_samples);
        add_fold_options(app, m_fold_arguments);
        app.add_flag("--folds-only", m_folds_only, "write the folds and fit nothing");
        app.add_option("--permutation-repeats", m_permutation_repeats,
                       "also permutation importance on the test folds, shuffled so many times");
        app.add_option("--bootstrap-replicates", m_bootstrap.replicates,
                       "draws of polygons that intervals are made of, 0: no intervals");
        app.add_option("--confidence", m_bootstrap.confidence, "of the intervals");
        app.add_option("--compare", m_compare, "'n_estimators=500;features=B02,B03': also this, on the same folds")
            ->allow_extra_args(false);
        add_forest_options(app, m_forest);
        value_option(app, "--tune", m_tune,
                     "parameters to choose in every fold: 'n_estimators=100,200;max_depth=10,none'");
        app.add_option("--inner-folds", m_inner_folds, "parts of each training part to choose them with");
        app.add_option("--scoring", m_scoring,
                       "what to choose by: f1_weighted, accuracy, balanced_accuracy, f1_macro, kappa");
        path_option(app, "-o,--output", m_output, "figures to write [cv.json]");
        path_option(app, "--folds-output", m_folds_output, "blocks and folds to write [folds.gpkg beside --output]");
    }

    void prepare(const GlobalOptions& globals) override {
        m_options.forest = to_forest_options(m_forest, globals.seed);
        m_options.permutation_repeats = m_permutation_repeats;
        if (m_permutation_repeats < 0) {
            throw Error(ExitCode::configuration,
                        {.where = {},
                         .field = "--permutation-repeats=" + std::to_string(m_permutation_repeats),
                         .problem = "is negative",
                         .fix = "give a number of shuffles, or 0 for none"});
        }
        prepare_tuning();
        m_plan = to_fold_plan(m_fold_arguments, globals.seed);
        m_plan.options.classes_in_training = !m_folds_only;
        m_bootstrap.seed = globals.seed;
        check_options(m_bootstrap);
        m_variants = parse_variants(m_compare, m_options.forest);
        if (m_folds_only && !m_variants.empty()) {
            throw Error(ExitCode::command_line, {.where = {},
                                                 .field = "--compare=" + m_variants.front().name,
                                                 .problem = "takes forests, and --folds-only fits none",
                                                 .fix = "leave one of them out"});
        }
        m_samples_path = path_or_default(m_samples.samples, globals, "samples.gpkg", "--samples");
        if (!m_folds_only || m_folds_output.empty()) {
            m_path = path_or_default(m_output, globals, "cv.json", "--output");
        }
        m_folds_path = m_folds_output.empty() ? m_path.parent_path() / "folds.gpkg" : m_folds_output;
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        return m_plan.area.empty() ? std::vector{m_samples_path} : std::vector{m_samples_path, m_plan.area};
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override {
        return m_folds_only ? std::vector{m_folds_path} : std::vector{m_path, m_folds_path};
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const auto fits = static_cast<double>(m_plan.schemes.size()) * m_plan.options.n_folds;
        double seconds = training_seconds(facts, m_options.forest);
        if (m_options.tuning) {
            seconds *= tuning_cost(*m_options.tuning, m_options.forest);
        }
        for (const ModelVariant& variant : m_variants) {
            seconds += training_seconds(facts, variant.forest);
        }
        return Estimate{.memory_bytes = training_memory(facts),
                        .disk_bytes = facts.samples * 200 + (1 << 20),
                        .seconds = m_folds_only ? 1 : fits * seconds};
    }

    void run(Context& context) override {
        m_samples.file.without_features = m_folds_only;
        const SampleTable samples = read_samples(m_samples_path, m_samples.file);
        fit_plan(m_plan, samples, m_samples_path);
        const std::vector<FoldAssignment> assignments = make_folds(m_plan, samples);
        std::vector<CrossValidation> results;
        std::vector<VariantRuns> variants;
        if (!m_folds_only) {
            check_variants(m_variants, samples);
            results = cross_validate_all(samples, assignments, m_options, context.progress);
            variants = run_variants(samples, assignments, context.progress);
        }
        write_folds(m_folds_path, samples, assignments, context.globals.overwrite);
        if (m_folds_only) {
            for (const FoldAssignment& assignment : assignments) {
                context.print(describe(assignment));
            }
            context.print(m_folds_path.string() + ": folds of " + with_thousands(samples.size()) + " samples");
            return;
        }
        const CvReport report =
            make_cv_report(samples, assignments, std::move(results), m_bootstrap, std::move(variants));
        write_file_atomically(m_path, to_json(report, samples.legend), context.globals.overwrite);
        context.print(to_table(report, samples.legend));
        context.print(m_path.string() + ", " + m_folds_path.string());
    }

private:
    void prepare_tuning() {
        const Scoring scoring = parse_scoring(m_scoring);
        if (m_tune.empty()) {
            return;
        }
        if (m_inner_folds < 2) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--inner-folds=" + std::to_string(m_inner_folds),
                                                  .problem = "there must be 2 or more",
                                                  .fix = "give a number such as 3"});
        }
        m_options.tuning = TuningOptions{.grid = parse_tuning_grid(m_tune, m_options.forest),
                                         .scoring = scoring,
                                         .n_folds = m_inner_folds,
                                         .make_folds = {}};
    }

    std::vector<CrossValidation> cross_validate_all(const SampleTable& samples,
                                                    const std::vector<FoldAssignment>& assignments,
                                                    CrossValidationOptions options, Progress& progress) const {
        std::vector<CrossValidation> results;
        for (const FoldAssignment& assignment : assignments) {
            options.record = record_of(m_plan, assignment.scheme);
            if (options.tuning) {
                options.tuning->make_folds = [&](const SampleTable& training) {
                    return make_inner_folds(m_plan, assignment.scheme, m_inner_folds, training);
                };
            }
            results.push_back(cross_validate(samples, assignment, options, progress));
        }
        return results;
    }

    std::vector<VariantRuns> run_variants(const SampleTable& samples, const std::vector<FoldAssignment>& assignments,
                                          Progress& progress) const {
        std::vector<VariantRuns> runs;
        for (const ModelVariant& variant : m_variants) {
            CrossValidationOptions options = m_options;
            options.forest = variant.forest;
            options.permutation_repeats = 0;
            if (variant.names_parameters) {
                options.tuning.reset();
            }
            const SampleTable fewer =
                variant.features.empty() ? SampleTable() : select_features(samples, variant.features);
            runs.push_back({.name = variant.name,
                            .schemes = cross_validate_all(variant.features.empty() ? samples : fewer, assignments,
                                                          options, progress)});
        }
        return runs;
    }

    SampleArguments m_samples;
    FoldArguments m_fold_arguments;
    ForestArguments m_forest;
    std::string m_tune;
    int m_inner_folds = 3;
    std::string m_scoring = "f1_weighted";
    int m_permutation_repeats = 0;
    BootstrapOptions m_bootstrap;
    std::vector<std::string> m_compare;
    std::vector<ModelVariant> m_variants;
    bool m_folds_only = false;
    std::filesystem::path m_output;
    std::filesystem::path m_folds_output;
    FoldPlan m_plan;
    CrossValidationOptions m_options;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
    std::filesystem::path m_folds_path;
};

} // namespace

std::unique_ptr<Command> make_cv_command() {
    return std::make_unique<CvCommand>();
}

} // namespace lcclass
