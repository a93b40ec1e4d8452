#include "lcclass/forest/tree_shap.h"

#include "forest/shapley_weights.h"
#include "forest_fixtures.h"
#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <bit>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using namespace test;

/// Expected output of class k when only the features in `known` have their values: unknown ones follow both ways
/// with the weight of the cover (Lundberg et al. 2020, algorithm 1).
double expected_value(const RandomForest& forest, const RandomForest::Tree& tree, std::uint32_t at,
                      const LabelledRows& rows, std::size_t row, std::uint32_t known, std::size_t k) {
    const RandomForest::Node& node = tree.nodes[at];
    if (node.is_leaf()) {
        return forest.distribution(node)[k] / 65535.0;
    }
    const auto follow = [&](std::uint32_t child) { return expected_value(forest, tree, child, rows, row, known, k); };
    if ((known >> node.feature() & 1U) != 0) {
        return follow(rows.columns[node.feature()][row] <= forest.threshold(node) ? at + 1 : node.right);
    }
    const double left = tree.cover[at + 1];
    const double right = tree.cover[node.right];
    return (left * follow(at + 1) + right * follow(node.right)) / (left + right);
}

/// Shapley's own formula over all subsets of features; entry p is the value of the empty set.
std::vector<double> brute_force(const RandomForest& forest, const LabelledRows& rows, std::size_t row, std::size_t k) {
    const auto p = static_cast<std::uint32_t>(forest.n_features());
    std::vector<double> value(std::size_t{1} << p, 0.0);
    for (std::uint32_t set = 0; set < value.size(); ++set) {
        for (const RandomForest::Tree& tree : forest.trees()) {
            value[set] += expected_value(forest, tree, 0, rows, row, set, k) / forest.n_trees();
        }
    }
    const auto factorial = [](int n) { return std::tgamma(n + 1.0); };
    std::vector<double> phi(p + 1, 0.0);
    for (std::uint32_t j = 0; j < p; ++j) {
        for (std::uint32_t set = 0; set < value.size(); ++set) {
            if ((set >> j & 1U) == 0) {
                const int size = std::popcount(set);
                const double weight =
                    factorial(size) * factorial(static_cast<int>(p) - size - 1) / factorial(static_cast<int>(p));
                phi[j] += weight * (value[set | 1U << j] - value[set]);
            }
        }
    }
    phi[p] = value[0];
    return phi;
}

void expect_exact(const RandomForest& forest, const LabelledRows& rows, std::size_t step) {
    const TreeShap shap(forest);
    const auto p = static_cast<std::size_t>(forest.n_features());
    const auto k = static_cast<std::size_t>(forest.n_classes());
    std::vector<double> values(rows.class_index.size() * k * p);
    shap.explain(rows.view(), values);
    for (std::size_t row = 0; row < rows.class_index.size(); row += step) {
        for (std::size_t c = 0; c < k; ++c) {
            const std::vector<double> truth = brute_force(forest, rows, row, c);
            EXPECT_NEAR(shap.base()[c], truth[p], 1e-12);
            for (std::size_t j = 0; j < p; ++j) {
                ASSERT_NEAR(values[(row * k + c) * p + j], truth[j], 1e-12) << row << ' ' << c << ' ' << j;
            }
        }
    }
}

TEST(TreeShap, EqualsEnumerationOfAllSubsets) {
    const LabelledRows rows = noisy_octants(400, 5, 12, 31);
    expect_exact(train(rows, {.n_estimators = 4, .max_depth = 3}).forest, rows, 40);
    expect_exact(train(rows, {.n_estimators = 3, .min_samples_leaf = 4}).forest, rows, 57); // features come back
}

TEST(TreeShap, EqualsEnumerationWithMoreFeaturesThanRowsAreKeptFor) {
    const LabelledRows rows = noisy_octants(150, 11, 30, 32);
    const RandomForest forest = train(rows, {.n_estimators = 2, .max_features = {"1"}}).forest;
    expect_exact(forest, rows, 75);
}

