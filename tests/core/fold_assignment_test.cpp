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
    const auto words = fold_scheme_words();
    EXPECT_EQ(words.size(), 8U);
    for (const std::string& word : words) {
        EXPECT_EQ(to_string(parse_fold_scheme(word)), word);
    }
    EXPECT_EQ(to_string(FoldScheme::leave_group_out), "leave-group-out");
    EXPECT_EQ(to_string(FoldScheme::spatial_block), "spatial-block");
}

TEST(FoldScheme, UnknownWordListsKnownOnes) {
    try {
        parse_fold_scheme("spatial-blok");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        EXPECT_THAT(error.what(), HasSubstr("did you mean 'spatial-block'?"));
        EXPECT_THAT(error.what(),
                    HasSubstr("random, stratified, polygon, spatial-block, cluster, leave-group-out, nndm, knndm"));
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

TEST(CheckFolds, PolygonThatStraddlesFoldsIsABug) {
    SampleTable samples = six_samples();
    samples.polygon_id = {1, 1, 2, 2, 1, 1}; // groups stay whole, polygon 1 does not
    std::string message;
    EXPECT_EQ(code_of(samples, folds_of(FoldScheme::cluster, 2, {1, 1, 1, 1, 2, 2}), &message), ExitCode::internal);
    EXPECT_THAT(message, HasSubstr("polygon '1' is in folds 1 and 2 of scheme cluster"));
    EXPECT_EQ(code_of(samples, folds_of(FoldScheme::stratified, 2, {1, 1, 1, 1, 2, 2})), ExitCode::ok);
    samples.polygon_id.assign(6, 0); // not known: every sample for itself
    EXPECT_EQ(code_of(samples, folds_of(FoldScheme::cluster, 2, {1, 1, 1, 1, 2, 2})), ExitCode::ok);
}

TEST(CheckFolds, SaysWhatTheBufferTookFromAClass) {
    FoldAssignment folds = folds_of(FoldScheme::polygon, 3, {1, 1, 2, 2, 3, 3});
    folds.buffer_m = 250;
    folds.excluded = {{{2, 3}, {4, 5}}, {}, {}}; // rows 3 and 5, the other two of class 1
    std::string message;
    EXPECT_EQ(code_of(six_samples(), folds, &message), ExitCode::input);
    EXPECT_THAT(message, HasSubstr("fold 1 of 3 cannot learn class 1 'water': it tests 1 of its samples and leaves out "
                                   "the other 2; fix: use a smaller --buffer"));
    EXPECT_NO_THROW(check_folds(six_samples(), folds, false));
    folds.excluded = {{}, {{0, 2}, {4, 6}}, {}};
    EXPECT_EQ(code_of(six_samples(), folds, &message), ExitCode::input);
    EXPECT_THAT(message, HasSubstr("fold 2 of 3 has no training samples: 2 are tested and 4 left out"));
}

TEST(CheckFolds, ExcludedRowsThatAreTestedOrOutOfOrderAreABug) {
    FoldAssignment folds = folds_of(FoldScheme::polygon, 3, {1, 1, 2, 2, 3, 3});
    for (const auto& ranges : std::vector<std::vector<RowRange>>{{{1, 3}}, {{4, 5}, {2, 3}}, {{3, 3}}, {{5, 7}}}) {
        folds.excluded = {ranges, {}, {}};
        EXPECT_EQ(code_of(six_samples(), folds), ExitCode::internal);
    }
    folds.excluded = {{}, {}};
    EXPECT_EQ(code_of(six_samples(), folds), ExitCode::internal);
}

TEST(FoldRows, SplitIntoTrainingTestAndLeftOut) {
    FoldAssignment folds = folds_of(FoldScheme::random, 2, {1, 2, 2, 1, 2, 2});
    folds.excluded = {{{1, 2}, {4, 6}}, {}};
    const FoldRows first = rows_of_fold(folds, 1);
    EXPECT_EQ(first.test, (std::vector<std::int64_t>{0, 3}));
    EXPECT_EQ(first.train, (std::vector<std::int64_t>{2}));
    EXPECT_EQ(first.n_excluded, 3);
    EXPECT_EQ(count_excluded(folds, 1), 3);
    const FoldRows second = rows_of_fold(folds, 2);
    EXPECT_EQ(second.test, (std::vector<std::int64_t>{1, 2, 4, 5}));
    EXPECT_EQ(second.train, (std::vector<std::int64_t>{0, 3}));
    EXPECT_EQ(second.n_excluded, 0);
}

} // namespace
} // namespace lcclass
