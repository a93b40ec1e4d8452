#include "mapping/point_tree.h"

#include <algorithm>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::uint32_t most_points_of_leaf = 16;
constexpr std::size_t fewest_points_of_leaf = most_points_of_leaf / 2; // halves of more than the most

/// At most; a tree of `n` points and at least one leaf.
constexpr std::size_t most_nodes(std::size_t n) {
    return std::max<std::size_t>(1, 2 * (n / fewest_points_of_leaf));
}

} // namespace

PointTree::PointTree(std::span<const double> coordinates, std::size_t n_dimensions) : m_n_dimensions(n_dimensions) {
    const auto n = static_cast<std::uint32_t>(coordinates.size() / n_dimensions);
    m_order.resize(n);
    std::iota(m_order.begin(), m_order.end(), 0U);
    if (n > 0) {
        m_nodes.reserve(most_nodes(n));
        m_low.reserve(most_nodes(n) * n_dimensions);
        m_high.reserve(most_nodes(n) * n_dimensions);
        build(coordinates, 0, n);
    }
    m_points.reserve(coordinates.size());
    for (const std::uint32_t point : m_order) {
        const auto own = coordinates.subspan(point * n_dimensions, n_dimensions);
        m_points.insert(m_points.end(), own.begin(), own.end());
    }
}

void PointTree::build(std::span<const double> coordinates, std::uint32_t begin, std::uint32_t end) {
    const std::size_t node = m_nodes.size();
    m_nodes.push_back({.begin = begin, .end = end});
    const std::size_t widest = add_box(coordinates, begin, end);
    if (end - begin <= most_points_of_leaf) {
        return;
    }
    const std::uint32_t middle = begin + (end - begin) / 2;
    const auto coordinate = [&](std::uint32_t point) { return coordinates[point * m_n_dimensions + widest]; };
    std::nth_element(m_order.begin() + begin, m_order.begin() + middle, m_order.begin() + end,
                     [&](std::uint32_t a, std::uint32_t b) { return coordinate(a) < coordinate(b); });
    build(coordinates, begin, middle);
    m_nodes[node].right = static_cast<std::uint32_t>(m_nodes.size());
    build(coordinates, middle, end);
}

std::size_t PointTree::add_box(std::span<const double> coordinates, std::uint32_t begin, std::uint32_t end) {
    const auto first = coordinates.subspan(m_order[begin] * m_n_dimensions, m_n_dimensions);
    std::vector<double> low(first.begin(), first.end());
    std::vector<double> high = low;
    for (std::uint32_t i = begin + 1; i < end; ++i) {
        const auto point = coordinates.subspan(m_order[i] * m_n_dimensions, m_n_dimensions);
        for (std::size_t d = 0; d < m_n_dimensions; ++d) {
            low[d] = std::min(low[d], point[d]);
            high[d] = std::max(high[d], point[d]);
        }
    }
    std::size_t widest = 0;
    for (std::size_t d = 1; d < m_n_dimensions; ++d) {
        if (high[d] - low[d] > high[widest] - low[widest]) {
            widest = d;
        }
    }
    m_low.insert(m_low.end(), low.begin(), low.end());
    m_high.insert(m_high.end(), high.begin(), high.end());
    return widest;
}

PointTree PointTree::subset(std::span<const std::uint8_t> wanted) const {
    PointTree part;
    part.m_n_dimensions = m_n_dimensions;
    part.m_low = m_low;
    part.m_high = m_high;
    const auto n_wanted = static_cast<std::size_t>(std::ranges::count_if(wanted, [](auto flag) { return flag != 0; }));
    part.m_order.reserve(n_wanted);
    part.m_points.reserve(n_wanted * m_n_dimensions);
    part.m_nodes.reserve(m_nodes.size());
    std::vector<std::uint32_t> kept_before(m_order.size() + 1);
    for (std::size_t place = 0; place < m_order.size(); ++place) {
        kept_before[place] = static_cast<std::uint32_t>(part.m_order.size());
        if (wanted[m_order[place]] != 0) {
            part.m_order.push_back(m_order[place]);
            part.m_points.insert(part.m_points.end(), points_from(place), points_from(place) + m_n_dimensions);
        }
    }
    kept_before.back() = static_cast<std::uint32_t>(part.m_order.size());
    for (const Node& node : m_nodes) {
        part.m_nodes.push_back({.begin = kept_before[node.begin], .end = kept_before[node.end], .right = node.right});
    }
    return part;
}

std::int64_t PointTree::memory_of(std::int64_t n_points, std::int64_t n_dimensions) {
    constexpr std::int64_t places = 2 * sizeof(std::uint32_t); // the order, and what of it is kept
    const auto n_nodes = static_cast<std::int64_t>(most_nodes(static_cast<std::size_t>(n_points)));
    return n_points * (n_dimensions * std::int64_t{sizeof(double)} + places) +
           n_nodes * (2 * n_dimensions * std::int64_t{sizeof(double)} + std::int64_t{sizeof(Node)});
}

} // namespace lcclass
