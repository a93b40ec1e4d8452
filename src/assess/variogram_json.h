/// Variograms as cv.json keeps them.
/// Pure functions.
#pragma once

#include "lcclass/core/variogram.h"

#include <nlohmann/json.hpp>

namespace lcclass::assess {

nlohmann::ordered_json variograms_json(const VariogramSet& variograms);

} // namespace lcclass::assess
