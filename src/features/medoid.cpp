#include "features/medoid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace lcclass {

namespace {

/// So many pixels side by side: their costs fit the cache, and loops over them become vector code.
constexpr std::size_t lanes = 256;
using Costs = std::array<double, lanes>;

/// Distances between two dates at `n` pixels from `first` on; NaN where either lacks a band.
Costs distances(std::span<const SeriesView> bands, std::array<std::size_t, 2> dates, std::size_t first, std::size_t n) {
    Costs squares{};
    for (const SeriesView& band : bands) {
        const float* a = band.planes[dates[0]] + first;
        const float* b = band.planes[dates[1]] + first;
        for (std::size_t i = 0; i < n; ++i) {
            const double off = static_cast<double>(a[i]) - static_cast<double>(b[i]);
            squares[i] += off * off;
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        squares[i] = std::sqrt(squares[i]);
    }
    return squares;
}

/// Sums of distances per date and lane; every date adds up the others from the earliest to the latest.
void sum_distances(std::span<const SeriesView> bands, std::size_t first, std::size_t n, std::vector<Costs>& costs) {
    std::fill(costs.begin(), costs.end(), Costs{});
    for (std::size_t a = 0; a < costs.size(); ++a) {
        for (std::size_t b = a + 1; b < costs.size(); ++b) {
            const Costs apart = distances(bands, {a, b}, first, n);
            for (std::size_t i = 0; i < n; ++i) {
                const double distance = std::isnan(apart[i]) ? 0.0 : apart[i];
                costs[a][i] += distance;
                costs[b][i] += distance;
            }
        }
    }
}

bool is_complete(std::span<const SeriesView> bands, std::size_t date, std::size_t pixel) {
    return std::none_of(bands.begin(), bands.end(),
                        [&](const SeriesView& band) { return std::isnan(band.planes[date][pixel]); });
}

} // namespace

void find_medoids(std::span<const SeriesView> bands, std::span<std::int32_t> out) {
    const std::size_t n_dates = bands.front().planes.size();
    std::vector<Costs> costs(n_dates);
    for (std::size_t first = 0; first < out.size(); first += lanes) {
        const std::size_t n = std::min(lanes, out.size() - first);
        sum_distances(bands, first, n, costs);
        for (std::size_t i = 0; i < n; ++i) {
            std::int32_t best = no_date;
            double best_cost = std::numeric_limits<double>::infinity();
            for (std::size_t d = 0; d < n_dates; ++d) {
                if (costs[d][i] < best_cost && is_complete(bands, d, first + i)) {
                    best = static_cast<std::int32_t>(d);
                    best_cost = costs[d][i];
                }
            }
            out[first + i] = best;
        }
    }
}

void gather(const SeriesView& band, std::span<const std::int32_t> chosen, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = chosen[i] == no_date ? std::numeric_limits<float>::quiet_NaN()
                                      : band.planes[static_cast<std::size_t>(chosen[i])][i];
    }
}

} // namespace lcclass
