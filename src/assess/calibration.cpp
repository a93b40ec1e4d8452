#include "lcclass/assess/calibration.h"

#include "assess/fold_fit.h"
#include "lcclass/assess/probability_figures.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lcclass {

namespace {

/// Out-of-fold votes with class and weight of every sample.
struct ScoredSamples {
    std::size_t n_classes = 0;
    std::vector<double> votes;             ///< row-major, n_classes per sample
    std::vector<std::int32_t> class_index; ///< positions in CrossValidation::classes
    std::vector<double> weight;

    [[nodiscard]] std::span<const double> votes_of(std::size_t row) const {
        return std::span(votes).subspan(row * n_classes, n_classes);
    }
};

/// Groups of a class weigh the same, classes their prior; all weights together are the number of samples, so that the
/// sigmoid's targets are drawn in as scikit-learn does it where groups are of one size.
std::vector<double> weights_of(const SampleTable& samples, const std::vector<std::int32_t>& class_index,
                               const std::vector<double>& priors) {
    std::map<std::pair<std::int32_t, std::int32_t>, double> in_group; // samples of a class in a group
    std::vector<double> groups_of_class(priors.size());
    const auto n_samples = static_cast<double>(class_index.size());
    for (std::size_t row = 0; row < class_index.size(); ++row) {
        double& count = in_group[{class_index[row], samples.group[row]}];
        groups_of_class[static_cast<std::size_t>(class_index[row])] += count == 0 ? 1 : 0;
        count += 1;
    }
    std::vector<double> weights;
    for (std::size_t row = 0; row < class_index.size(); ++row) {
        const auto k = static_cast<std::size_t>(class_index[row]);
        const double samples_in_group = in_group[{class_index[row], samples.group[row]}];
        weights.push_back(priors[k] * n_samples / (groups_of_class[k] * samples_in_group));
    }
    return weights;
}

ScoredSamples score(const SampleTable& samples, const CrossValidation& result, const std::vector<double>& priors) {
    ScoredSamples scored{.n_classes = result.classes.size(),
                         .votes = {},
                         .class_index = class_positions(samples.class_code, result.classes),
                         .weight = {}};
    for (const float share : result.probabilities) {
        scored.votes.push_back(std::clamp(static_cast<double>(share), 0.0, 1.0)); // a float may round above 1
    }
    scored.weight = weights_of(samples, scored.class_index, priors);
    return scored;
}

ProbabilityCalibration fit_curves(const ScoredSamples& scored, const std::vector<std::size_t>& rows,
                                  CalibrationMethod method) {
    ProbabilityCalibration calibration{.method = method, .curves = {}};
    std::vector<double> votes(rows.size());
    std::vector<std::uint8_t> is_class(rows.size());
    std::vector<double> weight(rows.size());
    for (std::size_t k = 0; k < scored.n_classes; ++k) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            votes[i] = scored.votes_of(rows[i])[k];
            is_class[i] = scored.class_index[rows[i]] == static_cast<std::int32_t>(k) ? 1 : 0;
            weight[i] = scored.weight[rows[i]];
        }
        const OneAgainstRest scores{.votes = votes, .is_class = is_class, .weight = weight};
        calibration.curves.push_back(method == CalibrationMethod::isotonic ? fit_isotonic(scores)
                                                                           : fit_sigmoid(scores));
    }
    return calibration;
}

/// Calibrates `rows`, into their places in `calibrated`.
void apply(const ProbabilityCalibration& calibration, const ScoredSamples& scored, const std::vector<std::size_t>& rows,
           std::vector<float>& calibrated) {
    const ProbabilityCorrection correction(calibration, {}, scored.n_classes);
    std::vector<double> probabilities(scored.n_classes);
    for (const std::size_t row : rows) {
        correction.calibrate(scored.votes_of(row), probabilities);
        std::transform(probabilities.begin(), probabilities.end(),
                       calibrated.begin() + static_cast<std::ptrdiff_t>(row * scored.n_classes),
                       [](double probability) { return static_cast<float>(probability); });
    }
}

CalibrationFigures figures_of(const ScoredSamples& scored, const std::vector<float>& probabilities) {
    const ClassProbabilities weighted{.values = probabilities,
                                      .reference = scored.class_index,
                                      .n_classes = static_cast<int>(scored.n_classes),
                                      .weight = scored.weight};
    return {.brier = *brier_score(weighted), .ece = *expected_calibration_error(reliability(weighted))};
}

} // namespace

std::vector<double> training_priors(std::span<const std::int32_t> class_index, int n_classes, ClassWeight weight) {
    const auto k = static_cast<std::size_t>(n_classes);
    if (weight != ClassWeight::none) {
        return std::vector<double>(k, 1.0 / n_classes);
    }
    std::vector<double> priors(k);
    for (const std::int32_t index : class_index) {
        priors[static_cast<std::size_t>(index)] += 1;
    }
    for (double& prior : priors) {
        prior /= static_cast<double>(class_index.size());
    }
    return priors;
}

CalibrationReport fit_calibration(const SampleTable& samples, const FoldAssignment& folds,
                                  const CrossValidation& result, CalibrationMethod method,
                                  const std::vector<double>& priors) {
    const ScoredSamples scored = score(samples, result, priors);
    std::vector<float> calibrated(result.probabilities.size());
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        std::vector<std::size_t> tested;
        std::vector<std::size_t> others;
        for (std::size_t row = 0; row < folds.fold.size(); ++row) {
            (folds.fold[row] == fold ? tested : others).push_back(row);
        }
        apply(fit_curves(scored, others, method), scored, tested, calibrated);
    }
    std::vector<std::size_t> all(folds.fold.size());
    for (std::size_t row = 0; row < all.size(); ++row) {
        all[row] = row;
    }
    CalibrationReport report{.calibration = fit_curves(scored, all, method),
                             .before = figures_of(scored, result.probabilities),
                             .after = figures_of(scored, calibrated),
                             .reversed = {}};
    for (std::size_t k = 0; k < scored.n_classes; ++k) {
        if (report.calibration.curves[k].slope > 0) {
            report.reversed.push_back(static_cast<int>(k));
        }
    }
    return report;
}

} // namespace lcclass
