#include "lcclass/forest/shap_interactions.h"

#include "forest/interaction_weights.h"
#include "forest_fixtures.h"
#include "lcclass/forest/tree_shap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <bit>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using namespace test;

/// Expected votes for class k of a tree when only the features in `known` have their values: unknown ones follow both
/// ways with the weight of the cover.
double expected_vote(const RandomForest& forest, const RandomForest::Tree& tree, std::uint32_t at,
                     const LabelledRows& rows, std::size_t row, std::uint32_t known, std::size_t k) {
    const RandomForest::Node& node = tree.nodes[at];
    if (node.is_leaf()) {
        return forest.distribution(node)[k] / 65535.0;
    }
    const auto follow = [&](std::uint32_t child) { return expected_vote(forest, tree, child, rows, row, known, k); };
    if ((known >> node.feature() & 1U) != 0) {
        return follow(rows.columns[node.feature()][row] <= forest.threshold(node) ? at + 1 : node.right);
    }
    const double left = tree.cover[at + 1];
    const double right = tree.cover[node.right];
    return (left * follow(at + 1) + right * follow(node.right)) / (left + right);
}

/// What every set of features is worth: the game whose Shapley values are SHAP's.
std::vector<double> game(const RandomForest& forest, const LabelledRows& rows, std::size_t row, std::size_t k) {
    std::vector<double> value(std::size_t{1} << static_cast<unsigned>(forest.n_features()), 0.0);
    for (std::uint32_t set = 0; set < value.size(); ++set) {
        for (const RandomForest::Tree& tree : forest.trees()) {
            value[set] += expected_vote(forest, tree, 0, rows, row, set, k) / forest.n_trees();
        }
    }
    return value;
}

double factorial(int n) {
    return std::tgamma(n + 1.0);
}

/// The matrix by enumeration: half of the Shapley interaction index off the diagonal, and what is left of the Shapley
/// values on it (Lundberg et al. 2020, equations 8 to 12).
std::vector<double> enumerate(const std::vector<double>& value) {
    const int p = std::countr_zero(value.size());
    const auto n = static_cast<std::size_t>(p);
    std::vector<double> matrix(n * n, 0.0);
    const auto cell = [&](int i, int j) -> double& {
        return matrix[static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)];
    };
    for (int i = 0; i < p; ++i) {
        for (std::uint32_t set = 0; set < value.size(); ++set) {
            const int size = std::popcount(set);
            const std::uint32_t with_i = set | 1U << static_cast<unsigned>(i);
            if (with_i == set) {
                continue;
            }
            cell(i, i) += factorial(size) * factorial(p - size - 1) / factorial(p) * (value[with_i] - value[set]);
            for (int j = 0; j < p; ++j) {
                const std::uint32_t bit = 1U << static_cast<unsigned>(j);
                if (j != i && (set & bit) == 0) {
                    cell(i, j) += factorial(size) * factorial(p - size - 2) / (2 * factorial(p - 1)) *
                                  (value[with_i | bit] - value[with_i] - value[set | bit] + value[set]);
                }
            }
        }
    }
    for (int i = 0; i < p; ++i) {
        for (int j = 0; j < p; ++j) {
            cell(i, i) -= j == i ? 0 : cell(i, j);
        }
    }
    return matrix;
}

std::vector<double> explained(const RandomForest& forest, const FeatureView& rows) {
    const auto p = static_cast<std::size_t>(forest.n_features());
    std::vector<double> values(static_cast<std::size_t>(rows.n_rows * forest.n_classes()) * p * p);
    ShapInteractions(forest).explain(rows, values);
    return values;
}

void expect_exact(const RandomForest& forest, const LabelledRows& rows, std::size_t step) {
    const auto p = static_cast<std::size_t>(forest.n_features());
    const auto n_classes = static_cast<std::size_t>(forest.n_classes());
    const std::vector<double> values = explained(forest, rows.view());
    for (std::size_t row = 0; row < rows.class_index.size(); row += step) {
        for (std::size_t k = 0; k < n_classes; ++k) {
            const std::vector<double> truth = enumerate(game(forest, rows, row, k));
            for (std::size_t i = 0; i < p * p; ++i) {
                ASSERT_NEAR(values[(row * n_classes + k) * p * p + i], truth[i], 1e-12)
                    << row << ' ' << k << ' ' << i / p << ' ' << i % p;
            }
        }
    }
}

TEST(ShapInteractions, EqualEnumerationOfAllSubsets) {
    const LabelledRows rows = noisy_octants(400, 5, 12, 41);
    expect_exact(train(rows, {.n_estimators = 4, .max_depth = 3}).forest, rows, 40);
    expect_exact(train(rows, {.n_estimators = 3, .min_samples_leaf = 4}).forest, rows, 57); // features come back
}

