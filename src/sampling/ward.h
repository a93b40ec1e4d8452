/// Ward's hierarchical clustering of points in the plane.
/// Immutable after construction; safe to share between threads.
#pragma once

#include "lcclass/core/point_set.h"

#include <cstdint>
#include <vector>

namespace lcclass::sampling {

class WardTree {
public:
    /// Nearest-neighbour chains over cluster centres (Murtagh & Contreras 2012): time in the square of the number of
    /// points, memory in proportion to it. The clusters are those of R's hclust(method = "ward.D2") and scikit-learn's
    /// AgglomerativeClustering, but for points at equal distances. Requires: at least one point, finite coordinates.
    explicit WardTree(const PointSet& points);

    /// Cluster 0..n_clusters-1 of every point, numbered in the order of their first points.
    /// Requires: 1 <= n_clusters <= number of points.
    [[nodiscard]] std::vector<std::int32_t> cut(std::int32_t n_clusters) const;

private:
    /// Two clusters become one, each known by one of its points.
    struct Merge {
        double height = 0;
        std::int32_t a = 0;
        std::int32_t b = 0;
    };

    std::int32_t m_n_points;
    std::vector<Merge> m_merges; ///< by height
};

} // namespace lcclass::sampling
