#include "forest_fixtures.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <atomic>
#include <limits>
#include <numeric>
#include <tuple>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using namespace test;

/// One tree on all rows with all features looked at: CART.
RandomForestOptions cart() {
    return {.n_estimators = 1, .max_features = {"all"}, .bootstrap = false};
}

TEST(Training, FindsTheBestGiniCutOfAHandMadeTable) {
    // Feature 0 parts 3 of 4 rows of class 1 from class 0 at 2.5; feature 1 parts classes fully at 15.
    const LabelledRows rows{.columns = {{1, 2, 3, 2, 3, 4, 5}, {10, 12, 11, 20, 21, 18, 30}},
                            .class_index = {0, 0, 0, 1, 1, 1, 1},
                            .n_classes = 2};
    const TrainedForest trained = train(rows, cart());
    const RandomForest::Tree& tree = trained.forest.trees()[0];
    ASSERT_EQ(tree.nodes.size(), 3U);
    EXPECT_EQ(tree.nodes[0].feature(), 1U);
    EXPECT_EQ(trained.forest.threshold(tree.nodes[0]), 15.0F); // midpoint of 12 and 18
    EXPECT_THAT(tree.cover, ElementsAre(7, 3, 4));
    EXPECT_THAT(trained.forest.distribution(tree.nodes[1]), ElementsAre(65535, 0));
    EXPECT_THAT(trained.forest.distribution(tree.nodes[2]), ElementsAre(0, 65535));
    EXPECT_THAT(trained.impurity_importance, ElementsAre(0, 1));
    EXPECT_FALSE(trained.out_of_bag.has_value());
}

TEST(Training, ImportanceIsTheWeightedDecreaseInImpurity) {
    // Root: counts 2,2,2. Cut x0 at 1.5: left 2 of class 0, right 2 and 2: Gini 2/3 x 6 = 4 -> 1/2 x 4 = 2.
    // Right child: x1 parts it fully: 2 -> 0. Decreases 2 and 2: shares 1/2 each.
    const LabelledRows rows{
        .columns = {{1, 1, 2, 2, 2, 2}, {5, 5, 5, 5, 6, 6}}, .class_index = {0, 0, 1, 1, 2, 2}, .n_classes = 3};
    EXPECT_THAT(train(rows, cart()).impurity_importance, ElementsAre(DoubleNear(0.5, 1e-12), DoubleNear(0.5, 1e-12)));
    // Entropy (nats): root 6 ln 3, then 4 ln 2, then 0.
    RandomForestOptions options = cart();
    options.criterion = SplitCriterion::entropy;
    const double first = (6 * std::log(3.0) - 4 * std::log(2.0)) / (6 * std::log(3.0));
    EXPECT_THAT(train(rows, options).impurity_importance,
                ElementsAre(DoubleNear(first, 1e-12), DoubleNear(1 - first, 1e-12)));
}

TEST(Training, GiniAndEntropyMayChooseDifferentCuts) {
    // 40 rows of either class. x0 parts them 30/10 | 10/30: Gini 80 x 0.375 = 30, entropy 80 x 0.5623 = 45.0 nats.
    // x1 parts off 15 of class 1: Gini 2 x 40 x 25 / 65 = 30.8, entropy 65 x 0.6663 = 43.3 nats.
    LabelledRows rows{.columns = {{}, {}}, .class_index = {}, .n_classes = 2};
    for (int i = 0; i < 80; ++i) {
        const int within = i % 40;
        rows.class_index.push_back(i / 40);
        rows.columns[0].push_back(i < 40 ? (within < 30 ? 0.0F : 1.0F) : (within < 10 ? 0.0F : 1.0F));
        rows.columns[1].push_back(i >= 40 && within >= 25 ? 1.0F : 0.0F);
    }
    RandomForestOptions options = cart();
    options.max_depth = 1;
    EXPECT_EQ(train(rows, options).forest.trees()[0].nodes[0].feature(), 0U);
    options.criterion = SplitCriterion::entropy;
    EXPECT_EQ(train(rows, options).forest.trees()[0].nodes[0].feature(), 1U);
}

