/// Calibration of a forest's probabilities by what forests said of samples they had not seen.
/// Pure functions, deterministic: basic arithmetic in a fixed order.
#pragma once

#include "lcclass/assess/cross_validation.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/forest/probability_correction.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Scores of one class against the rest: of each sample its share of votes, whether it is of the class, its weight.
struct OneAgainstRest {
    std::span<const double> votes;
    std::span<const std::uint8_t> is_class;
    std::span<const double> weight; ///< above 0
};

/// The non-decreasing curve with the least weighted squared error (pool adjacent violators); equal votes are one point.
/// As scikit-learn's IsotonicRegression(out_of_bounds="clip"). Requires: one sample at least, no NaN.
CalibrationCurve fit_isotonic(const OneAgainstRest& scores);

/// The sigmoid with the least weighted log loss against targets drawn in from 0 and 1 (Platt 1999), by Newton's method
/// (Lin, Lin & Weng 2007). As scikit-learn's CalibratedClassifierCV(method="sigmoid"). Requires: as `fit_isotonic`.
CalibrationCurve fit_sigmoid(const OneAgainstRest& scores);

/// Class shares that a forest's probabilities refer to: those of its samples, or all alike with a balanced class
/// weight. `class_index` in [0, n_classes), every class at least once.
std::vector<double> training_priors(std::span<const std::int32_t> class_index, int n_classes, ClassWeight weight);

/// Those of ProbabilityFigures, over samples weighted as in `fit_calibration`.
struct CalibrationFigures {
    double brier = 0; ///< 0..2
    double ece = 0;   ///< 0..1
};

struct CalibrationReport {
    ProbabilityCalibration calibration;
    CalibrationFigures before; ///< of the votes of forests that did not see the sample
    CalibrationFigures after;  ///< of these votes through a calibration fitted without the sample's fold
    std::vector<int>
        reversed; ///< positions of classes whose sigmoid falls with the votes: told apart worse than by lot
};

/// Fits one curve per class on the out-of-fold probabilities of `folds`. Within a class every group (polygon) weighs
/// the same however many samples it has; every class weighs its training prior, so that calibrated probabilities refer
/// to the same class shares as the votes. Requires: method isotonic or sigmoid; `result` of `samples` and `folds`.
CalibrationReport fit_calibration(const SampleTable& samples, const FoldAssignment& folds,
                                  const CrossValidation& result, CalibrationMethod method,
                                  const std::vector<double>& priors);

} // namespace lcclass
