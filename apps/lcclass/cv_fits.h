/// What `cv` fits on the folds: the forest that was asked for, tuned if wanted, its learning curve, and variants of it.
/// Values and free functions; each call uses all threads.
#pragma once

#include "command.h"
#include "compare_options.h"
#include "fold_options.h"
#include "lcclass/assess/cv_report.h"

#include <vector>

namespace lcclass {

struct CvFits {
    CrossValidationOptions options;
    std::vector<double> learning_curve; ///< amounts, see `learning_curve`
    std::vector<ModelVariant> variants;
};

/// One cross-validation per assignment of the plan, with its learning curve. Throws: as `cross_validate` and, where
/// forests are tuned, `make_inner_folds`.
std::vector<CrossValidation> fit_schemes(const CvFits& fits, const FoldPlan& plan, const SampleTable& samples,
                                         const std::vector<FoldAssignment>& assignments, Progress& progress);

/// The same for every variant, without learning curve and permutation importance; one that names parameters of the
/// forest is not tuned.
std::vector<VariantRuns> fit_variants(const CvFits& fits, const FoldPlan& plan, const SampleTable& samples,
                                      const std::vector<FoldAssignment>& assignments, Progress& progress);

/// Rough cost, for plans.
double fitting_seconds(const CvFits& fits, const FoldPlan& plan, const PlanFacts& facts);

} // namespace lcclass
