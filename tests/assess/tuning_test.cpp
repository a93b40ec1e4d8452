#include "lcclass/assess/tuning.h"

#include "assess/toy_landscape.h"
#include "assess/tuning_report.h"
#include "lcclass/assess/cross_validation.h"
#include "lcclass/assess/cv_report.h"
#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <tbb/global_control.h>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace test;

RandomForestOptions base_forest() {
    return {.n_estimators = 20, .seed = 11};
}

std::vector<std::string> described(const TuningGrid& grid) {
    std::vector<std::string> texts;
    for (std::size_t c = 0; c < grid.candidates.size(); ++c) {
        texts.push_back(describe_candidate(grid, c));
    }
    return texts;
}

// list(sklearn.model_selection.ParameterGrid({"n_estimators": [100, 200], "max_depth": [20, 10, None]}))
TEST(TuningGrid, HasTheOrderOfParameterGrid) {
    const TuningGrid grid = parse_tuning_grid(" n_estimators = 100,200 ; max_depth=20, 10,none;", base_forest());
    EXPECT_THAT(described(grid), ElementsAre("max_depth=20 n_estimators=100", "max_depth=20 n_estimators=200",
                                             "max_depth=10 n_estimators=100", "max_depth=10 n_estimators=200",
                                             "max_depth=none n_estimators=100", "max_depth=none n_estimators=200"));
    EXPECT_EQ(grid.candidates[5].max_depth, 0);
    EXPECT_EQ(grid.candidates[5].seed, 11U);
}

TEST(TuningGrid, EveryParameterOfTheForestCanVary) {
    const TuningGrid grid = parse_tuning_grid("bootstrap=false;class_weight=balanced;criterion=entropy;max_bins=255;"
                                              "max_depth=7;max_features=0.5;max_samples=0;min_samples_leaf=3;"
                                              "min_samples_split=4;n_estimators=9",
                                              base_forest());
    ASSERT_EQ(grid.candidates.size(), 1U);
    const RandomForestOptions& options = grid.candidates[0];
    EXPECT_FALSE(options.bootstrap);
    EXPECT_EQ(options.class_weight, ClassWeight::balanced);
    EXPECT_EQ(options.criterion, SplitCriterion::entropy);
    EXPECT_EQ(options.max_bins, 255);
    EXPECT_EQ(options.max_depth, 7);
    EXPECT_EQ(options.max_features.text, "0.5");
    EXPECT_EQ(options.min_samples_leaf, 3);
    EXPECT_EQ(options.min_samples_split, 4);
    EXPECT_EQ(options.n_estimators, 9);
    EXPECT_EQ(describe_candidate(grid, 0),
              "bootstrap=false class_weight=balanced criterion=entropy max_bins=255 max_depth=7 max_features=0.5 "
              "max_samples=none min_samples_leaf=3 min_samples_split=4 n_estimators=9");
}

TEST(TuningGrid, SaysWhatItCannotRead) {
    const std::vector<std::pair<std::string, std::string>> faults = {
        {"", "names no parameter"},
        {"max_depth", "is not a parameter and its values"},
        {"max_depht=3", "did you mean 'max_depth'"},
        {"max_depth=3;max_depth=4", "is named twice"},
        {"max_depth=3,,4", "has an empty value"},
        {"max_depth=3,3", "has a value twice"},
        {"max_depth=deep", "is not a whole number"},
        {"n_estimators=0", "must be 1 to 65536"},
        {"bootstrap=maybe", "is not true or false"},
        {"max_samples=half", "is not a number"},
    };
    for (const auto& [text, problem] : faults) {
        try {
            (void)parse_tuning_grid(text, base_forest());
            ADD_FAILURE() << text;
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr(problem)) << text;
        }
    }
}

TEST(Scoring, BalancedAccuracyIsTheMeanRecallOfTheClassesThatOccur) {
    ConfusionMatrix matrix(3); // class 2 is predicted but not there
    matrix.add(0, 0, 3);
    matrix.add(0, 2, 1);
    matrix.add(1, 1, 1);
    matrix.add(1, 0, 1);
    EXPECT_DOUBLE_EQ(*score_of(accuracy_of(matrix), Scoring::balanced_accuracy), (0.75 + 0.5) / 2);
    EXPECT_DOUBLE_EQ(*score_of(accuracy_of(matrix), Scoring::accuracy), 4.0 / 6);
    EXPECT_FALSE(score_of(accuracy_of(ConfusionMatrix(2)), Scoring::balanced_accuracy).has_value());
}

