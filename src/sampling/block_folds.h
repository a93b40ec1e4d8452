/// Folds of spatial blocks: which block a group belongs to, and which fold a block gets.
/// Pure functions, deterministic in the seed.
#pragma once

#include "lcclass/sampling/folds.h"
#include "sampling/groups.h"

namespace lcclass::sampling {

/// Throws: as `assign_folds` does for block sizes, positions and too few blocks.
FoldAssignment block_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options);

} // namespace lcclass::sampling
