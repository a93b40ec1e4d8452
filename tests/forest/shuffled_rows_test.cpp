#include "forest/shuffled_rows.h"

#include "forest_fixtures.h"

#include <gtest/gtest.h>

#include <tbb/global_control.h>

#include <numeric>

namespace lcclass {
namespace {

using namespace test;

/// Rows that are right when their columns `features` are really exchanged.
std::int64_t count_exchanged(const RandomForest& forest, LabelledRows rows, const std::vector<int>& features,
                             const std::vector<std::uint32_t>& partner) {
    for (const int feature : features) {
        std::vector<float>& column = rows.columns[static_cast<std::size_t>(feature)];
        const std::vector<float> before = column;
        for (std::size_t i = 0; i < partner.size(); ++i) {
            column[i] = before[partner[i]];
        }
    }
    std::vector<std::int32_t> predicted(rows.class_index.size());
    forest.predict_classes(rows.view(), predicted);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        right += predicted[i] == rows.class_index[i] ? 1 : 0;
    }
    return right;
}

RowExchange exchange_of(const std::vector<int>& features, const std::vector<std::uint8_t>& changes, std::size_t n,
                        std::uint64_t seed) {
    std::vector<std::uint32_t> partner(n);
    std::iota(partner.begin(), partner.end(), 0U);
    Rng(seed, 0).shuffle(std::span(partner));
    return {.features = features, .changes = changes, .partner = std::move(partner)};
}

TEST(ShuffledRows, CountsWhatPredictingExchangedColumnsGives) {
    const LabelledRows rows = noisy_octants(1000, 5, 40, 6); // more than three parts of rows, mixed leaves
    for (const int max_depth : {1, 6, 0}) {
        const TrainedForest trained = train(rows, {.n_estimators = 7, .max_depth = max_depth});
        const ShuffledRows shuffled(trained.forest, rows.view(), rows.class_index);
        const std::vector<std::vector<int>> features = {{}, {0}, {1}, {4}, {0, 1}, {2, 3, 4}, {0, 1, 2, 3, 4}};
        std::vector<std::vector<std::uint8_t>> changes(features.size(), std::vector<std::uint8_t>(5));
        std::vector<RowExchange> exchanges;
        for (std::size_t e = 0; e < features.size(); ++e) {
            for (const int feature : features[e]) {
                changes[e][static_cast<std::size_t>(feature)] = 1;
            }
            exchanges.push_back(exchange_of(features[e], changes[e], 1000, e));
        }
        const std::vector<std::int64_t> right = shuffled.count_right(exchanges);
        for (std::size_t e = 0; e < features.size(); ++e) {
            EXPECT_EQ(right[e], count_exchanged(trained.forest, rows, features[e], exchanges[e].partner))
                << "exchange " << e << ", depth " << max_depth;
        }
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 1);
        EXPECT_EQ(shuffled.count_right(exchanges), right);
    }
}

TEST(ShuffledRows, TiesGoToTheLowestClass) {
    // One tree of one leaf that holds both classes alike.
    RandomForest::Parts parts{.n_features = 1,
                              .n_classes = 2,
                              .thresholds = {{0.5F}},
                              .distributions = {32768, 32767, 32767, 32768},
                              .trees = {{.nodes = {{.right = 0, .content = 0}}, .cover = {2}},
                                        {.nodes = {{.right = 0, .content = 1}}, .cover = {2}}}};
    const RandomForest forest(std::move(parts));
    const LabelledRows rows{.columns = {{0, 1, 2}}, .class_index = {0, 1, 0}, .n_classes = 2};
    const ShuffledRows shuffled(forest, rows.view(), rows.class_index);
    EXPECT_EQ(shuffled.count_right(std::vector<RowExchange>(1)), std::vector<std::int64_t>{2});
}

TEST(ShuffledRows, TakesFewExchangesAtOnceWhereTheyAreLarge) {
    LabelledRows rows = noisy_octants(300, 3, 40, 6);
    const TrainedForest trained = train(rows, {.n_estimators = 1});
    EXPECT_EQ(ShuffledRows(trained.forest, rows.view(), rows.class_index).exchanges_at_once(), 256U);
    rows.n_classes = 64; // 64 KiB of sums, of 4 MiB
    const TrainedForest of_many = train(rows, {.n_estimators = 1});
    EXPECT_EQ(ShuffledRows(of_many.forest, rows.view(), rows.class_index).exchanges_at_once(), 64U);
}

} // namespace
} // namespace lcclass