TEST(BestCandidate, IsTheFirstOfEquals) {
    const auto scores = [](std::vector<std::optional<double>> means) {
        std::vector<CandidateScore> result;
        for (const auto& mean : means) {
            result.push_back({.of_fold = {}, .mean = mean});
        }
        return result;
    };
    EXPECT_EQ(best_candidate(scores({0.5, 0.7, 0.7, 0.6})), 1U);
    EXPECT_EQ(best_candidate(scores({std::nullopt, 0.1})), 1U);
    EXPECT_EQ(best_candidate(scores({std::nullopt, std::nullopt})), 0U);
}

CrossValidationOptions tuned(const std::string& grid) {
    CrossValidationOptions options;
    options.forest = base_forest();
    options.tuning = TuningOptions{.grid = parse_tuning_grid(grid, options.forest),
                                   .n_folds = 2,
                                   .make_folds = [](const SampleTable& t) { return polygon_folds(t, 2); }};
    return options;
}

/// Inner folds as 1 and 2, for rows of a training part.
double score_separately(const SampleTable& training, const RandomForestOptions& candidate, std::uint64_t outer_seed) {
    const FoldAssignment folds = polygon_folds(training, 2);
    double sum = 0;
    for (int fold = 1; fold <= 2; ++fold) {
        const FoldRows rows = rows_of_fold(folds, fold);
        const SampleTable train = select_rows(training, rows.train);
        const SampleTable test = select_rows(training, rows.test);
        const auto classes_of = [](const SampleTable& table) {
            std::vector<std::int32_t> classes; // 2, 5, 9 are 0, 1, 2
            for (const std::int32_t code : table.class_code) {
                classes.push_back(code == 2 ? 0 : code == 5 ? 1 : 2);
            }
            return classes;
        };
        RandomForestOptions options = candidate;
        options.seed = mix64(outer_seed, static_cast<std::uint64_t>(fold));
        const std::vector<std::int32_t> learnt = classes_of(train);
        const auto trained = train_random_forest({view_of(train), learnt, 3}, options, silent_progress());
        std::vector<std::int32_t> predicted(test.class_code.size());
        trained.forest.predict_classes(view_of(test), predicted);
        ConfusionMatrix matrix(3);
        const std::vector<std::int32_t> reference = classes_of(test);
        for (std::size_t i = 0; i < predicted.size(); ++i) {
            matrix.add(reference[i], predicted[i]);
        }
        sum += *accuracy_of(matrix).f1_weighted;
    }
    return sum / 2;
}

TEST(Tuning, ScoresAreThoseOfSeparateFits) {
    const SampleTable samples = landscape();
    const FoldAssignment folds = polygon_folds(samples, 3);
    const auto options = tuned("n_estimators=3,8;max_depth=1,2,4,none;max_features=1,2;min_samples_leaf=1,5");
    const CrossValidation cv = cross_validate(samples, folds, options, silent_progress());
    const TuningGrid& grid = options.tuning->grid;
    ASSERT_EQ(grid.candidates.size(), 32U);
    for (const FoldResult& fold : cv.folds) {
        const SampleTable training = select_rows(samples, rows_of_fold(folds, fold.fold).train);
        std::vector<CandidateScore> scores;
        for (std::size_t c = 0; c < grid.candidates.size(); ++c) {
            const double score =
                score_separately(training, grid.candidates[c], mix64(11, static_cast<std::uint64_t>(fold.fold)));
            EXPECT_EQ(*fold.tuning->scores[c].mean, score) << describe_candidate(grid, c);
            scores.push_back({.of_fold = {}, .mean = score});
        }
        EXPECT_EQ(fold.tuning->best, best_candidate(scores));
    }
}

