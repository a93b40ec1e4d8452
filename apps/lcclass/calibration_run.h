/// `train --calibrate`: its options, the fits it takes, and what is said and kept of them.
/// Free functions of one thread; the fits use all.
#pragma once

#include "command.h"
#include "lcclass/assess/calibration.h"

#include <optional>
#include <string>
#include <vector>

namespace lcclass {

struct CalibrationArguments {
    std::string method = "none";
    std::optional<int> folds;
};

void add_calibration_options(CLI::App& app, CalibrationArguments& arguments);

/// What the options ask for.
struct CalibrationPlan {
    CalibrationMethod method = CalibrationMethod::none;
    int n_folds = 5;
};

/// Throws Error(command_line) for an unknown method and for folds without one; Error(configuration) for fewer than two.
CalibrationPlan calibration_plan(const CalibrationArguments& arguments);

/// How a model's probabilities were calibrated, and what it was good for.
struct CalibrationRun {
    CalibrationReport report;
    FoldScheme scheme = FoldScheme::polygon; ///< stratified where the table knows neither polygons nor groups
    int n_folds = 0;
};

/// Curves from forests that did not see the polygons they speak of; warns where no polygons are known. Throws, in the
/// words of these options, what `assign_folds` refuses. Requires: a method; `priors` as `training_priors` gives them.
CalibrationRun run_calibration(const SampleTable& samples, const std::vector<double>& priors,
                               const RandomForestOptions& forest, const CalibrationPlan& plan, Context& context);

/// Figures before and after, and warnings where it was good for little.
void print_calibration(const CalibrationRun& run, const ClassLegend& legend, Context& context);

/// For the model's training record: `{"method", "folds", "scheme", "before": {"brier", "ece"}, "after"}`.
std::string calibration_json(const CalibrationRun& run);

} // namespace lcclass
