#include "lcclass/forest/shap_summary.h"

#include "lcclass/core/quantile.h"
#include "lcclass/core/ranks.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass {

namespace {

double product_sum(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::optional<double> rank_correlation(std::span<const float> values, std::span<const double> shap) {
    const std::vector<double> a = centred_ranks(values);
    const std::vector<double> b = centred_ranks(shap);
    const double scale = std::sqrt(product_sum(a, a) * product_sum(b, b));
    return scale > 0 ? std::optional(std::clamp(product_sum(a, b) / scale, -1.0, 1.0)) : std::nullopt;
}

} // namespace

ShapSpread summarize_shap(std::span<const float> values, std::span<const double> shap) {
    ShapSpread spread;
    const auto n = static_cast<double>(shap.size());
    for (const double value : shap) {
        spread.mean_abs += std::abs(value) / n;
        spread.mean += value / n;
    }
    std::vector<double> sorted(shap.begin(), shap.end());
    std::ranges::sort(sorted);
    std::ranges::transform(shap_quantile_shares, spread.quantiles.begin(),
                           [&](double share) { return quantile(sorted, share); });
    spread.rank_correlation = rank_correlation(values, shap);
    return spread;
}

std::vector<double> ValueBins::means(std::span<const double> numbers) const {
    std::vector<double> means(size(), 0.0);
    for (std::size_t row = 0; row < numbers.size(); ++row) {
        means[bin_of_row[row]] += numbers[row] / static_cast<double>(count[bin_of_row[row]]);
    }
    return means;
}

ValueBins bin_values(std::span<const float> values, std::size_t most_bins) {
    const std::vector<std::size_t> rows = ascending_order(values);
    ValueBins bins;
    bins.bin_of_row.resize(values.size());
    std::size_t last_place = most_bins;
    for_equal(values, rows, [&](std::size_t first, std::size_t end) {
        const std::size_t place = first * most_bins / values.size(); // where the first of them would be without ties
        if (place != last_place) {
            last_place = place;
            bins.low.push_back(static_cast<double>(values[rows[first]]));
            bins.high.push_back(bins.low.back());
            bins.count.push_back(0);
        }
        bins.high.back() = static_cast<double>(values[rows[first]]);
        bins.count.back() += static_cast<std::int64_t>(end - first);
        for (std::size_t i = first; i < end; ++i) {
            bins.bin_of_row[rows[i]] = bins.size() - 1;
        }
    });
    return bins;
}

} // namespace lcclass
