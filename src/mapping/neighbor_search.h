/// The nearest point of a tree, and how many points are near, for groups of similar seekers: they go through the tree
/// together. The figures are those of comparing every seeker with every point, to the last bit.
/// Owned by one thread (it has scratch memory).
#pragma once

#include "mapping/neighbor_kernels.h"
#include "mapping/point_tree.h"

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lcclass {

class NeighborSearch {
public:
    explicit NeighborSearch(std::size_t n_dimensions);

    /// Where coordinate `dimension` of seeker `i` of the group goes. Requires: i < seekers_per_group.
    double& coordinate(std::size_t dimension, std::size_t i) {
        return m_coordinates[dimension * seekers_per_group + i];
    }
    /// Looks for the first `n_seekers` of the group among the points of `tree`; `limit` is a squared distance, below 0
    /// when nothing is to be counted. Requires: 1 to seekers_per_group seekers, a tree of as many dimensions.
    void run(const PointTree& tree, std::size_t n_seekers, double limit);

    /// Squared distance of seeker `i` to the nearest point; infinity without points.
    [[nodiscard]] double nearest(std::size_t i) const { return m_nearest[i]; }
    /// Points at a squared distance up to the limit.
    [[nodiscard]] std::int64_t within(std::size_t i) const { return m_within[i]; }

private:
    /// Squared distances from all seekers to all points of a node lie between these.
    struct Bounds {
        double least = 0;
        double most = 0;
    };
    /// A node on the way, and the least distance to it.
    struct Visit {
        std::uint32_t node = 0;
        Bounds bounds;
    };

    void find_box(std::size_t n_seekers);
    [[nodiscard]] Bounds bounds_of(const PointTree& tree, std::uint32_t node) const;
    void push_children(const PointTree& tree, std::uint32_t node);
    void walk(const PointTree& tree, std::size_t n_seekers, double limit);
    [[nodiscard]] double farthest_nearest(std::size_t n_seekers) const;

    std::size_t m_n_dimensions;
    hwy::AlignedFreeUniquePtr<double[]> m_coordinates;
    hwy::AlignedFreeUniquePtr<double[]> m_nearest;
    hwy::AlignedFreeUniquePtr<std::int64_t[]> m_within;
    std::vector<double> m_low; ///< the box of the group
    std::vector<double> m_high;
    std::vector<Visit> m_visits;
};

} // namespace lcclass
