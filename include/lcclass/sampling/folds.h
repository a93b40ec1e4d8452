/// Which fold each sample is in: random, whole polygons (groups), or spatial blocks.
/// Pure functions, deterministic in the seed.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <string>

namespace lcclass {

/// How spatial blocks get their fold: spatial-kfold's `random` and `continuous`, or this project's `balanced`.
enum class BlockAssignment { random, continuous, balanced };

std::string to_string(BlockAssignment assignment);
/// Throws Error(command_line) listing the known words.
BlockAssignment parse_block_assignment(const std::string& word);

struct FoldOptions {
    FoldScheme scheme = FoldScheme::random;
    int n_folds = 5;
    double block_size_m = 0; ///< spatial-block: side of a square block, CRS units (metres)
    BlockAssignment assignment = BlockAssignment::balanced;
    int balanced_starts = 100; ///< balanced: how many seeded random assignments compete
    std::uint64_t seed = 42;
    bool classes_in_training = true; ///< refuse folds that cannot be trained; off when nothing will be fitted
};

/// Groups (polygons unless the table has a group field) are never split by `polygon`, which deals them out class by
/// class, and `spatial-block`: a group is in the block that holds most of its samples, ties to the lower block index.
/// `balanced` leaves out cells that no group belongs to. Features are not looked at.
/// Requires: a class from the legend and a group for every sample.
/// Throws: Error(configuration) for fewer than 2 folds, more folds than samples, groups or blocks (with both numbers
/// and, for blocks, a size that would do), a block size that is not a positive number, or `polygon` for samples whose
/// polygon and group are not known; Error(input) for a class
/// with a single group (`random`: sample), and as `check_folds`.
FoldAssignment assign_folds(const SampleTable& samples, const FoldOptions& options);

/// numpy's RandomState(seed).permutation(n) (mt19937, masked rejection), which spatial-kfold's random blocks rest on.
/// Requires: 0 <= n < 2^32.
std::vector<std::int64_t> numpy_permutation(std::uint32_t seed, std::int64_t n);

} // namespace lcclass
