#include "sampling/ward.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace lcclass::sampling {

namespace {

/// Clusters that can still be merged, packed: a merged one takes the place of its first part, the last one the place
/// of its second.
struct ActiveClusters {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> size;
    std::vector<std::int32_t> point; ///< one of its points

    /// How much the sum of squares grows when i and j become one, times 2 (the square of ward.D2's height).
    [[nodiscard]] double distance(std::size_t i, std::size_t j) const {
        const double dx = x[i] - x[j];
        const double dy = y[i] - y[j];
        return 2 * size[i] * size[j] / (size[i] + size[j]) * (dx * dx + dy * dy);
    }

    /// The nearest cluster to `i`; `preferred` (or `i` for none) on ties, else the first.
    [[nodiscard]] std::size_t nearest(std::size_t i, std::size_t preferred, double& least) const {
        std::size_t best = preferred;
        least = preferred == i ? std::numeric_limits<double>::infinity() : distance(i, preferred);
        for (std::size_t j = 0; j < x.size(); ++j) {
            if (j != i && distance(i, j) < least) {
                least = distance(i, j);
                best = j;
            }
        }
        return best;
    }

    void merge(std::size_t i, std::size_t j) {
        const double total = size[i] + size[j];
        x[i] += (x[j] - x[i]) * (size[j] / total);
        y[i] += (y[j] - y[i]) * (size[j] / total);
        size[i] = total;
    }

    void remove_by_last(std::size_t j) {
        x[j] = x.back();
        y[j] = y.back();
        size[j] = size.back();
        point[j] = point.back();
        x.pop_back();
        y.pop_back();
        size.pop_back();
        point.pop_back();
    }
};

std::int32_t root_of(std::vector<std::int32_t>& parent, std::int32_t i) {
    while (parent[static_cast<std::size_t>(i)] != i) {
        auto& up = parent[static_cast<std::size_t>(i)];
        up = parent[static_cast<std::size_t>(up)];
        i = up;
    }
    return i;
}

} // namespace

WardTree::WardTree(const PointSet& points) : m_n_points(static_cast<std::int32_t>(points.x.size())) {
    ActiveClusters active{.x = points.x,
                          .y = points.y,
                          .size = std::vector<double>(points.x.size(), 1.0),
                          .point = std::vector<std::int32_t>(points.x.size())};
    std::iota(active.point.begin(), active.point.end(), 0);
    std::vector<std::size_t> chain;
    while (active.x.size() > 1) {
        if (chain.empty()) {
            chain.push_back(0);
        }
        const std::size_t tip = chain.back();
        const std::size_t before = chain.size() > 1 ? chain[chain.size() - 2] : tip;
        double least = 0;
        const std::size_t next = active.nearest(tip, before, least);
        if (chain.size() < 2 || next != before) {
            chain.push_back(next);
            continue;
        }
        m_merges.push_back({.height = least, .a = active.point[before], .b = active.point[tip]});
        chain.resize(chain.size() - 2);
        active.merge(before, tip);
        const std::size_t last = active.x.size() - 1;
        active.remove_by_last(tip);
        std::replace(chain.begin(), chain.end(), last, tip);
    }
    std::stable_sort(m_merges.begin(), m_merges.end(),
                     [](const Merge& a, const Merge& b) { return a.height < b.height; });
}

std::vector<std::int32_t> WardTree::cut(std::int32_t n_clusters) const {
    const auto n = static_cast<std::size_t>(m_n_points);
    std::vector<std::int32_t> parent(n);
    std::iota(parent.begin(), parent.end(), 0);
    for (std::size_t i = 0; i < n - static_cast<std::size_t>(n_clusters); ++i) {
        const std::int32_t a = root_of(parent, m_merges[i].a);
        const std::int32_t b = root_of(parent, m_merges[i].b);
        parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
    }
    std::vector<std::int32_t> number(n, -1);
    std::int32_t next = 0;
    std::vector<std::int32_t> cluster(n);
    for (std::size_t i = 0; i < n; ++i) {
        auto& of_root = number[static_cast<std::size_t>(root_of(parent, static_cast<std::int32_t>(i)))];
        of_root = of_root < 0 ? next++ : of_root;
        cluster[i] = of_root;
    }
    return cluster;
}

} // namespace lcclass::sampling
