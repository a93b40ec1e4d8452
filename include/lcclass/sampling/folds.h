/// Which fold each sample is in: single samples, whole polygons (groups), blocks, clusters, or folds whose distances
/// match those of the prediction area.
/// Pure functions, deterministic in the seed.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/point_set.h"
#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <string>

namespace lcclass {

/// How spatial blocks get their fold: spatial-kfold's `random` and `continuous`, or this project's `balanced`.
enum class BlockAssignment { random, continuous, balanced };

std::string to_string(BlockAssignment assignment);
/// Throws Error(command_line) listing the known words.
BlockAssignment parse_block_assignment(const std::string& word);

/// Throws Error(command_line) listing the known words.
BlockShape parse_block_shape(const std::string& word);
std::string to_string(BlockShape shape);

/// Schemes with a fold (and a fit) for every group take up to so many groups.
inline constexpr int most_single_folds = 5000;

struct FoldOptions {
    FoldScheme scheme = FoldScheme::random;
    int n_folds = 5; ///< leave-group-out and nndm make one fold per group instead
    /// spatial-block: side of a square, distance between opposite sides of a hexagon, CRS units (metres)
    double block_size_m = 0;
    BlockAssignment assignment = BlockAssignment::balanced;
    int balanced_starts = 100; ///< balanced: how many seeded random assignments compete
    std::uint64_t seed = 42;
    bool classes_in_training = true; ///< refuse folds that cannot be trained; off when nothing will be fitted
    BlockShape shape = BlockShape::square;
    double buffer_m = 0; ///< rows of other folds at most so far from a test sample are left out of its training
    PointSet prediction; ///< where the map will be used; nndm and knndm need it, any scheme reports its match
};

/// Groups (polygons unless the table has a group field) are never split but by `random` and `stratified`:
/// - random, stratified: samples in a seeded random order, stratified class by class, are dealt out;
/// - polygon: groups dealt out class by class;
/// - spatial-block: a group is in the block that holds most of its samples, ties to the lower block index; `balanced`
///   leaves out cells that no group belongs to;
/// - cluster: k-means (k = folds, k-means++, best of 10 seeded starts) of the groups' mean positions; folds are
///   numbered from west to east;
/// - leave-group-out: one fold per group, in the order of their numbers, with the group's name;
/// - nndm: one fold per group; near groups leave its training until distances match (Mila et al. 2022, in the
///   matrix form of CAST 0.7 with phi = largest distance and half of the groups kept at least);
/// - knndm: n_folds folds of merged clusters, of those tried the ones with the smallest W (Linnenbrink et al. 2024,
///   Ward clustering, at most half of the groups in a fold), or those of `polygon` where samples are not clustered.
/// Features are not looked at.
/// Requires: a class from the legend and a group for every sample.
/// Throws: Error(configuration) for fewer than 2 folds, more folds than samples, groups or blocks (with both numbers
/// and, for blocks, a size that would do), a block size that is not a positive number, a buffer below 0, no prediction
/// points where they are needed, or schemes of groups for samples whose polygon and group are not known; Error(input)
/// for a class with a single group (`random`, `stratified`: sample), a polygon in two groups, samples without
/// positions where distances count, and as `check_folds`.
FoldAssignment assign_folds(const SampleTable& samples, const FoldOptions& options);

/// numpy's RandomState(seed).permutation(n) (mt19937, masked rejection), which spatial-kfold's random blocks rest on.
/// Requires: 0 <= n < 2^32.
std::vector<std::int64_t> numpy_permutation(std::uint32_t seed, std::int64_t n);

} // namespace lcclass
