/// The games whose Shapley values are computed: what a coalition of features is worth at a leaf.
/// Immutable; safe from any thread.
#pragma once

#include "forest/shap_leaves.h"
#include "lcclass/core/pixel_block.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lcclass {

/// Quadrature rules for leaves of any number of sides, as numbers side by side. Path-dependent: an unknown feature
/// follows the training draws, so that a coalition is worth prod (t o + (1 - t) z), integrated over t.
struct ShapRules {
    struct Rule {
        std::vector<double> t;
        std::vector<double> rest; ///< 1 - t
        std::vector<double> weight;
    };
    std::vector<Rule> rules; ///< by number of sides

    ShapRules();
};

/// Rows that unknown features are taken from (interventional, Lundberg et al. 2020; Janzing et al. 2020).
struct ShapBackground {
    /// Requires: one row at least, finite features.
    ShapBackground(const RandomForest& forest, const FeatureView& rows);

    std::size_t n_rows;
    std::size_t stride;
    std::vector<std::int16_t> codes; ///< shifted; row i from [i * stride] on
    std::vector<double> base;        ///< mean prediction per class

    [[nodiscard]] const std::int16_t* row(std::size_t i) const { return codes.data() + i * stride; }
    /// What each of `ours` features gains when a leaf wants these from one row and `theirs` from another: the share of
    /// orders in which it comes last of ours and before all of theirs, (ours - 1)! theirs! / (ours + theirs)!, divided
    /// by the number of rows; 0 for no feature.
    [[nodiscard]] double weight(std::size_t ours, std::size_t theirs) const {
        return m_weights[ours * (ShapLeaves::most_lanes + 1) + theirs];
    }

private:
    std::vector<double> m_weights;
};

/// Throws Error(internal) naming the row when what its values and their base add up to misses the prediction by more
/// than 1e-9.
void check_shap_sum(double sum, double prediction, std::size_t row);

struct ShapGame {
    const ShapLeaves& leaves;
    const ShapRules& rules;
    const ShapBackground* background = nullptr; ///< nothing: path-dependent
};

} // namespace lcclass
