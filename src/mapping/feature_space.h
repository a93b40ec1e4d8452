/// Training samples as points in the space of standardised, weighted features, and what is near enough to them.
/// A value; const access is safe from any thread.
#pragma once

#include "mapping/neighbor_search.h"
#include "mapping/point_tree.h"

#include <cstddef>
#include <vector>

namespace lcclass {

/// A feature with a weight, and how its values become coordinates.
struct FeatureAxis {
    std::size_t feature = 0; ///< position among the model's
    double mean = 0;
    double sd = 1;
    double weight = 1;

    [[nodiscard]] double coordinate(float value) const { return (double{value} - mean) / sd * weight; }
};

struct FeatureSpace {
    std::vector<FeatureAxis> axes;
    PointTree tree;
    double mean_distance = 0;
    double threshold = 0; ///< of the dissimilarity index; a number that `float` can hold
    double limit = 0;     ///< largest squared distance whose dissimilarity is up to the threshold

    /// The dissimilarity index as it is written. Everything is decided on this number.
    [[nodiscard]] float dissimilarity(double squared_distance) const;
};

} // namespace lcclass