TEST(Training, UnlimitedTreeWithoutBootstrapFitsDistinctRows) {
    LabelledRows rows = noisy_octants(5000, 4, 1000, 3);
    for (const auto criterion : {SplitCriterion::gini, SplitCriterion::entropy}) {
        RandomForestOptions options{.n_estimators = 3, .bootstrap = false, .criterion = criterion};
        const TrainedForest trained = train(rows, options);
        std::vector<std::int32_t> predicted(rows.class_index.size());
        trained.forest.predict_classes(rows.view(), predicted);
        EXPECT_EQ(predicted, rows.class_index);
    }
}

TEST(Training, LeavesHoldTheClassSharesOfTheirRows) {
    // The same three rows four times, labels 0 0 1: no cut can part them (FAULTS.md D03).
    const LabelledRows rows{.columns = {{1, 1, 1}, {2, 2, 2}}, .class_index = {0, 0, 1}, .n_classes = 2};
    const TrainedForest trained = train(rows, cart());
    const RandomForest::Tree& tree = trained.forest.trees()[0];
    ASSERT_EQ(tree.nodes.size(), 1U);
    EXPECT_THAT(trained.forest.distribution(tree.nodes[0]), ElementsAre(43690, 21845)); // 2/3 and 1/3 of 65535
    EXPECT_THAT(trained.impurity_importance, ElementsAre(0, 0));
}

TEST(Training, ConstantFeaturesAreNeverUsed) { // FAULTS.md D02
    LabelledRows rows = noisy_octants(300, 3, 50, 5);
    rows.columns.insert(rows.columns.begin(), 10, std::vector<float>(300, 4.0F));
    const TrainedForest trained = train(rows, {.n_estimators = 10, .max_features = {"1"}});
    EXPECT_EQ(std::accumulate(trained.impurity_importance.begin(), trained.impurity_importance.begin() + 10, 0.0), 0);
    EXPECT_NEAR(std::accumulate(trained.impurity_importance.begin(), trained.impurity_importance.end(), 0.0), 1, 1e-12);
    for (const RandomForest::Tree& tree : trained.forest.trees()) {
        EXPECT_GT(tree.nodes.size(), 30U); // every node found the features that vary
    }
}

TEST(Training, AllFeaturesConstantGivesSingleLeaves) { // FAULTS.md D02
    const LabelledRows rows{.columns = {{3, 3, 3, 3}}, .class_index = {0, 1, 1, 1}, .n_classes = 2};
    const TrainedForest trained = train(rows, {.n_estimators = 20, .bootstrap = false});
    EXPECT_EQ(trained.forest.n_nodes(), 20);
    EXPECT_EQ(trained.forest.depth(), 0);
    std::vector<std::int32_t> predicted(4);
    trained.forest.predict_classes(rows.view(), predicted);
    EXPECT_THAT(predicted, ElementsAre(1, 1, 1, 1));
}

/// Least number of distinct rows in a leaf, and in a node that splits, counted by sending the rows down.
std::pair<std::int64_t, std::int64_t> smallest_nodes(const RandomForest& forest, const LabelledRows& rows) {
    std::int64_t leaf = std::numeric_limits<std::int64_t>::max();
    std::int64_t split = leaf;
    for (const RandomForest::Tree& tree : forest.trees()) {
        std::vector<std::int64_t> visits(tree.nodes.size());
        for (std::size_t i = 0; i < rows.class_index.size(); ++i) {
            std::uint32_t at = 0;
            ++visits[at];
            while (!tree.nodes[at].is_leaf()) {
                const RandomForest::Node& node = tree.nodes[at];
                at = rows.columns[node.feature()][i] <= forest.threshold(node) ? at + 1 : node.right;
                ++visits[at];
            }
        }
        for (std::size_t i = 0; i < visits.size(); ++i) {
            (tree.nodes[i].is_leaf() ? leaf : split) = std::min(tree.nodes[i].is_leaf() ? leaf : split, visits[i]);
        }
    }
    return {leaf, split};
}

