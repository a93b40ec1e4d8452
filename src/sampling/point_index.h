/// Nearest neighbours among fixed points in the plane (a k-d tree whose nodes keep their bounding box).
/// Immutable after construction; safe to query from any thread.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/point_set.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace lcclass::sampling {

class PointIndex {
public:
    /// Requires: finite coordinates, fewer than 2^31 points.
    explicit PointIndex(PointSet points);

    /// Distance from x, y to the nearest point, if it is at most `limit`; otherwise (and without points) infinity.
    [[nodiscard]] double nearest(double x, double y, double limit = std::numeric_limits<double>::infinity()) const;

    /// For every point, the distance to the nearest one with another label; infinity when there is none.
    /// Requires: a label of at least 0 per point.
    [[nodiscard]] std::vector<double> nearest_of_other_label(std::span<const std::int32_t> label) const;

private:
    struct Node {
        Bounds box;
        std::int32_t begin = 0; ///< of m_order
        std::int32_t end = 0;
        std::int32_t right = -1; ///< the left child comes next; -1: a leaf
    };
    struct Search;

    std::int32_t build(std::int32_t begin, std::int32_t end);
    [[nodiscard]] Bounds box_of(std::int32_t begin, std::int32_t end) const;
    [[nodiscard]] std::vector<std::int32_t> labels_of_nodes(std::span<const std::int32_t> label) const;
    void search(std::size_t at, Search& query) const;

    PointSet m_points;
    std::vector<std::int32_t> m_order;
    std::vector<Node> m_nodes;
};

} // namespace lcclass::sampling