TEST(ShapInteractions, EqualEnumerationWithManyFeaturesOnAPath) {
    const LabelledRows rows = noisy_octants(150, 10, 30, 42);
    expect_exact(train(rows, {.n_estimators = 2, .max_features = {"1"}}).forest, rows, 75);
}

TEST(ShapInteractions, EqualEnumerationWithClassWeights) {
    const LabelledRows rows = noisy_octants(300, 4, 20, 43);
    expect_exact(train(rows, {.n_estimators = 3, .max_depth = 6, .class_weight = ClassWeight::balanced}).forest, rows,
                 60);
}

TEST(ShapInteractions, AddUpToTheShapValues) {
    const LabelledRows rows = noisy_octants(200, 6, 500, 44);
    const RandomForest forest = train(rows, {.n_estimators = 10}).forest;
    std::vector<double> shap(200 * 8 * 6);
    TreeShap(forest).explain(rows.view(), shap);
    const std::vector<double> values = explained(forest, rows.view());
    for (std::size_t i = 0; i < shap.size(); ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 6; ++j) {
            sum += values[i * 6 + j];
            const std::size_t mirrored = i / 6 * 36 + j * 6 + i % 6;
            ASSERT_EQ(values[i * 6 + j], values[mirrored]);
        }
        ASSERT_NEAR(sum, shap[i], 1e-13);
    }
}

/// Two features, each cut at 0: class 1 when exactly one is above, as many draws in every quarter.
RandomForest exclusive_or() {
    const RandomForest::Node leaf0{.right = 0, .content = 0};
    const RandomForest::Node leaf1{.right = 0, .content = 1};
    return RandomForest({.n_features = 2,
                         .n_classes = 2,
                         .thresholds = {{0}, {0}},
                         .distributions = {65535, 0, 0, 65535},
                         .trees = {{.nodes = {{.right = 4, .content = 0},
                                              {.right = 3, .content = 1U << 16U},
                                              leaf0,
                                              leaf1,
                                              {.right = 6, .content = 1U << 16U},
                                              leaf1,
                                              leaf0},
                                    .cover = {0, 0, 1, 1, 0, 1, 1}}}});
}

TEST(ShapInteractions, AllOfAnExclusiveOrIsInteraction) {
    // Either feature alone leaves 1/2, as none does; both together add 1/2, half of it in each cell of the pair. The
    // SHAP values are 1/4 each, so nothing is left for the diagonal.
    const RandomForest forest = exclusive_or();
    const LabelledRows rows{.columns = {{-1}, {1}}, .class_index = {1}};
    const auto near = [](double value) { return DoubleNear(value, 1e-15); };
    EXPECT_THAT(explained(forest, rows.view()), ElementsAre(near(0), near(-0.25), near(-0.25), near(0), //
                                                            near(0), near(0.25), near(0.25), near(0)));
    const ShapInteractions interactions(forest);
    EXPECT_THAT(interactions.pairs(), ElementsAre(FeaturePair{.first = 0, .second = 1}));
    EXPECT_THAT(interactions.mean_strength(rows.view(), silent_progress()), ElementsAre(near(0.5), near(0.5)));
}

TEST(ShapInteractions, StrengthIsTheMeanOfTwiceTheValues) {
    const LabelledRows rows = noisy_octants(150, 4, 40, 45);
    const RandomForest forest = train(rows, {.n_estimators = 5}).forest;
    const std::vector<double> values = explained(forest, rows.view());
    const ShapInteractions interactions(forest);
    const std::vector<double> strength = interactions.mean_strength(rows.view(), silent_progress());
    ASSERT_EQ(interactions.pairs().size(), 6U);
    ASSERT_EQ(strength.size(), 8U * 6U);
    for (std::size_t k = 0; k < 8; ++k) {
        for (std::size_t pair = 0; pair < 6; ++pair) {
            const auto [i, j] = interactions.pairs()[pair];
            double mean = 0;
            for (std::size_t row = 0; row < 150; ++row) {
                mean += 2 * std::abs(values[(row * 8 + k) * 16 + i * 4 + j]) / 150;
            }
            EXPECT_NEAR(strength[k * 6 + pair], mean, 1e-14);
        }
    }
}