TEST(Training, LimitsOnNodeSizesCountRows) {
    const LabelledRows rows = noisy_octants(2000, 4, 100, 8);
    RandomForestOptions options{.n_estimators = 5, .bootstrap = false};
    options.min_samples_leaf = 7;
    auto [leaf, split] = smallest_nodes(train(rows, options).forest, rows);
    EXPECT_EQ(leaf, 7);
    EXPECT_GE(split, 14);
    options.min_samples_leaf = 1;
    options.min_samples_split = 25;
    std::tie(leaf, split) = smallest_nodes(train(rows, options).forest, rows);
    EXPECT_EQ(leaf, 1);
    EXPECT_EQ(split, 25);
}

TEST(Training, BootstrapDrawsAsManyAsAskedFor) {
    const LabelledRows rows = noisy_octants(1000, 4, 100, 8);
    RandomForestOptions options{.n_estimators = 4};
    for (const auto& [max_samples, draws] : {std::pair{0.0, 1000.0F}, {0.25, 250.0F}, {1.0, 1000.0F}, {77.0, 77.0F}}) {
        options.max_samples = max_samples;
        const TrainedForest trained = train(rows, options);
        for (const RandomForest::Tree& tree : trained.forest.trees()) {
            EXPECT_EQ(tree.cover[0], draws);
        }
        ASSERT_TRUE(trained.out_of_bag.has_value());
        EXPECT_GT(trained.out_of_bag->n_rows, 800);
        EXPECT_LT(trained.out_of_bag->n_rows, 1001);
    }
    options.max_samples = 1001;
    EXPECT_THROW(train(rows, options), Error);
}

TEST(Training, BalancedWeightsGiveEveryClassTheSameCover) {
    // 30 rows of class 0, 10 of class 2, none of class 1: weights 40 / (2 x 30) and 40 / (2 x 10).
    LabelledRows rows{.columns = {{}}, .class_index = {}, .n_classes = 3};
    for (int i = 0; i < 40; ++i) {
        rows.columns[0].push_back(1);
        rows.class_index.push_back(i < 30 ? 0 : 2);
    }
    RandomForestOptions options = cart();
    options.class_weight = ClassWeight::balanced;
    const TrainedForest trained = train(rows, options);
    EXPECT_NEAR(trained.forest.trees()[0].cover[0], 40, 1e-5);
    EXPECT_THAT(trained.forest.distribution(trained.forest.trees()[0].nodes[0]), ElementsAre(32768, 0, 32767));
    options = {.n_estimators = 5, .class_weight = ClassWeight::balanced_subsample};
    const TrainedForest by_draws = train(rows, options);
    for (const RandomForest::Tree& tree : by_draws.forest.trees()) {
        EXPECT_NEAR(tree.cover[0], 40, 1e-4); // by the draws of this very tree
    }
}

TEST(Training, OutOfBagScoreIsThatOfTreesThatDidNotSeeTheRow) {
    const LabelledRows rows = noisy_octants(3000, 4, 200, 21);
    const LabelledRows others = noisy_octants(3000, 4, 200, 22);
    const TrainedForest trained = train(rows, {.n_estimators = 60});
    ASSERT_TRUE(trained.out_of_bag.has_value());
    EXPECT_EQ(trained.out_of_bag->n_rows, 3000);
    std::vector<std::int32_t> predicted(3000);
    trained.forest.predict_classes(others.view(), predicted);
    double right = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        right += predicted[i] == others.class_index[i] ? 1.0 / 3000 : 0;
    }
    EXPECT_NEAR(trained.out_of_bag->accuracy, right, 0.03); // 4 standard errors; fitted rows would give 1
}

TEST(Training, RowsThatEveryTreeSawDoNotCountOutOfBag) { // FAULTS.md D07
    const LabelledRows rows{.columns = {{1, 2, 3, 4, 5, 6, 7, 8}}, .class_index = {0, 0, 0, 0, 1, 1, 1, 1}};
    const TrainedForest one_tree = train(rows, {.n_estimators = 1});
    ASSERT_TRUE(one_tree.out_of_bag.has_value());
    EXPECT_LT(one_tree.out_of_bag->n_rows, 8);
    EXPECT_GT(one_tree.out_of_bag->n_rows, 0);
    EXPECT_FALSE(train(rows, {.n_estimators = 5, .oob_score = false}).out_of_bag.has_value());
    EXPECT_FALSE(train(rows, {.n_estimators = 5, .bootstrap = false}).out_of_bag.has_value());
}

