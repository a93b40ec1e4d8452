#include "lcclass/core/fold_assignment.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using testing::HasSubstr;

/// Six samples, two classes, three groups of two.
SampleTable six_samples() {
    SampleTable samples;
    samples.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}});
    samples.class_code = {1, 2, 1, 2, 1, 2};
    samples.polygon_id = {1, 1, 2, 2, 3, 3};
    samples.group = {0, 0, 1, 1, 2, 2};
    samples.group_names = {"a", "b", "c"};
    samples.x.resize(6);
    samples.y.resize(6);
    return samples;
}

FoldAssignment folds_of(FoldScheme scheme, int n_folds, std::vector<std::int32_t> fold) {
    return {.scheme = scheme, .n_folds = n_folds, .fold = std::move(fold), .blocks = {}};
}

ExitCode code_of(const SampleTable& samples, const FoldAssignment& folds, std::string* message = nullptr) {
    try {
        check_folds(samples, folds);
    } catch (const Error& error) {
        if (message != nullptr) {
            *message = error.what();
        }
        return error.code();
    }
    return ExitCode::ok;
}

TEST(FoldScheme, WordsReadBack) {
    for (const FoldScheme scheme : {FoldScheme::random, FoldScheme::polygon, FoldScheme::spatial_block}) {
        EXPECT_EQ(parse_fold_scheme(to_string(scheme)), scheme);
    }
    EXPECT_EQ(to_string(FoldScheme::spatial_block), "spatial-block");
}

TEST(FoldScheme, UnknownWordListsKnownOnes) {
    try {
        parse_fold_scheme("spatial-blok");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        EXPECT_THAT(error.what(), HasSubstr("did you mean 'spatial-block'?"));
        EXPECT_THAT(error.what(), HasSubstr("random, polygon, spatial-block"));
    }
}

TEST(CheckFolds, AcceptsWholeGroupsWithEveryClassInTraining) {
    EXPECT_EQ(code_of(six_samples(), folds_of(FoldScheme::polygon, 3, {1, 1, 2, 2, 3, 3})), ExitCode::ok);
}

TEST(CheckFolds, RandomFoldsMaySplitGroups) {
    EXPECT_EQ(code_of(six_samples(), folds_of(FoldScheme::random, 2, {1, 2, 2, 1, 1, 2})), ExitCode::ok);
}

TEST(CheckFolds, SplitGroupIsABugInSchemesThatKeepGroups) {
    for (const FoldScheme scheme : {FoldScheme::polygon, FoldScheme::spatial_block}) {
        std::string message;
        EXPECT_EQ(code_of(six_samples(), folds_of(scheme, 2, {1, 1, 2, 1, 2, 2}), &message), ExitCode::internal);
        EXPECT_THAT(message, HasSubstr("group 'b' is in folds 2 and 1"));
    }
}

TEST(CheckFolds, NamesTheEmptyFold) {
    std::string message;
    EXPECT_EQ(code_of(six_samples(), folds_of(FoldScheme::random, 3, {1, 1, 1, 1, 3, 3}), &message), ExitCode::input);
    EXPECT_THAT(message, HasSubstr("fold 2 of 3 is empty"));
    EXPECT_THAT(message, HasSubstr("fix: "));
}

TEST(CheckFolds, NamesTheClassThatTrainingLacks) {
    SampleTable samples = six_samples();
    samples.class_code = {1, 1, 2, 2, 1, 1};
    std::string message;
    EXPECT_EQ(code_of(samples, folds_of(FoldScheme::spatial_block, 3, {1, 1, 2, 2, 3, 3}), &message), ExitCode::input);
    EXPECT_THAT(message, HasSubstr("class 2 'forest' lies wholly in fold 2 of 3 (2 samples)"));
    EXPECT_THAT(message, HasSubstr("fix: use smaller blocks"));
}

TEST(CheckFolds, ClassOfTheLegendWithoutSamplesIsNoFault) {
    SampleTable samples = six_samples();
    samples.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}, {7, "unseen", {}}});
    EXPECT_EQ(code_of(samples, folds_of(FoldScheme::polygon, 3, {1, 1, 2, 2, 3, 3})), ExitCode::ok);
}

TEST(CheckFolds, FoldNumberOutOfRangeIsABug) {
    EXPECT_EQ(code_of(six_samples(), folds_of(FoldScheme::random, 2, {0, 1, 2, 1, 2, 1})), ExitCode::internal);
    EXPECT_EQ(code_of(six_samples(), folds_of(FoldScheme::random, 2, {3, 1, 2, 1, 2, 1})), ExitCode::internal);
    EXPECT_EQ(code_of(six_samples(), folds_of(FoldScheme::random, 2, {1, 2})), ExitCode::internal);
}

} // namespace
} // namespace lcclass
