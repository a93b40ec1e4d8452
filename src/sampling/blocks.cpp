#include "sampling/blocks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace lcclass::sampling {

namespace {

/// The cells along one axis: numpy.arange(first, last + size, size) without its last value.
class Axis {
public:
    Axis(std::span<const double> values, double size) : m_size(size) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        m_first = *low;
        // numpy multiplies the difference of the first two values, not the step itself.
        m_step = (m_first + size) - m_first;
        m_count = std::max(1.0, std::ceil((*high + size - m_first) / size) - 1);
    }

    [[nodiscard]] double count() const { return m_count; }
    [[nodiscard]] double low(std::int64_t i) const { return m_first + static_cast<double>(i) * m_step; }
    [[nodiscard]] double high(std::int64_t i) const { return low(i) + m_size; }

    /// First and last cell that `value` touches: two on a shared edge, else one. A value that rounding left outside
    /// of all cells belongs to the nearest.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> touched(double value) const {
        const auto last = static_cast<std::int64_t>(m_count) - 1;
        const auto guess = std::clamp<std::int64_t>(static_cast<std::int64_t>((value - m_first) / m_size), 0, last);
        std::int64_t from = last + 1;
        std::int64_t to = -1;
        for (std::int64_t i = std::max<std::int64_t>(0, guess - 1); i <= std::min(last, guess + 1); ++i) {
            if (low(i) <= value && value <= high(i)) {
                from = std::min(from, i);
                to = i;
            }
        }
        return to < 0 ? std::pair{guess, guess} : std::pair{from, to};
    }

private:
    double m_size;
    double m_first = 0;
    double m_step = 0;
    double m_count = 0;
};

using Cell = std::pair<std::int64_t, std::int64_t>; ///< column, row (hexagons: row, column): sorts in cell order

/// The index into `kept` of every cell in `home`.
std::vector<std::int32_t> positions_in(const std::vector<Cell>& kept, const std::vector<Cell>& home) {
    std::vector<std::int32_t> positions;
    positions.reserve(home.size());
    for (const Cell& cell : home) {
        const auto at = std::lower_bound(kept.begin(), kept.end(), cell);
        positions.push_back(static_cast<std::int32_t>(at - kept.begin()));
    }
    return positions;
}

/// The centres of hexagons around the origin, in rows.
struct HexagonLattice {
    double size;

    [[nodiscard]] double row_height() const { return size * std::sqrt(3.0) / 2; }
    [[nodiscard]] double centre_x(const Cell& cell) const {
        return (static_cast<double>(cell.second) + (cell.first % 2 == 0 ? 0.0 : 0.5)) * size;
    }
    [[nodiscard]] double centre_y(const Cell& cell) const { return static_cast<double>(cell.first) * row_height(); }

    [[nodiscard]] Cell nearest(double x, double y) const {
        const auto row = static_cast<std::int64_t>(std::floor(y / row_height()));
        Cell best;
        double least = std::numeric_limits<double>::infinity();
        for (std::int64_t r = row; r <= row + 1; ++r) {
            const auto column = static_cast<std::int64_t>(std::floor(x / size - (r % 2 == 0 ? 0.0 : 0.5)));
            for (std::int64_t c = column; c <= column + 1; ++c) {
                const double dx = x - centre_x({r, c});
                const double dy = y - centre_y({r, c});
                if (dx * dx + dy * dy < least) {
                    least = dx * dx + dy * dy;
                    best = {r, c};
                }
            }
        }
        return best;
    }
};

} // namespace

BlockLayout make_blocks(std::span<const double> x, std::span<const double> y, double size) {
    const Axis columns(x, size);
    const Axis rows(y, size);
    std::vector<Cell> kept;
    std::vector<Cell> home(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto [first_column, last_column] = columns.touched(x[i]);
        const auto [first_row, last_row] = rows.touched(y[i]);
        home[i] = {first_column, first_row};
        for (std::int64_t column = first_column; column <= last_column; ++column) {
            for (std::int64_t row = first_row; row <= last_row; ++row) {
                kept.emplace_back(column, row);
            }
        }
    }
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    BlockLayout layout;
    layout.n_grid_cells = static_cast<std::int64_t>(columns.count()) * static_cast<std::int64_t>(rows.count());
    for (const auto& [column, row] : kept) {
        layout.cells.push_back({columns.low(column), rows.low(row), columns.high(column), rows.high(row)});
    }
    layout.of_point = positions_in(kept, home);
    return layout;
}

BlockLayout make_hexagons(std::span<const double> x, std::span<const double> y, double size) {
    const double west = *std::min_element(x.begin(), x.end());
    const double south = *std::min_element(y.begin(), y.end());
    const HexagonLattice lattice{size};
    std::vector<Cell> home;
    home.reserve(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        home.push_back(lattice.nearest(x[i] - west, y[i] - south));
    }
    std::vector<Cell> kept = home;
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    BlockLayout layout{.n_grid_cells = std::ssize(kept), .cells = {}, .of_point = positions_in(kept, home)};
    const double half_height = size / std::sqrt(3.0);
    for (const Cell& cell : kept) {
        const double cx = west + lattice.centre_x(cell);
        const double cy = south + lattice.centre_y(cell);
        layout.cells.push_back({cx - size / 2, cy - half_height, cx + size / 2, cy + half_height});
    }
    return layout;
}

double cells_along_longest_axis(std::span<const double> x, std::span<const double> y, double size) {
    return std::max(Axis(x, size).count(), Axis(y, size).count());
}

} // namespace lcclass::sampling