TEST(TreeShap, EqualsEnumerationWithClassWeights) {
    const LabelledRows rows = noisy_octants(300, 4, 20, 33);
    expect_exact(train(rows, {.n_estimators = 3, .max_depth = 6, .class_weight = ClassWeight::balanced}).forest, rows,
                 60);
}

TEST(TreeShap, OneCutGivesAllCreditToItsFeature) {
    // x1 <= 0: class 0 (3 draws), else class 1 (1 draw). Base 3/4; a row on the right loses all of it.
    const RandomForest forest(
        {.n_features = 2,
         .n_classes = 2,
         .thresholds = {{}, {0}},
         .distributions = {65535, 0, 0, 65535},
         .trees = {
             {.nodes = {{.right = 2, .content = 1U << 16U}, {.right = 0, .content = 0}, {.right = 0, .content = 1}},
              .cover = {0, 3, 1}}}});
    const TreeShap shap(forest);
    EXPECT_THAT(shap.base(), ElementsAre(0.75, 0.25));
    const LabelledRows rows{.columns = {{7, 7}, {-1, 1}}, .class_index = {0, 1}};
    std::vector<double> values(8);
    shap.explain(rows.view(), values);
    const auto near = [](double value) { return DoubleNear(value, 1e-15); };
    EXPECT_THAT(values, ElementsAre(near(0), near(0.25), near(0), near(-0.25), //
                                    near(0), near(-0.75), near(0), near(0.75)));
}

TEST(TreeShap, SingleLeafTreesHaveNothingToExplain) {
    const LabelledRows rows{.columns = {{3, 3, 3}}, .class_index = {0, 1, 1}, .n_classes = 2};
    const RandomForest forest = train(rows, {.n_estimators = 2, .bootstrap = false}).forest;
    const TreeShap shap(forest);
    EXPECT_NEAR(shap.base()[1], 2.0 / 3, 1e-4);
    std::vector<double> values(6, 1.0);
    shap.explain(rows.view(), values);
    EXPECT_THAT(values, ElementsAre(0, 0, 0, 0, 0, 0));
}

TEST(TreeShap, BasePlusContributionsIsThePrediction) {
    const LabelledRows rows = noisy_octants(3000, 6, 500, 34);
    const RandomForest forest = train(rows, {.n_estimators = 10}).forest;
    const TreeShap shap(forest);
    std::vector<double> values(3000 * 8 * 6);
    shap.explain(rows.view(), values);
    const std::vector<double> predicted = probabilities(forest, rows.view());
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        double sum = shap.base()[i % 8];
        for (std::size_t j = 0; j < 6; ++j) {
            sum += values[i * 6 + j];
        }
        ASSERT_NEAR(sum, predicted[i], 1e-12);
    }
}

TEST(TreeShap, ThreadsAndBlocksDoNotMatter) {
    const LabelledRows rows = noisy_octants(700, 5, 100, 35);
    const RandomForest forest = train(rows, {.n_estimators = 5}).forest;
    const TreeShap shap(forest);
    std::vector<std::vector<double>> results;
    for (const std::size_t threads : {1, 3}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        shap.explain(rows.view(), results.emplace_back(700 * 8 * 5));
    }
    EXPECT_EQ(results[0], results[1]);
    std::vector<double> one(40);
    shap.explain(rows.view().part(699, 1), one);
    EXPECT_EQ(one, std::vector<double>(results[0].end() - 40, results[0].end()));
}

TEST(ShapleyWeights, QuadratureIsExactForManySides) {
    // With all shares z and all tests passed, symmetry gives each side (1 - z^n) / n.
    for (const std::size_t n : {1, 2, 3, 7, 20, 41}) {
        ShapleyWeights weights(n);
        const std::vector<BoxSide> sides(n, BoxSide{.feature = 0, .share = 0.6});
        std::vector<double> out(n);
        weights.contributions(sides, std::vector<std::uint8_t>(n, 1), out);
        for (const double value : out) {
            EXPECT_NEAR(value, (1 - std::pow(0.6, static_cast<double>(n))) / static_cast<double>(n), 1e-14) << n;
        }
    }
}

} // namespace
} // namespace lcclass
