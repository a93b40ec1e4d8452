#include "lcclass/sampling/folds.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "sampling/layouts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace lcclass {
namespace {

using testing::HasSubstr;

using test::fold_of_groups;
using test::Polygon;
using test::refusal;
using test::scattered;
using test::sizes_of;
using test::table_of;

TEST(BlockAssignmentWord, ReadsBack) {
    for (const auto assignment : {BlockAssignment::random, BlockAssignment::continuous, BlockAssignment::balanced}) {
        EXPECT_EQ(parse_block_assignment(to_string(assignment)), assignment);
    }
    EXPECT_THROW(parse_block_assignment("checkerboard"), Error);
}

TEST(RandomFolds, HaveTheSizesOfKFold) {
    const SampleTable samples = table_of({{1, 0, 0, 6}, {2, 0, 0, 5}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::random, .n_folds = 3});
    EXPECT_EQ(sizes_of(folds), (std::vector<std::int64_t>{4, 4, 3}));
    EXPECT_TRUE(folds.blocks.empty());
}

TEST(RandomFolds, FollowTheSeed) {
    const SampleTable samples = scattered(60, 1);
    const FoldOptions options{.scheme = FoldScheme::random, .seed = 5};
    FoldOptions other = options;
    other.seed = 6;
    EXPECT_EQ(assign_folds(samples, options).fold, assign_folds(samples, options).fold);
    EXPECT_NE(assign_folds(samples, options).fold, assign_folds(samples, other).fold);
}

TEST(PolygonFolds, SpreadEveryClassEvenly) {
    const SampleTable samples = scattered(47, 2);
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::polygon, .n_folds = 5});
    std::map<std::pair<std::int32_t, std::int32_t>, int> polygons; // class, fold
    std::map<std::int32_t, int> per_fold;
    for (const auto& [group, fold] : fold_of_groups(samples, folds)) {
        ++polygons[{1 + group % 3, fold}];
        ++per_fold[fold];
    }
    // 47 polygons: 16, 16 and 15 of the classes, so 3 or 4 of each class and 9 or 10 in all per fold.
    EXPECT_EQ(polygons.size(), 15U);
    for (const auto& entry : polygons) {
        EXPECT_TRUE(entry.second == 3 || entry.second == 4) << entry.second;
    }
    for (const auto& entry : per_fold) {
        EXPECT_TRUE(entry.second == 9 || entry.second == 10) << entry.second;
    }
}

TEST(PolygonFolds, ClassOfTwoPolygonsIsInTwoFolds) {
    const SampleTable samples =
        table_of({{1, 0, 0, 3}, {1, 9, 0, 3}, {2, 0, 9, 3}, {2, 9, 9, 3}, {3, 5, 5, 1}, {3, 7, 7, 1}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::polygon, .n_folds = 5});
    const auto of_group = fold_of_groups(samples, folds);
    EXPECT_NE(of_group.at(4), of_group.at(5));
}

TEST(PolygonFolds, AreRefusedWhenNeitherPolygonsNorGroupsAreKnown) {
    SampleTable samples = table_of({{1, 0, 0, 1}, {1, 9, 0, 1}, {2, 0, 9, 1}, {2, 9, 9, 1}});
    FoldOptions options{.scheme = FoldScheme::polygon, .n_folds = 2};
    EXPECT_NO_THROW(assign_folds(samples, options)); // polygons of one sample each
    samples.polygon_id.assign(4, 0);
    EXPECT_THAT(refusal(samples, options, ExitCode::configuration),
                testing::AllOf(HasSubstr("samples: the table says neither polygon nor group of its samples"),
                               HasSubstr("fix: --group-field, or leave the scheme polygon out")));
    options.scheme = FoldScheme::random;
    EXPECT_NO_THROW(assign_folds(samples, options));
    options.scheme = FoldScheme::polygon;
    samples.polygon_id[2] = 1;
    EXPECT_NO_THROW(assign_folds(samples, options));
    samples.polygon_id[2] = 0;
    samples.group = {0, 1, 2, 2};
    EXPECT_NO_THROW(assign_folds(samples, {.scheme = FoldScheme::polygon, .n_folds = 2, .classes_in_training = false}));
}

