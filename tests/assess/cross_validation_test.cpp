#include "lcclass/assess/cross_validation.h"

#include "assess/toy_landscape.h"
#include "lcclass/assess/cv_report.h"
#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <tbb/global_control.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace test;

CrossValidationOptions small_forest(int permutation_repeats = 0) {
    CrossValidationOptions options;
    options.forest.n_estimators = 20;
    options.forest.seed = 11;
    options.permutation_repeats = permutation_repeats;
    return options;
}

CrossValidation run(const SampleTable& samples, const FoldAssignment& folds,
                    const CrossValidationOptions& options = small_forest()) {
    return cross_validate(samples, folds, options, silent_progress());
}

TEST(CrossValidate, TestsEverySampleOnceByAForestThatDidNotSeeIt) {
    const SampleTable samples = landscape();
    const auto folds = polygon_folds(samples, 4);
    const CrossValidation cv = run(samples, folds);
    ASSERT_EQ(cv.folds.size(), 4U);
    for (const FoldResult& fold : cv.folds) {
        EXPECT_EQ(fold.n_test, 9 * pixels_per_polygon);
        EXPECT_EQ(fold.n_train, 27 * pixels_per_polygon);
        EXPECT_EQ(fold.n_test_polygons, 9);
        EXPECT_EQ(fold.n_train_polygons, 27);
        EXPECT_EQ(fold.test_matrix.total(), fold.n_test);
    }
    EXPECT_EQ(cv.matrix.total(), samples.size());
    EXPECT_EQ(cv.n_polygons, 36);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < cv.predicted.size(); ++i) {
        right += cv.predicted[i] == samples.class_code[i] ? 1 : 0;
    }
    EXPECT_DOUBLE_EQ(*cv.pooled.overall_accuracy, static_cast<double>(right) / static_cast<double>(samples.size()));
}

TEST(CrossValidate, FoldEqualsAForestTrainedByHand) {
    const SampleTable samples = landscape();
    const auto folds = polygon_folds(samples, 3);
    const CrossValidation cv = run(samples, folds);
    std::vector<std::int64_t> train_rows;
    std::vector<std::int64_t> test_rows;
    for (std::int64_t i = 0; i < samples.size(); ++i) {
        (folds.fold[static_cast<std::size_t>(i)] == 2 ? test_rows : train_rows).push_back(i);
    }
    const SampleTable train = select_rows(samples, train_rows);
    const SampleTable test = select_rows(samples, test_rows);
    std::vector<std::int32_t> classes; // 2, 5, 9 are 0, 1, 2
    for (const auto code : train.class_code) {
        classes.push_back(code == 2 ? 0 : code == 5 ? 1 : 2);
    }
    RandomForestOptions options = small_forest().forest;
    options.seed = mix64(11, 2);
    const auto trained = train_random_forest({view_of(train), classes, 3}, options, silent_progress());
    std::vector<std::int32_t> predicted(test_rows.size());
    trained.forest.predict_classes(view_of(test), predicted);
    constexpr std::array<std::int32_t, 3> codes = {2, 5, 9};
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        EXPECT_EQ(cv.predicted[static_cast<std::size_t>(test_rows[i])], codes[static_cast<std::size_t>(predicted[i])]);
    }
    std::vector<std::uint32_t> sums(test_rows.size() * 3);
    trained.forest.predict_sums(view_of(test), sums);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto at = static_cast<std::size_t>(test_rows[i / 3]) * 3 + i % 3;
        EXPECT_NEAR(cv.probabilities[at], sums[i] / (65535.0 * options.n_estimators), 1e-6);
    }
}