TEST(Training, ThreadsDoNotMatter) { // FAULTS.md F24
    const LabelledRows rows = noisy_octants(6000, 7, 3000, 4);
    for (const auto criterion : {SplitCriterion::gini, SplitCriterion::entropy}) {
        RandomForestOptions options{.n_estimators = 13, .class_weight = ClassWeight::balanced, .criterion = criterion};
        std::string first;
        for (const std::size_t threads : {1, 2, 3, 7}) {
            const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
            TrainedForest trained = train(rows, options);
            const double oob = trained.out_of_bag->accuracy;
            const std::string bytes = encode_model(model_of(std::move(trained.forest))) + std::to_string(oob);
            first = first.empty() ? bytes : first;
            EXPECT_EQ(bytes, first);
        }
    }
}

TEST(Training, OneTreeIsTheSameWhetherGrownByOneThreadOrInPartsByAll) { // FAULTS.md F24
    // Enough rows that the top of the tree is made node by node, see grow_in_parts.
    const LabelledRows rows = noisy_octants(60000, 5, 3000, 4);
    const auto grow = [&](int n_trees, std::size_t threads) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        return train(rows, {.n_estimators = n_trees});
    };
    const TrainedForest one = grow(1, 1);
    const std::string described = describe_tree(one.forest, 0, 1000);
    for (const std::size_t threads : {2, 3, 7}) {
        const TrainedForest parts = grow(1, threads);
        EXPECT_EQ(describe_tree(parts.forest, 0, 1000), described);
        EXPECT_EQ(parts.forest.trees(), one.forest.trees());
        EXPECT_EQ(parts.impurity_importance, one.impurity_importance);
        EXPECT_EQ(parts.out_of_bag->accuracy, one.out_of_bag->accuracy);
        EXPECT_EQ(parts.out_of_bag->n_rows, one.out_of_bag->n_rows);
    }
    EXPECT_EQ(describe_tree(grow(4, 2).forest, 0, 1000), described); // the first of trees grown side by side
}

TEST(Training, PartsOfATreeMayBeLeaves) {
    // 18000 rows at one place are a leaf at once, and it has rows out of the bag.
    LabelledRows rows = noisy_octants(30000, 3, 500, 9);
    for (std::size_t i = 0; i < 18000; ++i) {
        for (auto& column : rows.columns) {
            column[i] = 1000;
        }
    }
    std::string first;
    double oob = 0;
    for (const std::size_t threads : {1, 3}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        const TrainedForest trained = train(rows, {.n_estimators = 2});
        const std::string tree = describe_tree(trained.forest, 1, 1000);
        if (first.empty()) {
            first = tree;
            oob = trained.out_of_bag->accuracy;
        }
        EXPECT_EQ(tree, first);
        EXPECT_EQ(trained.out_of_bag->accuracy, oob);
    }
}

TEST(Training, TreeOfLimitedDepthIsTheUnlimitedTreeCut) {
    const LabelledRows rows = noisy_octants(9000, 5, 2000, 6);
    const RandomForest unlimited = train(rows, {.n_estimators = 3}).forest;
    ASSERT_GT(unlimited.depth(), 12);
    for (const int depth : {1, 2, 5, 11}) {
        const RandomForest limited = train(rows, {.n_estimators = 3, .max_depth = depth}).forest;
        EXPECT_EQ(limited.depth(), depth);
        for (std::size_t t = 0; t < 3; ++t) {
            EXPECT_EQ(describe_tree(limited, t, depth), describe_tree(unlimited, t, depth));
        }
    }
}

