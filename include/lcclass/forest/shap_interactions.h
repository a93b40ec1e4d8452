/// Exact SHAP interaction values of a forest's class probabilities (Lundberg et al. 2020): how much of a contribution
/// is owed to two features together. A ShapInteractions is immutable; its functions may be called from several threads
/// at once.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Two features of a forest, first < second.
struct FeaturePair {
    std::size_t first = 0;
    std::size_t second = 0;
    bool operator==(const FeaturePair&) const = default;
};

class ShapInteractions {
public:
    /// Keeps a reference to `forest`.
    explicit ShapInteractions(const RandomForest& forest);

    /// All pairs of features in the order (0, 1), (0, 2), ..., (1, 2), ...
    [[nodiscard]] const std::vector<FeaturePair>& pairs() const { return m_pairs; }

    /// Symmetric matrices of all rows: out[((row * n_classes + k) * n_features + i) * n_features + j] is half of what i
    /// and j do together (i != j), or what i does alone. Every line of a matrix adds up to the SHAP value of its
    /// feature. Runs on all threads; the values do not depend on their number. Throws: Error(internal) as
    /// TreeShap::explain.
    void explain(const FeatureView& rows, std::span<double> out) const;

    /// Mean over rows of twice the absolute value per class and pair, what two features do together:
    /// result[k * pairs().size() + pair]. Keeps nothing per row. Its digits do not depend on the
    /// threads. Requires: n_rows > 0.
    [[nodiscard]] std::vector<double> mean_strength(const FeatureView& rows, Progress& progress) const;
    /// Bytes that `mean_strength` takes at most for so many rows, with its result and all pairs: it grows with classes,
    /// pairs and threads, with the rows only while these are few.
    [[nodiscard]] static std::int64_t memory_of_strength(const RandomForest& forest, std::int64_t n_rows);

private:
    [[nodiscard]] std::vector<double> pair_values(const FeatureView& rows, std::int64_t first, std::int64_t n) const;

    const RandomForest& m_forest;
    std::vector<FeaturePair> m_pairs;
};

} // namespace lcclass
