/// Variograms as text for a terminal.
/// Pure functions.
#pragma once

#include "lcclass/core/variogram.h"

#include <string>

namespace lcclass {

/// Nugget, sill, range and the semivariance within polygons of every variogram (of more than 20 features, their mean
/// only), and the median range. ASCII but for feature names, at most 100 columns.
std::string to_table(const VariogramSet& variograms);

} // namespace lcclass
