/// A scene streamed through exact SHAP values: which feature moves the class of every pixel by how much.
/// One call uses all threads; the outputs do not depend on their number.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_sink.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/tree_shap.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lcclass {

/// Sinks that are null are not wanted.
struct ExplanationOutputs {
    RasterSink* shap = nullptr;     ///< one band per feature, and `base`: the contributions and what they add up from
    RasterSink* dominant = nullptr; ///< one band: 1 + position of the feature with the largest contribution in size
};

struct ExplanationReport {
    std::int64_t nodata_pixels = 0;
    std::vector<std::int64_t> dominant_pixels; ///< per feature: where its contribution is the largest in size
    std::vector<double> mean_abs;              ///< per feature: mean size of its contributions
};

/// The least memory that `explain_map` takes for a scene of this grid, in bytes, besides the model.
std::int64_t least_explanation_memory(const Model& model, const GridSpec& grid);

/// Seconds that `n_pixels` will take, by those that a sample of `n_sampled` took: the more pixels at once, the less
/// each costs (measured on scenes: as pixels to the power of -0.28, up to the size of an area).
double expected_seconds(const Model& model, std::int64_t n_pixels, std::int64_t n_sampled, double sample_seconds);

/// Explains the votes for the class at position `only_class`, or else for the most probable class of every pixel, as
/// `predict_map` without class priors finds it. Ties between features go to the first.
/// Requires: the bands of `features` are the model's features in the model's order; `shap` is of the model's forest.
/// Throws: what reading and TreeShap throw.
ExplanationReport explain_map(const Model& model, const TreeShap& shap, const RasterSource& features,
                              std::optional<int> only_class, const ExplanationOutputs& outputs, Progress& progress);

} // namespace lcclass
