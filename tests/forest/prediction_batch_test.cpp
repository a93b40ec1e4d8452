#include "lcclass/forest/prediction_batch.h"

#include "forest_fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hwy/targets.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <thread>

namespace lcclass {
namespace {

using namespace test;

/// What the sums of row i are by their definition: every tree is walked on its own, threshold by threshold.
std::vector<std::uint32_t> walked_sums(const RandomForest& forest, const FeatureView& rows, std::size_t i) {
    std::vector<std::uint32_t> sums(static_cast<std::size_t>(forest.n_classes()));
    for (const RandomForest::Tree& tree : forest.trees()) {
        std::size_t at = 0;
        while (!tree.nodes[at].is_leaf()) {
            const RandomForest::Node& node = tree.nodes[at];
            at = rows.columns[node.feature()][i] <= forest.threshold(node) ? at + 1 : node.right;
        }
        const auto leaf = forest.distribution(tree.nodes[at]);
        std::transform(sums.begin(), sums.end(), leaf.begin(), sums.begin(), std::plus<>());
    }
    return sums;
}

std::int32_t lowest_leader(const std::vector<std::uint32_t>& sums) {
    return static_cast<std::int32_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
}

struct Predictions {
    std::vector<std::int32_t> classes;
    std::vector<std::uint32_t> sums;
    bool operator==(const Predictions&) const = default;
};

Predictions predict(const RandomForest& forest, const FeatureView& rows) {
    const auto n = static_cast<std::size_t>(rows.n_rows);
    Predictions result{.classes = std::vector<std::int32_t>(n, -1),
                       .sums = std::vector<std::uint32_t>(n * static_cast<std::size_t>(forest.n_classes()))};
    forest.predict_classes(rows, result.classes);
    forest.predict_sums(rows, result.sums);
    return result;
}

/// Compares every `step`-th row.
void expect_as_walked(const RandomForest& forest, const FeatureView& rows, const Predictions& found,
                      std::size_t step = 1) {
    const auto k = static_cast<std::ptrdiff_t>(forest.n_classes());
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows.n_rows); i += step) {
        const std::vector<std::uint32_t> expected = walked_sums(forest, rows, i);
        const auto sums = found.sums.begin() + static_cast<std::ptrdiff_t>(i) * k;
        ASSERT_EQ(std::vector<std::uint32_t>(sums, sums + k), expected) << "row " << i;
        ASSERT_EQ(found.classes[i], lowest_leader(expected)) << "row " << i;
    }
}

void expect_as_walked(const RandomForest& forest, const LabelledRows& rows) {
    expect_as_walked(forest, rows.view(), predict(forest, rows.view()));
}

constexpr std::uint64_t n_levels = 40;

/// Whole numbers 0..n_levels; many are thresholds of `random_forest`.
LabelledRows random_rows(std::size_t n_rows, std::size_t n_features, std::uint64_t seed) {
    LabelledRows rows;
    Rng rng(seed, 1);
    rows.columns.resize(n_features, std::vector<float>(n_rows));
    for (auto& column : rows.columns) {
        std::generate(column.begin(), column.end(), [&] { return static_cast<float>(rng.below(n_levels + 1)); });
    }
    rows.class_index.resize(n_rows);
    return rows;
}

struct Shape {
    std::size_t n_features = 6;
    std::size_t n_classes = 8;
    std::size_t n_trees = 40;
    int depth = 9;
    std::uint64_t percent_mixed = 25;  ///< of the leaves
    std::uint64_t percent_leaves = 10; ///< of the nodes above `depth`
};

/// Trees that split at random.
class RandomTrees {
public:
    RandomTrees(const Shape& shape, std::uint64_t seed) : m_shape(shape), m_rng(seed, 2) {}

