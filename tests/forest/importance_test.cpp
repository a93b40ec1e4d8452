#include "lcclass/forest/importance.h"

#include "forest_fixtures.h"

#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <array>
#include <numeric>

namespace lcclass {
namespace {

using namespace test;

std::vector<std::vector<double>> decreases_of(const RandomForest& forest, const LabelledRows& rows,
                                              const std::vector<ShuffleTarget>& targets, int repeats,
                                              std::uint64_t seed) {
    return shuffle_decreases(forest, rows.view(), rows.class_index, targets, {.repeats = repeats, .seed = seed},
                             silent_progress());
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

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
    const auto decreases = decreases_of(trained.forest, rows, single_features(2), 4, 42);
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

/// Uniform features from a linear congruential generator; steps in three of them, a tenth of the classes wrong.
LabelledRows steps(std::size_t n) {
    LabelledRows rows{.columns = std::vector<std::vector<float>>(4), .class_index = {}, .n_classes = 3};
    std::uint32_t state = 12345;
    const auto next = [&] {
        state = state * 1664525U + 1013904223U;
        return static_cast<double>(state >> 8U) / 16777216.0;
    };
    for (std::size_t i = 0; i < n; ++i) {
        std::array<double, 4> x{};
        for (std::size_t f = 0; f < x.size(); ++f) {
            x.at(f) = next();
            rows.columns[f].push_back(static_cast<float>(x.at(f)));
        }
        const int index = (x[0] > 0.5 ? 1 : 0) + (x[1] > 0.3 && x[2] > 0.6 ? 1 : 0);
        rows.class_index.push_back(next() < 0.1 ? (index + 1) % 3 : index);
    }
    return rows;
}

LabelledRows part_of(const LabelledRows& rows, std::size_t first, std::size_t end) {
    LabelledRows part{.columns = {}, .class_index = {}, .n_classes = rows.n_classes};
    const auto from = static_cast<std::ptrdiff_t>(first);
    const auto to = static_cast<std::ptrdiff_t>(end);
    for (const auto& column : rows.columns) {
        part.columns.emplace_back(column.begin() + from, column.begin() + to);
    }
    part.class_index.assign(rows.class_index.begin() + from, rows.class_index.begin() + to);
    return part;
}

TEST(PermutationImportance, AgreesWithScikitLearn) {
    // permutation_importance(n_repeats=50) of scikit-learn 1.2.1 on rows 2000..2999, mean over ten forests
    // RandomForestClassifier(200, max_features=2, min_samples_leaf=5) of rows 0..1999, whose sd is 0.003, 0.001,
    // 0.002 and 0.001.
    const LabelledRows rows = steps(3000);
    const LabelledRows test = part_of(rows, 2000, 3000);
    const TrainedForest trained =
        train(part_of(rows, 0, 2000), {.n_estimators = 200, .max_features = {"2"}, .min_samples_leaf = 5});
    const auto decreases = decreases_of(trained.forest, test, single_features(4), 15, 1);
    EXPECT_NEAR(mean_of(decreases[0]), 0.4172, 0.012);
    EXPECT_NEAR(mean_of(decreases[1]), 0.1498, 0.008);
    EXPECT_NEAR(mean_of(decreases[2]), 0.2863, 0.01);
    EXPECT_NEAR(mean_of(decreases[3]), -0.0001, 0.002);
}

TEST(PermutationImportance, LosesWhatItsConditionsDoNotKnow) {
    // The class is whether x0 and x1 are equal; x1 alone tells nothing of x0.
    LabelledRows rows{.columns = std::vector<std::vector<float>>(2), .class_index = {}, .n_classes = 2};
    Rng rng(4, 0);
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t bit = rng.below(2);
        const std::uint64_t kind = rng.below(2);
        rows.columns[0].push_back(static_cast<float>(bit));
        rows.columns[1].push_back(static_cast<float>(bit ^ kind));
        rows.class_index.push_back(static_cast<std::int32_t>(kind));
    }
    const TrainedForest trained = train(rows, {.n_estimators = 10, .max_features = {"all"}});
    const auto decreases = decreases_of(
        trained.forest, rows,
        {{.features = {0}}, {.features = {0}, .conditions = {1}}, {.features = {0}, .conditions = {0}}}, 3, 1);
    EXPECT_NEAR(mean_of(decreases[0]), 0.5, 0.03);
    EXPECT_NEAR(mean_of(decreases[1]), 0.5, 0.03);
    EXPECT_EQ(mean_of(decreases[2]), 0); // rows change places with their equals
}

TEST(PermutationImportance, WithoutConditionsIsTheConditionalOne) {
    const LabelledRows rows = noisy_octants(900, 4, 50, 2);
    const TrainedForest trained = train(rows, {.n_estimators = 5});
    std::vector<ShuffleTarget> targets = single_features(4);
    const auto plain = decreases_of(trained.forest, rows, targets, 3, 1);
    targets[0].conditions = {1, 2};
    const auto conditional = decreases_of(trained.forest, rows, targets, 3, 1);
    EXPECT_NE(conditional[0], plain[0]);
    for (std::size_t f = 1; f < 4; ++f) {
        EXPECT_EQ(conditional[f], plain[f]);
    }
}

TEST(PermutationImportance, ThreadsDoNotMatterAndSeedsDo) {
    const LabelledRows rows = noisy_octants(700, 4, 50, 2);
    const TrainedForest trained = train(rows, {.n_estimators = 5});
    std::vector<ShuffleTarget> targets = single_features(4);
    targets.push_back({.features = {0, 2}, .conditions = {1, 3}});
    std::vector<std::vector<std::vector<double>>> results;
    for (const std::size_t threads : {1U, 3U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        results.push_back(decreases_of(trained.forest, rows, targets, 3, 1));
    }
    EXPECT_EQ(results[0], results[1]);
    EXPECT_NE(results[0], decreases_of(trained.forest, rows, targets, 3, 2));
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
