/// Class shares of the land that is mapped, found from what a model says of it.
/// Pure functions, deterministic on any number of threads and any block size.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

struct PriorEstimate {
    std::vector<double> priors; ///< per class, sum 1
    std::int64_t n_pixels = 0;  ///< that it rests on
    int iterations = 0;
    bool converged = false; ///< false: still moving after the most iterations
};

/// Class shares under which `probabilities` (row-major, one row per pixel, each summing to 1), which refer to the
/// shares `training`, are most likely: expectation maximisation from `training` on (Saerens, Latinne & Decaestecker
/// 2002), until no share moves by more than 1e-8. Requires: one row at least; training shares above 0.
PriorEstimate estimate_priors(std::span<const double> probabilities, std::span<const double> training);

/// The same over calibrated probabilities of a regular lattice of the pixels of `features`, about 200,000 at most.
/// Requires: as `predict_map`; a model with training priors. Throws Error(input) when no pixel of the lattice has a
/// value in every feature.
PriorEstimate estimate_priors(const Model& model, const RasterSource& features, std::int64_t block_size,
                              Progress& progress);

} // namespace lcclass
