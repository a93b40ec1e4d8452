/// Rows that a fold's training leaves out: those near its test samples, and those of given groups.
/// Pure functions; the same result on any number of threads.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/sample_table.h"
#include "sampling/groups.h"

#include <vector>

namespace lcclass::sampling {

/// Adds to `folds.excluded` the rows of other folds at most `buffer_m` from a test sample.
/// Throws Error(configuration) for a buffer that is not a length, Error(input) for samples without positions.
void exclude_buffer(const SampleTable& samples, double buffer_m, FoldAssignment& folds);

/// Per fold, the rows of its groups as ranges. Requires: groups without repetition within a fold.
std::vector<std::vector<RowRange>> rows_of_groups(const GroupTable& groups,
                                                  const std::vector<std::vector<std::int32_t>>& groups_of_fold);

} // namespace lcclass::sampling