TEST(CrossValidate, IsTheSameOnAnyNumberOfThreads) {
    const SampleTable samples = landscape();
    const auto folds = polygon_folds(samples, 3);
    std::set<std::string> outputs;
    for (const std::size_t threads : {1U, 2U, 5U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        outputs.insert(
            to_json(make_cv_report(samples, {&folds, 1}, {run(samples, folds, small_forest(2))}, {}), samples.legend));
    }
    EXPECT_EQ(outputs.size(), 1U);
}

TEST(CrossValidate, PixelsOfTheSamePolygonInTrainingFlatterTheFigure) {
    const SampleTable samples = landscape();
    const double random = *run(samples, pixel_folds(samples, 4)).pooled.overall_accuracy;
    const double polygon = *run(samples, polygon_folds(samples, 4)).pooled.overall_accuracy;
    // Class means 1 apart, polygons shifted with standard deviation 0.7. Cutting half-way, the best rule for a new
    // polygon is right in P(z < 0.714) = 0.76 of the outer classes and 2 x 0.76 - 1 = 0.52 of the middle one: 0.68.
    EXPECT_GT(random, polygon + 0.15) << polygon;
    EXPECT_LT(polygon, 0.75);
}

TEST(CrossValidate, RandomFoldsCountPolygonsOnBothSides) {
    const SampleTable samples = landscape();
    const CrossValidation cv = run(samples, pixel_folds(samples, 4));
    EXPECT_EQ(cv.folds[0].n_test_polygons, 36);
    EXPECT_EQ(cv.folds[0].n_train_polygons, 36);
}

TEST(CrossValidate, LeavesOutClassesOfTheLegendWithoutSamples) {
    const SampleTable samples = landscape();
    const CrossValidation cv = run(samples, polygon_folds(samples, 3));
    ASSERT_EQ(cv.classes.size(), 3U);
    EXPECT_EQ(cv.classes[2].class_code, 9);
    EXPECT_EQ(cv.classes[2].polygons, 12);
    EXPECT_EQ(cv.classes[2].pixels, 12 * pixels_per_polygon);
    EXPECT_EQ(cv.matrix.n_classes(), 3);
    EXPECT_EQ(cv.pooled.per_class.size(), 3U);
}

TEST(CrossValidate, ClassMissingInATestFoldIsNotAveragedIn) {
    const SampleTable all = landscape();
    // Crop (9) is kept in polygons 3 and 6 only, which lie in folds 1 and 2 of 3.
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < all.size(); ++i) {
        if (all.class_code[static_cast<std::size_t>(i)] != 9 || all.group[static_cast<std::size_t>(i)] < 6) {
            rows.push_back(i);
        }
    }
    const SampleTable samples = select_rows(all, rows);
    const CrossValidation cv = run(samples, polygon_folds(samples, 3));
    EXPECT_TRUE(cv.folds[0].test.per_class[2].recall);
    EXPECT_FALSE(cv.folds[2].test.per_class[2].recall);
    EXPECT_EQ(cv.folds[2].test.per_class[2].support, 0);
}

TEST(CrossValidate, PermutationImportanceTellsTheFeatureThatMatters) {
    const SampleTable samples = landscape();
    const CrossValidation cv = run(samples, polygon_folds(samples, 3), small_forest(4));
    ASSERT_EQ(cv.permutation_importance.size(), 2U);
    EXPECT_GT(cv.permutation_importance[0].mean, 0.1);
    EXPECT_LT(std::abs(cv.permutation_importance[1].mean), 0.1);
    EXPECT_TRUE(run(samples, polygon_folds(samples, 3)).permutation_importance.empty());
}

TEST(CrossValidate, PermutationImportanceIsPooledOverFoldsAndRepeats) {
    const SampleTable samples = landscape();
    const auto folds = polygon_folds(samples, 2);
    // Fold 1 by hand: its forest, its test rows, its seed. Fold 2 alike. The mean goes over both.
    double sum = 0;
    for (const int fold : {1, 2}) {
        std::vector<std::int64_t> train_rows;
        std::vector<std::int64_t> test_rows;
        for (std::int64_t i = 0; i < samples.size(); ++i) {
            (folds.fold[static_cast<std::size_t>(i)] == fold ? test_rows : train_rows).push_back(i);
        }
        const SampleTable train = select_rows(samples, train_rows);
        const SampleTable test = select_rows(samples, test_rows);
        const auto index = [](const SampleTable& table) {
            std::vector<std::int32_t> result;
            for (const auto code : table.class_code) {
                result.push_back(code == 2 ? 0 : code == 5 ? 1 : 2);
            }
            return result;
        };
        RandomForestOptions options = small_forest().forest;
        options.seed = mix64(11, static_cast<std::uint64_t>(fold));
        const auto train_index = index(train);
        const auto trained = train_random_forest({view_of(train), train_index, 3}, options, silent_progress());
        const auto decreases = shuffle_decreases(trained.forest, view_of(test), index(test), single_features(2),
                                                 {.repeats = 3, .seed = options.seed}, silent_progress());
        sum += std::accumulate(decreases[0].begin(), decreases[0].end(), 0.0);
    }
    const CrossValidation cv = run(samples, folds, small_forest(3));
    EXPECT_NEAR(cv.permutation_importance[0].mean, sum / 6, 1e-12);
}

TEST(CrossValidate, KeepsTheRecordOfTheFolds) {
    const SampleTable samples = landscape();
    auto folds = polygon_folds(samples, 3);
    folds.scheme = FoldScheme::spatial_block;
    folds.blocks.resize(7);
    CrossValidationOptions options = small_forest();
    options.record = {.block_size_m = 500, .block_assignment = "balanced", .seed = 4};
    const CrossValidation cv = run(samples, folds, options);
    EXPECT_EQ(cv.scheme, FoldScheme::spatial_block);
    EXPECT_EQ(cv.n_blocks, 7);
    EXPECT_EQ(cv.record.block_size_m, 500);
    EXPECT_THAT(cv.feature_names, ElementsAre("level", "noise"));
}

