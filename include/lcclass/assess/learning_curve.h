/// Accuracy against the number of polygons that a forest learns from.
/// Deterministic in the seed, on any number of threads.
#pragma once

#include "lcclass/assess/cross_validation.h"
#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <vector>

namespace lcclass {

/// A forest with the options that `run` had in the fold is trained, for every fold and every amount, on some of the
/// polygons (groups) of the fold's training part, and tested on the whole test part. Each class is thinned on its own:
/// of the groups whose most frequent class it is, the amount's share, and one at least, so that no class is lost;
/// groups that hold the only samples of a class beside others stay too. Smaller amounts are parts of larger ones.
/// `amounts`: shares up to 1, or numbers of polygons above 1, which are shares of those in the training part (all,
/// where it has fewer). One point per amount, in their order; none without amounts. Requires: `run` of these samples
/// and folds. Throws: Error(configuration) for an amount that is not above 0, or above 1 and not whole, or there twice.
std::vector<LearningPoint> learning_curve(const SampleTable& samples, const FoldAssignment& folds,
                                          const CrossValidation& run, const std::vector<double>& amounts,
                                          Progress& progress);

/// As `learning_curve` does, before there are samples.
void check_amounts(const std::vector<double>& amounts);

} // namespace lcclass
