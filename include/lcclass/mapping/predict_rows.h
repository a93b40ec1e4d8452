/// What `predict` says of single rows: the class a map would have, and the probabilities behind it.
/// Pure; uses all threads.
#pragma once

#include "lcclass/forest/model.h"

#include <cstdint>
#include <vector>

namespace lcclass {

struct RowPredictions {
    std::vector<double> votes;             ///< [row * n_classes + k]: share of the forest's votes
    std::vector<double> probabilities;     ///< likewise, calibrated as the model says
    std::vector<std::int32_t> class_index; ///< per row, the most probable, the lowest on ties
};

/// Requires: finite features in the model's order.
RowPredictions predict_rows(const Model& model, const FeatureView& rows);

} // namespace lcclass
