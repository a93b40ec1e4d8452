/// Exact path-dependent SHAP values of a forest's class probabilities (Lundberg et al. 2020).
/// A TreeShap is immutable; `explain` may be called from several threads at once.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class TreeShap {
public:
    /// Keeps a reference to `forest`.
    explicit TreeShap(const RandomForest& forest);

    /// Expected probability per class over the training draws: what every prediction starts from.
    [[nodiscard]] const std::vector<double>& base() const { return m_base; }
    /// Contributions of all rows: out[(row * n_classes + k) * n_features + j]. For each row and class, base plus the
    /// sum of contributions is the predicted probability.
    /// Runs on all threads; the values do not depend on their number.
    /// Throws: Error(internal) when that sum is off by more than 1e-9.
    void explain(const FeatureView& rows, std::span<double> out) const;

private:
    void explain_block(const FeatureView& rows, std::int64_t first, std::int64_t n, double* out) const;
    void check_sums(const FeatureView& rows, std::int64_t first, std::int64_t n, const double* out) const;

    const RandomForest& m_forest;
    std::vector<double> m_base;
};

} // namespace lcclass
