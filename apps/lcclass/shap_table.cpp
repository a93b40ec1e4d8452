#include "shap_table.h"

#include "lcclass/features/feature_units.h"
#include "shap_background.h"
#include "training.h"

#include <algorithm>

namespace lcclass {

namespace {

constexpr std::uint64_t rows_stream = 0x5AA9;

void explain_rows(const TreeShap& shap, ShapTable& table, Progress& progress) {
    table.base = shap.base();
    const std::size_t per_row = table.n_classes * table.n_features;
    table.values.resize(table.n_rows() * per_row);
    progress.begin("explain", static_cast<std::int64_t>(table.n_rows()));
    shap.explain(table.features, table.values, progress);
    progress.end();
}

} // namespace

std::vector<double> ShapTable::column(std::size_t k, std::size_t feature) const {
    std::vector<double> result(n_rows());
    for (std::size_t row = 0; row < result.size(); ++row) {
        result[row] = of(row, k)[feature];
    }
    return result;
}

ShapTable make_shap_table(const ExplainedSamples& explained, std::int64_t wanted, Progress& progress) {
    const Model& model = explained.model;
    ShapTable table;
    table.rows = draw_rows(explained.samples.size(), wanted, explained.seed, rows_stream);
    table.samples = select_rows(explained.samples, table.rows);
    table.features = features_of(table.samples, model, explained.samples_path.string());
    table.units = feature_units(model.recipe_json, model.feature_names, explained.model_path.string());
    table.predictions = predict_rows(model, table.features);
    table.n_classes = static_cast<std::size_t>(model.forest.n_classes());
    table.n_features = static_cast<std::size_t>(model.forest.n_features());
    explain_rows(explained.shap, table, progress);
    return table;
}

} // namespace lcclass
