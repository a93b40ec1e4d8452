#include "features/pair_sums.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace lcclass {

namespace {

/// Adds `sign` times what each pair is worth; a pair that lacks a level is worth nothing.
template <class Sum, class Worth>
void add_pairs(const std::int16_t* a, const std::int16_t* b, int sign, std::vector<Sum>& sums, const Worth& worth) {
    Sum* const to = sums.data();
    const std::size_t n = sums.size();
    for (std::size_t c = 0; c < n; ++c) {
        const Sum value = (a[c] | b[c]) >= 0 ? static_cast<Sum>(worth(a[c], b[c])) : Sum{0};
        to[c] += sign < 0 ? -value : value;
    }
}

/// Sums of `width` columns from each column on.
template <class Sum>
void sum_along(const std::vector<Sum>& columns, std::size_t width, std::vector<Sum>& sums) {
    if (columns.empty()) {
        return;
    }
    Sum sum = 0;
    for (std::size_t c = 0; c + 1 < width; ++c) {
        sum += columns[c];
    }
    for (std::size_t x = 0; x < sums.size(); ++x) {
        sum += columns[x + width - 1];
        sums[x] = sum;
        sum -= columns[x];
    }
}

void resize(PairSumsRow& row, const PairSumsWanted& wanted, std::size_t n) {
    row.n.assign(n, 0);
    row.squares.assign(wanted.squares ? n : 0, 0);
    row.differences.assign(wanted.differences ? n : 0, 0);
    row.closeness.assign(wanted.closeness ? n : 0, 0);
    row.levels.assign(wanted.levels ? n : 0, 0);
    row.level_squares.assign(wanted.levels ? n : 0, 0);
}

} // namespace

PairSums::PairSums(const PairDirection& direction, const TextureOptions& options, const PairSumsWanted& wanted,
                   const LevelPlane& levels)
    : m_direction(direction), m_rows(direction.rows(options.size)), m_columns(direction.columns(options.size)),
      m_levels(&levels), m_wanted(wanted) {
    for (int d = 0; d < options.levels; ++d) {
        m_closeness_of.push_back(std::llround(closeness_unit / (1 + d * d)));
    }
    resize(m_of_columns, wanted, static_cast<std::size_t>(levels.width() - (options.size - m_columns)));
    for (int y = 0; y + 1 < m_rows; ++y) {
        count_pairs(y, +1);
    }
}

void PairSums::count_pairs(std::int64_t y, int sign) {
    const std::int16_t* a = m_levels->row(y) + m_direction.first;
    const std::int16_t* b = m_levels->row(y + m_direction.down) + m_direction.second;
    const auto difference = [](std::int16_t i, std::int16_t j) { return static_cast<std::int16_t>(i - j); };
    PairSumsRow& sums = m_of_columns;
    add_pairs(a, b, sign, sums.n, [](std::int16_t, std::int16_t) { return 1; });
    add_pairs(a, b, sign, sums.differences, [=](std::int16_t i, std::int16_t j) { return std::abs(difference(i, j)); });
    add_pairs(a, b, sign, sums.squares,
              [=](std::int16_t i, std::int16_t j) { return difference(i, j) * difference(i, j); });
    add_pairs(a, b, sign, sums.levels, [](std::int16_t i, std::int16_t j) { return i + j; });
    add_pairs(a, b, sign, sums.level_squares, [](std::int16_t i, std::int16_t j) { return i * i + j * j; });
    add_pairs(a, b, sign, sums.closeness, [this](std::int16_t i, std::int16_t j) {
        return m_closeness_of[static_cast<std::size_t>(std::abs(i - j))];
    });
}

void PairSums::sum_row(std::int64_t y, PairSumsRow& sums) {
    if (y > 0) {
        count_pairs(y - 1, -1);
    }
    count_pairs(y + m_rows - 1, +1);
    const auto width = static_cast<std::size_t>(m_columns);
    resize(sums, m_wanted, m_of_columns.n.size() - width + 1);
    sum_along(m_of_columns.n, width, sums.n);
    sum_along(m_of_columns.squares, width, sums.squares);
    sum_along(m_of_columns.differences, width, sums.differences);
    sum_along(m_of_columns.closeness, width, sums.closeness);
    sum_along(m_of_columns.levels, width, sums.levels);
    sum_along(m_of_columns.level_squares, width, sums.level_squares);
}

} // namespace lcclass
