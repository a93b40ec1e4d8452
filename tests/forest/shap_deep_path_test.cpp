#include "lcclass/forest/tree_shap.h"

#include "forest_fixtures.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <cmath>
#include <numeric>

// Forests of one tree that is a chain: each inner node tests another feature, and leads to a leaf or to the next node.

namespace lcclass {
namespace {

using namespace test;

constexpr std::size_t n_classes = 3;
constexpr std::size_t stride = 7; ///< between features of successive nodes

std::size_t feature_of(std::size_t node, std::size_t n_features) {
    return (node * stride + 3) % n_features;
}

std::uint32_t draws_of(std::size_t leaf) {
    return 1 + static_cast<std::uint32_t>(leaf * 5 % 7);
}

/// `length` nodes, each with the leaf of its number on the left; the last has leaf `length` on the right. All cuts are
/// at 0. Requires: length <= n_features, which `stride` does not divide.
RandomForest chain(std::size_t length, std::size_t n_features) {
    RandomForest::Parts parts{.n_features = static_cast<int>(n_features), .n_classes = n_classes};
    parts.thresholds.assign(n_features, {0.0F});
    RandomForest::Tree tree;
    for (std::size_t node = 0; node < length; ++node) {
        const auto right = static_cast<std::uint32_t>(2 * node + 2);
        const auto feature = static_cast<std::uint32_t>(feature_of(node, n_features));
        tree.nodes.push_back({.right = right, .content = feature << 16U});
        tree.nodes.push_back({.right = 0, .content = static_cast<std::uint32_t>(node)});
        tree.cover.insert(tree.cover.end(), {0, static_cast<float>(draws_of(node))});
    }
    tree.nodes.push_back({.right = 0, .content = static_cast<std::uint32_t>(length)});
    tree.cover.push_back(static_cast<float>(draws_of(length)));
    parts.trees.push_back(tree);
    for (std::size_t leaf = 0; leaf <= length; ++leaf) {
        const auto first = static_cast<std::uint16_t>(leaf * 9973 % 40000);
        const auto second = static_cast<std::uint16_t>(leaf * 7919 % 25000);
        parts.distributions.insert(parts.distributions.end(),
                                   {first, second, static_cast<std::uint16_t>(65535 - first - second)});
    }
    return RandomForest(std::move(parts));
}

/// Row 0 goes to the last leaf, row 1 to the first; the others turn left now and then.
LabelledRows chain_rows(std::size_t n_rows, std::size_t n_features) {
    LabelledRows rows;
    rows.class_index.assign(n_rows, 0);
    Rng rng(61, n_features);
    for (std::size_t f = 0; f < n_features; ++f) {
        std::vector<float>& column = rows.columns.emplace_back();
        for (std::size_t row = 0; row < n_rows; ++row) {
            const bool left = row == 0 ? false : row == 1 || rng.below(2 + row) == 0;
            column.push_back(left ? -1.0F : 1.0F);
        }
    }
    return rows;
}

/// A test on the way to a leaf: whether the row passes it, and the part of the training draws there that does.
struct PathTest {
    std::size_t feature;
    bool passed;
    double share;
};

std::vector<PathTest> path_to(std::size_t leaf, std::size_t length, const LabelledRows& rows, std::size_t row) {
    std::vector<PathTest> path;
    for (std::size_t node = 0; node < std::min(leaf + 1, length); ++node) {
        double rest = 0;
        for (std::size_t later = node; later <= length; ++later) {
            rest += draws_of(later);
        }
        const std::size_t feature = feature_of(node, rows.columns.size());
        const bool wants_left = node == leaf;
        const double left_share = draws_of(node) / rest;
        path.push_back({.feature = feature,
                        .passed = (rows.columns[feature][row] <= 0) == wants_left,
                        .share = wants_left ? left_share : 1 - left_share});
    }
    return path;
}

/// What feature `at` of the path adds to the chance of reaching the leaf, by Shapley's formula with the coalitions of
/// the others summed by their size: products of what is known (passed or not) and unknown (share), none negative.
double shapley_value(const std::vector<PathTest>& path, std::size_t at) {
    std::vector<double> by_size = {1};
    for (std::size_t s = 0; s < path.size(); ++s) {
        if (s == at) {
            continue;
        }
        by_size.push_back(0);
        for (std::size_t size = by_size.size(); size-- > 0;) {
            const double known = size > 0 && path[s].passed ? by_size[size - 1] : 0;
            by_size[size] = by_size[size] * path[s].share + known;
        }
    }
    double value = 0;
    double orders = 1; // binomial of the others over the size
    for (std::size_t size = 0; size < by_size.size(); ++size) {
        value += by_size[size] / (orders * static_cast<double>(path.size()));
        orders *= static_cast<double>(by_size.size() - 1 - size) / static_cast<double>(size + 1);
    }
    return value * ((path[at].passed ? 1 : 0) - path[at].share);
}

/// [class][feature]
std::vector<double> path_dependent_truth(const RandomForest& forest, std::size_t length, const LabelledRows& rows,
                                         std::size_t row) {
    const std::size_t n_features = rows.columns.size();
    std::vector<double> values(n_classes * n_features, 0.0);
    for (std::size_t leaf = 0; leaf <= length; ++leaf) {
        const std::vector<PathTest> path = path_to(leaf, length, rows, row);
        for (std::size_t s = 0; s < path.size(); ++s) {
            const double value = shapley_value(path, s);
            for (std::size_t k = 0; k < n_classes; ++k) {
                values[k * n_features + path[s].feature] +=
                    value * forest.distributions()[leaf * n_classes + k] / 65535.0;
            }
        }
    }
    return values;
}

/// The share of the orders of `first` and `second` others in which all of the first come before all of the second, and
/// one more feature between them: first! second! / (first + second + 1)!.
double share_of_orders(std::size_t first, std::size_t second) {
    double share = 1 / static_cast<double>(first + second + 1);
    for (std::size_t i = 1; i <= first; ++i) {
        share *= static_cast<double>(i) / static_cast<double>(second + i);
    }
    return share;
}

/// The same with unknown features of the first `n_background` rows: a leaf is reached from row and background when
/// every test is passed by either; features that only the row passes bring it there, those only the background passes
/// keep it.
std::vector<double> interventional_truth(const RandomForest& forest, std::size_t length, const LabelledRows& rows,
                                         std::size_t row, std::size_t n_background) {
    const std::size_t n_features = rows.columns.size();
    std::vector<double> values(n_classes * n_features, 0.0);
    for (std::size_t leaf = 0; leaf <= length; ++leaf) {
        const std::vector<PathTest> own = path_to(leaf, length, rows, row);
        for (std::size_t b = 0; b < n_background; ++b) {
            const std::vector<PathTest> other = path_to(leaf, length, rows, b);
            std::size_t ours = 0;
            std::size_t theirs = 0;
            std::size_t neither = 0;
            for (std::size_t s = 0; s < own.size(); ++s) {
                ours += own[s].passed && !other[s].passed ? 1 : 0;
                theirs += !own[s].passed && other[s].passed ? 1 : 0;
                neither += !own[s].passed && !other[s].passed ? 1 : 0;
            }
            for (std::size_t s = 0; s < own.size(); ++s) {
                if (neither > 0 || own[s].passed == other[s].passed) {
                    continue;
                }
                const double gain =
                    own[s].passed ? share_of_orders(ours - 1, theirs) : -share_of_orders(ours, theirs - 1);
                for (std::size_t k = 0; k < n_classes; ++k) {
                    values[k * n_features + own[s].feature] += gain * forest.distributions()[leaf * n_classes + k] /
                                                               65535.0 / static_cast<double>(n_background);
                }
            }
        }
    }
    return values;
}

/// Features on the path, and of the forest: as many (lanes by feature, where these are few), or more.
class ShapDeepPath : public testing::TestWithParam<std::size_t> {
protected:
    static constexpr std::size_t n_rows = 40;
    [[nodiscard]] static std::size_t more_than(std::size_t length) {
        return length + 30 + (std::gcd(length + 30, stride) == 1 ? 0 : 1);
    }
    [[nodiscard]] static std::vector<std::size_t> feature_counts(std::size_t length) {
        return std::gcd(length, stride) == 1 ? std::vector{length, more_than(length)} : std::vector{more_than(length)};
    }
    static void expect_near(std::span<const double> values, const std::vector<double>& truth, const std::string& what) {
        for (std::size_t i = 0; i < truth.size(); ++i) {
            ASSERT_NEAR(values[i], truth[i], 1e-13) << what << ", value " << i;
        }
    }
};

TEST_P(ShapDeepPath, PathDependentValuesEqualShapleysFormula) {
    for (const std::size_t n_features : feature_counts(GetParam())) {
        const RandomForest forest = chain(GetParam(), n_features);
        const LabelledRows rows = chain_rows(n_rows, n_features);
        std::vector<double> values(n_rows * n_classes * n_features);
        TreeShap(forest).explain(rows.view(), values);
        for (std::size_t row = 0; row < n_rows; ++row) {
            expect_near(std::span(values).subspan(row * n_classes * n_features, n_classes * n_features),
                        path_dependent_truth(forest, GetParam(), rows, row),
                        std::to_string(n_features) + " features, row " + std::to_string(row));
        }
    }
}

TEST_P(ShapDeepPath, InterventionalValuesEqualShapleysFormula) {
    constexpr std::size_t n_background = 9;
    for (const std::size_t n_features : feature_counts(GetParam())) {
        const RandomForest forest = chain(GetParam(), n_features);
        const LabelledRows rows = chain_rows(n_rows, n_features);
        std::vector<double> values(n_rows * n_classes * n_features);
        TreeShap(forest, rows.view().part(0, n_background)).explain(rows.view(), values);
        for (std::size_t row = 0; row < n_rows; ++row) {
            expect_near(std::span(values).subspan(row * n_classes * n_features, n_classes * n_features),
                        interventional_truth(forest, GetParam(), rows, row, n_background),
                        std::to_string(n_features) + " features, row " + std::to_string(row));
        }
    }
}

TEST_P(ShapDeepPath, VectorWidthsDoNotMatter) {
    const std::size_t n_features = more_than(GetParam());
    const RandomForest forest = chain(GetParam(), n_features);
    const LabelledRows rows = chain_rows(n_rows, n_features);
    std::vector<double> widest(n_rows * n_classes * n_features);
    TreeShap(forest).explain(rows.view(), widest);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        std::vector<double> values(widest.size());
        TreeShap(forest).explain(rows.view(), values);
        EXPECT_EQ(values, widest) << hwy::TargetName(target);
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

INSTANTIATE_TEST_SUITE_P(FeaturesOnThePath, ShapDeepPath, testing::Values(1, 8, 9, 17, 32, 33, 34, 40, 48, 56, 64));

} // namespace
} // namespace lcclass