    RandomForest forest() {
        RandomForest::Parts parts{.n_features = static_cast<int>(m_shape.n_features),
                                  .n_classes = static_cast<int>(m_shape.n_classes)};
        std::vector<float> thresholds(n_levels);
        std::iota(thresholds.begin(), thresholds.end(), 0.0F);
        parts.thresholds.assign(m_shape.n_features, thresholds);
        for (std::size_t row = 0; row < m_shape.n_classes + n_mixtures; ++row) {
            std::vector<std::uint16_t> weights(m_shape.n_classes);
            std::uint32_t rest = RandomForest::probability_one;
            for (int draw = 0; draw < 3 && row >= m_shape.n_classes; ++draw) {
                const auto weight = static_cast<std::uint16_t>(m_rng.below(20000));
                weights[m_rng.below(m_shape.n_classes)] += weight;
                rest -= weight;
            }
            weights[row % m_shape.n_classes] += static_cast<std::uint16_t>(rest);
            parts.distributions.insert(parts.distributions.end(), weights.begin(), weights.end());
        }
        for (std::size_t t = 0; t < m_shape.n_trees; ++t) {
            grow(parts.trees.emplace_back(), m_shape.depth);
            parts.trees.back().cover.assign(parts.trees.back().nodes.size(), 1.0F);
        }
        return RandomForest(std::move(parts));
    }

private:
    static constexpr std::size_t n_mixtures = 20;

    void grow(RandomForest::Tree& tree, int depth) {
        const std::size_t at = tree.nodes.size();
        tree.nodes.emplace_back();
        if (depth == 0 || m_rng.below(100) < m_shape.percent_leaves) {
            const bool mixed = m_rng.below(100) < m_shape.percent_mixed;
            tree.nodes[at].content = static_cast<std::uint32_t>(mixed ? m_shape.n_classes + m_rng.below(n_mixtures)
                                                                      : m_rng.below(m_shape.n_classes));
            return;
        }
        tree.nodes[at].content =
            static_cast<std::uint32_t>(m_rng.below(m_shape.n_features) << 16U | m_rng.below(n_levels));
        grow(tree, depth - 1);
        tree.nodes[at].right = static_cast<std::uint32_t>(tree.nodes.size());
        grow(tree, depth - 1);
    }

    Shape m_shape;
    Rng m_rng;
};

RandomForest random_forest(const Shape& shape, std::uint64_t seed = 1) {
    return RandomTrees(shape, seed).forest();
}

TEST(PredictionBatch, AgreesWithAWalkForAnyNumberOfRows) {
    const RandomForest forest = random_forest({});
    const LabelledRows rows = random_rows(5003, 6, 2);
    for (const std::int64_t n : {0, 1, 2, 63, 64, 65, 127, 129, 255, 256, 257, 5003}) {
        SCOPED_TRACE(n);
        FeatureView view = rows.view();
        view.n_rows = n;
        expect_as_walked(forest, view, predict(forest, view));
    }
}

TEST(PredictionBatch, AgreesWithAWalkForAnyNumberOfFeatures) { // records of 1 to 6 units
    for (const std::size_t n : {1, 5, 6, 7, 13, 14, 15, 22, 23, 29, 30, 31, 40}) {
        SCOPED_TRACE(n);
        expect_as_walked(random_forest({.n_features = n, .n_trees = 20}), random_rows(1500, n, n));
    }
}

TEST(PredictionBatch, AgreesWithAWalkForAnyNumberOfClasses) { // which sets how many trees are walked at once
    for (const std::size_t n : {1, 2, 3, 8, 17, 70, 200}) {
        for (const std::uint64_t percent_mixed : {0, 30, 100}) {
            SCOPED_TRACE(n);
            const Shape shape{.n_classes = n, .n_trees = 130, .depth = 6, .percent_mixed = percent_mixed};
            expect_as_walked(random_forest(shape), random_rows(700, 6, n));
        }
    }
}

TEST(PredictionBatch, GivesTheSameOnAnyNumberOfThreads) {
    constexpr std::size_t n_rows = 300'001; // several tasks
    const RandomForest forest = random_forest({.n_features = 4, .n_classes = 5, .n_trees = 12, .depth = 6});
    const LabelledRows rows = random_rows(n_rows, 4, 3);
    Predictions first;
    for (const int n_threads : {1, 2, 3, 7}) {
        const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(n_threads));
        Predictions found;
        tbb::task_arena(n_threads).execute([&] { found = predict(forest, rows.view()); });
        if (n_threads == 1) {
            first = found;
            expect_as_walked(forest, rows.view(), first, 31);
        }
        EXPECT_TRUE(found == first) << n_threads;
    }
}

TEST(PredictionBatch, RowsThatDoNotFitAtOnceGoWhereTheyBelong) {
    constexpr std::size_t n_rows = (std::size_t{1} << 22U) + 70'000;
    const RandomForest forest = random_forest({.n_features = 1, .n_classes = 2, .n_trees = 2, .depth = 2});
    const LabelledRows rows = random_rows(n_rows, 1, 4);
    expect_as_walked(forest, rows.view(), predict(forest, rows.view()), 501);
}

