/// What the SHAP values of samples come to, for explain.json (docs/files.md).
/// Pure functions, but for the work of all threads.
#pragma once

#include "shap_table.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lcclass {

/// `rows`, `base`, `mean_abs`, `summary`, `dependence` and `points` of the classes `k` of the model.
nlohmann::ordered_json shap_report(const ShapTable& table, const Model& model, const std::vector<std::size_t>& classes);

/// `rows` and `pairs`: the `most_pairs` pairs of features that do most together, the strongest first, by about
/// `most_rows` of the rows (0: all), evenly taken.
nlohmann::ordered_json interaction_report(const ShapTable& table, const Model& model,
                                          const std::vector<std::size_t>& classes, std::size_t most_pairs,
                                          std::size_t most_rows, Progress& progress);

/// Bytes that `interaction_report` takes at most, of a sample table with `n_rows` rows.
std::int64_t interaction_memory(const Model& model, std::int64_t n_rows, std::int64_t most_rows);

} // namespace lcclass
