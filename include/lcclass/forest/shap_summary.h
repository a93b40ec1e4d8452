/// What the SHAP values of many rows say of one feature and one class: how strong, in which direction, along which
/// values.
/// Pure functions; safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// Shares of rows at and below the quantiles of a ShapSpread.
inline constexpr std::array<double, 7> shap_quantile_shares = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};

struct ShapSpread {
    double mean_abs = 0;
    double mean = 0;
    std::array<double, shap_quantile_shares.size()> quantiles = {}; ///< linear between values, as numpy's default
    /// Spearman's correlation of value and SHAP value, mean ranks on ties: above 0 when high values speak for the
    /// class; nothing when either is constant.
    std::optional<double> rank_correlation;
};

/// Requires: one row at least, as many `values` of the feature as SHAP values.
ShapSpread summarize_shap(std::span<const float> values, std::span<const double> shap);

/// Rows in bins of about equal numbers along the values of a feature; equal values are never parted.
struct ValueBins {
    std::vector<double> low;  ///< smallest value, ascending
    std::vector<double> high; ///< largest value
    std::vector<std::int64_t> count;
    std::vector<std::size_t> bin_of_row;

    [[nodiscard]] std::size_t size() const { return count.size(); }
    /// Mean per bin of a number per row.
    [[nodiscard]] std::vector<double> means(std::span<const double> numbers) const;
};

/// At most `most_bins` bins, fewer where values repeat. Requires: finite values, most_bins > 0.
ValueBins bin_values(std::span<const float> values, std::size_t most_bins);

} // namespace lcclass
