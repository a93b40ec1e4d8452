/// Figures of a cross-validation that both cv.json and the table show.
/// Pure functions.
#pragma once

#include "lcclass/assess/cross_validation.h"

#include <array>
#include <string>
#include <vector>

namespace lcclass::assess {

/// A figure of the whole matrix: its key in cv.json, its name in the table.
struct OverallFigure {
    const char* key;
    const char* label;
    std::optional<double> AccuracyReport::*value;
};

constexpr std::array<OverallFigure, 4> overall_figures = {{
    {"overall_accuracy", "overall accuracy", &AccuracyReport::overall_accuracy},
    {"kappa", "kappa", &AccuracyReport::kappa},
    {"f1_weighted", "weighted F1", &AccuracyReport::f1_weighted},
    {"f1_macro", "macro F1", &AccuracyReport::f1_macro},
}};

/// Of `f1_weighted` among them, which verdicts go by.
constexpr std::size_t f1_weighted_position = 2;

struct ClassFigure {
    const char* key;
    std::optional<double> ClassAccuracy::*value;
};

constexpr std::array<ClassFigure, 3> class_figures = {{
    {"precision", &ClassAccuracy::precision},
    {"recall", &ClassAccuracy::recall},
    {"f1", &ClassAccuracy::f1},
}};

/// The training or the test side of a fold.
using Side = AccuracyReport FoldResult::*;

FoldSpread spread_of_overall(const CrossValidation& cv, Side side, const OverallFigure& figure);
FoldSpread spread_of_class(const CrossValidation& cv, Side side, std::size_t class_index, const ClassFigure& figure);

/// The first run of `scheme`, or nothing.
const CrossValidation* find_scheme(const std::vector<CrossValidation>& schemes, FoldScheme scheme);

/// False where every fold tests a single group: the mean of figures of one class each is no figure of the map.
bool has_fold_means(const CrossValidation& cv);

/// `polygons`, or `samples` where every sample counts as a group of its own.
std::string group_word(const CrossValidation& cv);

/// A number of polygons as the table shows it, `-` where they are not known.
std::string n_polygons_text(const CrossValidation& cv, std::int64_t n);

/// Name of the class, or its code where the legend has none.
std::string class_name(const ClassLegend& legend, std::int32_t class_code);

} // namespace lcclass::assess
