#include "lcclass/mapping/predict_rows.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace lcclass {

RowPredictions predict_rows(const Model& model, const FeatureView& rows) {
    const auto n_classes = static_cast<std::size_t>(model.forest.n_classes());
    const auto n_rows = static_cast<std::size_t>(rows.n_rows);
    const double one = static_cast<double>(RandomForest::probability_one) * model.forest.n_trees();
    std::vector<std::uint32_t> sums(n_rows * n_classes);
    model.forest.predict_sums(rows, sums);
    RowPredictions result;
    std::ranges::transform(sums, std::back_inserter(result.votes), [&](std::uint32_t sum) { return sum / one; });
    result.probabilities.resize(result.votes.size());
    const ProbabilityCorrection correction(model.calibration, {}, n_classes);
    for (std::size_t row = 0; row < n_rows; ++row) {
        const auto probabilities = std::span(result.probabilities).subspan(row * n_classes, n_classes);
        correction.calibrate(std::span(result.votes).subspan(row * n_classes, n_classes), probabilities);
        result.class_index.push_back(
            static_cast<std::int32_t>(std::ranges::max_element(probabilities) - probabilities.begin()));
    }
    return result;
}

} // namespace lcclass
