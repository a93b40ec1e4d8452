#include "lcclass/forest/importance.h"

#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"

#include <cmath>
#include <limits>

namespace lcclass {

namespace {

constexpr std::uint64_t permutation_stream = 0x7065726D757465ULL;

double accuracy_of_forest(const RandomForest& forest, const FeatureView& rows,
                          std::span<const std::int32_t> class_index) {
    std::vector<std::int32_t> predicted(class_index.size());
    forest.predict_classes(rows, predicted);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        right += predicted[i] == class_index[i] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(predicted.size());
}

} // namespace

std::vector<std::vector<double>> permutation_decreases(const RandomForest& forest, const FeatureView& rows,
                                                       std::span<const std::int32_t> class_index, int n_repeats,
                                                       std::uint64_t seed) {
    const std::size_t p = rows.columns.size();
    const auto repeats = static_cast<std::size_t>(n_repeats);
    std::vector<std::vector<double>> decreases(p, std::vector<double>(repeats, 0.0));
    if (rows.n_rows == 0) {
        return decreases;
    }
    const double baseline = accuracy_of_forest(forest, rows, class_index);
    // One after the other: a prediction of all rows keeps all threads busy.
    for (std::size_t task = 0; task < p * repeats; ++task) {
        throw_if_stopped();
        const std::size_t feature = task / repeats;
        std::vector<float> shuffled(rows.columns[feature], rows.columns[feature] + rows.n_rows);
        Rng(mix64(seed, permutation_stream), task).shuffle(std::span(shuffled));
        FeatureView changed = rows;
        changed.columns[feature] = shuffled.data();
        decreases[feature][task % repeats] = baseline - accuracy_of_forest(forest, changed, class_index);
    }
    return decreases;
}

std::vector<ImportanceEstimate> summarize_decreases(const std::vector<std::vector<double>>& decreases) {
    std::vector<ImportanceEstimate> estimates;
    for (const std::vector<double>& values : decreases) {
        const auto n = static_cast<double>(values.size());
        double mean = 0;
        for (const double value : values) {
            mean += value / n;
        }
        double squares = 0;
        for (const double value : values) {
            squares += (value - mean) * (value - mean);
        }
        estimates.push_back(
            {.mean = values.empty() ? std::numeric_limits<double>::quiet_NaN() : mean,
             .sd = values.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(squares / (n - 1))});
    }
    return estimates;
}

} // namespace lcclass
