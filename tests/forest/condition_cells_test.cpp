#include "forest/condition_cells.h"

#include "forest/tree_visits.h"
#include "forest_fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace lcclass {
namespace {

using namespace test;
using testing::ElementsAre;

std::vector<std::vector<std::uint32_t>> cells_of(const RowCells& cells) {
    std::vector<std::vector<std::uint32_t>> lists;
    std::uint32_t begin = 0;
    for (const std::uint32_t end : cells.ends) {
        lists.emplace_back(cells.rows.begin() + begin, cells.rows.begin() + end);
        begin = end;
    }
    return lists;
}

std::vector<std::uint32_t> range(std::uint32_t first, std::uint32_t end) {
    std::vector<std::uint32_t> numbers(end - first);
    std::iota(numbers.begin(), numbers.end(), first);
    return numbers;
}

/// x0 <= 29.5, and to the right of it x0 <= 44.5; x1 is in the tree as well, at 4.5, below all others.
RandomForest three_cuts() {
    return RandomForest({.n_features = 3,
                         .n_classes = 2,
                         .thresholds = {{29.5F, 44.5F}, {4.5F}, {0.5F}},
                         .distributions = {65535, 0, 0, 65535},
                         .trees = {{.nodes = {{.right = 2, .content = 0U << 16U | 0U},
                                              {.right = 0, .content = 0},
                                              {.right = 4, .content = 0U << 16U | 1U},
                                              {.right = 0, .content = 1},
                                              {.right = 6, .content = 1U << 16U | 0U},
                                              {.right = 0, .content = 0},
                                              {.right = 0, .content = 1}},
                                    .cover = {0, 30, 0, 15, 0, 8, 7}}}});
}

LabelledRows sixty() {
    LabelledRows rows{.columns = std::vector<std::vector<float>>(3), .class_index = {}, .n_classes = 2};
    for (int i = 0; i < 60; ++i) {
        rows.columns[0].push_back(static_cast<float>(i));
        rows.columns[1].push_back(static_cast<float>(i % 10));
        rows.columns[2].push_back(0);
        rows.class_index.push_back(i < 30 ? 0 : 1);
    }
    return rows;
}

TEST(ConditionCells, AreMadeAtTheCutPointsOfTheForest) {
    const RandomForest forest = three_cuts();
    const LabelledRows rows = sixty();
    const std::vector<std::uint16_t> codes = encode_rows(forest, rows.view());
    const ConditionCells cells(forest, codes);
    EXPECT_THAT(cells_of(cells.part({})), ElementsAre(range(0, 60)));
    EXPECT_THAT(cells_of(cells.part(std::vector<int>{2})), ElementsAre(range(0, 60))); // in no tree
    const std::vector<int> first = {0};
    EXPECT_THAT(cells_of(cells.part(first)), ElementsAre(range(30, 45), range(45, 60), range(0, 30)));
}

TEST(ConditionCells, KeepTenRowsAtLeast) {
    const RandomForest forest = three_cuts();
    const LabelledRows rows = sixty();
    const std::vector<std::uint16_t> codes = encode_rows(forest, rows.view());
    // x1 <= 4.5 halves the 30 rows below 29.5; the two cells of 15 rows above it are too small for that.
    const std::vector<int> both = {0, 1};
    const auto cells = cells_of(ConditionCells(forest, codes).part(both));
    ASSERT_EQ(cells.size(), 4U);
    std::vector<std::size_t> sizes;
    for (const auto& cell : cells) {
        sizes.push_back(cell.size());
    }
    EXPECT_THAT(sizes, testing::UnorderedElementsAre(15, 15, 15, 15));
    const LabelledRows rows_of_nine = [&] {
        LabelledRows less = sixty();
        for (std::size_t i = 0; i < 60; ++i) {
            less.columns[0][i] = i < 9 ? 0.0F : 35.0F;
        }
        return less;
    }();
    const std::vector<std::uint16_t> few = encode_rows(forest, rows_of_nine.view());
    EXPECT_THAT(cells_of(ConditionCells(forest, few).part(std::vector<int>{0})), ElementsAre(range(0, 60)));
}

TEST(ConditionCells, HoldEveryRowOnce) {
    const LabelledRows rows = noisy_octants(2000, 4, 100, 5);
    const TrainedForest trained = train(rows, {.n_estimators = 10});
    const std::vector<std::uint16_t> codes = encode_rows(trained.forest, rows.view());
    const RowCells cells = ConditionCells(trained.forest, codes).part(std::vector<int>{1, 3});
    std::vector<std::uint32_t> sorted = cells.rows;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, range(0, 2000));
    EXPECT_GT(cells.ends.size(), 60U);
    for (const auto& cell : cells_of(cells)) {
        EXPECT_GE(cell.size(), ConditionCells::fewest_rows);
        EXPECT_TRUE(std::is_sorted(cell.begin(), cell.end()));
    }
}

} // namespace
} // namespace lcclass