TEST(ShapInteractions, MemoryOfStrengthGrowsWithThreadsAndNotWithRows) {
    const RandomForest forest = train(noisy_octants(150, 4, 40, 45), {.n_estimators = 2, .max_depth = 3}).forest;
    const auto memory = [&](std::size_t threads, std::int64_t rows) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        return ShapInteractions::memory_of_strength(forest, rows);
    };
    // 6 pairs of two places and 8 x 6 sums; per thread 32 rows of 8 x 6 values and 3 pairs of 3 sides.
    constexpr std::int64_t shared = 6 * 16 + 48 * 8;
    constexpr std::int64_t per_row = (48 + 3) * 8;
    EXPECT_EQ(memory(1, 1), shared + per_row);
    EXPECT_EQ(memory(1, 32), shared + 32 * per_row);
    EXPECT_EQ(memory(1, 1'000'000), shared + 32 * per_row);
    EXPECT_EQ(memory(3, 64), shared + 2 * 32 * per_row);
    EXPECT_EQ(memory(3, 1'000'000), shared + 3 * 32 * per_row);
}

TEST(ShapInteractions, ThreadsAndBlocksDoNotMatter) {
    const LabelledRows rows = noisy_octants(700, 5, 100, 46);
    const RandomForest forest = train(rows, {.n_estimators = 5}).forest;
    std::vector<std::vector<double>> matrices;
    std::vector<std::vector<double>> strengths;
    for (const std::size_t threads : {1, 2, 3, 7}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        matrices.push_back(explained(forest, rows.view()));
        strengths.push_back(ShapInteractions(forest).mean_strength(rows.view(), silent_progress()));
    }
    EXPECT_THAT(matrices, Each(matrices.front()));
    EXPECT_THAT(strengths, Each(strengths.front()));
    const std::vector<double> last = explained(forest, rows.view().part(699, 1));
    for (std::size_t i = 0; i < last.size(); ++i) {
        EXPECT_NEAR(last[i], matrices[0][matrices[0].size() - last.size() + i], 1e-14);
    }
}

TEST(ShapInteractions, NothingInteractsInForestsOfOneFeatureOrOneLeaf) {
    const LabelledRows one{.columns = {{1, 2, 3, 4}}, .class_index = {0, 0, 1, 1}};
    const RandomForest forest = train(one, {.n_estimators = 3, .bootstrap = false}).forest;
    std::vector<double> shap(8);
    TreeShap(forest).explain(one.view(), shap);
    EXPECT_THAT(explained(forest, one.view()), ::testing::Pointwise(::testing::DoubleNear(1e-15), shap));
    EXPECT_TRUE(ShapInteractions(forest).mean_strength(one.view(), silent_progress()).empty());

    const LabelledRows constant{.columns = {{3, 3, 3}, {5, 5, 5}}, .class_index = {0, 1, 1}};
    EXPECT_THAT(explained(train(constant, {.n_estimators = 2, .bootstrap = false}).forest, constant.view()), Each(0.0));
}

TEST(InteractionWeights, QuadratureIsExactForManySides) {
    // n sides of share z, all passed: (1 - z)^2 / 2 times the integral of (t + (1 - t) z)^(n - 2) over t.
    constexpr double z = 0.6;
    for (const std::size_t n : {2, 3, 4, 7, 20, 41, 80}) {
        InteractionWeights weights(n);
        const std::vector<BoxSide> sides(n, BoxSide{.feature = 0, .share = z});
        std::vector<double> out(n * (n - 1) / 2);
        weights.pairs(sides, std::vector<std::uint8_t>(n, 1), out);
        const auto order = static_cast<double>(n - 1);
        EXPECT_THAT(out, Each(DoubleNear((1 - z) * (1 - std::pow(z, order)) / (2 * order), 1e-15))) << n;
    }
}

TEST(InteractionWeights, PassedAndFailedSidesEqualTheirIntegrals) {
    // Shares a, b passed and c failed: the integrals of the third side's factor are (1 + z) / 2 when it is passed
    // and z / 2 when it is not.
    constexpr double a = 0.5;
    constexpr double b = 0.8;
    constexpr double c = 0.3;
    InteractionWeights weights(3);
    const std::vector<BoxSide> sides = {
        {.feature = 0, .share = a}, {.feature = 1, .share = c}, {.feature = 2, .share = b}};
    std::vector<double> out(3);
    weights.pairs(sides, std::vector<std::uint8_t>{1, 0, 1}, out);
    EXPECT_NEAR(out[0], (1 - a) * -c / 2 * (1 + b) / 2, 1e-16);
    EXPECT_NEAR(out[1], (1 - a) * (1 - b) / 2 * c / 2, 1e-16);
    EXPECT_NEAR(out[2], -c * (1 - b) / 2 * (1 + a) / 2, 1e-16);
    weights.pairs(sides, std::vector<std::uint8_t>{0, 0, 1}, out);
    EXPECT_NEAR(out[0], a * c / 2 * (1 + b) / 2, 1e-16);
    EXPECT_NEAR(out[1], -a * (1 - b) / 2 * c / 2, 1e-16);
}

} // namespace
} // namespace lcclass
