/// Learning curves as cv.json and the table show them.
/// Pure functions.
#pragma once

#include "lcclass/assess/cross_validation.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace lcclass::assess {

/// One object per amount: mean polygons and samples of the training parts, mean and sd of the test figures.
nlohmann::ordered_json learning_curve_json(const CrossValidation& cv);

/// The curves of the schemes that have one, as text for a terminal: ASCII, at most 100 columns; empty without any.
std::string learning_table(const std::vector<CrossValidation>& schemes);

} // namespace lcclass::assess
