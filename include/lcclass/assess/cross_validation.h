/// Cross-validation: a forest refitted for every fold and tested on what it has not seen.
/// Deterministic in the seed, on any number of threads.
#pragma once

#include "lcclass/assess/confusion_matrix.h"
#include "lcclass/assess/tuning.h"
#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/forest/importance.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

struct FoldResult {
    int fold = 0; ///< 1..n_folds
    std::int64_t n_train = 0;
    std::int64_t n_test = 0;
    std::int64_t n_train_polygons = 0; ///< groups: polygons, unless the table has a group field
    std::int64_t n_test_polygons = 0;
    std::int64_t n_excluded = 0;        ///< samples in neither part: within the buffer, or too near for nndm
    std::string name;                   ///< group the fold tests; empty: folds have numbers only
    RandomForestOptions options;        ///< of its forest: as tuned on its training part, if at all
    std::optional<TuningResult> tuning; ///< scores on the inner folds; nothing when not tuned
    AccuracyReport train;
    AccuracyReport test;
    ConfusionMatrix test_matrix{0};
};

/// How the folds were made: kept for the record, not used.
struct FoldRecord {
    double block_size_m = 0;           ///< 0: no blocks
    std::string block_size_from;       ///< where a size that was not given is from; empty: it was given
    std::string block_assignment;      ///< empty: no blocks
    std::string block_shape;           ///< empty: no blocks
    std::optional<std::uint64_t> seed; ///< nothing: not known
};

/// What was tuned in every fold, and what to train the final forest with.
struct TuningRecord {
    TuningGrid grid;
    Scoring scoring = Scoring::f1_weighted;
    int n_folds = 0;           ///< inner folds
    std::size_t suggested = 0; ///< candidate with the largest mean score over the outer folds
};

/// A class that occurs in the samples.
struct ClassCount {
    std::int32_t class_code = 0;
    std::int64_t polygons = 0; ///< groups with at least one sample of it
    std::int64_t pixels = 0;
};

/// One amount of training polygons on a learning curve.
struct LearningPoint {
    struct Fold {
        std::int64_t n_polygons = 0; ///< groups that were learned from
        std::int64_t n_samples = 0;
        AccuracyReport test; ///< on the whole test part of the fold
    };
    double amount = 0; ///< up to 1: share of the polygons of the training part; above: their number
    std::vector<Fold> folds;
};

/// Confusion matrices and per-class figures go by position in `classes`: classes of the legend without samples have no
/// place in them.
struct CrossValidation {
    FoldScheme scheme = FoldScheme::random;
    RandomForestOptions options; ///< before tuning
    std::optional<TuningRecord> tuning;
    FoldRecord record;
    std::int64_t n_blocks = 0;
    std::int64_t n_polygons = 0;        ///< groups: polygons, unless the table has a group field
    bool groups_known = true;           ///< false: every sample counts as a group of its own
    double buffer_m = 0;                ///< dead zone around test samples, 0: none
    std::optional<DistanceMatch> match; ///< nothing without a prediction area
    std::vector<ClassCount> classes;    ///< in the order of the legend
    std::vector<std::string> feature_names;
    std::vector<FoldResult> folds;
    ConfusionMatrix matrix{0};           ///< sum over folds
    AccuracyReport pooled;               ///< of that sum
    std::vector<std::int32_t> predicted; ///< class code per sample from the fold that did not see it
    std::vector<float> probabilities;    ///< per sample and position in `classes` (row-major), from the same forest
    std::vector<LearningPoint> learning_curve; ///< empty unless asked for
    /// Accuracy lost on the test folds when a feature is shuffled, per feature; empty unless asked for.
    std::vector<ImportanceEstimate> permutation_importance;
};

struct CrossValidationOptions {
    RandomForestOptions forest;
    std::optional<TuningOptions> tuning; ///< parameters chosen in every fold, from its training part alone
    int permutation_repeats = 0;         ///< > 0: also permutation importance on the test folds
    FoldRecord record;
};

/// Trains on all folds but one, tests on that one, for every fold; the forest of fold f has the seed mix64(seed, f),
/// those of its inner fold j mix64(mix64(seed, f), j).
/// Throws: Error(input) for samples of a single class, and as `check_folds` when a fold cannot be trained or tested.
CrossValidation cross_validate(const SampleTable& samples, const FoldAssignment& folds,
                               const CrossValidationOptions& options, Progress& progress);

/// The predictions of the run as columns of its samples.
FoldPredictions predictions_of(const CrossValidation& run);

/// Mean and standard deviation (n - 1) over folds of a figure, over the folds where it is defined.
struct FoldSpread {
    std::optional<double> mean; ///< nothing when no fold has the figure
    std::optional<double> sd;   ///< nothing when fewer than two have it
};

FoldSpread spread_of(const std::vector<std::optional<double>>& values);

} // namespace lcclass
