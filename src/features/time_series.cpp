#include "features/time_series.h"

#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

using Kind = TimeStatisticKind;

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();
constexpr double days_per_year = 365.25;

constexpr WordTable<Kind, 10> kind_words = {{{Kind::median, "median"},
                                             {Kind::mean, "mean"},
                                             {Kind::min, "min"},
                                             {Kind::max, "max"},
                                             {Kind::sd, "sd"},
                                             {Kind::amplitude, "amplitude"},
                                             {Kind::slope, "slope"},
                                             {Kind::count, "count"},
                                             {Kind::first, "first"},
                                             {Kind::last, "last"}}};

/// So many pixels are worked on side by side: their series fit the cache, and loops over them become vector code.
constexpr std::size_t lanes = 256;
using Plane = std::array<float, lanes>;
using Sums = std::array<double, lanes>;

/// The exchanges that sort n items: Batcher's merge exchange (Knuth, TAOCP 3, 5.2.2, algorithm M).
std::vector<std::pair<std::size_t, std::size_t>> sorting_network(std::size_t n) {
    std::vector<std::pair<std::size_t, std::size_t>> exchanges;
    std::size_t top = 1;
    while (2 * top < n) {
        top *= 2;
    }
    for (std::size_t p = n > 1 ? top : 0; p > 0; p /= 2) {
        std::size_t q = top;
        std::size_t r = 0;
        for (std::size_t d = p;; d = q - p, q /= 2, r = p) {
            for (std::size_t i = 0; i + d < n; ++i) {
                if ((i & p) == r) {
                    exchanges.emplace_back(i, i + d);
                }
            }
            if (q == p) {
                break;
            }
        }
    }
    return exchanges;
}

bool needs_order(const StatisticRequest& request) {
    return request.statistic.kind == Kind::median || request.statistic.kind == Kind::percentile;
}

/// The series of up to `lanes` pixels and their statistics. Lanes beyond `n` hold no observation.
class Chunk {
public:
    Chunk(const SeriesView& series, bool sort)
        : m_series(&series), m_values(series.planes.size()), m_sorted(sort ? series.planes.size() : 0),
          m_network(sorting_network(m_sorted.size())) {}

    void load(std::size_t first, std::size_t n);
    void write(const TimeStatistic& statistic, std::span<float> out) const;

private:
    void sort();
    [[nodiscard]] double median(std::size_t lane) const;
    [[nodiscard]] double percentile(std::size_t lane, double percent) const;
    [[nodiscard]] Plane extreme(bool largest) const;
    [[nodiscard]] Plane amplitude() const;
    [[nodiscard]] Plane first() const;
    [[nodiscard]] Plane last() const;
    [[nodiscard]] Sums mean() const;
    [[nodiscard]] Sums deviation() const;
    [[nodiscard]] Sums slope() const;
    [[nodiscard]] float value(const TimeStatistic& statistic, std::size_t lane) const;

    const SeriesView* m_series;
    std::vector<Plane> m_values; ///< by date
    std::vector<Plane> m_sorted; ///< by rank, what is missing last
    std::vector<std::pair<std::size_t, std::size_t>> m_network;
    std::array<int, lanes> m_count{};
};

void Chunk::load(std::size_t first, std::size_t n) {
    m_count.fill(0);
    for (std::size_t d = 0; d < m_values.size(); ++d) {
        Plane& values = m_values[d];
        std::copy_n(m_series->planes[d] + first, n, values.begin());
        std::fill(values.begin() + static_cast<std::ptrdiff_t>(n), values.end(), no_value);
        for (std::size_t i = 0; i < lanes; ++i) {
            m_count[i] += std::isnan(values[i]) ? 0 : 1;
        }
    }
    if (!m_sorted.empty()) {
        sort();
    }
}

void Chunk::sort() {
    for (std::size_t d = 0; d < m_values.size(); ++d) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const float value = m_values[d][i];
            m_sorted[d][i] = std::isnan(value) ? std::numeric_limits<float>::infinity() : value;
        }
    }
    for (const auto& [lower, upper] : m_network) {
        float* a = m_sorted[lower].data();
        float* b = m_sorted[upper].data();
        for (std::size_t i = 0; i < lanes; ++i) {
            const float x = a[i];
            const float y = b[i];
            a[i] = y < x ? y : x;
            b[i] = y < x ? x : y;
        }
    }
}

double Chunk::median(std::size_t lane) const {
    const auto n = static_cast<std::size_t>(m_count[lane]);
    const auto upper = static_cast<double>(m_sorted[n / 2][lane]);
    return n % 2 == 1 ? upper : (static_cast<double>(m_sorted[n / 2 - 1][lane]) + upper) / 2;
}

double Chunk::percentile(std::size_t lane, double percent) const {
    const auto n = static_cast<std::size_t>(m_count[lane]);
    const double rank = static_cast<double>(n - 1) * (percent / 100);
    const auto below = static_cast<std::size_t>(rank);
    const double part = rank - std::floor(rank);
    const auto a = static_cast<double>(m_sorted[below][lane]);
    const auto b = static_cast<double>(m_sorted[std::min(below + 1, n - 1)][lane]);
    return part >= 0.5 ? b - (b - a) * (1 - part) : a + (b - a) * part; // from the nearer end, as numpy
}

Plane Chunk::extreme(bool largest) const {
    Plane best;
    best.fill(no_value);
    for (const Plane& values : m_values) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const bool better = std::isnan(best[i]) || (largest ? values[i] > best[i] : values[i] < best[i]);
            best[i] = better ? values[i] : best[i];
        }
    }
    return best;
}

