/// How good class probabilities are: do they rank the classes (ROC), and do they mean what they say (calibration)?
/// Pure functions; deterministic, safe from any thread. Figures are those of scikit-learn on the same probabilities.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// What a forest says of samples, beside what they are.
struct ClassProbabilities {
    std::span<const float> values;           ///< row-major, `n_classes` per sample
    std::span<const std::int32_t> reference; ///< position of the class, per sample
    int n_classes = 0;
    std::span<const double> weight = {}; ///< per sample, above 0; empty: all count alike
};

/// One class against all others. Nothing stands where a figure is undefined.
struct ClassProbabilityFigures {
    std::optional<double> roc_auc; ///< ties count half; nothing when all samples are of the class, or none is
    std::optional<double> brier;   ///< mean square of probability less 1 or 0: 0 is best, 1 worst
    std::optional<double> ece;     ///< expected calibration error of the probabilities of the class
};

struct ProbabilityFigures {
    std::optional<double> roc_auc_macro;    ///< mean over the classes that have one
    std::optional<double> roc_auc_weighted; ///< the same, weighted by reference counts
    std::optional<double> brier;            ///< mean over samples of the sum over classes of squared differences, 0..2
    std::optional<double> log_loss;         ///< natural logarithm; probabilities below 2.2e-16 count as that
    std::optional<double> ece;              ///< of the probability of the most probable class (Guo et al. 2017, eq. 3)
    std::vector<ClassProbabilityFigures> per_class;
};

ProbabilityFigures probability_figures(const ClassProbabilities& probabilities);

/// ProbabilityFigures::brier alone.
std::optional<double> brier_score(const ClassProbabilities& probabilities);

struct RocPoint {
    double false_positive_rate = 0;
    double true_positive_rate = 0;
    double threshold = 0; ///< samples of at least this probability count as positive; infinite at (0, 0)
};

/// The ROC curve of one class against all others from (0, 0) to (1, 1), without points inside straight pieces; of more
/// than `most_points`, about evenly spaced ones. Empty where the curve is undefined. Requires: most_points >= 2.
std::vector<RocPoint> roc_curve(const ClassProbabilities& probabilities, int class_index,
                                std::size_t most_points = 100);

/// Bins of probability in a reliability diagram: bin i has those in (i / 15, (i + 1) / 15], the first also 0.
inline constexpr int n_reliability_bins = 15;

struct ReliabilityBin {
    std::int64_t count = 0;
    double weight = 0;                ///< of its samples; their count where all count alike
    std::optional<double> confidence; ///< mean probability; nothing in an empty bin
    std::optional<double> accuracy;   ///< share of samples that are of the class
};

/// Of the most probable class of every sample, the first on ties.
std::vector<ReliabilityBin> reliability(const ClassProbabilities& probabilities);
/// Of one class against all others.
std::vector<ReliabilityBin> class_reliability(const ClassProbabilities& probabilities, int class_index);

/// Mean distance of confidence and accuracy over bins, by their weights; nothing without samples.
std::optional<double> expected_calibration_error(const std::vector<ReliabilityBin>& bins);

} // namespace lcclass
