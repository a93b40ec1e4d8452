#include "lcclass/core/error.h"
#include "lcclass/forest/random_forest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

namespace lcclass {
namespace {

using ::testing::HasSubstr;

/// Stumps, x0 <= 1 ? class 0 : class 1.
RandomForest::Parts stumps(std::size_t n_trees) {
    const RandomForest::Tree stump{
        .nodes = {{.right = 2, .content = 0}, {.right = 0, .content = 0}, {.right = 0, .content = 1}},
        .cover = {0, 1, 2}};
    return {.n_features = 1,
            .n_classes = 2,
            .thresholds = {{1}},
            .distributions = {65535, 0, 0, 65535},
            .trees = std::vector<RandomForest::Tree>(n_trees, stump)};
}

TEST(ForestCheck, NamesTheFirstFaultOnAnyNumberOfThreads) {
    for (int run = 0; run < 60; ++run) {
        RandomForest::Parts parts = stumps(300);
        for (std::size_t t = 123; t < 300; t += 2) {
            parts.trees[t].nodes[2].content = static_cast<std::uint32_t>(t);
            parts.trees[t].cover[1] = t == 123 ? 1.0F : 0.0F; // an earlier node, but of later trees
        }
        const int n_threads = 1 + run % 7;
        const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(n_threads));
        tbb::task_arena(n_threads).execute([&] {
            try {
                const RandomForest forest(std::move(parts));
                ADD_FAILURE() << "accepted";
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), HasSubstr("tree 123, node 2: the leaf refers to distribution 123 of 2"));
            }
        });
    }
}

TEST(ForestCheck, DepthIsThatOfTheDeepestTree) {
    RandomForest::Parts parts = stumps(3);
    EXPECT_EQ(RandomForest(parts).depth(), 1);
    // A split on the right, then one on the left of that.
    parts.trees[1].nodes = {{.right = 2}, {}, {.right = 6}, {.right = 5}, {}, {}, {}};
    parts.trees[1].cover = {0, 1, 0, 0, 2, 3, 4};
    const RandomForest forest(parts);
    EXPECT_EQ(forest.depth(), 3);
    EXPECT_THAT(forest.trees()[1].cover, ::testing::ElementsAre(10, 1, 9, 5, 2, 3, 4));
    parts.trees = {{.nodes = {{}}, .cover = {1}}};
    EXPECT_EQ(RandomForest(parts).depth(), 0);
}

} // namespace
} // namespace lcclass
