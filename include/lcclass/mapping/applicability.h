/// Where a model should not be trusted: how unlike its training samples a pixel is, whether that is more than the
/// samples are unlike each other (area of applicability, Meyer & Pebesma 2021, Methods in Ecology and Evolution 12),
/// and how many samples are like it (local point density, Schumacher et al. 2025, Geoscientific Model Development 18).
/// Immutable after construction; safe from any thread. Deterministic on any number of threads.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/pixel_block.h"
#include "lcclass/core/progress.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lcclass {

struct FeatureSpace;

class Applicability {
public:
    /// Features are standardised by mean and standard deviation (n - 1) of the samples and multiplied by their weight,
    /// negative weights being 0; a feature that is the same in all samples has no weight. Distances are Euclidean, and
    /// the unit of dissimilarity is their mean over all pairs of samples, none left out: with 50,000 samples that takes
    /// some seconds, with 500,000 a hundred times as long. The threshold is the third quartile (R's type 7) of the
    /// dissimilarity of the samples to the nearest that their fold is trained on, plus one and a half times the
    /// interquartile range, at most the largest, rounded to `float`: as CAST has it from 0.7.1 on.
    /// Requires: `weights` one per feature, `folds` of these samples, finite features. Throws Error(input) when there
    /// are fewer than two samples, no feature varies and has a weight, or a fold leaves nothing to train on.
    Applicability(const FeatureView& samples, const FoldAssignment& folds, std::span<const double> weights,
                  Progress& progress);

    /// Bytes that the constructor takes at most beside what it is given, and that are kept.
    [[nodiscard]] static std::int64_t memory_to_make(std::int64_t n_samples, int n_features, int n_folds);
    [[nodiscard]] std::int64_t memory() const;

    /// Mean distance over all pairs of samples.
    [[nodiscard]] double mean_distance() const;
    /// Largest dissimilarity inside the area of applicability.
    [[nodiscard]] double threshold() const;
    [[nodiscard]] std::int64_t n_samples() const { return static_cast<std::int64_t>(m_training.size()); }
    /// Of each sample, to the nearest sample that its fold is trained on.
    [[nodiscard]] std::span<const double> training_dissimilarity() const { return m_training; }
    /// Of them, those beyond the threshold, rounded to `float` as pixels are.
    [[nodiscard]] std::int64_t n_samples_outside() const;
    /// As they were used, per feature.
    [[nodiscard]] std::span<const double> weights() const { return m_weights; }

    [[nodiscard]] const FeatureSpace& space() const { return *m_space; }

private:
    std::shared_ptr<const FeatureSpace> m_space;
    std::vector<double> m_weights;
    std::vector<double> m_training;
};

/// What is said of pixels, one value per pixel each.
struct ApplicabilityFigures {
    std::span<float> dissimilarity;       ///< distance to the nearest sample, in mean distances between samples
    std::span<float> inside;              ///< 1 where that is at most the threshold, else 0
    std::span<float> local_point_density; ///< samples whose dissimilarity to the pixel is at most the threshold
};

/// Figures of the rows of `pixels`, from row 0 on, on all threads; the more pixels at once, the less each costs.
/// Requires: the model's features in the model's order, finite.
void find_applicability(const Applicability& applicability, const FeatureView& pixels,
                        const ApplicabilityFigures& figures);

} // namespace lcclass
