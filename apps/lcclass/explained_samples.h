/// A model and the samples to explain it by: what the parts of `explain` on samples share.
/// Plain views; those they view must outlive them.
#pragma once

#include "lcclass/core/sample_table.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/tree_shap.h"

#include <cstdint>
#include <filesystem>

namespace lcclass {

struct ExplainedSamples {
    const Model& model;
    const SampleTable& samples;
    const TreeShap& shap; ///< of the model's forest
    FeatureView features; ///< of the samples, in the model's order
    const std::filesystem::path& model_path;
    const std::filesystem::path& samples_path;
    std::uint64_t seed = 0;
};

} // namespace lcclass
