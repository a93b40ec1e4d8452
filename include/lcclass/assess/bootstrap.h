/// Intervals of accuracy figures by the cluster bootstrap: whole groups of samples (polygons) are drawn again with
/// replacement, because samples of one polygon are right or wrong together (Field & Welsh 2007, Journal of the Royal
/// Statistical Society B 69). The forests stay as they are: the intervals say how much the figures owe to which
/// polygons were tested, not what other training data would have given.
/// Pure functions; deterministic in the seed, on any number of threads.
#pragma once

#include "lcclass/assess/confusion_matrix.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// With fewer groups to draw from there is no interval.
inline constexpr std::int64_t fewest_bootstrap_groups = 5;

struct BootstrapOptions {
    int replicates = 1000; ///< 0: no intervals
    double confidence = 0.95;
    std::uint64_t seed = 42;
};

/// Throws Error(configuration) for replicates other than 0 or 100 to 1,000,000, or a confidence outside [0.5, 0.999].
void check_options(const BootstrapOptions& options);

/// Reference and prediction of every sample, by position in a list of classes. Views of equal length.
struct GroupedPredictions {
    std::span<const std::int32_t> group; ///< any numbers from 0
    std::span<const std::int32_t> reference;
    std::span<const std::int32_t> predicted;
    int n_classes = 0;
};

/// A figure of the sum over groups, and what becomes of it in resampled ones. NaN stands for an undefined figure.
struct FigureSample {
    std::optional<double> estimate;
    std::vector<double> replicates; ///< from groups drawn with replacement, as many as there are
    std::vector<double> jackknife;  ///< without one group in turn; without one of 2,000 parts where groups are more
    std::int64_t n_groups = 0;      ///< groups that count in the figure: for a recall those that hold the class
};

/// Every figure of `accuracy_of`, in the order of `figures_of`. Runs with the same groups and options are drawn alike,
/// so that their replicates can be compared one by one.
std::vector<FigureSample> bootstrap_figures(const GroupedPredictions& predictions, const BootstrapOptions& options);

/// Overall accuracy, kappa, weighted and macro F1; then precision, recall and F1 class by class.
std::vector<std::optional<double>> figures_of(const AccuracyReport& report);
inline constexpr std::size_t n_overall_figures = 4;

/// An estimate with its standard error and interval; nothing where they are undefined.
struct IntervalEstimate {
    std::optional<double> estimate;
    std::optional<double> se; ///< standard deviation (n - 1) of the replicates
    std::optional<double> low;
    std::optional<double> high;
    std::int64_t n_undefined = 0; ///< replicates that lack the figure: left out
};

/// The bias-corrected and accelerated interval (BCa; Efron & Tibshirani 1993, eqs. 14.9-14.15) at `confidence`, ends
/// interpolated linearly between ordered replicates. No interval when the figure rests on fewer than
/// `fewest_bootstrap_groups` groups, or more than half of the replicates lack it.
IntervalEstimate interval_of(const FigureSample& figure, double confidence);

/// The figure of `a` less that of `b`, replicate by replicate. Requires: the same groups and options.
FigureSample difference(const FigureSample& a, const FigureSample& b);

} // namespace lcclass
