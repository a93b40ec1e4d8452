#include "mapping/neighbor_search.h"

#include "lcclass/forest/aligned_memory.h"

#include <algorithm>
#include <limits>

namespace lcclass {

NeighborSearch::NeighborSearch(std::size_t n_dimensions)
    : m_n_dimensions(n_dimensions), m_coordinates(allocate_aligned<double>(n_dimensions * seekers_per_group)),
      m_nearest(allocate_aligned<double>(seekers_per_group)),
      m_within(allocate_aligned<std::int64_t>(seekers_per_group)), m_low(n_dimensions), m_high(n_dimensions) {}

void NeighborSearch::run(const PointTree& tree, std::size_t n_seekers, double limit) {
    // What fills whole vectors up is the last seeker again.
    for (std::size_t d = 0; d < m_n_dimensions; ++d) {
        double* const column = m_coordinates.get() + d * seekers_per_group;
        std::fill(column + n_seekers, column + seekers_per_group, column[n_seekers - 1]);
    }
    std::fill_n(m_nearest.get(), seekers_per_group, std::numeric_limits<double>::infinity());
    std::fill_n(m_within.get(), seekers_per_group, std::int64_t{0});
    find_box(n_seekers);
    if (!tree.nodes().empty()) {
        walk(tree, n_seekers, limit);
    }
}

void NeighborSearch::find_box(std::size_t n_seekers) {
    for (std::size_t d = 0; d < m_n_dimensions; ++d) {
        const double* const column = m_coordinates.get() + d * seekers_per_group;
        const auto [low, high] = std::minmax_element(column, column + n_seekers);
        m_low[d] = *low;
        m_high[d] = *high;
    }
}

/// Rounding keeps order, so what is computed as distances are, from coordinates that differ less or more, bounds them
/// to the last bit.
NeighborSearch::Bounds NeighborSearch::bounds_of(const PointTree& tree, std::uint32_t node) const {
    const double* const low = tree.low(node);
    const double* const high = tree.high(node);
    Bounds bounds;
    for (std::size_t d = 0; d < m_n_dimensions; ++d) {
        const double gap = std::max(std::max(low[d] - m_high[d], m_low[d] - high[d]), 0.0);
        const double span = std::max(high[d] - m_low[d], m_high[d] - low[d]);
        bounds.least += gap * gap;
        bounds.most += span * span;
    }
    return bounds;
}

double NeighborSearch::farthest_nearest(std::size_t n_seekers) const {
    return *std::max_element(m_nearest.get(), m_nearest.get() + n_seekers);
}

/// The nearer child is left on top.
void NeighborSearch::push_children(const PointTree& tree, std::uint32_t node) {
    Visit left = {.node = node + 1, .bounds = bounds_of(tree, node + 1)};
    Visit right = {.node = tree.nodes()[node].right, .bounds = bounds_of(tree, tree.nodes()[node].right)};
    if (left.bounds.least < right.bounds.least ||
        (left.bounds.least == right.bounds.least && left.bounds.most < right.bounds.most)) {
        std::swap(left, right);
    }
    m_visits.push_back(left);
    m_visits.push_back(right);
}

void NeighborSearch::walk(const PointTree& tree, std::size_t n_seekers, double limit) {
    const SeekerGroup group = {
        .coordinates = m_coordinates.get(), .nearest = m_nearest.get(), .within = m_within.get(), .limit = limit};
    double farthest = std::numeric_limits<double>::infinity();
    std::int64_t within_all = 0;
    m_visits.assign(1, {.node = 0, .bounds = bounds_of(tree, 0)});
    while (!m_visits.empty()) {
        const auto [at, bounds] = m_visits.back();
        m_visits.pop_back();
        const PointTree::Node& node = tree.nodes()[at];
        const bool may_be_nearer = bounds.least < farthest;
        if (node.size() == 0 || (!may_be_nearer && bounds.least > limit)) {
            continue;
        }
        if (!may_be_nearer && bounds.most <= limit) {
            within_all += node.size();
        } else if (node.is_leaf()) {
            show_points(group, n_seekers, tree.points_from(node.begin), node.size(), m_n_dimensions);
            farthest = farthest_nearest(n_seekers);
        } else {
            push_children(tree, at);
        }
    }
    for (std::size_t i = 0; i < n_seekers; ++i) {
        m_within[i] += within_all;
    }
}

} // namespace lcclass