TEST(CrossValidate, RefusesASingleClass) {
    SampleTable samples = landscape();
    std::fill(samples.class_code.begin(), samples.class_code.end(), 5);
    try {
        run(samples, polygon_folds(samples, 3));
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_THAT(error.what(), HasSubstr("only class 5 'forest'"));
    }
}

TEST(CrossValidate, RefusesFoldsWhoseTrainingLacksAClass) {
    const SampleTable samples = landscape();
    FoldAssignment folds{.scheme = FoldScheme::polygon, .n_folds = 3, .fold = {}, .blocks = {}};
    for (const std::int32_t group : samples.group) {
        folds.fold.push_back(group % 3 + 1);
    }
    try {
        run(samples, folds);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_THAT(error.what(), HasSubstr("class 2 'water' lies wholly in fold 1 of 3"));
    }
}

TEST(CrossValidate, RefusesAGroupOnBothSides) {
    const SampleTable samples = landscape();
    auto folds = pixel_folds(samples, 3);
    folds.scheme = FoldScheme::polygon;
    try {
        run(samples, folds);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::internal);
    }
}

class CountingProgress final : public Progress {
public:
    void begin(std::string_view what, std::int64_t total) override { pieces.emplace_back(what, total); }
    void advance(std::int64_t units) override { done += units; }
    void end() override { ++ended; }
    std::vector<std::pair<std::string, std::int64_t>> pieces;
    std::atomic<std::int64_t> done{0};
    int ended = 0;
};

TEST(CrossValidate, ProgressIsOnePieceOfTheTreesOfAllFolds) {
    const SampleTable samples = landscape();
    CountingProgress progress;
    const CrossValidationOptions options = small_forest();
    cross_validate(samples, polygon_folds(samples, 2), options, progress);
    ASSERT_EQ(progress.pieces.size(), 1U);
    EXPECT_EQ(progress.pieces[0].first, "polygon folds");
    EXPECT_EQ(progress.pieces[0].second, 2 * options.forest.n_estimators);
    EXPECT_EQ(progress.done, 2 * options.forest.n_estimators);
    EXPECT_EQ(progress.ended, 1);
}

TEST(FoldSpread, IsOverTheFoldsThatHaveTheFigure) {
    const FoldSpread spread = spread_of({0.5, std::nullopt, 0.7, 0.9});
    EXPECT_DOUBLE_EQ(*spread.mean, 0.7);
    EXPECT_DOUBLE_EQ(*spread.sd, 0.2); // sqrt((0.04 + 0 + 0.04) / 2)
    EXPECT_FALSE(spread_of({0.5}).sd);
    EXPECT_FALSE(spread_of({std::nullopt}).mean);
}

TEST(CrossValidate, LeavesExcludedRowsOutOfTrainingAndTest) {
    const SampleTable samples = landscape();
    FoldAssignment folds = polygon_folds(samples, 4);
    folds.buffer_m = 30;
    folds.fold_names = {"a", "b", "c", "d"};
    folds.excluded.resize(4);
    // Fold 1 holds polygons 0-2, 12-14 and 24-26; the three after the first three are left out of its training.
    folds.excluded[0] = {{3 * pixels_per_polygon, 6 * pixels_per_polygon}};
    const CrossValidation cv = run(samples, folds);
    EXPECT_EQ(cv.folds[0].n_excluded, 3 * pixels_per_polygon);
    EXPECT_EQ(cv.folds[0].n_train, 24 * pixels_per_polygon);
    EXPECT_EQ(cv.folds[0].n_train_polygons, 24);
    EXPECT_EQ(cv.folds[0].n_test, 9 * pixels_per_polygon);
    EXPECT_EQ(cv.folds[0].name, "a");
    EXPECT_EQ(cv.folds[1].n_excluded, 0);
    EXPECT_EQ(cv.folds[1].n_train, 27 * pixels_per_polygon);
    EXPECT_EQ(cv.matrix.total(), samples.size()); // left out of one training, and still tested once
    EXPECT_EQ(cv.buffer_m, 30);
    // The forest of fold 1 is that of a table without these rows.
    std::vector<std::int64_t> kept;
    for (std::int64_t row = 0; row < samples.size(); ++row) {
        if (row < 3 * pixels_per_polygon || row >= 6 * pixels_per_polygon) {
            kept.push_back(row);
        }
    }
    const SampleTable fewer = select_rows(samples, kept);
    FoldAssignment plain = folds;
    plain.excluded.clear();
    plain.fold.erase(plain.fold.begin() + 3 * pixels_per_polygon, plain.fold.begin() + 6 * pixels_per_polygon);
    EXPECT_EQ(run(fewer, plain).folds[0].test.overall_accuracy, cv.folds[0].test.overall_accuracy);
}

} // namespace
} // namespace lcclass
