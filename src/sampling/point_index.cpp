#include "sampling/point_index.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace lcclass::sampling {

namespace {

constexpr std::int32_t leaf_size = 8;
constexpr std::int32_t mixed = -1; ///< label of a node whose points have several

double squared_distance_to(const Bounds& box, double x, double y) {
    const double dx = std::max({box.min_x - x, 0.0, x - box.max_x});
    const double dy = std::max({box.min_y - y, 0.0, y - box.max_y});
    return dx * dx + dy * dy;
}

} // namespace

struct PointIndex::Search {
    double x = 0;
    double y = 0;
    double best; ///< squared distance of what was found so far, or how far to look at most
    bool found = false;
    std::span<const std::int32_t> label; ///< empty: all points count
    std::span<const std::int32_t> node_label;
    std::int32_t own_label = 0;

    /// After the first find only what is nearer counts: many points at one place are not looked at one by one.
    [[nodiscard]] bool takes(double squared) const { return found ? squared < best : squared <= best; }
};

PointIndex::PointIndex(PointSet points) : m_points(std::move(points)), m_order(m_points.x.size()) {
    std::iota(m_order.begin(), m_order.end(), 0);
    if (!m_order.empty()) {
        build(0, static_cast<std::int32_t>(m_order.size()));
    }
}

Bounds PointIndex::box_of(std::int32_t begin, std::int32_t end) const {
    constexpr double inf = std::numeric_limits<double>::infinity();
    Bounds box{inf, inf, -inf, -inf};
    for (std::int32_t i = begin; i < end; ++i) {
        const auto p = static_cast<std::size_t>(m_order[static_cast<std::size_t>(i)]);
        box = {std::min(box.min_x, m_points.x[p]), std::min(box.min_y, m_points.y[p]),
               std::max(box.max_x, m_points.x[p]), std::max(box.max_y, m_points.y[p])};
    }
    return box;
}

std::int32_t PointIndex::build(std::int32_t begin, std::int32_t end) {
    const auto at = static_cast<std::int32_t>(m_nodes.size());
    const Bounds box = box_of(begin, end);
    m_nodes.push_back({.box = box, .begin = begin, .end = end, .right = -1});
    if (end - begin > leaf_size) {
        const auto& axis = box.max_x - box.min_x >= box.max_y - box.min_y ? m_points.x : m_points.y;
        const std::int32_t middle = begin + (end - begin) / 2;
        const auto order = m_order.begin();
        std::nth_element(order + begin, order + middle, order + end, [&](std::int32_t a, std::int32_t b) {
            return axis[static_cast<std::size_t>(a)] < axis[static_cast<std::size_t>(b)];
        });
        build(begin, middle);
        const std::int32_t right = build(middle, end);
        m_nodes[static_cast<std::size_t>(at)].right = right;
    }
    return at;
}

void PointIndex::search(std::size_t at, Search& query) const {
    const Node& node = m_nodes[at];
    const bool own = !query.label.empty() && query.node_label[at] == query.own_label;
    if (own || !query.takes(squared_distance_to(node.box, query.x, query.y))) {
        return;
    }
    if (node.right < 0) {
        for (std::int32_t i = node.begin; i < node.end; ++i) {
            const auto p = static_cast<std::size_t>(m_order[static_cast<std::size_t>(i)]);
            const double dx = m_points.x[p] - query.x;
            const double dy = m_points.y[p] - query.y;
            const double squared = dx * dx + dy * dy;
            if (query.takes(squared) && (query.label.empty() || query.label[p] != query.own_label)) {
                query.best = squared;
                query.found = true;
            }
        }
        return;
    }
    std::size_t near = at + 1;
    auto far = static_cast<std::size_t>(node.right);
    if (squared_distance_to(m_nodes[far].box, query.x, query.y) <
        squared_distance_to(m_nodes[near].box, query.x, query.y)) {
        std::swap(near, far);
    }
    search(near, query);
    search(far, query);
}

double PointIndex::nearest(double x, double y, double limit) const {
    Search query{.x = x, .y = y, .best = limit * limit};
    if (!m_nodes.empty()) {
        search(0, query);
    }
    return query.found ? std::sqrt(query.best) : std::numeric_limits<double>::infinity();
}

std::vector<std::int32_t> PointIndex::labels_of_nodes(std::span<const std::int32_t> label) const {
    std::vector<std::int32_t> result(m_nodes.size());
    for (std::size_t at = m_nodes.size(); at-- > 0;) { // children come after their parent
        const Node& node = m_nodes[at];
        const auto label_at = [&](std::int32_t i) {
            return label[static_cast<std::size_t>(m_order[static_cast<std::size_t>(i)])];
        };
        if (node.right >= 0) {
            const std::int32_t left = result[at + 1];
            result[at] = left == result[static_cast<std::size_t>(node.right)] ? left : mixed;
            continue;
        }
        result[at] = label_at(node.begin);
        for (std::int32_t i = node.begin; i < node.end; ++i) {
            result[at] = label_at(i) == result[at] ? result[at] : mixed;
        }
    }
    return result;
}

std::vector<double> PointIndex::nearest_of_other_label(std::span<const std::int32_t> label) const {
    const std::vector<std::int32_t> node_label = labels_of_nodes(label);
    std::vector<double> result(m_points.x.size(), std::numeric_limits<double>::infinity());
    // In the order of the tree, neighbours are searched for together and their nodes stay in the cache.
    for (const std::int32_t p : m_order) {
        const auto i = static_cast<std::size_t>(p);
        Search query{.x = m_points.x[i],
                     .y = m_points.y[i],
                     .best = std::numeric_limits<double>::infinity(),
                     .label = label,
                     .node_label = node_label,
                     .own_label = label[i]};
        search(0, query);
        result[i] = query.found ? std::sqrt(query.best) : result[i];
    }
    return result;
}

} // namespace lcclass::sampling
