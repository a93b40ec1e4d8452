/// Exact SHAP values of a forest's class probabilities (Lundberg et al. 2020), for many rows at once: rows of similar
/// values share what leaves mean to all of them, so the more at once, the less each costs.
/// A TreeShap is immutable; its functions use all threads, and may be called from several at once.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lcclass {

class ShapLeaves;
struct ShapBackground;
struct ShapRules;

class TreeShap {
public:
    /// Path-dependent values: a feature that is not known follows the training draws of its tree. Keeps a reference to
    /// `forest`. Throws Error(resources) for trees that test more than 64 features on one path.
    explicit TreeShap(const RandomForest& forest);
    /// Interventional values: a feature that is not known has the values of the background rows, each of them in turn.
    /// They cost some times more, the more rows there are. Requires: one row at least; finite features.
    TreeShap(const RandomForest& forest, const FeatureView& background);
    ~TreeShap();

    /// Expected probability per class over the training draws, or the mean prediction for the background: what every
    /// prediction starts from.
    [[nodiscard]] const std::vector<double>& base() const { return m_base; }
    /// Contributions of all rows: out[(row * n_classes + k) * n_features + j]. For each row and class, base plus the
    /// sum of contributions is the predicted probability. The values do not depend on the number of threads; their
    /// last digits depend on what else is in `rows`.
    /// Requires: less than 2^32 rows; finite features. Tells `progress`, begun by the caller, of rows that are done.
    /// Throws: Error(internal) when that sum is off by more than 1e-9.
    void explain(const FeatureView& rows, std::span<double> out, Progress& progress = silent_progress()) const;
    /// The same of one class for each row: out[row * n_features + j]. Costs less than all classes do.
    void explain_classes(const FeatureView& rows, std::span<const std::int32_t> class_index, std::span<double> out,
                         Progress& progress = silent_progress()) const;

    /// Rows of the background; 0: path-dependent.
    [[nodiscard]] std::int64_t background_rows() const;

    /// Memory of a call beside its arguments, in bytes per row.
    [[nodiscard]] static std::size_t bytes_per_row(int n_features, int n_classes);
    /// Memory besides, in bytes: of the forest's leaves, and of every thread that explains `n_classes` at once.
    [[nodiscard]] static std::size_t fixed_bytes(const RandomForest& forest, int n_classes);

private:
    /// Where the values of row and target go: at [(row * targets + target) * n_features].
    struct Target {
        std::span<const std::int32_t> classes; ///< that are explained, in the order of the targets
        std::span<const std::uint32_t> rows;   ///< that are explained
        std::span<double> out;
        Progress& progress;
    };
    void run(const FeatureView& rows, std::span<const std::uint32_t> votes, const Target& target) const;

    const RandomForest& m_forest;
    std::unique_ptr<const ShapLeaves> m_leaves;
    std::unique_ptr<const ShapRules> m_rules;
    std::unique_ptr<const ShapBackground> m_background; ///< null: path-dependent
    std::vector<double> m_base;
};

} // namespace lcclass
