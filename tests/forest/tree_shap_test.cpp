#include "lcclass/forest/tree_shap.h"

#include "forest/leaf_boxes.h"
#include "forest/quadrature.h"
#include "forest/shap_game.h"
#include "forest_fixtures.h"
#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <hwy/targets.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>

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

/// Shapley's own formula over all subsets of p players; entry p is the value of the empty set.
std::vector<double> shapley_of_game(int p, const std::function<double(std::uint32_t)>& value_of) {
    std::vector<double> value(std::size_t{1} << p);
    for (std::uint32_t set = 0; set < value.size(); ++set) {
        value[set] = value_of(set);
    }
    const auto factorial = [](int n) { return std::tgamma(n + 1.0); };
    std::vector<double> phi(static_cast<std::size_t>(p) + 1, 0.0);
    for (int j = 0; j < p; ++j) {
        for (std::uint32_t set = 0; set < value.size(); ++set) {
            if ((set >> j & 1U) == 0) {
                const int size = std::popcount(set);
                const double weight = factorial(size) * factorial(p - size - 1) / factorial(p);
                phi[static_cast<std::size_t>(j)] += weight * (value[set | 1U << j] - value[set]);
            }
        }
    }
    phi[static_cast<std::size_t>(p)] = value[0];
    return phi;
}

std::vector<double> brute_force(const RandomForest& forest, const LabelledRows& rows, std::size_t row, std::size_t k) {
    return shapley_of_game(forest.n_features(), [&](std::uint32_t set) {
        double value = 0;
        for (const RandomForest::Tree& tree : forest.trees()) {
            value += expected_value(forest, tree, 0, rows, row, set, k) / forest.n_trees();
        }
        return value;
    });
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
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_NEAR(one[i], results[0][699 * 40 + i], 1e-14); // sums in another order
    }
}

/// Expected prediction when the features in `known` are the row's and the others each background row's in turn.
double mixed_value(const RandomForest& forest, const LabelledRows& rows, std::size_t row, std::uint32_t known,
                   std::size_t n_background, std::size_t k) {
    LabelledRows mixed{.columns = std::vector<std::vector<float>>(rows.columns.size()),
                       .class_index = std::vector<std::int32_t>(n_background),
                       .n_classes = rows.n_classes};
    for (std::size_t f = 0; f < rows.columns.size(); ++f) {
        for (std::size_t b = 0; b < n_background; ++b) {
            mixed.columns[f].push_back(rows.columns[f][(known >> f & 1U) != 0 ? row : b]);
        }
    }
    double sum = 0;
    const std::vector<double> predicted = probabilities(forest, mixed.view());
    for (std::size_t b = 0; b < n_background; ++b) {
        sum += predicted[b * static_cast<std::size_t>(forest.n_classes()) + k];
    }
    return sum / static_cast<double>(n_background);
}

TEST(TreeShap, InterventionalEqualsEnumerationOfAllSubsets) {
    constexpr std::size_t n_background = 9;
    const LabelledRows rows = noisy_octants(200, 4, 12, 41);
    const RandomForest forest = train(rows, {.n_estimators = 3}).forest;
    const TreeShap shap(forest, rows.view().part(0, n_background));
    std::vector<double> values(200 * 8 * 4);
    shap.explain(rows.view(), values);
    for (const std::size_t row : {3, 77, 150}) {
        for (std::size_t k = 0; k < 8; k += 3) {
            const std::vector<double> truth = shapley_of_game(
                4, [&](std::uint32_t known) { return mixed_value(forest, rows, row, known, n_background, k); });
            EXPECT_NEAR(shap.base()[k], truth[4], 1e-12);
            for (std::size_t j = 0; j < 4; ++j) {
                EXPECT_NEAR(values[(row * 8 + k) * 4 + j], truth[j], 1e-12) << row << ' ' << k << ' ' << j;
            }
        }
    }
}

TEST(TreeShap, OneClassEqualsThatOfAllClasses) {
    const LabelledRows rows = noisy_octants(900, 5, 60, 42);
    const RandomForest forest = train(rows, {.n_estimators = 6}).forest;
    const TreeShap shap(forest);
    std::vector<double> all(900 * 8 * 5);
    shap.explain(rows.view(), all);
    std::vector<double> own(900 * 5);
    shap.explain_classes(rows.view(), rows.class_index, own);
    for (std::size_t i = 0; i < own.size(); ++i) {
        const std::size_t row = i / 5;
        ASSERT_NEAR(own[i], all[(row * 8 + static_cast<std::size_t>(rows.class_index[row])) * 5 + i % 5], 1e-14);
    }
}

