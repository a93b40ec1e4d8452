#include "lcclass/assess/cross_validation.h"

#include "assess/fold_fit.h"
#include "assess/tuning_run.h"
#include "lcclass/core/interrupt.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace lcclass {

namespace {

std::vector<std::int32_t> predict(const RandomForest& forest, const SampleTable& table) {
    std::vector<std::int32_t> classes(static_cast<std::size_t>(table.size()));
    forest.predict_classes(view_of(table), classes);
    return classes;
}

/// Adds the decreases of one fold, per feature, to those of the folds before.
void pool_decreases(std::vector<std::vector<double>> of_fold, std::vector<std::vector<double>>& pooled) {
    pooled.resize(of_fold.size());
    for (std::size_t f = 0; f < of_fold.size(); ++f) {
        pooled[f].insert(pooled[f].end(), of_fold[f].begin(), of_fold[f].end());
    }
}

struct FoldOutcome {
    FoldResult result;
    std::vector<std::uint32_t> sums;            ///< of leaf probabilities, per test row and position in `classes`
    std::vector<std::int32_t> predicted;        ///< positions in `classes`, per test row
    std::vector<std::vector<double>> decreases; ///< per feature; empty unless asked for
};

FoldOutcome run_fold(int fold, const FoldPart& train, const FoldPart& test, const CrossValidationOptions& options,
                     const std::vector<ClassCount>& classes, Progress& progress) {
    const std::size_t n_classes = classes.size();
    FoldOutcome outcome;
    FoldResult& result = outcome.result;
    RandomForestOptions forest_options = options_of_fold(options.forest, fold);
    if (options.tuning) {
        result.tuning = tune(train, classes, *options.tuning, forest_options.seed, progress);
        forest_options = options_of_fold(options.tuning->grid.candidates.at(result.tuning->best), fold);
    }
    result.options = forest_options;
    const TrainingSet data{
        .features = view_of(train.table), .class_index = train.class_index, .n_classes = static_cast<int>(n_classes)};
    const TrainedForest trained = train_random_forest(data, forest_options, progress);
    outcome.sums = predict_sums(trained.forest, test.table);
    outcome.predicted = most_probable(outcome.sums, n_classes);
    result.fold = fold;
    result.n_train = train.table.size();
    result.n_test = test.table.size();
    result.n_train_polygons = train.n_polygons;
    result.n_test_polygons = test.n_polygons;
    result.train = accuracy_of(matrix_of(train, predict(trained.forest, train.table), n_classes));
    result.test_matrix = matrix_of(test, outcome.predicted, n_classes);
    result.test = accuracy_of(result.test_matrix);
    if (options.permutation_repeats > 0) {
        outcome.decreases = shuffle_decreases(
            trained.forest, view_of(test.table), test.class_index, single_features(trained.forest.n_features()),
            {.repeats = options.permutation_repeats, .seed = forest_options.seed}, silent_progress());
    }
    return outcome;
}

/// Puts what the forest of one fold says about its test rows to where those are among the samples.
void keep_predictions(const std::vector<std::int64_t>& test_rows, const FoldOutcome& outcome, CrossValidation& result) {
    const std::size_t k = result.classes.size();
    const float scale = 1.0F / (static_cast<float>(RandomForest::probability_one) *
                                static_cast<float>(outcome.result.options.n_estimators));
    for (std::size_t i = 0; i < test_rows.size(); ++i) {
        const auto row = static_cast<std::size_t>(test_rows[i]);
        result.predicted[row] = result.classes[static_cast<std::size_t>(outcome.predicted[i])].class_code;
        for (std::size_t c = 0; c < k; ++c) {
            result.probabilities[row * k + c] = static_cast<float>(outcome.sums[i * k + c]) * scale;
        }
    }
}

CrossValidation describe_run(const SampleTable& samples, const FoldAssignment& folds,
                             const CrossValidationOptions& options) {
    CrossValidation result;
    result.scheme = folds.scheme;
    result.options = options.forest;
    result.record = options.record;
    result.n_blocks = std::ssize(folds.blocks);
    result.buffer_m = folds.buffer_m;
    result.match = folds.match;
    result.n_polygons = count_distinct(samples.group, samples.group_names.size());
    result.groups_known = knows_groups(samples);
    result.classes = count_classes(samples);
    result.feature_names = samples.feature_names;
    if (options.tuning) {
        result.tuning = {.grid = options.tuning->grid,
                         .scoring = options.tuning->scoring,
                         .n_folds = options.tuning->n_folds,
                         .suggested = 0};
    }
    result.matrix = ConfusionMatrix(static_cast<int>(result.classes.size()));
    result.predicted.resize(samples.class_code.size());
    result.probabilities.resize(samples.class_code.size() * result.classes.size());
    return result;
}

/// Trees of all forests of one outer fold; a tuned forest has at most so many.
std::int64_t trees_per_fold(const CrossValidationOptions& options) {
    if (!options.tuning) {
        return options.forest.n_estimators;
    }
    int most = 0;
    for (const RandomForestOptions& candidate : options.tuning->grid.candidates) {
        most = std::max(most, candidate.n_estimators);
    }
    return most + options.tuning->n_folds * trees_per_inner_fold(options.tuning->grid);
}

/// The candidate to train the final forest with: over all outer folds, as within one.
std::size_t suggest_candidate(const std::vector<FoldResult>& folds) {
    std::vector<CandidateScore> scores(folds.front().tuning->scores.size());
    for (std::size_t c = 0; c < scores.size(); ++c) {
        for (const FoldResult& fold : folds) {
            scores[c].of_fold.push_back(fold.tuning->scores[c].mean);
        }
        scores[c].mean = spread_of(scores[c].of_fold).mean;
    }
    return best_candidate(scores);
}

/// Every forest that may be grown, so that none is found impossible after hours.
void check_forests(const CrossValidationOptions& options, int n_features) {
    check_options(options.forest, n_features);
    if (options.tuning) {
        for (const RandomForestOptions& candidate : options.tuning->grid.candidates) {
            check_options(candidate, n_features);
        }
    }
}

} // namespace

