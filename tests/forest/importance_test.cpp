#include "lcclass/forest/importance.h"

#include "forest_fixtures.h"

#include <gtest/gtest.h>

#include <tbb/global_control.h>

namespace lcclass {
namespace {

using namespace test;

TEST(PermutationImportance, OnlyFeaturesThatCarryTheSignalLoseAccuracy) {
    // The class is x0 > 49 alone; x1 is noise the forest never needs.
    LabelledRows rows{.columns = {{}, {}}, .class_index = {}, .n_classes = 2};
    Rng rng(3, 0);
    for (int i = 0; i < 2000; ++i) {
        rows.columns[0].push_back(static_cast<float>(rng.below(100)));
        rows.columns[1].push_back(static_cast<float>(rng.below(100)));
        rows.class_index.push_back(rows.columns[0].back() > 49 ? 1 : 0);
    }
    const TrainedForest trained = train(rows, {.n_estimators = 5, .max_features = {"all"}});
    const auto decreases = permutation_decreases(trained.forest, rows.view(), rows.class_index, 4, 42);
    ASSERT_EQ(decreases.size(), 2U);
    ASSERT_EQ(decreases[0].size(), 4U);
    for (const double decrease : decreases[0]) {
        EXPECT_NEAR(decrease, 0.5, 0.05); // shuffled, half of the rows get the wrong side
    }
    EXPECT_NE(decreases[0][0], decreases[0][1]);
    for (const double decrease : decreases[1]) {
        EXPECT_EQ(decrease, 0);
    }
}

TEST(PermutationImportance, ThreadsDoNotMatterAndSeedsDo) {
    const LabelledRows rows = noisy_octants(700, 4, 50, 2);
    const TrainedForest trained = train(rows, {.n_estimators = 5});
    std::vector<std::vector<std::vector<double>>> results;
    for (const std::size_t threads : {1, 3}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        results.push_back(permutation_decreases(trained.forest, rows.view(), rows.class_index, 3, 1));
    }
    EXPECT_EQ(results[0], results[1]);
    EXPECT_NE(results[0], permutation_decreases(trained.forest, rows.view(), rows.class_index, 3, 2));
}

TEST(PermutationImportance, SummaryIsMeanAndSampleDeviation) {
    const auto estimates = summarize_decreases({{1, 2, 6}, {0.25}, {}});
    EXPECT_DOUBLE_EQ(estimates[0].mean, 3);
    EXPECT_DOUBLE_EQ(estimates[0].sd, std::sqrt((4.0 + 1.0 + 9.0) / 2));
    EXPECT_DOUBLE_EQ(estimates[1].mean, 0.25);
    EXPECT_TRUE(std::isnan(estimates[1].sd));
    EXPECT_TRUE(std::isnan(estimates[2].mean));
}

} // namespace
} // namespace lcclass