Plane Chunk::amplitude() const {
    Plane result = extreme(true);
    const Plane smallest = extreme(false);
    for (std::size_t i = 0; i < lanes; ++i) {
        result[i] = static_cast<float>(static_cast<double>(result[i]) - static_cast<double>(smallest[i]));
    }
    return result;
}

Plane Chunk::first() const {
    Plane result;
    result.fill(no_value);
    for (const Plane& values : m_values) {
        for (std::size_t i = 0; i < lanes; ++i) {
            result[i] = std::isnan(result[i]) ? values[i] : result[i];
        }
    }
    return result;
}

Plane Chunk::last() const {
    Plane result;
    result.fill(no_value);
    for (const Plane& values : m_values) {
        for (std::size_t i = 0; i < lanes; ++i) {
            result[i] = std::isnan(values[i]) ? result[i] : values[i];
        }
    }
    return result;
}

Sums Chunk::mean() const {
    Sums sums{};
    for (const Plane& values : m_values) {
        for (std::size_t i = 0; i < lanes; ++i) {
            sums[i] += std::isnan(values[i]) ? 0.0 : static_cast<double>(values[i]);
        }
    }
    for (std::size_t i = 0; i < lanes; ++i) {
        sums[i] /= m_count[i];
    }
    return sums;
}

Sums Chunk::deviation() const {
    const Sums means = mean();
    Sums sums{};
    for (const Plane& values : m_values) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const double off = static_cast<double>(values[i]) - means[i];
            sums[i] += std::isnan(values[i]) ? 0.0 : off * off;
        }
    }
    for (std::size_t i = 0; i < lanes; ++i) {
        sums[i] = std::sqrt(sums[i] / m_count[i]);
    }
    return sums;
}

/// Sums of days are whole numbers and therefore exact; only the values are rounded.
Sums Chunk::slope() const {
    const Sums means = mean();
    Sums days{};
    for (std::size_t d = 0; d < m_values.size(); ++d) {
        const double day = m_series->dates[d].days;
        for (std::size_t i = 0; i < lanes; ++i) {
            days[i] += std::isnan(m_values[d][i]) ? 0.0 : day;
        }
    }
    Sums both{};
    Sums squares{};
    for (std::size_t d = 0; d < m_values.size(); ++d) {
        const double day = m_series->dates[d].days;
        for (std::size_t i = 0; i < lanes; ++i) {
            const bool missing = std::isnan(m_values[d][i]);
            const double off = day - days[i] / m_count[i];
            both[i] += missing ? 0.0 : off * (static_cast<double>(m_values[d][i]) - means[i]);
            squares[i] += missing ? 0.0 : off * off;
        }
    }
    for (std::size_t i = 0; i < lanes; ++i) {
        both[i] = m_count[i] < 2 ? static_cast<double>(no_value) : both[i] / squares[i] * days_per_year;
    }
    return both;
}

float Chunk::value(const TimeStatistic& statistic, std::size_t lane) const {
    if (statistic.kind == Kind::count) {
        return static_cast<float>(m_count[lane]);
    }
    if (m_count[lane] == 0) {
        return no_value;
    }
    const bool is_median = statistic.kind == Kind::median;
    return static_cast<float>(is_median ? median(lane) : percentile(lane, statistic.percent));
}

void Chunk::write(const TimeStatistic& statistic, std::span<float> out) const {
    const auto copy = [&](const auto& values) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<float>(values[i]);
        }
    };
    switch (statistic.kind) {
    case Kind::min:
        return copy(extreme(false));
    case Kind::max:
        return copy(extreme(true));
    case Kind::amplitude:
        return copy(amplitude());
    case Kind::first:
        return copy(first());
    case Kind::last:
        return copy(last());
    case Kind::mean:
        return copy(mean());
    case Kind::sd:
        return copy(deviation());
    case Kind::slope:
        return copy(slope());
    case Kind::median:
    case Kind::percentile:
    case Kind::count:
        break;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = value(statistic, i);
    }
}

} // namespace

std::optional<TimeStatistic> parse_time_statistic(std::string_view text) {
    for (const auto& [kind, word] : kind_words) {
        if (text == word) {
            return TimeStatistic{.kind = kind};
        }
    }
    const std::optional<double> percent = text.starts_with('p') ? parse_double(text.substr(1)) : std::nullopt;
    if (!percent || !(*percent >= 0 && *percent <= 100)) {
        return std::nullopt;
    }
    const TimeStatistic statistic{.kind = Kind::percentile, .percent = *percent};
    return to_string(statistic) == text ? std::optional(statistic) : std::nullopt;
}

std::string to_string(const TimeStatistic& statistic) {
    if (statistic.kind == Kind::percentile) {
        return "p" + format_number(statistic.percent);
    }
    return word_of(kind_words, statistic.kind);
}

std::vector<std::string> time_statistic_words() {
    std::vector<std::string> words = words_of(kind_words);
    words.emplace_back("p10");
    return words;
}

void time_statistics(const SeriesView& series, std::span<const StatisticRequest> requests) {
    Chunk chunk(series, std::any_of(requests.begin(), requests.end(), needs_order));
    const auto n_pixels = static_cast<std::size_t>(series.n_pixels);
    for (std::size_t start = 0; start < n_pixels; start += lanes) {
        const std::size_t n = std::min(lanes, n_pixels - start);
        chunk.load(start, n);
        for (const StatisticRequest& request : requests) {
            chunk.write(request.statistic, request.out.subspan(start, n));
        }
    }
}

} // namespace lcclass
