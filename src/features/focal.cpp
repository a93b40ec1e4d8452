#include "features/focal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

// What is known of a part of a window. One that is made of nothing is neutral: merged with another it gives the other,
// to the bit.

struct Sum {
    double n = 0;
    double sum = 0;

    static Sum of(float value) { return {1, static_cast<double>(value)}; }
    friend Sum merge(const Sum& a, const Sum& b) { return {a.n + b.n, a.sum + b.sum}; }
};

/// Sums of squares around each part's own mean (Chan, Golub and LeVeque 1983): nothing large is ever subtracted.
struct Moments {
    double n = 0;
    double mean = 0;
    double squares = 0;

    static Moments of(float value) { return {1, static_cast<double>(value), 0}; }
    friend Moments merge(const Moments& a, const Moments& b) {
        const double both = a.n + b.n;
        const double share = b.n / std::max(both, 1.0);
        const double step = b.mean - a.mean;
        return {both, a.mean + step * share, a.squares + b.squares + step * step * a.n * share};
    }
};

struct Extremes {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();

    static Extremes of(float value) { return {value, value}; }
    friend Extremes merge(const Extremes& a, const Extremes& b) {
        return {std::min(a.low, b.low), std::max(a.high, b.high)};
    }
};

std::int64_t place_in_chunk(std::int64_t position, std::int64_t size) {
    return ((position % size) + size) % size;
}

// Windows by van Herk's scheme (1992): positions of the grid are cut into chunks of the window's size; a window is the
// end of one chunk and the beginning of the next. Chunks begin at multiples of the size, wherever the plane begins:
// this is what makes values the same in every block.

/// Merges every window of `size` parts of `line`, whose first part is at position `first` of the grid.
/// `ends` is for scratch.
template <class Part>
void merge_along(const std::vector<Part>& line, std::int64_t first, std::int64_t size, std::vector<Part>& ends,
                 std::vector<Part>& windows) {
    const auto n = static_cast<std::int64_t>(line.size());
    const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i); };
    ends.resize(line.size());
    std::int64_t place = place_in_chunk(first + n - 1, size);
    for (std::int64_t i = n - 1; i >= 0; --i) {
        ends[at(i)] = i == n - 1 || place == size - 1 ? line[at(i)] : merge(line[at(i)], ends[at(i + 1)]);
        place = place == 0 ? size - 1 : place - 1;
    }
    Part beginning;
    place = place_in_chunk(first, size);
    for (std::int64_t i = 0; i < n; ++i) {
        beginning = place == 0 ? line[at(i)] : merge(beginning, line[at(i)]);
        if (const std::int64_t start = i - size + 1; start >= 0) {
            windows[at(start)] = place == size - 1 ? beginning : merge(ends[at(start)], beginning);
        }
        place = place == size - 1 ? 0 : place + 1;
    }
}

/// The same down the columns, a row at a time: keeps `size` rows.
template <class Part>
class ColumnWindows {
public:
    ColumnWindows(std::int64_t size, std::int64_t width)
        : m_size(size), m_rows(static_cast<std::size_t>(size), std::vector<Part>(static_cast<std::size_t>(width))),
          m_beginning(static_cast<std::size_t>(width)) {}

    /// Takes the row at position `y` of the grid, the next one of the last, and writes the windows that end with it:
    /// complete from the size-th row on. `windows` is not `row`.
    void push(std::int64_t y, const std::vector<Part>& row, std::vector<Part>& windows) {
        const std::int64_t place = place_in_chunk(y, m_size);
        if (place == 0) {
            m_beginning = row;
        } else {
            merge_into(m_beginning, row, m_beginning);
        }
        // Rows after this place still hold the ends of the last chunk; this one is needed no more.
        if (place == m_size - 1) {
            windows = m_beginning;
        } else {
            merge_into(m_rows[static_cast<std::size_t>(place + 1)], m_beginning, windows);
        }
        m_rows[static_cast<std::size_t>(place)] = row;
        if (place == m_size - 1) {
            for (std::size_t i = m_rows.size() - 1; i-- > 0;) {
                merge_into(m_rows[i], m_rows[i + 1], m_rows[i]);
            }
        }
    }

private:
    static void merge_into(const std::vector<Part>& a, const std::vector<Part>& b, std::vector<Part>& result) {
        for (std::size_t x = 0; x < result.size(); ++x) {
            result[x] = merge(a[x], b[x]);
        }
    }

    std::int64_t m_size;
    std::vector<std::vector<Part>> m_rows;
    std::vector<Part> m_beginning;
};

/// Row `y` of the grid from column `first` on; nothing where there is no pixel, or one without a value.
template <class Part>
void fill_line(const PlaneView& in, std::int64_t y, std::int64_t first, std::vector<Part>& line) {
    std::fill(line.begin(), line.end(), Part{});
    if (y < in.window.y || y >= in.window.y + in.window.height) {
        return;
    }
    const std::int64_t begin = std::max(first, in.window.x);
    const std::int64_t end = std::min(first + static_cast<std::int64_t>(line.size()), in.window.x + in.window.width);
    const std::span<const float> row = in.row(y);
    for (std::int64_t x = begin; x < end; ++x) {
        const float value = row[static_cast<std::size_t>(x - in.window.x)];
        if (!std::isnan(value)) {
            line[static_cast<std::size_t>(x - first)] = Part::of(value);
        }
    }
}

/// Writes `finish(Part of the window)`, a float, where the centre has a value.
template <class Part, class Finish>
void slide(std::int64_t size, const PlaneView& in, const PlaneOut& out, const Finish& finish) {
    const std::int64_t radius = size / 2;
    const Window& area = out.window;
    std::vector<Part> line(static_cast<std::size_t>(area.width + 2 * radius));
    std::vector<Part> ends;
    std::vector<Part> runs(static_cast<std::size_t>(area.width));
    std::vector<Part> windows(runs.size());
    ColumnWindows<Part> columns(size, area.width);
    for (std::int64_t last = area.y - radius; last < area.y + area.height + radius; ++last) {
        fill_line(in, last, area.x - radius, line);
        merge_along(line, area.x - radius, size, ends, runs);
        columns.push(last, runs, windows);
        const std::int64_t y = last - radius;
        if (y < area.y) {
            continue;
        }
        const auto centers = in.row(y).subspan(static_cast<std::size_t>(area.x - in.window.x), windows.size());
        const auto row = out.row(y);
        for (std::size_t x = 0; x < windows.size(); ++x) {
            row[x] = std::isnan(centers[x]) ? no_value : finish(windows[x]);
        }
    }
}

} // namespace

void focal(FocalStatistic statistic, int size, const PlaneView& in, const PlaneOut& out) {
    switch (statistic) {
    case FocalStatistic::mean:
        return slide<Sum>(size, in, out, [](const Sum& w) { return static_cast<float>(w.sum / w.n); });
    case FocalStatistic::sd:
        return slide<Moments>(size, in, out,
                              [](const Moments& w) { return static_cast<float>(std::sqrt(w.squares / w.n)); });
    case FocalStatistic::min:
        return slide<Extremes>(size, in, out, [](const Extremes& w) { return w.low; });
    case FocalStatistic::max:
        return slide<Extremes>(size, in, out, [](const Extremes& w) { return w.high; });
    case FocalStatistic::range:
        return slide<Extremes>(size, in, out, [](const Extremes& w) { return w.high - w.low; });
    }
}

} // namespace lcclass
