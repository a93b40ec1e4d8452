/// SHAP values of samples, and what the samples are.
/// Plain data; const access is safe from any thread.
#pragma once

#include "explained_samples.h"
#include "lcclass/core/progress.h"
#include "lcclass/mapping/predict_rows.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

struct ShapTable {
    std::vector<std::int64_t> rows; ///< of the sample table, ascending
    SampleTable samples;            ///< those rows
    FeatureView features;           ///< of those rows, in the model's order
    std::vector<std::string> units; ///< of the features, in that order; empty texts where there is none
    RowPredictions predictions;
    std::vector<double> base;   ///< per class
    std::vector<double> values; ///< [(row * n_classes + k) * n_features + feature]
    std::size_t n_classes = 0;
    std::size_t n_features = 0;

    ShapTable() = default;
    ShapTable(const ShapTable&) = delete; // `features` refers to `samples`
    ShapTable& operator=(const ShapTable&) = delete;
    ShapTable(ShapTable&&) = default;
    ShapTable& operator=(ShapTable&&) = default;
    ~ShapTable() = default;

    [[nodiscard]] std::size_t n_rows() const { return rows.size(); }
    /// The contributions of all features to class k of a row.
    [[nodiscard]] std::span<const double> of(std::size_t row, std::size_t k) const {
        return std::span(values).subspan((row * n_classes + k) * n_features, n_features);
    }
    /// The contributions of one feature to class k of all rows.
    [[nodiscard]] std::vector<double> column(std::size_t k, std::size_t feature) const;
    /// The values of one feature in all rows.
    [[nodiscard]] std::span<const float> values_of(std::size_t feature) const {
        return {features.columns[feature], n_rows()};
    }
};

/// Of `wanted` samples drawn by the seed; 0: of all.
ShapTable make_shap_table(const ExplainedSamples& explained, std::int64_t wanted, Progress& progress);

} // namespace lcclass
