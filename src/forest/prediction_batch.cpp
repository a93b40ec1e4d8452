#include "lcclass/forest/prediction_batch.h"

#include "forest/box_walk.h"
#include "forest/packed_forest.h"
#include "lcclass/core/error.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/task_group.h>

#include <algorithm>

namespace lcclass {

namespace {

/// Walks one task and all it spawns on all threads.
void walk_all(const PackedForest& forest, PredictionOutput output, BoxTask first) {
    tbb::task_group tasks;
    std::function<void(BoxTask &&)> spawn;
    tbb::enumerable_thread_specific<BoxWalk> walks([&] { return BoxWalk(forest, output, spawn); });
    spawn = [&](BoxTask&& task) { tasks.run([&walks, task = std::move(task)] { walks.local().run(task); }); };
    tasks.run_and_wait([&] { walks.local().run(first); });
}

} // namespace

PredictionBatch::PredictionBatch(const RandomForest& forest, std::size_t capacity)
    : m_forest(forest), m_capacity(capacity), m_units(PixelRecords::units_for(forest.packed().n_features())),
      m_pixels(std::make_unique_for_overwrite<std::int16_t[]>(capacity * m_units * PixelRecords::unit)),
      m_scratch(std::make_unique_for_overwrite<std::int16_t[]>(capacity * m_units * PixelRecords::unit)) {}

std::size_t PredictionBatch::bytes_per_pixel(int n_features) {
    return 2 * PixelRecords::units_for(static_cast<std::size_t>(n_features)) * PixelRecords::unit *
           sizeof(std::int16_t);
}

void PredictionBatch::add(const FeatureView& rows, std::span<const std::uint32_t> pixels) {
    const auto n = static_cast<std::size_t>(rows.n_rows);
    const std::size_t first = m_size.fetch_add(n);
    if (first + n > m_capacity) {
        throw Error(ExitCode::internal, {.where = "prediction",
                                         .field = "pixels=" + std::to_string(first + n),
                                         .problem = "are more than the batch has room for",
                                         .fix = "report this as a bug"});
    }
    const PixelRecords records =
        PixelRecords{.data = m_pixels.get(), .n_pixels = first + n, .units = m_units}.part(first, n);
    const std::vector<CodeTable>& tables = m_forest.packed().tables();
    for (std::size_t f = 0; f < tables.size(); ++f) {
        const float* const values = rows.columns[f];
        for (std::size_t i = 0; i < n; ++i) {
            records.at(i)[f] = PackedForest::shifted(tables[f].code(values[i]));
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        records.set_pixel(i, pixels[i]);
    }
}

void PredictionBatch::predict_classes(std::span<std::int32_t> out) {
    predict({.classes = out.data(), .sums = nullptr});
}

void PredictionBatch::predict_sums(std::span<std::uint32_t> out) {
    predict({.classes = nullptr, .sums = out.data()});
}

void PredictionBatch::predict(const PredictionOutput& output) {
    const PackedForest& forest = m_forest.packed();
    const std::size_t n = m_size.exchange(0);
    if (n == 0) {
        return;
    }
    const auto constant = forest.constant_sums();
    const auto roots = forest.roots();
    walk_all(forest, output,
             {.pixels = {.data = m_pixels.get(), .n_pixels = n, .units = m_units},
              .scratch = {.data = m_scratch.get(), .n_pixels = n, .units = m_units},
              .subtrees = {roots.begin(), roots.end()},
              .sums = {constant.begin(), constant.end()}});
}

} // namespace lcclass
