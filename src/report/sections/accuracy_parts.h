/// The parts of the section on accuracy that a cv.json may be without.
/// Free functions; safe from any thread.
#pragma once

#include "report/sections/json_reading.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace lcclass::report {

struct OverallFigure {
    const char* key;
    const char* name;
};
constexpr std::array<OverallFigure, 4> overall_figures = {{{"overall_accuracy", "overall accuracy"},
                                                           {"kappa", "kappa"},
                                                           {"f1_weighted", "weighted F1"},
                                                           {"f1_macro", "macro F1"}}};

constexpr std::array<std::pair<const char*, const char*>, 3> class_figure_names = {
    {{"precision", "precision (user's)"}, {"recall", "recall (producer's)"}, {"f1", "F1"}}};

/// ROC curves of the classes under the scheme `name`, and calibration under all.
void add_probabilities(const Json& content, const std::string& name, const ClassLegend& legend,
                       std::vector<Block>& blocks);

/// The learning curve, what was tuned, variants compared, and how far samples are alike.
void add_learning(const Json& content, std::vector<Block>& blocks);

} // namespace lcclass::report