TEST(Training, SmallerForestIsTheStartOfALargerOne) {
    const LabelledRows rows = noisy_octants(3000, 5, 2000, 6);
    RandomForestOptions options{.n_estimators = 4, .min_samples_leaf = 3};
    const RandomForest small = train(rows, options).forest;
    options.n_estimators = 9;
    const RandomForest large = train(rows, options).forest;
    for (std::size_t t = 0; t < 4; ++t) {
        EXPECT_EQ(describe_tree(small, t, 1000), describe_tree(large, t, 1000));
    }
    EXPECT_NE(describe_tree(large, 4, 1000), describe_tree(large, 3, 1000));
}

TEST(Training, ProgressCountsTrees) {
    struct Counter final : Progress {
        std::atomic<std::int64_t> trees = 0;
        std::int64_t total = 0;
        bool ended = false;
        void begin(std::string_view, std::int64_t n) override { total = n; }
        void advance(std::int64_t n) override { trees += n; }
        void end() override { ended = true; }
    } counter;
    const LabelledRows rows = noisy_octants(50, 2, 10, 1);
    train_random_forest(rows.training_set(), {.n_estimators = 11}, counter);
    EXPECT_EQ(counter.total, 11);
    EXPECT_EQ(counter.trees, 11);
    EXPECT_TRUE(counter.ended);
}

TEST(Training, SeedsDiffer) {
    const LabelledRows rows = noisy_octants(500, 4, 100, 1);
    const RandomForest a = train(rows, {.n_estimators = 1, .seed = 1}).forest;
    const RandomForest b = train(rows, {.n_estimators = 1, .seed = 2}).forest;
    EXPECT_NE(describe_tree(a, 0, 1000), describe_tree(b, 0, 1000));
}

using ClassCounts = std::vector<double>;

/// Sum of squares / weight of both sides.
double gini_value_of(const ClassCounts& left, const ClassCounts& right) {
    double value = 0;
    for (const ClassCounts& side : {left, right}) {
        value += std::inner_product(side.begin(), side.end(), side.begin(), 0.0) /
                 std::accumulate(side.begin(), side.end(), 0.0);
    }
    return value;
}

/// The highest value of all cuts of all features that leave `min_leaf` rows on either side, by trying each.
double best_value_of(const LabelledRows& rows, const std::vector<std::size_t>& node, std::size_t min_leaf) {
    double best = -1;
    for (const auto& column : rows.columns) {
        std::vector<std::pair<float, std::size_t>> sorted;
        ClassCounts left(static_cast<std::size_t>(rows.n_classes), 0.0);
        ClassCounts right = left;
        for (const std::size_t i : node) {
            sorted.emplace_back(column[i], static_cast<std::size_t>(rows.class_index[i]));
            ++right[sorted.back().second];
        }
        std::sort(sorted.begin(), sorted.end());
        for (std::size_t i = 1; i < sorted.size(); ++i) {
            ++left[sorted[i - 1].second];
            --right[sorted[i - 1].second];
            if (sorted[i].first != sorted[i - 1].first && i >= min_leaf && sorted.size() - i >= min_leaf) {
                best = std::max(best, gini_value_of(left, right));
            }
        }
    }
    return best;
}

/// Follows the rows down the first tree; the number of inner nodes whose cut is not the best there is.
int n_worse_cuts(const RandomForest& forest, const LabelledRows& rows, std::size_t min_leaf) {
    const RandomForest::Tree& tree = forest.trees()[0];
    std::vector<std::vector<std::size_t>> members(tree.nodes.size());
    members[0].resize(rows.class_index.size());
    std::iota(members[0].begin(), members[0].end(), std::size_t{0});
    int n_worse = 0;
    for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
        const RandomForest::Node& node = tree.nodes[n];
        if (node.is_leaf()) {
            continue;
        }
        ClassCounts left(static_cast<std::size_t>(rows.n_classes), 0.0);
        ClassCounts right = left;
        for (const std::size_t i : members[n]) {
            const bool goes_left = rows.columns[node.feature()][i] <= forest.threshold(node);
            members[goes_left ? n + 1 : node.right].push_back(i);
            ++(goes_left ? left : right)[static_cast<std::size_t>(rows.class_index[i])];
        }
        n_worse += gini_value_of(left, right) < best_value_of(rows, members[n], min_leaf) * (1 - 1e-9) ? 1 : 0;
    }
    return n_worse;
}