TEST(BlockFolds, GroupGoesWhereMostOfItsSamplesLie) {
    // Blocks of 10 m from x = 0. Polygon 3 spans x = 7..11: 7, 8, 9 and the edge 10 in the first block, 11 beyond.
    // Polygon 4 spans x = 9..14: 9 and the edge 10 in the first, four in the second.
    const SampleTable samples = table_of({{1, 0, 0, 1}, {1, 15, 0, 1}, {2, 7, 0, 5}, {2, 9, 0, 6}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::spatial_block,
                                              .n_folds = 2,
                                              .block_size_m = 10,
                                              .assignment = BlockAssignment::continuous});
    const auto of_group = fold_of_groups(samples, folds);
    EXPECT_EQ(of_group.at(2), of_group.at(0));
    EXPECT_EQ(of_group.at(3), of_group.at(1));
    EXPECT_NE(of_group.at(0), of_group.at(1));
}

TEST(BlockFolds, TiedGroupGoesToTheFirstBlock) {
    // Polygon 2 has x = 8, 9, 10 (edge) | 11, 12, 13: three each.
    const SampleTable samples = table_of({{1, 0, 0, 1}, {2, 8, 0, 6}, {1, 15, 0, 1}, {2, 16, 0, 1}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::spatial_block,
                                              .n_folds = 2,
                                              .block_size_m = 10,
                                              .assignment = BlockAssignment::continuous});
    EXPECT_EQ(fold_of_groups(samples, folds).at(1), 1);
}

TEST(BlockFolds, CellsTouchedOnlyOnTheirEdgeAreKeptAsGeopandasKeepsThem) {
    // A point on the corner of four cells touches all of them and belongs to the first, the south-western one.
    const SampleTable samples = table_of({{1, 0, 0, 1}, {1, 10, 10, 1}, {1, 20, 20, 1}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::spatial_block,
                                              .n_folds = 2,
                                              .block_size_m = 10,
                                              .assignment = BlockAssignment::continuous,
                                              .classes_in_training = false});
    ASSERT_EQ(folds.blocks.size(), 4U);
    EXPECT_EQ(folds.blocks[1].bounds, (Bounds{0, 10, 10, 20}));
    EXPECT_EQ(folds.fold, (std::vector<std::int32_t>{1, 1, 2}));
}

TEST(BlockFolds, BalancedLeavesOutCellsWithoutAGroup) {
    const SampleTable samples = table_of({{1, 0, 0, 1}, {1, 10, 10, 1}, {1, 20, 20, 1}});
    const auto folds = assign_folds(
        samples, {.scheme = FoldScheme::spatial_block, .n_folds = 2, .block_size_m = 10, .classes_in_training = false});
    ASSERT_EQ(folds.blocks.size(), 2U);
    EXPECT_NE(folds.blocks[0].fold, folds.blocks[1].fold);
}

TEST(BlockFolds, BalancedSpreadsClassesThatLieInStripes) {
    // Three classes in three columns of six blocks: continuous folds would hold one class each.
    std::vector<Polygon> polygons;
    for (int column = 0; column < 3; ++column) {
        for (int row = 0; row < 6; ++row) {
            polygons.push_back({static_cast<std::int32_t>(column + 1), column * 11.0, row * 11.0, 2});
        }
    }
    const SampleTable samples = table_of(polygons);
    FoldOptions options{.scheme = FoldScheme::spatial_block, .n_folds = 3, .block_size_m = 10};
    const auto balanced = assign_folds(samples, options);
    std::set<std::pair<std::int32_t, std::int32_t>> cells;
    for (std::size_t i = 0; i < balanced.fold.size(); ++i) {
        cells.insert({samples.class_code[i], balanced.fold[i]});
    }
    EXPECT_EQ(cells.size(), 9U);
    options.assignment = BlockAssignment::continuous;
    EXPECT_THAT(refusal(samples, options, ExitCode::input), HasSubstr("lies wholly in fold 1 of 3"));
}

TEST(BlockFolds, PointsInOneLineStillMakeBlocks) {
    const SampleTable samples = table_of({{1, 5, 0, 1}, {1, 5, 30, 1}, {2, 5, 1, 1}, {2, 5, 31, 1}});
    const auto folds = assign_folds(samples, {.scheme = FoldScheme::spatial_block, .n_folds = 2, .block_size_m = 10});
    EXPECT_EQ(folds.fold[0], folds.fold[2]);
    EXPECT_NE(folds.fold[0], folds.fold[1]);
}

