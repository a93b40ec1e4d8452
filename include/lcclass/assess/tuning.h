/// The forest's parameters chosen by cross-validation within a training part: a grid, and what it scored.
/// Deterministic in the seed, on any number of threads.
#pragma once

#include "lcclass/assess/confusion_matrix.h"
#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/forest/random_forest.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// Every combination of the values given, as scikit-learn's ParameterGrid orders them: parameters by alphabet, the last
/// one varying fastest, values as given.
struct TuningGrid {
    std::vector<std::string> names; ///< of the parameters that vary, by alphabet
    std::vector<RandomForestOptions> candidates;
};

/// `n_estimators=100,200;max_depth=10,20,none`; other parameters are those of `base`.
/// Throws: Error(command_line) for unknown or repeated names, values that are none; Error(configuration) for values out
/// of range or more than 100,000 combinations.
TuningGrid parse_tuning_grid(const std::string& text, const RandomForestOptions& base);

/// `max_depth=10 n_estimators=200`: what a candidate has of the parameters that vary.
std::string describe_candidate(const TuningGrid& grid, std::size_t candidate);

enum class Scoring { accuracy, balanced_accuracy, f1_macro, f1_weighted, kappa };

std::string to_string(Scoring scoring);
/// Throws Error(command_line) listing the known words.
Scoring parse_scoring(const std::string& word);
/// Nothing where the figure is undefined. Balanced accuracy is the mean recall of the classes that occur.
std::optional<double> score_of(const AccuracyReport& report, Scoring scoring);

struct TuningOptions {
    TuningGrid grid;
    Scoring scoring = Scoring::f1_weighted;
    int n_folds = 3; ///< inner folds, for the record
    /// The inner folds of a training part.
    std::function<FoldAssignment(const SampleTable& training)> make_folds;
};

struct CandidateScore {
    std::vector<std::optional<double>> of_fold; ///< per inner fold
    std::optional<double> mean;                 ///< over the folds that have the figure
};

struct TuningResult {
    std::vector<CandidateScore> scores; ///< per candidate of the grid
    std::size_t best = 0;               ///< the largest mean, the first of equals
};

/// Work of a tuned fold, in fits of `forest`. Only a rough guide: inner folds have fewer rows.
double tuning_cost(const TuningOptions& options, const RandomForestOptions& forest);

/// The position of the largest mean, the first of equals; candidates without a mean come last.
std::size_t best_candidate(const std::vector<CandidateScore>& scores);

} // namespace lcclass
