#include "lcclass/assess/fold_importance.h"
#include "lcclass/core/ranks.h"
#include "lcclass/core/rng.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::uint64_t row_stream = 0x72616E6B73ULL;
constexpr std::size_t most_rows = 10000;

std::vector<std::size_t> draw_rows(std::size_t n_rows, std::uint64_t seed) {
    std::vector<std::size_t> rows(n_rows);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (n_rows > most_rows) {
        Rng(seed, row_stream).shuffle(std::span(rows));
        rows.resize(most_rows);
    }
    return rows;
}

/// Ranks less their mean, scaled to a sum of squares of 1; all 0 for a constant. Ties share their mean rank.
std::vector<double> scaled_ranks(const float* column, const std::vector<std::size_t>& rows) {
    std::vector<float> values(rows.size());
    std::transform(rows.begin(), rows.end(), values.begin(), [&](std::size_t row) { return column[row]; });
    std::vector<double> ranks = centred_ranks(std::span<const float>(values));
    const double squares = std::inner_product(ranks.begin(), ranks.end(), ranks.begin(), 0.0);
    for (double& rank : ranks) {
        rank = squares > 0 ? rank / std::sqrt(squares) : 0;
    }
    return ranks;
}

} // namespace

std::vector<std::vector<int>> correlated_features(const FeatureView& rows, double threshold, std::uint64_t seed) {
    const std::size_t p = rows.columns.size();
    const std::vector<std::size_t> drawn = draw_rows(static_cast<std::size_t>(rows.n_rows), seed);
    std::vector<std::vector<double>> ranks(p);
    tbb::parallel_for(std::size_t{0}, p, [&](std::size_t f) { ranks[f] = scaled_ranks(rows.columns[f], drawn); });
    std::vector<std::vector<int>> correlated(p);
    tbb::parallel_for(std::size_t{0}, p, [&](std::size_t f) {
        for (std::size_t other = 0; other < p; ++other) {
            const double r = std::inner_product(ranks[f].begin(), ranks[f].end(), ranks[other].begin(), 0.0);
            constexpr double rounding = 1e-12;
            if (other != f && std::abs(r) >= threshold - rounding) {
                correlated[f].push_back(static_cast<int>(other));
            }
        }
    });
    return correlated;
}

} // namespace lcclass