TEST(PredictionBatch, GivesTheSameWithAnyVectors) {
    const LabelledRows rows = random_rows(3001, 9, 5);
    std::vector<RandomForest> forests;
    for (const std::size_t n_classes : {2, 8, 19}) {
        forests.push_back(random_forest({.n_features = 9, .n_classes = n_classes, .n_trees = 70, .depth = 8}));
    }
    int n_targets = 0;
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        SCOPED_TRACE(hwy::TargetName(target));
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        for (const RandomForest& forest : forests) {
            expect_as_walked(forest, rows);
        }
        ++n_targets;
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    EXPECT_GT(n_targets, 0);
}

TEST(PredictionBatch, EqualRowsGetEqualResults) {
    const RandomForest forest = random_forest({});
    LabelledRows rows = random_rows(1, 6, 6);
    for (auto& column : rows.columns) {
        column.resize(70'001, column[0]);
    }
    rows.class_index.resize(70'001);
    expect_as_walked(forest, rows.view(), predict(forest, rows.view()), 7);
}

TEST(PredictionBatch, PiecesAddedByManyThreadsGoToTheirPixels) {
    constexpr std::size_t n_rows = 6000;
    constexpr std::size_t n_threads = 4;
    const RandomForest forest = random_forest({.n_classes = 3, .n_trees = 9});
    const LabelledRows rows = random_rows(n_rows, 6, 7);
    std::vector<std::uint32_t> pixels(n_rows);
    std::iota(pixels.begin(), pixels.end(), 1000U); // the first thousand pixels have no row
    Rng(8, 0).shuffle(std::span(pixels));
    PredictionBatch batch(forest, n_rows + 5);
    const auto add_all = [&] {
        std::vector<std::thread> threads;
        for (std::size_t thread = 0; thread < n_threads; ++thread) {
            threads.emplace_back([&, thread] {
                for (std::size_t at = thread * 7; at < n_rows; at += n_threads * 7) {
                    const std::size_t n = std::min<std::size_t>(7, n_rows - at);
                    batch.add(rows.view().part(static_cast<std::int64_t>(at), static_cast<std::int64_t>(n)),
                              std::span(pixels).subspan(at, n));
                }
            });
        }
        std::for_each(threads.begin(), threads.end(), [](std::thread& thread) { thread.join(); });
    };
    std::vector<std::int32_t> classes(n_rows + 1000, -1);
    std::vector<std::uint32_t> sums((n_rows + 1000) * 3, 7);
    add_all();
    batch.predict_classes(classes);
    add_all(); // predicting has emptied the batch
    batch.predict_sums(sums);
    for (std::size_t i = 0; i < n_rows; ++i) {
        const std::vector<std::uint32_t> expected = walked_sums(forest, rows.view(), i);
        ASSERT_TRUE(std::equal(expected.begin(), expected.end(), sums.begin() + 3 * std::ptrdiff_t{pixels[i]}));
        ASSERT_EQ(classes[pixels[i]], lowest_leader(expected));
    }
    EXPECT_TRUE(std::all_of(classes.begin(), classes.begin() + 1000, [](std::int32_t k) { return k == -1; }));
    EXPECT_TRUE(std::all_of(sums.begin(), sums.begin() + 3000, [](std::uint32_t sum) { return sum == 7; }));
}

TEST(PredictionBatch, AgreesWithAWalkOfTrainedForests) {
    const LabelledRows training = noisy_octants(1500, 4, 300, 9);
    const LabelledRows others = noisy_octants(2000, 4, 320, 10); // beyond the training range as well
    for (const RandomForestOptions& options :
         {RandomForestOptions{.n_estimators = 20}, RandomForestOptions{.n_estimators = 20, .max_depth = 5},
          RandomForestOptions{.n_estimators = 10, .min_samples_leaf = 7},
          RandomForestOptions{.n_estimators = 10, .bootstrap = false, .class_weight = ClassWeight::balanced},
          RandomForestOptions{.n_estimators = 10, .max_depth = 8, .class_weight = ClassWeight::balanced_subsample}}) {
        const RandomForest forest = train(training, options).forest;
        expect_as_walked(forest, training);
        expect_as_walked(forest, others);
    }
}

TEST(PredictionBatch, CountsTreesOfASingleLeaf) {
    for (const std::uint64_t percent_leaves : {60, 100}) { // at 100 no tree has a split
        const RandomForest forest = random_forest({.n_trees = 30, .depth = 4, .percent_leaves = percent_leaves});
        const auto n_single = std::count_if(forest.trees().begin(), forest.trees().end(),
                                            [](const RandomForest::Tree& tree) { return tree.nodes.size() == 1; });
        EXPECT_GT(n_single, 5);
        EXPECT_EQ(n_single == 30, percent_leaves == 100);
        expect_as_walked(forest, random_rows(500, 6, 11));
    }
}

/// x0 <= 0 ? leaf : x0 <= 1 ? leaf : ..., or from the other end; leaves of both classes in turn.
RandomForest::Tree chain(std::uint32_t n_splits, bool ascending) {
    RandomForest::Tree tree;
    for (std::uint32_t i = 0; i < n_splits; ++i) {
        if (ascending) {
            tree.nodes.push_back({.right = 2 * i + 2, .content = i});
            tree.nodes.push_back({.right = 0, .content = i % 2});
        } else {
            tree.nodes.push_back({.right = 2 * n_splits - i, .content = n_splits - 1 - i});
        }
    }
    tree.nodes.push_back({.right = 0, .content = n_splits % 2});
    while (tree.nodes.size() < 2 * n_splits + 1) {
        tree.nodes.push_back({.right = 0, .content = tree.nodes.size() % 2 == 0 ? 1U : 0U});
    }
    tree.cover.assign(tree.nodes.size(), 1.0F);
    return tree;
}

TEST(PredictionBatch, FollowsChainsOfThousandsOfSplits) {
    constexpr std::uint32_t n_splits = 3000;
    std::vector<float> thresholds(n_splits);
    std::iota(thresholds.begin(), thresholds.end(), 0.0F);
    LabelledRows rows{.columns = {std::vector<float>(5003)}, .class_index = std::vector<std::int32_t>(5003)};
    Rng rng(12, 0);
    std::generate(rows.columns[0].begin(), rows.columns[0].end(),
                  [&] { return static_cast<float>(rng.below(n_splits + 1)); });
    for (const auto& trees : std::vector<std::vector<RandomForest::Tree>>{
             {chain(n_splits, true)}, {chain(n_splits, false)}, {chain(n_splits, true), chain(n_splits, false)}}) {
        const RandomForest forest({.n_features = 1,
                                   .n_classes = 2,
                                   .thresholds = {thresholds},
                                   .distributions = {65535, 0, 0, 65535},
                                   .trees = trees});
        EXPECT_EQ(forest.depth(), 3000);
        expect_as_walked(forest, rows);
    }
}

TEST(PredictionBatch, TheLowestClassWinsTiesHoweverEarlyItIsSeen) {
    // Tree t votes for class 2 where x0 <= t and for class 1 elsewhere; x1 decides when that is known. With 40 trees,
    // x0 = 20 is a tie, and every lead occurs with every number of trees left.
    constexpr std::uint32_t n_trees = 40;
    std::vector<float> thresholds(n_trees);
    std::iota(thresholds.begin(), thresholds.end(), 0.0F);
    RandomForest::Parts parts{.n_features = 2,
                              .n_classes = 3,
                              .thresholds = {thresholds, thresholds},
                              .distributions = {65535, 0, 0, 0, 65535, 0, 0, 0, 65535}};
    for (std::uint32_t t = 0; t < n_trees; ++t) {
        parts.trees.push_back({.nodes = {{.right = 4, .content = 1U << 16U | t * 7 % n_trees},
                                         {.right = 3, .content = t},
                                         {.right = 0, .content = 2},
                                         {.right = 0, .content = 1},
                                         {.right = 6, .content = n_trees - 1 - t},
                                         {.right = 0, .content = 2},
                                         {.right = 0, .content = 1}},
                               .cover = std::vector<float>(7, 1.0F)});
    }
    const RandomForest forest(std::move(parts));
    LabelledRows rows = random_rows(4000, 2, 13);
    std::fill_n(rows.columns[1].begin(), 2000, 0.0F); // each tree in the same half
    expect_as_walked(forest, rows);
    const Predictions found = predict(forest, rows.view());
    int n_ties = 0;
    for (std::size_t i = 0; i < 4000; ++i) {
        if (found.sums[3 * i + 1] == found.sums[3 * i + 2]) {
            EXPECT_EQ(found.classes[i], 1);
            ++n_ties;
        }
    }
    EXPECT_GT(n_ties, 40);
}

} // namespace
} // namespace lcclass
