#include "forest/tree_sample.h"
#include "forest_fixtures.h"
#include "lcclass/forest/importance.h"

#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <algorithm>

namespace lcclass {
namespace {

using namespace test;

OutOfBagImportance importance_of(const RandomForest& forest, const LabelledRows& rows,
                                 const RandomForestOptions& options, std::uint64_t seed = 7) {
    return out_of_bag_importance(forest, rows.training_set(), options, seed, silent_progress());
}

TEST(OutOfBagImportance, FindsTheBagsThatTheForestWasGrownFrom) {
    const LabelledRows rows = noisy_octants(600, 4, 50, 2);
    for (const RandomForestOptions& options :
         {RandomForestOptions{.n_estimators = 12}, RandomForestOptions{.n_estimators = 5, .max_samples = 0.3},
          RandomForestOptions{.n_estimators = 9, .max_depth = 4, .class_weight = ClassWeight::balanced_subsample},
          RandomForestOptions{.n_estimators = 8, .max_bins = 16, .seed = 99}}) {
        const TrainedForest trained = train(rows, options);
        const RandomForest read = decode_model(encode_model(model_of(trained.forest)), "model").forest;
        const OutOfBagImportance importance = importance_of(read, rows, options);
        ASSERT_TRUE(importance.score.has_value());
        EXPECT_EQ(importance.score->accuracy, trained.out_of_bag->accuracy);
        EXPECT_EQ(importance.score->n_rows, trained.out_of_bag->n_rows);
    }
}

TEST(OutOfBagImportance, ScoreTellsOtherRowsAndOtherSeeds) {
    const RandomForestOptions options{.n_estimators = 12};
    const LabelledRows rows = noisy_octants(600, 4, 50, 2);
    const TrainedForest trained = train(rows, options);
    RandomForestOptions other = options;
    other.seed = 43;
    EXPECT_NE(importance_of(trained.forest, rows, other).score->accuracy, trained.out_of_bag->accuracy);
    LabelledRows reversed = rows;
    for (auto& column : reversed.columns) {
        std::reverse(column.begin(), column.end());
    }
    std::reverse(reversed.class_index.begin(), reversed.class_index.end());
    EXPECT_NE(importance_of(trained.forest, reversed, options).score->accuracy, trained.out_of_bag->accuracy);
}

/// One row's class by one tree, with feature `f` from another row.
bool is_right(const RandomForest& forest, std::size_t tree, const LabelledRows& rows, std::size_t row, std::size_t f,
              std::size_t other) {
    const RandomForest::Tree& t = forest.trees()[tree];
    std::uint32_t node = 0;
    while (!t.nodes[node].is_leaf()) {
        const std::size_t feature = t.nodes[node].feature();
        const float value = rows.columns[feature][feature == f ? other : row];
        node = value <= forest.threshold(t.nodes[node]) ? node + 1 : t.nodes[node].right;
    }
    const auto distribution = forest.distribution(t.nodes[node]);
    return std::max_element(distribution.begin(), distribution.end()) - distribution.begin() == rows.class_index[row];
}

/// What shuffling loses on average over all permutations: every row outside the bag gets every other one's value.
std::vector<double> expected_decreases(const RandomForest& forest, const LabelledRows& rows,
                                       const RandomForestOptions& options) {
    std::vector<double> sums(rows.columns.size());
    for (std::size_t tree = 0; tree < forest.trees().size(); ++tree) {
        TreeSample sample;
        draw_sample({.class_index = rows.class_index,
                     .n_classes = rows.n_classes,
                     .n_draws = draws_per_tree(options, static_cast<std::int64_t>(rows.class_index.size())),
                     .seed = options.seed},
                    static_cast<int>(tree), sample);
        const auto n = static_cast<double>(sample.out_of_bag.size());
        for (std::size_t f = 0; f < sums.size(); ++f) {
            for (const std::uint32_t row : sample.out_of_bag) {
                for (const std::uint32_t other : sample.out_of_bag) {
                    const int lost = (is_right(forest, tree, rows, row, f, row) ? 1 : 0) -
                                     (is_right(forest, tree, rows, row, f, other) ? 1 : 0);
                    sums[f] += lost / (n * n * forest.n_trees());
                }
            }
        }
    }
    return sums;
}

TEST(OutOfBagImportance, MeanOverShufflesIsTheOneOverAllPairsOfRows) {
    const RandomForestOptions options{.n_estimators = 6};
    const LabelledRows rows = noisy_octants(250, 5, 30, 8);
    const TrainedForest trained = train(rows, options);
    const std::vector<double> expected = expected_decreases(trained.forest, rows, options);
    constexpr int n_seeds = 200;
    for (std::size_t f = 0; f < 5; ++f) {
        double sum = 0;
        double squares = 0;
        for (std::uint64_t seed = 0; seed < n_seeds; ++seed) {
            const double mean = importance_of(trained.forest, rows, options, seed).features[f].mean;
            sum += mean;
            squares += mean * mean;
        }
        const double mean = sum / n_seeds;
        const double error = std::sqrt((squares / n_seeds - mean * mean) / n_seeds);
        EXPECT_NEAR(mean, expected[f], 4 * error) << "feature " << f;
        EXPECT_LT(error, 0.002);
        EXPECT_EQ(expected[f] > 0.1, f < 3); // the octant is that of the first three
    }
}

TEST(OutOfBagImportance, AStumpNeedsOneFeature) {
    // A stump knows one feature.
    const LabelledRows rows = noisy_octants(400, 3, 20, 1);
    const RandomForestOptions options{.n_estimators = 1, .max_depth = 1, .max_features = {"all"}};
    const TrainedForest trained = train(rows, options);
    const OutOfBagImportance one = importance_of(trained.forest, rows, options);
    const auto used = trained.forest.trees()[0].nodes[0].feature();
    for (std::size_t f = 0; f < 3; ++f) {
        EXPECT_EQ(one.features[f].mean > 0, f == used);
        EXPECT_TRUE(std::isnan(one.features[f].sd)); // of one tree
    }
}

TEST(OutOfBagImportance, ThreadsDoNotMatter) {
    const RandomForestOptions options{.n_estimators = 10};
    const LabelledRows rows = noisy_octants(500, 6, 50, 2);
    const TrainedForest trained = train(rows, options);
    const OutOfBagImportance all = importance_of(trained.forest, rows, options);
    const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 1);
    const OutOfBagImportance one = importance_of(trained.forest, rows, options);
    EXPECT_EQ(one.score->accuracy, all.score->accuracy);
    for (std::size_t f = 0; f < 6; ++f) {
        EXPECT_EQ(one.features[f].mean, all.features[f].mean);
        EXPECT_EQ(one.features[f].sd, all.features[f].sd);
    }
}

TEST(OutOfBagImportance, IsNotAvailableWithoutBags) {
    const RandomForestOptions options{.n_estimators = 3, .bootstrap = false};
    const LabelledRows rows = noisy_octants(100, 3, 50, 2);
    const OutOfBagImportance importance = importance_of(train(rows, options).forest, rows, options);
    EXPECT_FALSE(importance.score.has_value());
    ASSERT_EQ(importance.features.size(), 3U);
    EXPECT_TRUE(std::isnan(importance.features[0].mean));
}

} // namespace
} // namespace lcclass
