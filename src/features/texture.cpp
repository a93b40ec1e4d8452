#include "features/texture.h"

#include "features/level_pairs.h"
#include "features/pair_cells.h"
#include "features/pair_sums.h"
#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

using Requests = std::span<const TextureRequest>;

bool is_asked(Requests requests, std::initializer_list<TextureStatistic> statistics) {
    return std::any_of(requests.begin(), requests.end(), [&](const TextureRequest& request) {
        return std::find(statistics.begin(), statistics.end(), request.statistic) != statistics.end();
    });
}

PairSumsWanted sums_for(Requests requests) {
    using enum TextureStatistic;
    return {.squares = is_asked(requests, {contrast, correlation}),
            .differences = is_asked(requests, {dissimilarity}),
            .closeness = is_asked(requests, {homogeneity}),
            .levels = is_asked(requests, {correlation, mean, variance})};
}

/// n ln n of 0 to `last`, in the units of CellSums::logs: a window with one cell in its matrix has no entropy at all.
std::vector<std::int64_t> logs_to(int last) {
    std::vector<std::int64_t> logs;
    for (int n = 0; n <= last; ++n) {
        logs.push_back(std::llround(x_log_x(n) * cell_log_unit));
    }
    return logs;
}

/// Statistics of one row of windows in one direction. The symmetric matrix has 2 n counts.
class DirectionRow {
public:
    DirectionRow(const PairSumsRow& pairs, const std::vector<CellSums>& cells, const std::vector<std::int64_t>& logs)
        : m_pairs(pairs), m_cells(cells), m_logs(logs), m_per_pair(pairs.n.size()) {
        for (std::size_t x = 0; x < m_per_pair.size(); ++x) {
            m_per_pair[x] = 1.0 / std::max(pairs.n[x], 1);
        }
    }

    /// Adds the statistic to `totals`, 0 where there are no pairs.
    void add(TextureStatistic statistic, std::vector<double>& totals) const {
        switch (statistic) {
        case TextureStatistic::contrast:
            return add_each(totals, [&](std::size_t x) { return m_pairs.squares[x] * m_per_pair[x]; });
        case TextureStatistic::dissimilarity:
            return add_each(totals, [&](std::size_t x) { return m_pairs.differences[x] * m_per_pair[x]; });
        case TextureStatistic::homogeneity:
            return add_each(totals, [&](std::size_t x) { return homogeneity(x); });
        case TextureStatistic::asm_:
            return add_each(totals, [&](std::size_t x) { return second_moment(x); });
        case TextureStatistic::energy:
            return add_each(totals, [&](std::size_t x) { return std::sqrt(second_moment(x)); });
        case TextureStatistic::entropy:
            return add_each(totals, [&](std::size_t x) { return entropy(x); });
        case TextureStatistic::correlation:
            return add_each(totals, [&](std::size_t x) { return correlation(x); });
        case TextureStatistic::mean:
            return add_each(totals, [&](std::size_t x) { return m_pairs.levels[x] * m_per_pair[x] / 2; });
        case TextureStatistic::variance:
            return add_each(totals, [&](std::size_t x) {
                return static_cast<double>(spread(x)) * m_per_pair[x] * m_per_pair[x] / 4;
            });
        }
    }

private:
    template <class Value>
    void add_each(std::vector<double>& totals, const Value& value) const {
        for (std::size_t x = 0; x < totals.size(); ++x) {
            totals[x] += value(x);
        }
    }

    [[nodiscard]] double homogeneity(std::size_t x) const {
        return static_cast<double>(m_pairs.closeness[x]) * m_per_pair[x] / closeness_unit;
    }

    [[nodiscard]] double second_moment(std::size_t x) const {
        return static_cast<double>(m_cells[x].squares) * m_per_pair[x] * m_per_pair[x] / 4;
    }

    [[nodiscard]] double entropy(std::size_t x) const {
        const std::int64_t whole = m_logs[2 * static_cast<std::size_t>(m_pairs.n[x])];
        return static_cast<double>(whole - m_cells[x].logs) * m_per_pair[x] / (2 * cell_log_unit);
    }

