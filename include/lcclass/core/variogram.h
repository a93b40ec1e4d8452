/// How alike values are with the distance between them: semivariances by lag, and the model fitted to them.
/// Values; const access is safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

struct VariogramLag {
    double distance_m = 0;   ///< mean of the pairs, CRS units (metres)
    double semivariance = 0; ///< half the mean squared difference
    std::int64_t pairs = 0;
};

/// What a variogram says about range.
enum class VariogramFinding {
    range,         ///< it levels off at `range_m`
    beyond_cutoff, ///< it still rises at the largest distance looked at
    pure_nugget,   ///< nearness makes no difference that the lags show
    too_few_pairs, ///< not enough lags with enough pairs for a model
    constant       ///< all values are the same
};

/// `range`, `beyond-cutoff`, `pure-nugget`, `too-few-pairs`, `constant`.
std::string to_string(VariogramFinding finding);

struct Variogram {
    std::string name;
    std::vector<VariogramLag> lags; ///< those that have pairs, by distance
    VariogramFinding finding = VariogramFinding::too_few_pairs;
    std::string model;               ///< spherical or exponential; empty: none was fitted, or it is no better than none
    std::optional<double> nugget;    ///< semivariance at distance 0 of the model, or of all lags when there is none
    std::optional<double> sill;      ///< where the model levels off, nugget included
    std::optional<double> range_m;   ///< where it does; exponential: where it is at 95 % of its rise
    std::optional<double> explained; ///< share of the variation among lags that the best model explains
    std::optional<double> within_groups; ///< semivariance between samples of one group; nothing when all have one
};

struct VariogramSet {
    double cutoff_m = 0;       ///< largest distance looked at
    std::int64_t n_groups = 0; ///< polygons or groups whose samples were paired
    bool groups_known = true;  ///< false: every sample is a group of its own
    std::vector<Variogram> features;
    std::optional<Variogram> mean;  ///< of the features that are not constant, lag by lag
    std::optional<Variogram> error; ///< of the out-of-fold error, 1 where a prediction is wrong
    std::string error_scheme;       ///< whose error
};

/// Median of the features' ranges; those beyond the cutoff count as the cutoff, those without a range not at all.
/// Nothing when no feature has one.
std::optional<double> median_range(const VariogramSet& variograms);

/// True when there are too few polygons to say anything of any feature; constant ones aside, of which nothing is said.
bool has_too_few_groups(const VariogramSet& variograms);

/// Why no feature has a range, as the middle of a sentence. Requires: `median_range` is nothing.
std::string reason_without_range(const VariogramSet& variograms);

/// `10 of 13 features`: those that `median_range` is of.
std::string features_with_range(const VariogramSet& variograms);

} // namespace lcclass