TEST(Training, EveryCutIsTheBestOfItsNode) {
    // From the root, whose features are counted (few levels) or sorted (many), over local copies to the smallest nodes.
    for (const std::uint64_t levels : {8, 40, 30000}) {
        for (const std::int64_t min_leaf : {1, 6}) {
            const LabelledRows rows = noisy_octants(9000, 3, levels, 17);
            RandomForestOptions options = cart();
            options.min_samples_leaf = min_leaf;
            const RandomForest forest = train(rows, options).forest;
            EXPECT_GT(forest.n_nodes(), 500);
            EXPECT_EQ(n_worse_cuts(forest, rows, static_cast<std::size_t>(min_leaf)), 0) << levels << ' ' << min_leaf;
        }
    }
}

TEST(Training, WeightsOfOneGiveTheTreesOfNoWeights) {
    // With as many rows of every class, balanced weights are all 1: sums of reals against counts, bytes and sweeps.
    for (const int n_classes : {2, 8, 12}) {
        for (const std::int64_t min_leaf : {1, 5}) {
            LabelledRows rows = noisy_octants(12000, 4, 700, 31);
            rows.n_classes = n_classes;
            for (std::size_t i = 0; i < rows.class_index.size(); ++i) {
                rows.class_index[i] = static_cast<std::int32_t>(i) % n_classes;
                rows.columns[i % 4][i] += static_cast<float>(60 * rows.class_index[i]);
            }
            RandomForestOptions options{.n_estimators = 3, .min_samples_leaf = min_leaf};
            const TrainedForest unweighted = train(rows, options);
            options.class_weight = ClassWeight::balanced;
            const TrainedForest weighted = train(rows, options);
            EXPECT_EQ(unweighted.forest.trees(), weighted.forest.trees()) << n_classes << ' ' << min_leaf;
            EXPECT_EQ(unweighted.out_of_bag->accuracy, weighted.out_of_bag->accuracy);
            for (std::size_t f = 0; f < rows.columns.size(); ++f) {
                EXPECT_NEAR(unweighted.impurity_importance[f], weighted.impurity_importance[f], 1e-12);
            }
        }
    }
}

TEST(Training, DeepTreesAreGrownWithoutRecursion) { // FAULTS.md D10
    // On alternating classes the best cut always peels one row off an end: the tree is nearly as deep as it has rows.
    LabelledRows rows{.columns = {{}}, .class_index = {}, .n_classes = 2};
    constexpr int n = 12000;
    for (int i = 0; i < n; ++i) {
        rows.columns[0].push_back(static_cast<float>(i));
        rows.class_index.push_back(i % 2);
    }
    const TrainedForest trained = train(rows, cart());
    EXPECT_EQ(trained.forest.n_nodes(), 2 * n - 1);
    EXPECT_GT(trained.forest.depth(), n / 2);
    std::vector<std::int32_t> predicted(n);
    trained.forest.predict_classes(rows.view(), predicted);
    EXPECT_EQ(predicted, rows.class_index);
}

TEST(Training, RefusesWhatCannotBeLearned) {
    const auto expect_input_error = [](const LabelledRows& rows, const std::string& problem) {
        try {
            train(rows, {.n_estimators = 1});
            FAIL() << problem;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            EXPECT_EQ(error.fault().problem, problem);
        }
    };
    expect_input_error({.columns = {{}}, .class_index = {}, .n_classes = 2}, "there is nothing to learn from");
    expect_input_error({.columns = {{1, 2}}, .class_index = {1, 1}, .n_classes = 2}, "all rows are of one class");
    expect_input_error({.columns = {{1, std::nanf("")}}, .class_index = {0, 1}, .n_classes = 2},
                       "the value is not a finite number"); // FAULTS.md D01
    expect_input_error({.columns = {{1, 2}}, .class_index = {0, 1}, .n_classes = 5000}, "there are too many classes");
}

} // namespace
} // namespace lcclass
