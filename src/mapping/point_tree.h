/// Points in a space of any number of dimensions, sorted into a k-d tree whose nodes keep the box of their points.
/// Immutable after construction; safe to read from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class PointTree {
public:
    /// Points [begin, end) of the tree's order; its left child comes next in the list of nodes.
    struct Node {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t right = 0; ///< 0: a leaf

        [[nodiscard]] bool is_leaf() const { return right == 0; }
        [[nodiscard]] std::uint32_t size() const { return end - begin; }
    };

    PointTree() = default;
    /// `coordinates[point * n_dimensions + d]`. Requires: finite coordinates, a dimension at least, points fewer than
    /// 2^32.
    PointTree(std::span<const double> coordinates, std::size_t n_dimensions);

    /// The same tree with those points alone whose `wanted` is not 0; boxes stay as they are, nodes may become empty.
    /// Requires: one flag per point, in the order in which the points were given.
    [[nodiscard]] PointTree subset(std::span<const std::uint8_t> wanted) const;

    /// Bytes of a tree, or of a subset of one, at most: while it is made, and then.
    [[nodiscard]] static std::int64_t memory_of(std::int64_t n_points, std::int64_t n_dimensions);

    [[nodiscard]] std::size_t n_dimensions() const { return m_n_dimensions; }
    [[nodiscard]] const std::vector<Node>& nodes() const { return m_nodes; }
    /// Which of the points given is at each place of the tree's order.
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return m_order; }
    /// Coordinates of the points from `place` of the tree's order on, point by point.
    [[nodiscard]] const double* points_from(std::size_t place) const {
        return m_points.data() + place * m_n_dimensions;
    }
    [[nodiscard]] const double* low(std::size_t node) const { return m_low.data() + node * m_n_dimensions; }
    [[nodiscard]] const double* high(std::size_t node) const { return m_high.data() + node * m_n_dimensions; }

private:
    void build(std::span<const double> coordinates, std::uint32_t begin, std::uint32_t end);
    /// Adds the box of a range; returns its widest dimension.
    std::size_t add_box(std::span<const double> coordinates, std::uint32_t begin, std::uint32_t end);

    std::size_t m_n_dimensions = 0;
    std::vector<Node> m_nodes;
    std::vector<std::uint32_t> m_order;
    std::vector<double> m_points; ///< in that order
    std::vector<double> m_low;    ///< per node and dimension
    std::vector<double> m_high;
};

} // namespace lcclass