CrossValidation cross_validate(const SampleTable& samples, const FoldAssignment& folds,
                               const CrossValidationOptions& options, Progress& progress) {
    check_samples(samples, "samples");
    check_forests(options, samples.n_features());
    CrossValidation result = describe_run(samples, folds, options);
    check_classes(result.classes, samples.legend);
    check_folds(samples, folds);
    std::vector<std::vector<double>> decreases;
    AllFoldsProgress all_folds(progress);
    progress.begin(to_string(folds.scheme) + " folds", folds.n_folds * trees_per_fold(options));
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        throw_if_stopped();
        const FoldRows rows = rows_of_fold(folds, fold);
        const FoldPart train = make_part(samples, result.classes, rows.train);
        const FoldPart test = make_part(samples, result.classes, rows.test);
        FoldOutcome outcome = run_fold(fold, train, test, options, result.classes, all_folds);
        outcome.result.n_excluded = rows.n_excluded;
        outcome.result.name = folds.fold_names.empty() ? "" : folds.fold_names.at(static_cast<std::size_t>(fold - 1));
        keep_predictions(rows.test, outcome, result);
        result.matrix += outcome.result.test_matrix;
        pool_decreases(std::move(outcome.decreases), decreases);
        result.folds.push_back(std::move(outcome.result));
    }
    progress.end();
    result.pooled = accuracy_of(result.matrix);
    if (result.tuning) {
        result.tuning->suggested = suggest_candidate(result.folds);
    }
    if (options.permutation_repeats > 0) {
        result.permutation_importance = summarize_decreases(decreases);
    }
    return result;
}

FoldPredictions predictions_of(const CrossValidation& run) {
    FoldPredictions predictions{.scheme = run.scheme, .class_code = run.predicted, .probability = {}};
    predictions.probability.reserve(run.predicted.size());
    for (std::size_t row = 0; row < run.predicted.size(); ++row) {
        const auto k = std::find_if(run.classes.begin(), run.classes.end(),
                                    [&](const ClassCount& entry) { return entry.class_code == run.predicted[row]; });
        predictions.probability.push_back(
            run.probabilities.at(row * run.classes.size() + static_cast<std::size_t>(k - run.classes.begin())));
    }
    return predictions;
}

FoldSpread spread_of(const std::vector<std::optional<double>>& values) {
    double sum = 0;
    int n = 0;
    for (const auto& value : values) {
        sum += value.value_or(0);
        n += value ? 1 : 0;
    }
    if (n == 0) {
        return {};
    }
    const double mean = sum / n;
    double squares = 0;
    for (const auto& value : values) {
        const double off = value.value_or(mean) - mean;
        squares += off * off;
    }
    return {.mean = mean, .sd = n < 2 ? std::nullopt : std::optional(std::sqrt(squares / (n - 1)))};
}

} // namespace lcclass
