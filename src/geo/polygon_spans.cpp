#include "geo/polygon_spans.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

/// Where a boundary crosses the centre line of a row.
struct Crossing {
    std::int32_t row = 0;
    std::int32_t column = 0;
};

/// `value` as an integer within [0, limit], whatever its size.
std::int32_t clamp_index(double value, std::int32_t limit) {
    return static_cast<std::int32_t>(std::clamp(value, 0.0, static_cast<double>(limit)));
}

bool by_position(const PixelSpan& a, const PixelSpan& b) {
    return a.row != b.row ? a.row < b.row : a.first < b.first;
}

/// Sorts and joins spans that overlap or touch.
void normalize(std::vector<PixelSpan>& spans) {
    std::sort(spans.begin(), spans.end(), by_position);
    std::size_t kept = 0;
    for (const PixelSpan& span : spans) {
        if (kept > 0 && spans[kept - 1].row == span.row && span.first <= spans[kept - 1].last) {
            spans[kept - 1].last = std::max(spans[kept - 1].last, span.last);
        } else {
            spans[kept++] = span;
        }
    }
    spans.resize(kept);
}

void add_span(std::vector<PixelSpan>& spans, std::int32_t row, double first, double last, const PixelFrame& frame) {
    const PixelSpan span{.row = row, .first = clamp_index(first, frame.width), .last = clamp_index(last, frame.width)};
    if (span.first < span.last) {
        spans.push_back(span);
    }
}

/// True when the ring runs clockwise on the screen (y down).
bool is_clockwise(const PixelRing& ring) {
    double twice_area = 0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        // Relative to the first vertex, so that far rings keep their digits.
        twice_area += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
                      (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    }
    return twice_area >= 0;
}

/// GDAL turns rings clockwise and then fills a horizontal edge that lies on a line of centres and runs from right to
/// left. Requires: `from` and `to` in clockwise order.
void burn_horizontal(const PixelPoint& from, const PixelPoint& to, const PixelFrame& frame,
                     std::vector<PixelSpan>& spans) {
    const double row = from.y - 0.5;
    if (row != std::floor(row) || row < 0 || row >= frame.height || from.x <= to.x) {
        return;
    }
    add_span(spans, static_cast<std::int32_t>(row), std::floor(to.x + 0.5), std::floor(from.x + 0.5), frame);
}

void cross_rows(const PixelPoint& upper, const PixelPoint& lower, const PixelFrame& frame,
                std::vector<Crossing>& crossings) {
    const std::int32_t first = clamp_index(std::ceil(upper.y - 0.5), frame.height);
    const std::int32_t last = clamp_index(std::ceil(lower.y - 0.5), frame.height);
    for (std::int32_t row = first; row < last; ++row) {
        const double y = row + 0.5;
        // The order of operations is GDAL's, so that ties fall alike.
        const double x = (y - upper.y) * (lower.x - upper.x) / (lower.y - upper.y) + upper.x;
        crossings.push_back({.row = row, .column = clamp_index(std::floor(x + 0.5), frame.width)});
    }
}

void burn_centres(const PixelPolygon& polygon, const PixelFrame& frame, std::vector<PixelSpan>& spans) {
    std::vector<Crossing> crossings;
    for (const PixelRing& ring : polygon.rings) {
        const bool clockwise = is_clockwise(ring);
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const PixelPoint& from = ring[i == 0 ? ring.size() - 1 : i - 1];
            const PixelPoint& to = ring[i];
            if (from.y == to.y) {
                burn_horizontal(clockwise ? from : to, clockwise ? to : from, frame, spans);
            } else if (from.y < to.y) {
                cross_rows(from, to, frame, crossings);
            } else {
                cross_rows(to, from, frame, crossings);
            }
        }
    }
    std::sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) {
        return a.row != b.row ? a.row < b.row : a.column < b.column;
    });
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        add_span(spans, crossings[i].row, crossings[i].column, crossings[i + 1].column, frame);
    }
}

