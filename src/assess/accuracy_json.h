/// Accuracy figures and confusion matrices as JSON, the same in every file that holds them.
/// Pure functions.
#pragma once

#include "lcclass/assess/confusion_matrix.h"
#include "lcclass/core/class_legend.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace lcclass::assess {

nlohmann::ordered_json number_or_null(const std::optional<double>& value);

/// Overall figures, and under `per_class` those of every class by name. `class_codes` are the report's classes.
nlohmann::ordered_json accuracy_json(const AccuracyReport& report, const std::vector<std::int32_t>& class_codes,
                                     const ClassLegend& legend);

/// `classes` (codes), `names`, and `matrix`: reference rows x predicted columns.
nlohmann::ordered_json confusion_json(const ConfusionMatrix& matrix, const std::vector<std::int32_t>& class_codes,
                                      const ClassLegend& legend);

} // namespace lcclass::assess
