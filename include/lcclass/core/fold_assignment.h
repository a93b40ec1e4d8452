/// Which fold every sample is in, and the blocks that decided it.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lcclass {

enum class FoldScheme { random, polygon, spatial_block };

/// The command-line word: `random`, `polygon`, `spatial-block`.
std::string to_string(FoldScheme scheme);
/// Throws Error(command_line) listing the known words.
FoldScheme parse_fold_scheme(const std::string& word);

struct FoldBlock {
    Bounds bounds; ///< CRS units
    int fold = 0;  ///< 1..n_folds
};

struct FoldAssignment {
    FoldScheme scheme = FoldScheme::random;
    int n_folds = 0;
    std::vector<std::int32_t> fold; ///< per sample, 1..n_folds
    std::vector<FoldBlock> blocks;  ///< kept cells in cell order; empty unless the scheme is spatial
};

/// Throws Error(input) naming class and fold when the training part of a fold lacks a class or a fold is empty, and
/// Error(internal) when a group straddles folds of a scheme that promises it does not.
void check_folds(const SampleTable& samples, const FoldAssignment& folds);

} // namespace lcclass
