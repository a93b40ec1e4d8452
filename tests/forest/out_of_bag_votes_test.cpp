#include "forest/out_of_bag_votes.h"

#include <gtest/gtest.h>

#include <vector>

namespace lcclass {
namespace {

/// Codes 0..19 of one feature, one row each; cut at 9: class 0, else half 0 and half 1.
class Votes : public ::testing::Test {
protected:
    void SetUp() override {
        features.resize(1);
        for (std::uint16_t code = 0; code < 20; ++code) {
            features[0].codes.push_back(code);
        }
        const std::vector<std::uint16_t> half = {32767, 32768};
        nodes = {{.right = 2, .content = 9}, {.right = 0, .content = 0}, {.right = 0, .content = table.index_of(half)}};
    }

    std::vector<CodedFeature> features;
    DistributionTable table{2};
    std::vector<RandomForest::Node> nodes;
};

TEST_F(Votes, RowsGoDownToTheirLeaves) {
    OutOfBagVotes votes(20, 2);
    // More rows than are walked at once, and no multiple of that.
    const std::vector<std::uint32_t> rows = {0, 1, 2, 8, 9, 10, 11, 12, 15, 18, 19};
    votes.add(rows, nodes, 0, features, table);
    std::vector<std::int32_t> class_index(20, 1);
    auto score = votes.score(class_index);
    ASSERT_TRUE(score.has_value());
    EXPECT_EQ(score->n_rows, 11);
    EXPECT_DOUBLE_EQ(score->accuracy, 6.0 / 11); // rows above 9 lean to class 1
    class_index.assign(20, 0);
    EXPECT_DOUBLE_EQ(votes.score(class_index)->accuracy, 5.0 / 11);
}

TEST_F(Votes, SubtreeIsWalkedFromItsRoot) {
    OutOfBagVotes votes(20, 2);
    const std::vector<std::uint32_t> rows = {3};
    votes.add(rows, nodes, 2, features, table); // a leaf for class 1, wherever the cut would send the row
    EXPECT_DOUBLE_EQ(votes.score(std::vector<std::int32_t>(20, 1))->accuracy, 1);
}

TEST_F(Votes, NoVotesNoScore) {
    const OutOfBagVotes votes(20, 2);
    EXPECT_FALSE(votes.score(std::vector<std::int32_t>(20, 1)).has_value());
}

} // namespace
} // namespace lcclass
