/// Fitting what a recipe needs to know of the pixels: principal components, means and deviations, ranges of grey
/// levels. One call uses all threads; the result depends neither on their number nor on the size of blocks.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/features/feature_recipe.h"

#include <cstdint>
#include <memory>

namespace lcclass {

struct FitOptions {
    std::int64_t n_pixels = 100'000; ///< about as many are drawn at random, by the seed and their places
    std::uint64_t seed = 0;
    std::int64_t memory = std::int64_t{500} << 20U; ///< bytes that all threads may take at once
};

/// Completes `recipe` from a sample of the pixels of `bands`; reads them once, or once more for what rests on something
/// fitted. Ranges run from the 1st to the 99th percentile. A recipe that lacks nothing is left as it is. Throws
/// Error(input) naming the feature when no pixel has a value to fit to.
void fit_recipe(FeatureRecipe& recipe, const RasterSource& bands, const FitOptions& options, Progress& progress);

} // namespace lcclass
