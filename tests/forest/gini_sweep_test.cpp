#include "forest/gini_sweep.h"

#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace lcclass {
namespace {

struct Node {
    std::vector<SortedRow> rows;
    std::vector<std::uint32_t> total;
    std::int64_t squares = 0;
};

/// `gap` 1: no two rows tie; 0: all do.
Node random_node(std::size_t n_rows, std::size_t n_classes, double gap, std::uint64_t seed) {
    Rng rng(seed, 0);
    Node node;
    node.total.resize(n_classes);
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < n_rows; ++i) {
        code += rng.uniform() < gap ? 1 : 0;
        const auto k = static_cast<std::uint32_t>(rng.below(n_classes));
        const auto count = static_cast<std::uint32_t>(1 + rng.below(4));
        node.rows.push_back({.coded = CodedRow(code, static_cast<std::uint32_t>(i)), .drawn = RowDraws(k, count)});
        node.total[k] += count;
    }
    for (const std::int64_t n : node.total) {
        node.squares += n * n;
    }
    return node;
}

/// The definition: squares / weight, left plus right, on one denominator.
double value_of(const Node& node, std::size_t last_left) {
    std::vector<double> left(node.total.size(), 0.0);
    for (std::size_t i = 0; i <= last_left; ++i) {
        left[node.rows[i].drawn.class_index()] += node.rows[i].drawn.count();
    }
    std::vector<double> right(node.total.begin(), node.total.end());
    for (std::size_t k = 0; k < left.size(); ++k) {
        right[k] -= left[k];
    }
    const double left_weight = std::accumulate(left.begin(), left.end(), 0.0);
    const double right_weight = std::accumulate(right.begin(), right.end(), 0.0);
    return (std::inner_product(left.begin(), left.end(), left.begin(), 0.0) * right_weight +
            std::inner_product(right.begin(), right.end(), right.begin(), 0.0) * left_weight) /
           (left_weight * right_weight);
}

std::size_t first_best(const Node& node, std::size_t min_leaf, double& highest) {
    std::size_t found = node.rows.size();
    for (std::size_t i = min_leaf - 1; i + min_leaf < node.rows.size(); ++i) {
        if (node.rows[i].coded.code() != node.rows[i + 1].coded.code() && value_of(node, i) > highest) {
            highest = value_of(node, i);
            found = i;
        }
    }
    return found;
}

TEST(GiniSweep, FindsTheFirstCutOfTheHighestValue) {
    GiniSweep sweep;
    std::uint64_t seed = 0;
    for (const std::size_t n_rows : {2, 3, 4, 5, 17, 64, 200, 701}) {
        for (const std::size_t n_classes : {2, 3, 8, 40}) {
            for (const double gap : {1.0, 0.5, 0.05, 0.0}) {
                for (const std::size_t min_leaf : {std::size_t{1}, std::size_t{2}, n_rows / 2}) {
                    if (2 * min_leaf > n_rows) {
                        continue;
                    }
                    const Node node = random_node(n_rows, n_classes, gap, ++seed);
                    double expected = -1;
                    const std::size_t cut = first_best(node, min_leaf, expected);
                    double highest = -1;
                    EXPECT_EQ(sweep.best_cut(node.rows, node.total, node.squares, min_leaf, highest), cut)
                        << n_rows << ' ' << n_classes << ' ' << gap << ' ' << min_leaf;
                    EXPECT_EQ(highest, expected);
                }
            }
        }
    }
}

TEST(GiniSweep, TiesGoToTheFirstCut) {
    // Classes 0 1 1 1 1 0: parting off either end is worth 1 + 17/5.
    Node node;
    node.total = {2, 4};
    node.squares = 20;
    for (std::uint32_t i = 0; i < 6; ++i) {
        node.rows.push_back({.coded = CodedRow(i, i), .drawn = RowDraws(i == 0 || i == 5 ? 0 : 1, 1)});
    }
    GiniSweep sweep;
    double highest = 0;
    EXPECT_EQ(sweep.best_cut(node.rows, node.total, node.squares, 1, highest), 0U);
    EXPECT_DOUBLE_EQ(highest, 1 + 17.0 / 5);
}

TEST(GiniSweep, CutMustBeBetterThanWhatThereIs) {
    const Node node = random_node(300, 4, 1.0, 5);
    double best = -1;
    GiniSweep sweep;
    sweep.best_cut(node.rows, node.total, node.squares, 1, best);
    double highest = best;
    EXPECT_EQ(sweep.best_cut(node.rows, node.total, node.squares, 1, highest), node.rows.size());
    EXPECT_EQ(highest, best);
}

TEST(GiniSweep, SumsFitAtTheMostWeight) {
    // One class has nearly all of the weight: its square is what the words have to hold.
    Node node;
    node.total = {static_cast<std::uint32_t>(GiniSweep::most_weight) - 1, 1};
    const auto n = static_cast<std::uint32_t>(GiniSweep::most_weight);
    for (std::uint32_t i = 0; i < n; ++i) {
        node.rows.push_back({.coded = CodedRow(i, i), .drawn = RowDraws(i == n / 3 ? 1 : 0, 1)});
    }
    node.squares = static_cast<std::int64_t>(node.total[0]) * node.total[0] + 1;
    GiniSweep sweep;
    double highest = -1;
    const std::size_t cut = sweep.best_cut(node.rows, node.total, node.squares, 1, highest);
    EXPECT_EQ(cut, n / 3); // the smaller side holds the odd row
    EXPECT_EQ(highest, value_of(node, cut));
}

} // namespace
} // namespace lcclass
