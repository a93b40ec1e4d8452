/// Tuning as cv.json and the table show it.
/// Pure functions.
#pragma once

#include "lcclass/assess/cross_validation.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace lcclass::assess {

/// Parameters with scikit-learn's names, null for its None.
nlohmann::ordered_json params_json(const RandomForestOptions& options);

/// What a scheme was tuned over and the parameters to train with. Requires: a tuned run.
nlohmann::ordered_json tuning_json(const CrossValidation& cv);

/// Scores of the candidates in one fold, in the order of the grid.
nlohmann::ordered_json scores_json(const TuningResult& result);

/// Per scheme what was chosen in how many folds, and what is suggested; empty when nothing was tuned.
std::string tuning_table(const std::vector<CrossValidation>& schemes);

} // namespace lcclass::assess
