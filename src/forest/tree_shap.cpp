#include "lcclass/forest/tree_shap.h"

#include "forest/leaf_boxes.h"
#include "forest/packed_forest.h"
#include "forest/shap_walk.h"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::size_t rows_per_task = 16384;

/// Rows as records: the codes of the features and the position of the row.
class RowRecords {
public:
    RowRecords(const RandomForest& forest, const FeatureView& rows, std::span<const std::uint32_t> chosen)
        : m_n(chosen.size()), m_units(PixelRecords::units_for(forest.packed().n_features())),
          m_records(std::make_unique_for_overwrite<std::int16_t[]>(2 * m_n * m_units * PixelRecords::unit)) {
        const std::vector<CodeTable>& tables = forest.packed().tables();
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, m_n, rows_per_task),
                          [&](const tbb::blocked_range<std::size_t>& range) {
                              for (std::size_t i = range.begin(); i < range.end(); ++i) {
                                  std::int16_t* const record = records().at(i);
                                  for (std::size_t f = 0; f < tables.size(); ++f) {
                                      record[f] = PackedForest::shifted(tables[f].code(rows.columns[f][chosen[i]]));
                                  }
                                  std::fill(record + tables.size(), record + records().stride(), std::int16_t{0});
                                  records().set_pixel(i, chosen[i]);
                              }
                          });
    }

    [[nodiscard]] PixelRecords records() const { return {.data = m_records.get(), .n_pixels = m_n, .units = m_units}; }
    [[nodiscard]] PixelRecords scratch() const {
        return {.data = records().at(m_n), .n_pixels = m_n, .units = m_units};
    }

private:
    std::size_t m_n;
    std::size_t m_units;
    std::unique_ptr<std::int16_t[]> m_records;
};

/// Pixels whose values are summed up side by side: few enough for the processor's caches.
std::size_t block_pixels(std::size_t stride) {
    constexpr std::size_t cache = std::size_t{8} << 20U;
    return std::clamp(cache / (stride * sizeof(double)), std::size_t{64}, std::size_t{4096});
}

/// Leaves that are worth something to the targets.
std::vector<std::uint32_t> weighty_leaves(const ShapLeaves& leaves, const LeafWeights& weights) {
    std::vector<std::uint32_t> weighty;
    for (std::uint32_t leaf = 0; leaf < leaves.size(); ++leaf) {
        if (!weights.of(leaves.distribution(leaf)).empty()) {
            weighty.push_back(leaf);
        }
    }
    return weighty;
}

void walk_all(const ShapGame& game, const LeafWeights& weights, const RowRecords& rows,
              const ShapWalk::Output& output) {
    const std::size_t stride = weights.n_targets * ShapKernel::padded(game.leaves.n_features());
    tbb::task_group tasks;
    ShapWalk::Spawn spawn;
    tbb::enumerable_thread_specific<ShapWalk> walks(
        [&] { return ShapWalk(game, weights, block_pixels(stride), output, spawn); });
    spawn = [&](ShapTask&& task) { tasks.run([&walks, task = std::move(task)] { walks.local().run(task); }); };
    const ShapTask first{.pixels = rows.records(),
                         .scratch = rows.scratch(),
                         .leaves = weighty_leaves(game.leaves, weights),
                         .base = std::vector<double>(stride, 0.0),
                         .level = 0};
    tasks.run_and_wait([&] { walks.local().run(first); });
}

/// Expected probability per class over the training draws.
std::vector<double> expected_probabilities(const RandomForest& forest) {
    std::vector<double> expected(static_cast<std::size_t>(forest.n_classes()), 0.0);
    for (const RandomForest::Tree& tree : forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            const auto distribution = forest.distribution(*box->leaf);
            for (std::size_t k = 0; k < expected.size(); ++k) {
                expected[k] += box->expectation() * distribution[k];
            }
        }
    }
    const double scale = 1.0 / (static_cast<double>(forest.n_trees()) * RandomForest::probability_one);
    for (double& value : expected) {
        value *= scale;
    }
    return expected;
}

} // namespace

TreeShap::TreeShap(const RandomForest& forest)
    : m_forest(forest), m_leaves(std::make_unique<ShapLeaves>(forest)), m_rules(std::make_unique<ShapRules>()),
      m_base(expected_probabilities(forest)) {}

