/// Principal components of a table of pixels.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/features/feature_recipe.h"

#include <span>
#include <vector>

namespace lcclass {

/// Fits `components` to `columns`, one per input, all of the same length: the eigenvectors of their covariance (divided
/// by n - 1; of the inputs divided by their standard deviations when it standardizes), by falling eigenvalue. The
/// largest loading of every component is positive, so that equal pixels give equal signs. Requires: at least two rows,
/// all finite.
void fit_components(std::span<const std::vector<float>> columns, PrincipalComponents& components);

} // namespace lcclass