TEST(AssignFolds, RefusesFoldCountsThatMakeNoSense) {
    const SampleTable samples = table_of({{1, 0, 0, 3}, {1, 50, 0, 3}, {2, 0, 50, 3}, {2, 50, 50, 3}});
    for (const int n : {-1, 0, 1}) {
        EXPECT_THAT(refusal(samples, {.n_folds = n}, ExitCode::configuration), HasSubstr("is less than 2"));
    }
    EXPECT_THAT(refusal(samples, {.n_folds = 13}, ExitCode::configuration), HasSubstr("more than the 12 samples"));
    EXPECT_THAT(refusal(samples, {.scheme = FoldScheme::polygon, .n_folds = 5}, ExitCode::configuration),
                HasSubstr("folds=5: is more than the 4 polygons or groups there are"));
}

TEST(AssignFolds, RefusesBlockSizesThatAreNoLength) {
    const SampleTable samples = scattered(30, 3);
    for (const double size :
         {0.0, -5.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        EXPECT_THAT(
            refusal(samples, {.scheme = FoldScheme::spatial_block, .block_size_m = size}, ExitCode::configuration),
            HasSubstr("is not a length above 0"));
    }
    EXPECT_THAT(refusal(samples, {.scheme = FoldScheme::spatial_block, .block_size_m = 1e-9}, ExitCode::configuration),
                HasSubstr("use larger blocks"));
}

TEST(AssignFolds, SuggestsABlockSizeThatWorks) {
    const SampleTable samples = scattered(60, 4);
    FoldOptions options{.scheme = FoldScheme::spatial_block, .n_folds = 5, .block_size_m = 5000};
    const std::string message = refusal(samples, options, ExitCode::configuration);
    EXPECT_THAT(message, HasSubstr("folds=5: needs as many blocks, but block_size=5000 makes 1 with samples"));
    EXPECT_THAT(message, HasSubstr("fix: --block-size 400 makes 9"));
    options.block_size_m = 400;
    EXPECT_EQ(assign_folds(samples, options).blocks.size(), 9U);
}

TEST(AssignFolds, RefusesAClassOfOnePolygonNamingIt) {
    const SampleTable samples = table_of({{1, 0, 0, 3}, {1, 50, 0, 3}, {2, 0, 50, 3}, {2, 50, 50, 3}, {3, 9, 9, 4}});
    EXPECT_THAT(refusal(samples, {.scheme = FoldScheme::polygon, .n_folds = 2}, ExitCode::input),
                HasSubstr("class 3 'crop' has 1 polygon or group"));
    EXPECT_NO_THROW(assign_folds(samples, {.scheme = FoldScheme::polygon, .n_folds = 2, .classes_in_training = false}));
}

TEST(AssignFolds, RefusesAClassOfOneSampleInRandomFolds) {
    const SampleTable samples = table_of({{1, 0, 0, 5}, {2, 0, 50, 5}, {3, 9, 9, 1}});
    EXPECT_THAT(refusal(samples, {.scheme = FoldScheme::random, .n_folds = 2}, ExitCode::input),
                HasSubstr("class 3 'crop' has 1 sample"));
}

TEST(AssignFolds, RefusesSeedsThatNumpyDoesNotTake) {
    const SampleTable samples = scattered(30, 3);
    EXPECT_THAT(refusal(samples,
                        {.scheme = FoldScheme::spatial_block,
                         .n_folds = 3,
                         .block_size_m = 100,
                         .assignment = BlockAssignment::random,
                         .seed = 4294967296},
                        ExitCode::configuration),
                HasSubstr("seed=4294967296"));
}

TEST(AssignFolds, RefusesSamplesWithoutPosition) {
    SampleTable samples = scattered(30, 3);
    samples.y[4] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(
        refusal(samples, {.scheme = FoldScheme::spatial_block, .n_folds = 3, .block_size_m = 100}, ExitCode::input),
        HasSubstr("samples:row 5"));
}

} // namespace
} // namespace lcclass
