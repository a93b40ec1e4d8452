#include "geo/pixel_outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>

namespace lcclass {

namespace {

using Corner = std::pair<std::int64_t, std::int64_t>; ///< x, y

/// A step along the outline, with the pixels on its right.
struct Edge {
    Corner from;
    Corner to;
    bool used = false;

    [[nodiscard]] Corner direction() const {
        const auto sign = [](std::int64_t d) { return static_cast<std::int64_t>((d > 0) - (d < 0)); };
        return {sign(to.first - from.first), sign(to.second - from.second)};
    }
};

/// Where the pixels of a row begin and end.
std::vector<std::int64_t> ends_of(std::span<const PixelRun> row) {
    std::vector<std::int64_t> ends;
    for (const PixelRun& run : row) {
        ends.push_back(run.first);
        ends.push_back(run.last);
    }
    return ends;
}

bool inside(const std::vector<std::int64_t>& ends, std::int64_t x) {
    const auto after = std::ranges::upper_bound(ends, x) - ends.begin();
    return after % 2 == 1;
}

/// Edges between two rows, where pixels are in one of them only.
void add_edges_between(const std::vector<std::int64_t>& above, const std::vector<std::int64_t>& below, std::int64_t y,
                       std::vector<Edge>& edges) {
    std::vector<std::int64_t> cuts = above;
    cuts.insert(cuts.end(), below.begin(), below.end());
    std::ranges::sort(cuts);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const bool is_above = inside(above, cuts[i]);
        const bool is_below = inside(below, cuts[i]);
        if (is_below && !is_above) {
            edges.push_back({.from = {cuts[i], y}, .to = {cuts[i + 1], y}});
        } else if (is_above && !is_below) {
            edges.push_back({.from = {cuts[i + 1], y}, .to = {cuts[i], y}});
        }
    }
}

std::vector<Edge> edges_of(std::span<const PixelRun> runs) {
    std::vector<Edge> edges;
    std::vector<std::int64_t> above;
    std::int64_t last_row = 0;
    for (std::size_t begin = 0; begin < runs.size();) {
        const std::int64_t row = runs[begin].row;
        std::size_t end = begin;
        for (; end < runs.size() && runs[end].row == row; ++end) {
            edges.push_back({.from = {runs[end].first, row + 1}, .to = {runs[end].first, row}});
            edges.push_back({.from = {runs[end].last, row}, .to = {runs[end].last, row + 1}});
        }
        if (row != last_row + 1) {
            add_edges_between(above, {}, last_row + 1, edges);
            above.clear();
        }
        std::vector<std::int64_t> here = ends_of(runs.subspan(begin, end - begin));
        add_edges_between(above, here, row, edges);
        above = std::move(here);
        last_row = row;
        begin = end;
    }
    add_edges_between(above, {}, last_row + 1, edges);
    std::ranges::sort(edges, {}, [](const Edge& edge) { return std::pair(edge.from, edge.to); });
    return edges;
}

/// The unused edge that begins where `edge` ends; of two, the one that turns right, which keeps apart what touches at a
/// corner only.
std::optional<std::size_t> next_edge(const std::vector<Edge>& edges, const Edge& edge) {
    const auto first = std::ranges::lower_bound(edges, edge.to, {}, &Edge::from);
    const Corner along = edge.direction();
    const Corner right = {-along.second, along.first};
    std::optional<std::size_t> next;
    for (auto at = first; at != edges.end() && at->from == edge.to; ++at) {
        if (!at->used && (!next || at->direction() == right)) {
            next = static_cast<std::size_t>(at - edges.begin());
        }
    }
    return next;
}

} // namespace

std::vector<OutlineRing> outline_of(std::span<const PixelRun> runs) {
    std::vector<OutlineRing> rings;
    if (runs.empty()) {
        return rings;
    }
    std::vector<Edge> edges = edges_of(runs);
    for (std::size_t start = 0; start < edges.size(); ++start) {
        if (edges[start].used) {
            continue;
        }
        std::vector<Edge> path;
        for (std::optional<std::size_t> at = start; at; at = next_edge(edges, edges[*at])) {
            edges[*at].used = true;
            path.push_back(edges[*at]);
        }
        OutlineRing ring;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const Edge& before = path[(i + path.size() - 1) % path.size()];
            if (before.direction() != path[i].direction()) {
                ring.emplace_back(path[i].from.first, path[i].from.second);
            }
        }
        rings.push_back(std::move(ring));
    }
    return rings;
}

namespace {

double distance_to_line(const std::pair<double, double>& p, const std::pair<double, double>& a,
                        const std::pair<double, double>& b) {
    const double dx = b.first - a.first;
    const double dy = b.second - a.second;
    const double length = std::hypot(dx, dy);
    if (length == 0) {
        return std::hypot(p.first - a.first, p.second - a.second);
    }
    const double along = ((p.first - a.first) * dx + (p.second - a.second) * dy) / (length * length);
    const double t = std::clamp(along, 0.0, 1.0);
    return std::hypot(p.first - a.first - t * dx, p.second - a.second - t * dy);
}

/// Marks the corners between `first` and `last` that are needed.
void mark_needed(const OutlineRing& line, std::size_t first, std::size_t last, double tolerance,
                 std::vector<bool>& needed) {
    std::vector<std::pair<std::size_t, std::size_t>> open = {{first, last}};
    while (!open.empty()) {
        const auto [from, to] = open.back();
        open.pop_back();
        std::size_t furthest = from;
        double most = tolerance;
        for (std::size_t i = from + 1; i < to; ++i) {
            const double distance = distance_to_line(line[i], line[from], line[to]);
            if (distance > most) {
                most = distance;
                furthest = i;
            }
        }
        if (furthest != from) {
            needed[furthest] = true;
            open.emplace_back(from, furthest);
            open.emplace_back(furthest, to);
        }
    }
}

} // namespace

OutlineRing simplified(const OutlineRing& ring, double tolerance) {
    if (tolerance <= 0 || ring.size() < 4) {
        return ring;
    }
    OutlineRing line = ring;
    line.push_back(ring.front());
    std::size_t opposite = 1; // a closed line is cut where it is furthest from its first corner
    double most = 0;
    for (std::size_t i = 1; i < ring.size(); ++i) {
        const double distance = std::hypot(ring[i].first - ring[0].first, ring[i].second - ring[0].second);
        if (distance > most) {
            most = distance;
            opposite = i;
        }
    }
    std::vector<bool> needed(line.size(), false);
    needed[0] = true;
    needed[opposite] = true;
    mark_needed(line, 0, opposite, tolerance, needed);
    mark_needed(line, opposite, ring.size(), tolerance, needed);
    OutlineRing out;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        if (needed[i]) {
            out.push_back(ring[i]);
        }
    }
    return out.size() < 3 ? OutlineRing() : out;
}

} // namespace lcclass
