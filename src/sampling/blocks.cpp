#include "sampling/blocks.h"

#include <algorithm>
#include <cmath>
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

using Cell = std::pair<std::int64_t, std::int64_t>; ///< column, row: sorts in cell order

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
    for (const Cell& cell : home) {
        const auto at = std::lower_bound(kept.begin(), kept.end(), cell);
        layout.of_point.push_back(static_cast<std::int32_t>(at - kept.begin()));
    }
    return layout;
}

double cells_along_longest_axis(std::span<const double> x, std::span<const double> y, double size) {
    return std::max(Axis(x, size).count(), Axis(y, size).count());
}

} // namespace lcclass::sampling
