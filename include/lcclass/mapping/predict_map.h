/// A stack streamed through a model into a class map, probabilities, uncertainty and applicability, block by block.
/// One call uses all threads; the outputs do not depend on their number or on the block size.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_sink.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"
#include "lcclass/mapping/applicability.h"

#include <cstdint>
#include <vector>

namespace lcclass {

/// Sinks that are null are not wanted.
struct MapOutputs {
    RasterSink* map = nullptr;           ///< one band: class code, NaN where a feature has no value
    RasterSink* probabilities = nullptr; ///< one band per class of the legend, 0..1
    RasterSink* uncertainty = nullptr;   ///< bands `max_probability`, `margin`, `entropy` (bits), see docs
    /// Bands `dissimilarity`, `inside` (1 or 0) and `local_point_density` of MapOptions::applicability.
    RasterSink* applicability = nullptr;
};

struct MapReport {
    std::int64_t nodata_pixels = 0;
    std::vector<std::int64_t> class_pixels; ///< in the order of the legend
    /// The same as the map would be with the class shares of the training; empty without class priors.
    std::vector<std::int64_t> class_pixels_without_priors;
    /// Those of `class_pixels` outside the area of applicability; empty when that was not asked for.
    std::vector<std::int64_t> class_pixels_outside;
};

struct MapOptions {
    std::int64_t block_size = 1024; ///< side of the blocks that are read, in pixels; several are classified at once
    std::int64_t memory = 0;        ///< most bytes to take, besides the model; 0: no limit but what is of use
    /// Class shares where the map is made, per class of the legend, 0..1 with the sum 1; empty: as in the training.
    std::vector<double> class_priors = {};
    const Applicability* applicability = nullptr; ///< of the model's features in its order; null: not wanted
};

/// What a map comes with, as far as it takes memory.
struct MapExtras {
    bool probabilities = false;
    bool uncertainty = false;
    bool class_priors = false;
    bool applicability = false;
};

/// The least that MapOptions::memory can be.
std::int64_t least_map_memory(const Model& model, const MapExtras& extras, std::int64_t block_size);

/// Probabilities are calibrated as the model says and then corrected for the class priors; map and uncertainty follow
/// from the corrected ones. Requires: class priors only with a model that has training priors; a raster of
/// applicability if and only if there is one to write;
/// the bands of `features` are the model's features in the model's order (see `select_bands`); throws Error(internal)
/// otherwise.
MapReport predict_map(const Model& model, const RasterSource& features, const MapOutputs& outputs,
                      const MapOptions& options, Progress& progress);

} // namespace lcclass