/// Path-dependent values leaf by leaf, from the subsets of the features that its path tests.
std::vector<double> leaf_by_leaf(const RandomForest& forest, const LabelledRows& rows, std::size_t row) {
    const auto p = static_cast<std::size_t>(forest.n_features());
    const auto k = static_cast<std::size_t>(forest.n_classes());
    std::vector<std::uint16_t> codes(p);
    forest.encode(rows.view(), static_cast<std::int64_t>(row), 1, codes);
    std::vector<double> values(k * p, 0.0);
    for (const RandomForest::Tree& tree : forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            const std::vector<double> phi =
                shapley_of_game(static_cast<int>(box->sides.size()), [&](std::uint32_t known) {
                    double value = 1;
                    for (std::size_t s = 0; s < box->sides.size(); ++s) {
                        const BoxSide& side = box->sides[s];
                        value *= (known >> s & 1U) == 0 ? side.share : side.contains(codes[side.feature]) ? 1.0 : 0.0;
                    }
                    return value;
                });
            for (std::size_t s = 0; s < box->sides.size(); ++s) {
                for (std::size_t c = 0; c < k; ++c) {
                    values[c * p + box->sides[s].feature] +=
                        phi[s] * forest.distribution(*box->leaf)[c] / 65535.0 / forest.n_trees();
                }
            }
        }
    }
    return values;
}

TEST(TreeShap, EqualsSubsetsOfEveryLeafWithManyFeaturesAndRows) {
    for (const int n_features : {16, 17, 40}) {
        const LabelledRows rows = noisy_octants(5000, n_features, 200, 43);
        const RandomForest forest = train(rows, {.n_estimators = 3, .max_depth = 9, .max_features = {"2"}}).forest;
        const TreeShap shap(forest);
        const auto stride = static_cast<std::size_t>(n_features) * 8;
        std::vector<double> values(5000 * stride);
        shap.explain(rows.view(), values);
        for (const std::size_t row : {0, 2500, 4999}) {
            const std::vector<double> truth = leaf_by_leaf(forest, rows, row);
            for (std::size_t i = 0; i < stride; ++i) {
                ASSERT_NEAR(values[row * stride + i], truth[i], 1e-12) << n_features << ' ' << row << ' ' << i;
            }
        }
    }
}

TEST(TreeShap, VectorWidthsDoNotMatter) {
    for (const int n_features : {5, 20}) {
        const LabelledRows rows = noisy_octants(3000, n_features, 100, 44);
        const RandomForest forest = train(rows, {.n_estimators = 3, .max_depth = 8}).forest;
        const std::size_t n_values = 3000 * 8 * static_cast<std::size_t>(n_features);
        std::vector<double> widest(n_values);
        TreeShap(forest).explain(rows.view(), widest);
        for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
            SCOPED_TRACE(hwy::TargetName(target));
            hwy::SetSupportedTargetsForTest(target);
            hwy::GetChosenTarget().Update(hwy::SupportedTargets());
            std::vector<double> values(n_values);
            TreeShap(forest).explain(rows.view(), values);
            EXPECT_EQ(values, widest);
        }
        hwy::SetSupportedTargetsForTest(0);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
}

TEST(TreeShap, ASumThatMissesThePredictionIsABug) {
    check_shap_sum(0.5 + 9e-10, 0.5, 0);
    for (const double sum : {0.5 + 2e-9, 0.5 - 2e-9, std::numeric_limits<double>::quiet_NaN()}) {
        try {
            check_shap_sum(sum, 0.5, 7);
            FAIL() << sum;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::internal);
            EXPECT_THAT(error.what(), testing::HasSubstr("row=7"));
        }
    }
}

TEST(Quadrature, IsExactForPolynomials) {
    // The integral of t^d over [0, 1] is 1 / (d + 1), up to degree 2 n - 1.
    for (const std::size_t n : {1, 2, 5, 11, 32}) {
        for (std::size_t degree = 0; degree < 2 * n; ++degree) {
            double sum = 0;
            for (const QuadratureNode& node : quadrature_nodes(n)) {
                sum += node.weight * std::pow(node.t, static_cast<double>(degree));
            }
            EXPECT_NEAR(sum, 1.0 / static_cast<double>(degree + 1), 1e-14) << n << ' ' << degree;
        }
    }
}

} // namespace
} // namespace lcclass