TreeShap::TreeShap(const RandomForest& forest, const FeatureView& background)
    : m_forest(forest), m_leaves(std::make_unique<ShapLeaves>(forest)), m_rules(std::make_unique<ShapRules>()),
      m_background(std::make_unique<ShapBackground>(forest, background)), m_base(m_background->base) {}

TreeShap::~TreeShap() = default;

std::size_t TreeShap::bytes_per_row(int n_features, int n_classes) {
    constexpr std::size_t number = 4; // of the row
    const std::size_t record = PixelRecords::units_for(static_cast<std::size_t>(n_features)) * PixelRecords::unit;
    return 2 * record * sizeof(std::int16_t) + number + static_cast<std::size_t>(n_classes) * sizeof(std::uint32_t);
}

std::size_t TreeShap::fixed_bytes(const RandomForest& forest, int n_classes) {
    const std::size_t stride =
        static_cast<std::size_t>(n_classes) * ShapKernel::padded(static_cast<std::size_t>(forest.n_features()));
    constexpr std::size_t planes = 3; // of blocks and cells
    const std::size_t values = planes * block_pixels(stride) * stride * sizeof(double);
    // Lists of the leaves that boxes cross, of a dozen levels: every level has those that the one above has at most.
    constexpr std::size_t levels = 12;
    const std::size_t lists = levels * sizeof(std::uint32_t) * static_cast<std::size_t>(forest.n_nodes()) / 2;
    const auto threads = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
    return ShapLeaves::most_bytes(forest) + threads * (values + lists);
}

std::int64_t TreeShap::background_rows() const {
    return m_background == nullptr ? 0 : static_cast<std::int64_t>(m_background->n_rows);
}

void TreeShap::run(const FeatureView& rows, std::span<const std::uint32_t> votes, const Target& target) const {
    if (target.rows.empty()) {
        return;
    }
    const std::size_t p = m_leaves->n_features();
    const std::size_t padded = ShapKernel::padded(p);
    const std::size_t n_targets = target.classes.size();
    const double one = static_cast<double>(m_forest.n_trees()) * RandomForest::probability_one;
    const LeafWeights weights(m_forest, target.classes);
    const RowRecords records(m_forest, rows, target.rows);
    const ShapWalk::Output output = [&](std::span<const std::uint32_t> block, const double* values) {
        for (std::size_t i = 0; i < block.size(); ++i) {
            for (std::size_t t = 0; t < n_targets; ++t) {
                const auto k = static_cast<std::size_t>(target.classes[t]);
                const double* const from = values + (i * n_targets + t) * padded;
                std::copy_n(from, p, target.out.data() + (block[i] * n_targets + t) * p);
                check_shap_sum(std::accumulate(from, from + p, m_base[k]), votes[block[i] * m_base.size() + k] / one,
                               block[i]);
            }
        }
        target.progress.advance(static_cast<std::int64_t>(block.size()));
    };
    walk_all({.leaves = *m_leaves, .rules = *m_rules, .background = m_background.get()}, weights, records, output);
}

void TreeShap::explain(const FeatureView& rows, std::span<double> out, Progress& progress) const {
    const auto n = static_cast<std::size_t>(rows.n_rows);
    std::vector<std::uint32_t> votes(n * m_base.size());
    m_forest.predict_sums(rows, votes);
    std::vector<std::int32_t> classes(m_base.size());
    std::iota(classes.begin(), classes.end(), 0);
    std::vector<std::uint32_t> all(n);
    std::iota(all.begin(), all.end(), 0U);
    run(rows, votes, {.classes = classes, .rows = all, .out = out, .progress = progress});
}

void TreeShap::explain_classes(const FeatureView& rows, std::span<const std::int32_t> class_index,
                               std::span<double> out, Progress& progress) const {
    std::vector<std::uint32_t> votes(class_index.size() * m_base.size());
    m_forest.predict_sums(rows, votes);
    std::vector<std::vector<std::uint32_t>> rows_of_class(m_base.size());
    for (std::uint32_t row = 0; row < class_index.size(); ++row) {
        rows_of_class[static_cast<std::size_t>(class_index[row])].push_back(row);
    }
    for (std::int32_t k = 0; k < m_forest.n_classes(); ++k) {
        run(rows, votes,
            {.classes = std::span(&k, 1),
             .rows = rows_of_class[static_cast<std::size_t>(k)],
             .out = out,
             .progress = progress});
    }
}

} // namespace lcclass
