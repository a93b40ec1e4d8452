#include "forest_fixtures.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace lcclass {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace test;

/// x0 <= 5 ? class 0 : (x1 <= 2.5 ? class 1 : half and half).
RandomForest::Parts hand_made() {
    return {.n_features = 2,
            .n_classes = 2,
            .thresholds = {{5}, {1, 2.5F}},
            .distributions = {65535, 0, 0, 65535, 32768, 32767},
            .trees = {{.nodes = {{.right = 2, .content = 0},
                                 {.right = 0, .content = 0},
                                 {.right = 4, .content = (1U << 16U) | 1U},
                                 {.right = 0, .content = 1},
                                 {.right = 0, .content = 2}},
                       .cover = {0, 3, 0, 1, 2}}}};
}

TEST(RandomForest, SendsRowsLeftAtTheThresholdItself) {
    const RandomForest forest(hand_made());
    const LabelledRows rows{.columns = {{5, std::nextafter(5.0F, 6.0F), 9, 9, -1e30F}, {0, 2.5F, 2.6F, -7, 3}},
                            .class_index = {0, 0, 0, 0, 0}};
    std::vector<std::uint32_t> sums(10);
    forest.predict_sums(rows.view(), sums);
    EXPECT_THAT(sums, ElementsAre(65535, 0, 0, 65535, 32768, 32767, 0, 65535, 65535, 0));
    std::vector<std::int32_t> classes(5);
    forest.predict_classes(rows.view(), classes);
    EXPECT_THAT(classes, ElementsAre(0, 1, 0, 1, 0));
}

TEST(RandomForest, CoverOfInnerNodesIsThatOfTheirLeaves) {
    EXPECT_THAT(RandomForest(hand_made()).trees()[0].cover, ElementsAre(6, 3, 3, 1, 2));
    EXPECT_EQ(RandomForest(hand_made()).depth(), 2);
}

TEST(RandomForest, TiesGoToTheLowerClass) {
    RandomForest::Parts parts = hand_made();
    parts.trees.push_back(parts.trees[0]);
    parts.trees[1].nodes = {{.right = 0, .content = 1}};
    parts.trees[1].cover = {6};
    const LabelledRows rows{.columns = {{0}, {0}}, .class_index = {0}}; // one tree for each class
    std::vector<std::int32_t> classes(1);
    RandomForest(std::move(parts)).predict_classes(rows.view(), classes);
    EXPECT_THAT(classes, ElementsAre(0));
}

TEST(RandomForest, BlocksAndRemaindersOfRowsAgreeWithSingleRows) {
    const LabelledRows rows = noisy_octants(5003, 5, 300, 9);
    const RandomForest forest = train(rows, {.n_estimators = 7}).forest;
    std::vector<std::uint32_t> all(5003 * 8);
    forest.predict_sums(rows.view(), all);
    for (std::size_t i = 0; i < 5003; i += 13) {
        std::vector<std::uint32_t> sums(8);
        forest.predict_sums(rows.view().part(static_cast<std::int64_t>(i), 1), sums);
        EXPECT_EQ(sums, std::vector<std::uint32_t>(all.begin() + static_cast<std::ptrdiff_t>(i * 8),
                                                   all.begin() + static_cast<std::ptrdiff_t>(i * 8 + 8)));
    }
}

TEST(RandomForest, CodesCompareAsValuesDo) {
    const RandomForest forest(hand_made());
    const LabelledRows rows{.columns = {{4, 5, 6}, {1, 2, 3}}, .class_index = {0, 0, 0}};
    std::vector<std::uint16_t> codes(6);
    forest.encode(rows.view(), 0, 3, codes);
    EXPECT_THAT(codes, ElementsAre(0, 0, 0, 1, 1, 2));
}

TEST(RandomForest, BrokenStructuresAreRefused) { // FAULTS.md E07-E09
    const auto expect_refused = [](const std::function<void(RandomForest::Parts&)>& damage, const std::string& what) {
        RandomForest::Parts parts = hand_made();
        damage(parts);
        try {
            const RandomForest forest(std::move(parts));
            FAIL() << what;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::model);
            EXPECT_THAT(error.what(), HasSubstr(what));
        }
    };
    using Parts = RandomForest::Parts;
    expect_refused([](Parts& p) { p.trees[0].nodes[2].right = 9; }, "tree 0, node 2: the right child");
    expect_refused([](Parts& p) { p.trees[0].nodes[2].right = 2; }, "tree 0, node 2: the right child");
    expect_refused([](Parts& p) { p.trees[0].nodes[2].right = 1; }, "tree 0, node 2: the right child");
    expect_refused([](Parts& p) { p.trees[0].nodes[0].right = 3; }, "tree 0, node 0: the right child");
    expect_refused([](Parts& p) { p.trees[0].nodes[0].right = 0, p.trees[0].cover[0] = 1; },
                   "tree 0, node 1: no node leads here");
    expect_refused([](Parts& p) { p.trees[0].nodes.pop_back(), p.trees[0].cover.pop_back(); }, "ends before");
    expect_refused([](Parts& p) { p.trees[0].nodes[2].content = 2U << 16U; }, "feature 2 of 2");
    expect_refused([](Parts& p) { p.trees[0].nodes[0].content = 1; }, "threshold 1 of 1");
    expect_refused([](Parts& p) { p.trees[0].nodes[1].content = 3; }, "distribution 3 of 3");
    expect_refused([](Parts& p) { p.trees[0].cover[1] = 0; }, "tree 0, node 1: the cover");
    expect_refused([](Parts& p) { p.trees[0].cover[3] = std::nanf(""); }, "tree 0, node 3: the cover");
    expect_refused([](Parts& p) { p.thresholds[0][0] = std::nanf(""); }, "thresholds of feature 0");
    expect_refused([](Parts& p) { p.thresholds[1][1] = 1; }, "thresholds of feature 1");
    expect_refused([](Parts& p) { p.distributions[0] = 65534; }, "distribution 0: probabilities");
    expect_refused([](Parts& p) { p.trees.clear(); }, "n_trees=0");
    expect_refused([](Parts& p) { p.n_classes = 0; }, "n_classes=0");
    expect_refused([](Parts& p) { p.trees[0] = {}; }, "has no nodes");
}

} // namespace
} // namespace lcclass
