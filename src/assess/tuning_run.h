/// Tuning on one training part.
/// One call uses all threads.
#pragma once

#include "assess/fold_fit.h"
#include "lcclass/assess/tuning.h"

namespace lcclass {

/// Scores every candidate on the inner folds of `train`. Candidates that differ in n_estimators and max_depth only are
/// read off one forest; the scores are those of separate fits with the seed mix64(seed, inner fold).
TuningResult tune(const FoldPart& train, const std::vector<ClassCount>& classes, const TuningOptions& options,
                  std::uint64_t seed, Progress& progress);

/// Trees that one inner fold takes.
std::int64_t trees_per_inner_fold(const TuningGrid& grid);

} // namespace lcclass