TEST(Tuning, FoldsAreTestedWithTheForestThatTheyChose) {
    const SampleTable samples = landscape();
    const FoldAssignment folds = polygon_folds(samples, 3);
    const auto options = tuned("max_depth=1,3;n_estimators=5,9");
    const CrossValidation cv = cross_validate(samples, folds, options, silent_progress());
    for (const FoldResult& fold : cv.folds) {
        const RandomForestOptions& chosen = options.tuning->grid.candidates[fold.tuning->best];
        EXPECT_EQ(fold.options.max_depth, chosen.max_depth);
        EXPECT_EQ(fold.options.n_estimators, chosen.n_estimators);
        CrossValidationOptions fixed;
        fixed.forest = chosen;
        const CrossValidation untuned = cross_validate(samples, folds, fixed, silent_progress());
        const FoldResult& same = untuned.folds[static_cast<std::size_t>(fold.fold - 1)];
        EXPECT_EQ(fold.test.overall_accuracy, same.test.overall_accuracy);
        EXPECT_EQ(fold.train.overall_accuracy, same.train.overall_accuracy);
    }
    for (std::size_t row = 0; row < cv.predicted.size(); ++row) {
        const double sum = cv.probabilities[row * 3] + cv.probabilities[row * 3 + 1] + cv.probabilities[row * 3 + 2];
        EXPECT_NEAR(sum, 1, 1e-6); // scaled by the trees that were chosen
    }
}

TEST(TuningGrid, IsCheckedWhenAllIsSet) {
    const RandomForestOptions sampled{.max_samples = 0.5};
    EXPECT_EQ(parse_tuning_grid("bootstrap=false;max_samples=none", sampled).candidates.size(), 1U);
    EXPECT_THROW((void)parse_tuning_grid("bootstrap=false", sampled), Error);
    EXPECT_THROW((void)parse_tuning_grid("bootstrap=true,false;max_samples=0.5", base_forest()), Error);
}

TEST(Tuning, CandidatesThatCannotBeAreRefusedBeforeTheFirstFit) {
    const SampleTable samples = landscape();
    auto options = tuned("max_features=1,8"); // the table has fewer
    options.tuning->make_folds = [](const SampleTable&) -> FoldAssignment {
        throw std::logic_error("folds were made");
    };
    EXPECT_THROW((void)cross_validate(samples, polygon_folds(samples, 3), options, silent_progress()), Error);
}

TEST(TuningTable, HasARowPerCandidateThatWasChosen) {
    const TuningGrid grid = parse_tuning_grid("bootstrap=false;class_weight=balanced;criterion=entropy;max_bins=255;"
                                              "max_depth=1,2,3,4,5,6,7;max_features=0.5;max_samples=none;"
                                              "min_samples_leaf=3;min_samples_split=4;n_estimators=9",
                                              base_forest());
    CrossValidation cv;
    cv.scheme = FoldScheme::leave_group_out;
    cv.tuning = {.grid = grid, .suggested = 6};
    for (const std::size_t best : {2U, 6U, 6U, 1U, 0U, 3U, 4U, 5U}) {
        cv.folds.push_back({.tuning = TuningResult{.best = best}});
    }
    const std::string text = assess::tuning_table({cv});
    EXPECT_THAT(text, HasSubstr("\nleave-group-out   2 of 8 folds        bootstrap=false"));
    EXPECT_THAT(text, HasSubstr("\n                  1 of 8 folds        bootstrap=false"));
    EXPECT_THAT(text, HasSubstr("\n                  2 of 8 folds        2 other candidates\n"));
    EXPECT_THAT(text, HasSubstr("\n                  train with          bootstrap=false"));
    EXPECT_THAT(text, HasSubstr("\n                                      max_bins=255 max_depth=7"));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST(Tuning, OutputIsTheSameOnAnyNumberOfThreads) {
    const SampleTable samples = landscape();
    const FoldAssignment folds = polygon_folds(samples, 3);
    std::string first;
    for (const std::size_t threads : {1U, 2U, 5U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        const CrossValidation cv = cross_validate(samples, folds, tuned("max_depth=1,2,none"), silent_progress());
        const CvReport report = make_cv_report(samples, {&folds, 1}, {cv}, {.replicates = 0});
        const std::string text = to_json(report, samples.legend) + to_table(report, samples.legend);
        first = first.empty() ? text : first;
        EXPECT_EQ(text, first);
    }
    EXPECT_THAT(first, HasSubstr("Tuned within the training part of every fold\npolygon  "));
    EXPECT_THAT(first, HasSubstr("\"suggested\": {\n          \"max_depth\": "));
}

} // namespace
} // namespace lcclass
