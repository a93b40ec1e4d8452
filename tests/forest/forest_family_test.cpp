#include "lcclass/forest/forest_family.h"

#include "forest_fixtures.h"
#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <algorithm>

namespace lcclass {
namespace {

using namespace test;

const std::vector<int> depths = {1, 3, 6, 10, 60};

ForestFamily family_of(const LabelledRows& rows, const RandomForestOptions& options) {
    return grow_family(CodedTrainingSet(rows.training_set(), options.max_bins), options, depths, silent_progress());
}

/// Every part: what a model file would hold.
void expect_equal(const RandomForest& a, const RandomForest& b) {
    EXPECT_EQ(a.trees(), b.trees());
    EXPECT_EQ(a.thresholds(), b.thresholds());
    EXPECT_TRUE(std::ranges::equal(a.distributions(), b.distributions()));
}

void expect_parts_equal_separate_fits(const LabelledRows& rows, RandomForestOptions options) {
    const ForestFamily family = family_of(rows, options);
    EXPECT_EQ(family.n_trees(), options.n_estimators);
    const int all = options.n_estimators;
    std::vector<int> max_depths = depths;
    max_depths.push_back(0);
    for (const int max_depth : max_depths) {
        for (const int n : {1, (all + 1) / 2, all}) {
            SCOPED_TRACE("max_depth " + std::to_string(max_depth) + ", trees " + std::to_string(n));
            options.max_depth = max_depth;
            options.n_estimators = n;
            expect_equal(family.cut(0, n, max_depth), train(rows, options).forest);
        }
    }
}

TEST(ForestFamily, PartsEqualForestsTrainedSeparately) {
    expect_parts_equal_separate_fits(noisy_octants(3000, 5, 4000, 7), {.n_estimators = 9, .seed = 3});
}

TEST(ForestFamily, PartsOfWeightedAndEntropyForestsEqualThoseTrainedSeparately) {
    const LabelledRows rows = noisy_octants(2000, 4, 300, 8);
    for (const ClassWeight weight : {ClassWeight::none, ClassWeight::balanced, ClassWeight::balanced_subsample}) {
        for (const SplitCriterion criterion : {SplitCriterion::gini, SplitCriterion::entropy}) {
            expect_parts_equal_separate_fits(
                rows, {.n_estimators = 4, .min_samples_leaf = 2, .class_weight = weight, .criterion = criterion});
        }
    }
}

TEST(ForestFamily, TreesGrownInPartsAreCutLikeOthers) {
    const LabelledRows rows = noisy_octants(60000, 4, 60000, 9); // parts begin at 8192 rows
    for (const std::size_t threads : {1U, 4U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        expect_parts_equal_separate_fits(rows, {.n_estimators = 2, .bootstrap = false, .seed = 4});
    }
}

TEST(ForestFamily, SumsOfSegmentsAreThoseOfAllTrees) {
    const LabelledRows rows = noisy_octants(1500, 3, 1000, 5);
    const ForestFamily family = family_of(rows, {.n_estimators = 7});
    const auto sums_of = [&](int first, int n) {
        const RandomForest forest = family.cut(first, n, 6);
        std::vector<std::uint32_t> sums(rows.class_index.size() * static_cast<std::size_t>(rows.n_classes));
        forest.predict_sums(rows.training_set().features, sums);
        return sums;
    };
    std::vector<std::uint32_t> total = sums_of(0, 3);
    const std::vector<std::uint32_t> rest = sums_of(3, 4);
    std::transform(total.begin(), total.end(), rest.begin(), total.begin(), std::plus());
    EXPECT_EQ(total, sums_of(0, 7));
}

TEST(ForestFamily, RefusesADepthItDoesNotRemember) {
    const ForestFamily family = family_of(noisy_octants(1500, 3, 1000, 5), {.n_estimators = 2});
    ASSERT_GT(family.depth(), 7);
    EXPECT_THROW((void)family.cut(0, 2, 7), Error);
}

} // namespace
} // namespace lcclass
