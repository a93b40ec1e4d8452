/// Which fold every sample is in, which samples stand aside, and the blocks that decided it.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

enum class FoldScheme { random, stratified, polygon, spatial_block, cluster, leave_group_out, nndm, knndm };

/// The command-line word: `random`, `spatial-block`, ...
std::string to_string(FoldScheme scheme);
/// Throws Error(command_line) listing the known words.
FoldScheme parse_fold_scheme(const std::string& word);
/// All words, in the order of the enumerators.
std::vector<std::string> fold_scheme_words();

/// True for schemes that promise that no polygon or group is in training and test at once.
bool keeps_groups_whole(FoldScheme scheme);
/// True for schemes every fold of which tests a single polygon or group.
bool tests_single_groups(FoldScheme scheme);
/// True for schemes that rest on distances, which take samples with positions in metres.
bool needs_positions(FoldScheme scheme);

enum class BlockShape { square, hexagon };

struct FoldBlock {
    Bounds bounds; ///< CRS units; those of the hexagon, whose corners are at the top and bottom
    int fold = 0;  ///< 1..n_folds
    BlockShape shape = BlockShape::square;
};

/// Rows first, first + 1, ..., end - 1.
struct RowRange {
    std::int64_t first = 0;
    std::int64_t end = 0;
    bool operator==(const RowRange&) const = default;
};

/// How far test samples are from their training samples, beside how far the prediction area is from all samples.
/// Distances are between points that stand for polygons or groups (for single samples in schemes that split those).
struct DistanceMatch {
    std::int64_t n_prediction_points = 0;
    double w_m = 0;               ///< Wasserstein distance between the two distributions, CRS units (metres)
    double leave_one_out_w_m = 0; ///< the same when every point is tested by all others
    std::int64_t n_clusters = 0;  ///< knndm: clusters that were merged into folds; 0: none
};

struct FoldAssignment {
    FoldScheme scheme = FoldScheme::random;
    int n_folds = 0;
    std::vector<std::int32_t> fold; ///< per sample, 1..n_folds
    std::vector<FoldBlock> blocks;  ///< kept cells in cell order; empty unless the scheme is spatial-block
    /// Per fold, ascending and disjoint: rows of other folds that its training leaves out. Empty: none for any fold.
    std::vector<std::vector<RowRange>> excluded = {};
    std::vector<std::string> fold_names = {}; ///< per fold: the group it tests; empty: folds have numbers only
    double buffer_m = 0;                      ///< dead zone around test samples that `excluded` holds
    std::optional<DistanceMatch> match = {};  ///< nothing without a prediction area
};

/// What the forests of a scheme say of the samples they have not seen.
struct FoldPredictions {
    FoldScheme scheme = FoldScheme::random;
    std::vector<std::int32_t> class_code; ///< per sample
    std::vector<float> probability;       ///< per sample, of that class
};

/// The samples of one fold, ascending.
struct FoldRows {
    std::vector<std::int64_t> train;
    std::vector<std::int64_t> test;
    std::int64_t n_excluded = 0; ///< in neither
};

/// Requires: fold in 1..n_folds.
FoldRows rows_of_fold(const FoldAssignment& folds, int fold);

/// Rows that the training of `fold` leaves out. Requires: fold in 1..n_folds.
std::int64_t count_excluded(const FoldAssignment& folds, int fold);

/// Throws Error(input) naming class and fold when a fold is empty, nothing is left to train it, or, unless
/// `classes_in_training` is off, its training part lacks a class; and Error(internal) when a polygon or group is in
/// training and test of a scheme that promises it is not.
void check_folds(const SampleTable& samples, const FoldAssignment& folds, bool classes_in_training = true);

} // namespace lcclass
