/// Variograms as text for a terminal.
/// Pure functions.
#pragma once

#include "lcclass/core/variogram.h"

#include <string>

namespace lcclass::assess {

/// Nugget, sill, range and the semivariance within polygons of every variogram (of more than 20 features, their mean
/// only), and the median range; one sentence where there are too few polygons for any. ASCII but for feature names, at
/// most 100 columns.
std::string variogram_table(const VariogramSet& variograms);

} // namespace lcclass::assess
