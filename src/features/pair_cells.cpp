#include "features/pair_cells.h"

#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

/// Cells of the lower triangle, row by row.
std::size_t cell_of(std::size_t i, std::size_t j) {
    const auto [low, high] = std::minmax(i, j);
    return high * (high + 1) / 2 + low;
}

/// What `n` pairs in one cell add to the sums; off the diagonal there are two cells of n.
CellSums worth_of(std::int64_t n, bool is_diagonal) {
    const std::int64_t count = is_diagonal ? 2 * n : n;
    const std::int64_t cells = is_diagonal ? 1 : 2;
    const double log = x_log_x(static_cast<double>(count)) * static_cast<double>(cells);
    return {cells * count * count, std::llround(log * cell_log_unit)};
}

std::vector<CellSums> gains_by_state(std::int64_t most_pairs) {
    std::vector<CellSums> gains;
    for (const bool is_diagonal : {false, true}) {
        for (std::int64_t n = 0; n < most_pairs; ++n) {
            const CellSums before = worth_of(n, is_diagonal);
            const CellSums after = worth_of(n + 1, is_diagonal);
            gains.push_back({after.squares - before.squares, after.logs - before.logs});
        }
    }
    gains.resize(gains.size() + static_cast<std::size_t>(most_pairs)); // pairs that lack a level
    return gains;
}

} // namespace

PairCells::PairCells(const TextureOptions& options, const LevelPlane& levels) : m_levels(&levels) {
    const auto n_levels = static_cast<std::size_t>(options.levels);
    const int most_pairs = options.size * options.size;
    m_gains = gains_by_state(most_pairs);
    m_missing = static_cast<std::uint16_t>(cell_of(n_levels, 0));
    std::vector<State> empty(std::size_t{m_missing} + 1, State{0});
    for (std::size_t i = 0; i < n_levels; ++i) {
        empty[cell_of(i, i)] = static_cast<State>(most_pairs);
    }
    empty[m_missing] = static_cast<State>(2 * most_pairs);
    const auto directions = pair_directions(options.distance);
    for (std::size_t d = 0; d < n_pair_directions; ++d) {
        Direction& to = m_directions[d];
        to.direction = directions[d];
        to.rows = to.direction.rows(options.size);
        to.columns = to.direction.columns(options.size);
        const std::int64_t n_columns = levels.width() - (options.size - to.columns);
        to.strip.assign(static_cast<std::size_t>(n_columns * to.rows), m_missing);
        to.cells = empty;
        for (int y = 0; y + 1 < to.rows; ++y) {
            fill_strip(to, y);
        }
    }
}

/// Puts the pairs of row `y` in the place of those that leave: the order in a column does not matter.
void PairCells::fill_strip(Direction& direction, std::int64_t y) const {
    const std::int16_t* a = m_levels->row(y) + direction.direction.first;
    const std::int16_t* b = m_levels->row(y + direction.direction.down) + direction.direction.second;
    const auto rows = static_cast<std::size_t>(direction.rows);
    const std::size_t n_columns = direction.strip.size() / rows;
    std::uint16_t* to = direction.strip.data() + y % direction.rows;
    for (std::size_t c = 0; c < n_columns; ++c) {
        const int high = std::max(a[c], b[c]);
        const int low = std::min(a[c], b[c]);
        to[c * rows] = low < 0 ? m_missing : static_cast<std::uint16_t>(high * (high + 1) / 2 + low);
    }
}

void PairCells::add_columns(Direction& direction, std::size_t begin, std::size_t end) const {
    const auto rows = static_cast<std::size_t>(direction.rows);
    for (std::size_t i = begin * rows; i < end * rows; ++i) {
        State& state = direction.cells[direction.strip[i]];
        direction.sums.squares += m_gains[state].squares;
        direction.sums.logs += m_gains[state].logs;
        ++state;
    }
}

void PairCells::remove_columns(Direction& direction, std::size_t begin, std::size_t end) const {
    const auto rows = static_cast<std::size_t>(direction.rows);
    for (std::size_t i = begin * rows; i < end * rows; ++i) {
        State& state = direction.cells[direction.strip[i]];
        --state;
        direction.sums.squares -= m_gains[state].squares;
        direction.sums.logs -= m_gains[state].logs;
    }
}

void PairCells::slide(Direction& direction, std::size_t x) const {
    remove_columns(direction, x - 1, x);
    const std::size_t last = x + static_cast<std::size_t>(direction.columns) - 1;
    add_columns(direction, last, last + 1);
}

void PairCells::sum_row(std::int64_t y, std::array<std::vector<CellSums>, n_pair_directions>& sums) {
    for (Direction& direction : m_directions) {
        fill_strip(direction, y + direction.rows - 1);
        add_columns(direction, 0, static_cast<std::size_t>(direction.columns));
    }
    // All directions side by side: an update waits for the last one of the same cell, but not for other matrices.
    for (std::size_t x = 0; x < sums[0].size(); ++x) {
        for (std::size_t d = 0; d < n_pair_directions; ++d) {
            if (x > 0) {
                slide(m_directions[d], x);
            }
            sums[d][x] = m_directions[d].sums;
        }
    }
    for (Direction& direction : m_directions) {
        const std::size_t last = sums[0].size() - 1;
        remove_columns(direction, last, last + static_cast<std::size_t>(direction.columns));
    }
}

} // namespace lcclass
