#include "lcclass/assess/fold_importance.h"

#include "assess/fold_fit.h"
#include "assess/student_t.h"
#include "lcclass/assess/cross_validation.h"
#include "lcclass/core/interrupt.h"

#include <cmath>

namespace lcclass {

namespace {

using OptionalValues = std::vector<std::optional<double>>;

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

/// Means over repeats of one fold, per list and target.
using FoldMeans = std::vector<std::vector<double>>;

FoldMeans shuffle_fold(const RandomForest& forest, const FoldPart& test,
                       std::span<const std::vector<ShuffleTarget>> lists, const ShuffleOptions& options,
                       Progress& progress) {
    FoldMeans means;
    for (const std::vector<ShuffleTarget>& targets : lists) {
        const auto decreases =
            shuffle_decreases(forest, view_of(test.table), test.class_index, targets, options, progress);
        std::vector<double>& of_list = means.emplace_back();
        for (const std::vector<double>& of_target : decreases) {
            of_list.push_back(mean_of(of_target));
        }
    }
    return means;
}

std::int64_t work_of(std::span<const std::vector<ShuffleTarget>> lists, const FoldImportanceOptions& options) {
    std::int64_t targets = 0;
    for (const std::vector<ShuffleTarget>& list : lists) {
        targets += std::ssize(list);
    }
    return options.forest.n_estimators + targets * options.repeats;
}

std::vector<std::vector<FoldEstimate>> estimates_of(const std::vector<FoldMeans>& folds, double test_to_train) {
    std::vector<std::vector<FoldEstimate>> estimates;
    for (std::size_t list = 0; list < folds.front().size(); ++list) {
        std::vector<FoldEstimate>& of_list = estimates.emplace_back();
        for (std::size_t target = 0; target < folds.front()[list].size(); ++target) {
            std::vector<double> of_fold;
            for (const FoldMeans& fold : folds) {
                of_fold.push_back(fold[list][target]);
            }
            of_list.push_back(estimate_over_folds(of_fold, test_to_train));
        }
    }
    return estimates;
}

} // namespace

FoldEstimate estimate_over_folds(std::span<const double> of_fold, double test_to_train, double confidence) {
    const FoldSpread spread = spread_of(OptionalValues(of_fold.begin(), of_fold.end()));
    FoldEstimate estimate{.mean = spread.mean, .sd = spread.sd, .low = {}, .high = {}};
    const auto n = std::ssize(of_fold);
    if (n >= fewest_interval_folds) {
        const double error = *spread.sd * std::sqrt(1 / static_cast<double>(n) + test_to_train);
        const double half = assess::t_bound(confidence, static_cast<int>(n - 1)) * error;
        estimate.low = *spread.mean - half;
        estimate.high = *spread.mean + half;
    }
    return estimate;
}

std::vector<std::vector<FoldEstimate>> fold_importance(const SampleTable& samples, const FoldAssignment& folds,
                                                       std::span<const std::vector<ShuffleTarget>> lists,
                                                       const FoldImportanceOptions& options, Progress& progress) {
    check_samples(samples, "samples");
    check_options(options.forest, samples.n_features());
    const std::vector<ClassCount> classes = count_classes(samples);
    check_classes(classes, samples.legend);
    check_folds(samples, folds);
    std::vector<FoldMeans> means;
    std::int64_t n_test = 0;
    std::int64_t n_train = 0;
    AllFoldsProgress all_folds(progress);
    progress.begin("importance in " + to_string(folds.scheme) + " folds", folds.n_folds * work_of(lists, options));
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        throw_if_stopped();
        const FoldRows rows = rows_of_fold(folds, fold);
        const FoldPart train = make_part(samples, classes, rows.train);
        const FoldPart test = make_part(samples, classes, rows.test);
        n_test += test.table.size();
        n_train += train.table.size();
        const RandomForestOptions of_fold = options_of_fold(options.forest, fold);
        const TrainedForest trained = train_random_forest({.features = view_of(train.table),
                                                           .class_index = train.class_index,
                                                           .n_classes = static_cast<int>(classes.size())},
                                                          of_fold, all_folds);
        means.push_back(
            shuffle_fold(trained.forest, test, lists, {.repeats = options.repeats, .seed = of_fold.seed}, all_folds));
    }
    progress.end();
    return estimates_of(means, static_cast<double>(n_test) / static_cast<double>(n_train));
}

} // namespace lcclass
