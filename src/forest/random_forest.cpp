#include "lcclass/forest/random_forest.h"

#include "forest/forest_check.h"
#include "forest/packed_forest.h"
#include "lcclass/forest/prediction_batch.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::int64_t most_rows_at_once = std::int64_t{1} << 22U;
constexpr std::int64_t batch_memory = std::int64_t{256} << 20U; ///< in bytes
constexpr std::int64_t rows_per_task = 16384;

template <class Predict>
void predict_in_batches(const RandomForest& forest, const FeatureView& rows, Predict&& predict) {
    const auto row_bytes = static_cast<std::int64_t>(PredictionBatch::bytes_per_pixel(forest.n_features()));
    const std::int64_t rows_at_once = std::clamp(batch_memory / row_bytes, rows_per_task, most_rows_at_once);
    PredictionBatch batch(forest, static_cast<std::size_t>(std::min(rows_at_once, rows.n_rows)));
    for (std::int64_t first = 0; first < rows.n_rows; first += rows_at_once) {
        const std::int64_t n = std::min(rows_at_once, rows.n_rows - first);
        tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, n, rows_per_task),
                          [&](const tbb::blocked_range<std::int64_t>& range) {
                              std::vector<std::uint32_t> pixels(range.size());
                              std::iota(pixels.begin(), pixels.end(), static_cast<std::uint32_t>(range.begin()));
                              const auto n_part = static_cast<std::int64_t>(range.size());
                              batch.add(rows.part(first + range.begin(), n_part), pixels);
                          });
        predict(batch, static_cast<std::size_t>(first), static_cast<std::size_t>(n));
    }
}

} // namespace

RandomForest::RandomForest(Parts parts) : m_depth(check_forest(parts)) {
    m_parts = std::make_shared<const Parts>(std::move(parts));
    m_packed = std::make_shared<const PackedForest>(*m_parts, m_depth);
}

std::int64_t RandomForest::n_nodes() const {
    std::int64_t n = 0;
    for (const Tree& tree : m_parts->trees) {
        n += static_cast<std::int64_t>(tree.nodes.size());
    }
    return n;
}

void RandomForest::encode(const FeatureView& rows, std::int64_t first, std::int64_t n,
                          std::span<std::uint16_t> codes) const {
    const std::vector<CodeTable>& tables = m_packed->tables();
    for (std::size_t f = 0; f < tables.size(); ++f) {
        const float* const values = rows.columns[f] + first;
        for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
            codes[i * tables.size() + f] = tables[f].code(values[i]);
        }
    }
}

void RandomForest::predict_sums(const FeatureView& rows, std::span<std::uint32_t> out) const {
    predict_in_batches(*this, rows, [&](PredictionBatch& batch, std::size_t first, std::size_t n) {
        const auto k = static_cast<std::size_t>(n_classes());
        batch.predict_sums(out.subspan(first * k, n * k));
    });
}

void RandomForest::predict_classes(const FeatureView& rows, std::span<std::int32_t> out) const {
    predict_in_batches(*this, rows, [&](PredictionBatch& batch, std::size_t first, std::size_t n) {
        batch.predict_classes(out.subspan(first, n));
    });
}

} // namespace lcclass