    /// Variance times (2 n)^2: exact, at most 2^43.
    [[nodiscard]] std::int64_t spread(std::size_t x) const {
        const std::int64_t sum = m_pairs.levels[x];
        return std::int64_t{2} * m_pairs.n[x] * m_pairs.level_squares[x] - sum * sum;
    }

    /// 2 i j is i^2 + j^2 less (i - j)^2.
    [[nodiscard]] double correlation(std::size_t x) const {
        const std::int64_t variance = spread(x);
        if (variance == 0) {
            return m_pairs.n[x] > 0 ? 1 : 0;
        }
        const std::int64_t covariance = variance - std::int64_t{2} * m_pairs.n[x] * m_pairs.squares[x];
        return static_cast<double>(covariance) / static_cast<double>(variance);
    }

    const PairSumsRow& m_pairs;
    const std::vector<CellSums>& m_cells;
    const std::vector<std::int64_t>& m_logs;
    std::vector<double> m_per_pair; ///< 1 / n
};

/// Windows row by row.
class TextureRows {
public:
    TextureRows(const TextureOptions& options, const LevelPlane& levels, Requests requests)
        : m_requests(requests),
          m_has_cells(
              is_asked(requests, {TextureStatistic::asm_, TextureStatistic::energy, TextureStatistic::entropy})),
          m_logs(logs_to(2 * options.size * options.size)) {
        for (const PairDirection& direction : pair_directions(options.distance)) {
            m_sums.emplace_back(direction, options, sums_for(requests), levels);
        }
        const auto width = static_cast<std::size_t>(levels.width() - options.size + 1);
        if (m_has_cells) {
            m_cells.emplace_back(options, levels);
            m_cell_sums.fill(std::vector<CellSums>(width));
        }
        m_n_directions.resize(width);
        m_totals.assign(requests.size(), std::vector<double>(width));
    }

    /// Writes row `y` of the outputs. `centers` are the levels in the middle of the windows.
    void write(std::int64_t y, const std::int16_t* centers) {
        if (m_has_cells) {
            m_cells[0].sum_row(y, m_cell_sums);
        }
        std::fill(m_n_directions.begin(), m_n_directions.end(), 0);
        for (auto& totals : m_totals) {
            std::fill(totals.begin(), totals.end(), 0.0);
        }
        for (std::size_t d = 0; d < n_pair_directions; ++d) {
            m_sums[d].sum_row(y, m_pairs);
            for (std::size_t x = 0; x < m_n_directions.size(); ++x) {
                m_n_directions[x] += m_pairs.n[x] > 0 ? 1 : 0;
            }
            const DirectionRow direction(m_pairs, m_cell_sums[d], m_logs);
            for (std::size_t i = 0; i < m_requests.size(); ++i) {
                direction.add(m_requests[i].statistic, m_totals[i]);
            }
        }
        for (std::size_t i = 0; i < m_requests.size(); ++i) {
            const std::span<float> row = m_requests[i].out.row(m_requests[i].out.window.y + y);
            for (std::size_t x = 0; x < row.size(); ++x) {
                const bool is_defined = centers[x] >= 0 && m_n_directions[x] > 0;
                row[x] = is_defined ? static_cast<float>(m_totals[i][x] / m_n_directions[x]) : no_value;
            }
        }
    }

private:
    Requests m_requests;
    bool m_has_cells;
    std::vector<std::int64_t> m_logs;
    std::vector<PairSums> m_sums;   ///< by direction
    std::vector<PairCells> m_cells; ///< one, or none when nothing needs it
    std::array<std::vector<CellSums>, n_pair_directions> m_cell_sums;
    PairSumsRow m_pairs;
    std::vector<std::int32_t> m_n_directions;
    std::vector<std::vector<double>> m_totals; ///< by request
};

} // namespace

void texture(const TextureOptions& options, const PlaneView& in, std::span<const TextureRequest> outputs) {
    if (outputs.empty()) {
        return;
    }
    const Window& area = outputs[0].out.window;
    const LevelPlane levels(options, in, area);
    TextureRows rows(options, levels, outputs);
    for (std::int64_t y = 0; y < area.height; ++y) {
        rows.write(y, levels.row(y + options.size / 2) + options.size / 2);
    }
}

} // namespace lcclass
