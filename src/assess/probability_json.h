/// Figures of class probabilities as JSON and as rows of a table.
/// Pure functions.
#pragma once

#include "lcclass/assess/cv_report.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string>

namespace lcclass::assess {

/// A figure of all classes: its key in cv.json, and its name in the table, empty when it is not there.
struct ProbabilityFigure {
    const char* key;
    const char* label;
    std::optional<double> ProbabilityFigures::*value;
};

constexpr std::array<ProbabilityFigure, 5> probability_keys = {{
    {"roc_auc_macro", "ROC AUC, macro", &ProbabilityFigures::roc_auc_macro},
    {"roc_auc_weighted", "", &ProbabilityFigures::roc_auc_weighted},
    {"brier", "Brier score", &ProbabilityFigures::brier},
    {"log_loss", "", &ProbabilityFigures::log_loss},
    {"ece", "calibration error", &ProbabilityFigures::ece},
}};

FoldSpread spread_of_probability(const SchemeProbabilities& probabilities, const ProbabilityFigure& figure);

/// `pooled`, `mean`, `sd`, `roc` and `reliability` of scheme number `scheme`.
/// Requires: scheme < report.probabilities.size().
nlohmann::ordered_json probabilities_json(const CvReport& report, std::size_t scheme, const ClassLegend& legend);

} // namespace lcclass::assess