/// The pixels whose interior the edge crosses; an edge along a pixel border crosses none.
void touch_edge(const PixelPoint& a, const PixelPoint& b, const PixelFrame& frame, std::vector<PixelSpan>& spans) {
    const PixelPoint& upper = a.y <= b.y ? a : b;
    const PixelPoint& lower = a.y <= b.y ? b : a;
    if (upper.y == lower.y) {
        const double row = std::floor(upper.y);
        if (row != upper.y && row >= 0 && row < frame.height) {
            add_span(spans, static_cast<std::int32_t>(row), std::floor(std::min(a.x, b.x)),
                     std::ceil(std::max(a.x, b.x)), frame);
        }
        return;
    }
    const double slope = (lower.x - upper.x) / (lower.y - upper.y);
    const std::int32_t first = clamp_index(std::floor(upper.y), frame.height);
    const std::int32_t last = clamp_index(std::ceil(lower.y), frame.height);
    for (std::int32_t row = first; row < last; ++row) {
        const double top = upper.y >= row ? upper.x : upper.x + (row - upper.y) * slope;
        const double bottom = lower.y <= row + 1 ? lower.x : upper.x + (row + 1 - upper.y) * slope;
        add_span(spans, row, std::floor(std::min(top, bottom)), std::ceil(std::max(top, bottom)), frame);
    }
}

void burn_touched(const PixelPolygon& polygon, const PixelFrame& frame, std::vector<PixelSpan>& spans) {
    for (const PixelRing& ring : polygon.rings) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            touch_edge(ring[i == 0 ? ring.size() - 1 : i - 1], ring[i], frame, spans);
        }
    }
}

/// One row of spans, with where the next begins.
struct Row {
    std::span<const PixelSpan> spans;
    std::size_t end = 0;
};

Row row_at(std::span<const PixelSpan> spans, std::size_t begin) {
    std::size_t end = begin;
    while (end < spans.size() && spans[end].row == spans[begin].row) {
        ++end;
    }
    return {.spans = spans.subspan(begin, end - begin), .end = end};
}

/// What two sorted rows have in common, with the row number of `a`.
std::vector<PixelSpan> intersect(std::span<const PixelSpan> a, std::span<const PixelSpan> b) {
    std::vector<PixelSpan> result;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const std::int32_t first = std::max(a[i].first, b[j].first);
        const std::int32_t last = std::min(a[i].last, b[j].last);
        if (first < last) {
            result.push_back({.row = a[i].row, .first = first, .last = last});
        }
        (a[i].last < b[j].last ? i : j) += 1;
    }
    return result;
}

std::vector<PixelSpan> shrink(std::span<const PixelSpan> row, const PixelFrame& frame) {
    std::vector<PixelSpan> result;
    for (PixelSpan span : row) {
        span.first += span.first > 0 ? 1 : 0;
        span.last -= span.last < frame.width ? 1 : 0;
        if (span.first < span.last) {
            result.push_back(span);
        }
    }
    return result;
}

} // namespace

std::vector<PixelSpan> burn(std::span<const PixelPolygon> parts, const PixelFrame& frame, bool all_touched) {
    std::vector<PixelSpan> spans;
    for (const PixelPolygon& part : parts) {
        burn_centres(part, frame, spans);
        if (all_touched) {
            burn_touched(part, frame, spans);
        }
    }
    normalize(spans);
    return spans;
}

std::vector<PixelSpan> erode_once(std::span<const PixelSpan> spans, const PixelFrame& frame) {
    std::vector<PixelSpan> result;
    std::span<const PixelSpan> above;
    for (std::size_t begin = 0; begin < spans.size();) {
        const Row here = row_at(spans, begin);
        const std::int32_t row = here.spans[0].row;
        const Row below = here.end < spans.size() ? row_at(spans, here.end) : Row{};
        std::vector<PixelSpan> kept = shrink(here.spans, frame);
        if (row > 0) {
            const bool adjacent = !above.empty() && above[0].row == row - 1;
            kept = adjacent ? intersect(kept, above) : std::vector<PixelSpan>();
        }
        if (row + 1 < frame.height) {
            const bool adjacent = !below.spans.empty() && below.spans[0].row == row + 1;
            kept = adjacent ? intersect(kept, below.spans) : std::vector<PixelSpan>();
        }
        result.insert(result.end(), kept.begin(), kept.end());
        above = here.spans;
        begin = here.end;
    }
    return result;
}

std::int64_t count_pixels(std::span<const PixelSpan> spans) {
    std::int64_t n = 0;
    for (const PixelSpan& span : spans) {
        n += span.last - span.first;
    }
    return n;
}

} // namespace lcclass
