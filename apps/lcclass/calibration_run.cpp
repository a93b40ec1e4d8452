#include "calibration_run.h"

#include "command_line.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/sampling/folds.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace lcclass {

namespace {

/// What cannot be folded is refused in the words of this command's options.
FoldAssignment folds_for_calibration(const SampleTable& samples, const FoldOptions& options) {
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

} // namespace

void add_calibration_options(CLI::App& app, CalibrationArguments& arguments) {
    only_words(app.add_option("--calibrate", arguments.method,
                              "probabilities by out-of-fold samples: none, isotonic or sigmoid"),
               {"none", "isotonic", "sigmoid"});
    app.add_option("--calibration-folds", arguments.folds,
                   "with --calibrate: number of polygon folds that its out-of-fold samples are from [5]");
}

CalibrationPlan calibration_plan(const CalibrationArguments& arguments) {
    CalibrationPlan plan{.method = parse_calibration_method(arguments.method)};
    if (!arguments.folds) {
        return plan;
    }
    require_given(plan.method != CalibrationMethod::none, "--calibrate",
                  "isotonic or sigmoid, or leave --calibration-folds out");
    plan.n_folds = *arguments.folds;
    if (plan.n_folds < 2) {
        throw Error(ExitCode::configuration,
                    {.where = {},
                     .field = "--calibration-folds=" + std::to_string(plan.n_folds),
                     .problem = "is less than 2",
                     .fix = "give the number of parts that polygons are dealt to, commonly 5"});
    }
    return plan;
}

CalibrationRun run_calibration(const SampleTable& samples, const std::vector<double>& priors,
                               const RandomForestOptions& forest, const CalibrationPlan& plan, Context& context) {
    CalibrationRun run{.report = {}, .n_folds = plan.n_folds};
    if (!knows_groups(samples)) {
        run.scheme = FoldScheme::stratified;
        context.warn("the table says neither polygon nor group of its samples, so the calibration is fitted on "
                     "stratified random folds: too confident where samples are neighbours");
    }
    FoldOptions options;
    options.scheme = run.scheme;
    options.n_folds = plan.n_folds;
    options.seed = forest.seed;
    const FoldAssignment folds = folds_for_calibration(samples, options);
    const CrossValidation result = cross_validate(
        samples, folds, {.forest = forest, .tuning = {}, .permutation_repeats = 0, .record = {}}, context.progress);
    run.report = fit_calibration(samples, folds, result, plan.method, priors);
    return run;
}

void print_calibration(const CalibrationRun& run, const ClassLegend& legend, Context& context) {
    const auto change = [](double before, double after) {
        const auto digits = [](double value) { return format_number(std::round(value * 1e4) / 1e4); };
        return digits(before) + " -> " + digits(after);
    };
    const CalibrationReport& report = run.report;
    const std::string units = run.scheme == FoldScheme::polygon ? "polygons" : "samples";
    context.print("calibration " + to_string(report.calibration.method) + ", " + std::to_string(run.n_folds) + " " +
                  to_string(run.scheme) + " folds: Brier score " + change(report.before.brier, report.after.brier) +
                  ", calibration error " + change(report.before.ece, report.after.ece) + " (" + units +
                  " weighing alike)");
    if (report.after.brier >= report.before.brier) {
        context.warn("the calibration makes the Brier score no better: collect more polygons, or leave it out");
    }
    for (const int k : report.reversed) {
        context.warn("class " + std::to_string(legend.at(k).code) + " (" + legend.at(k).name +
                     ") is the less probable the more trees vote for it: its polygons do not look alike");
    }
}

std::string calibration_json(const CalibrationRun& run) {
    // Rounded to what the figures are worth, so that model files do not depend on the last bit of a sum.
    const auto rounded = [](double value) { return std::round(value * 1e9) / 1e9; };
    const auto figures = [&](const CalibrationFigures& of) {
        return nlohmann::ordered_json{{"brier", rounded(of.brier)}, {"ece", rounded(of.ece)}};
    };
    const nlohmann::ordered_json json = {{"method", to_string(run.report.calibration.method)},
                                         {"folds", run.n_folds},
                                         {"scheme", to_string(run.scheme)},
                                         {"before", figures(run.report.before)},
                                         {"after", figures(run.report.after)}};
    return json.dump();
}

} // namespace lcclass
