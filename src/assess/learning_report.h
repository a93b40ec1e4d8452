/// Learning curves as cv.json keeps them.
/// Pure functions.
#pragma once

#include "lcclass/assess/cross_validation.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace lcclass::assess {

/// One object per amount: mean polygons and samples of the training parts, mean and sd of the test figures.
nlohmann::ordered_json learning_curve_json(const std::vector<LearningPoint>& curve);

} // namespace lcclass::assess
