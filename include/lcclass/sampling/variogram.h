/// Empirical variograms of samples, the models fitted to them, and the block size that follows.
/// Pure functions, deterministic in the seed.
#pragma once

#include "lcclass/core/sample_table.h"
#include "lcclass/core/variogram.h"
#include "lcclass/sampling/folds.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

struct VariogramOptions {
    int n_lags = 15;               ///< of equal width, up to the cutoff
    double cutoff_share = 1.0 / 3; ///< of the diagonal of the samples' bounds
    int most_groups = 3000;        ///< more polygons or groups than that: so many of them, drawn by the seed
    std::uint64_t seed = 42;
};

/// Matheron's estimator (1962) by feature, standardised, and its mean over the features. Pairs are samples of two
/// different polygons or groups, every two of which give as many pairs, whatever their sizes: pixels of one polygon say
/// nothing about distances, and a large polygon counts no more than a small one.
/// Model: the spherical or the exponential one with the smaller criterion of Cressie (1985), sum of pairs times
/// (semivariance / model - 1)^2, lags of fewer than 30 pairs of groups left out. It counts when it explains half of the
/// variation among lags (weighted by pairs) and rises by 5 % of its sill; else the variogram is a pure nugget.
/// Throws Error(input) for samples without position, and when all are at one place.
VariogramSet feature_variograms(const SampleTable& samples, const VariogramOptions& options);

/// True when the samples have positions, and not all the same.
bool has_positions(const SampleTable& samples);

/// The same of one value per sample, as it is.
/// Requires: a value for every sample.
Variogram variogram_of(const SampleTable& samples, std::span<const float> values, const std::string& name,
                       const VariogramOptions& options);

/// Models are fitted to at least so many lags.
inline constexpr int fewest_lags = 5;

/// Fills in the model of `variogram` from its lags of at least `fewest_pairs` pairs. `cutoff_m` is the largest distance
/// that lags could have.
void fit_model(Variogram& variogram, double cutoff_m, std::int64_t fewest_pairs);

/// A side for spatial blocks, and where it is from, in words.
struct BlockSize {
    double size_m = 0;
    std::string from;
};

/// The median range of the features (Valavi et al. 2019; Roberts et al. 2017), to two digits; where that makes fewer
/// than two blocks per fold, or folds that cannot be trained, the largest size below it, in steps of a tenth, that
/// makes them. Never below `smallest_m`.
/// Throws Error(configuration) when no feature has a range or no such size exists; and as `assign_folds`.
BlockSize choose_block_size(const SampleTable& samples, const VariogramSet& variograms, const FoldOptions& options,
                            double smallest_m);

} // namespace lcclass
