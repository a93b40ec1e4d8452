/// Class shares of the land that is mapped, found from what a model says of it.
/// Pure functions, deterministic on any number of threads and any block size.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

struct PriorEstimate {
    std::vector<double> priors;                ///< per class, sum 1
    std::int64_t n_pixels = 0;                 ///< that it rests on
    std::vector<std::int64_t> pixels_won = {}; ///< per class: those it is the most probable of before the estimate
    int iterations = 0;
    bool converged = false; ///< false: still moving after the most iterations
};

/// Class shares under which `probabilities` (row-major, one row per pixel, each summing to 1), which refer to the
/// shares `training`, are most likely: expectation maximisation from `training` on (Saerens, Latinne & Decaestecker
/// 2002), until no share moves by more than 1e-8. Requires: one row at least; training shares above 0.
PriorEstimate estimate_priors(std::span<const double> probabilities, std::span<const double> training);

struct PriorOptions {
    std::int64_t block_size = 1024; ///< largest side of the blocks that are read, in pixels
    std::int64_t memory = 0;        ///< most bytes to take, besides the model; 0: no limit
};

/// The least that PriorOptions::memory can be for a scene of this grid.
std::int64_t least_prior_memory(const Model& model, const GridSpec& grid);

/// The same over calibrated probabilities of a regular lattice of the pixels of `features`, about 200,000 at most.
/// Requires: as `predict_map`; a model with training priors. Throws Error(input) when no pixel of the lattice has a
/// value in every feature.
PriorEstimate estimate_priors(const Model& model, const RasterSource& features, const PriorOptions& options,
                              Progress& progress);

/// Classes (positions) that won at least 0.1 % of the pixels and were left with less than one pixel, or with less than
/// a hundredth of what they won: the probabilities say that they are there, and the estimate that they are not.
std::vector<int> collapsed_classes(const PriorEstimate& estimate);

/// Throws Error(input) for an estimate of `model` that would ruin its map: one that did not converge, or under which
/// classes collapse, which it names.
void check_estimate(const PriorEstimate& estimate, const Model& model);

} // namespace lcclass
