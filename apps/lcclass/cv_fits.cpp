#include "cv_fits.h"

#include "lcclass/assess/learning_curve.h"
#include "training.h"

#include <algorithm>

namespace lcclass {

namespace {

std::vector<CrossValidation> cross_validate_all(const FoldPlan& plan, const SampleTable& samples,
                                                const std::vector<FoldAssignment>& assignments,
                                                CrossValidationOptions options, Progress& progress) {
    std::vector<CrossValidation> results;
    for (const FoldAssignment& assignment : assignments) {
        options.record = record_of(plan, assignment.scheme);
        if (options.tuning) {
            const int n_folds = options.tuning->n_folds;
            options.tuning->make_folds = [&plan, &assignment, n_folds](const SampleTable& training) {
                return make_inner_folds(plan, assignment.scheme, n_folds, training);
            };
        }
        results.push_back(cross_validate(samples, assignment, options, progress));
    }
    return results;
}

} // namespace

std::vector<CrossValidation> fit_schemes(const CvFits& fits, const FoldPlan& plan, const SampleTable& samples,
                                         const std::vector<FoldAssignment>& assignments, Progress& progress) {
    std::vector<CrossValidation> results = cross_validate_all(plan, samples, assignments, fits.options, progress);
    for (std::size_t s = 0; s < results.size(); ++s) {
        results[s].learning_curve = learning_curve(samples, assignments[s], results[s], fits.learning_curve, progress);
    }
    return results;
}

std::vector<VariantRuns> fit_variants(const CvFits& fits, const FoldPlan& plan, const SampleTable& samples,
                                      const std::vector<FoldAssignment>& assignments, Progress& progress) {
    std::vector<VariantRuns> runs;
    for (const ModelVariant& variant : fits.variants) {
        CrossValidationOptions options = fits.options;
        options.forest = variant.forest;
        options.permutation_repeats = 0;
        if (variant.names_parameters) {
            options.tuning.reset();
        }
        const SampleTable fewer = variant.features.empty() ? SampleTable() : select_features(samples, variant.features);
        const SampleTable& table = variant.features.empty() ? samples : fewer;
        runs.push_back(
            {.name = variant.name, .schemes = cross_validate_all(plan, table, assignments, options, progress)});
    }
    return runs;
}

double fitting_seconds(const CvFits& fits, const FoldPlan& plan, const PlanFacts& facts) {
    double fits_per_fold = fits.options.tuning ? tuning_cost(*fits.options.tuning, fits.options.forest) : 1;
    for (const double amount : fits.learning_curve) {
        fits_per_fold += std::min(amount, 1.0);
    }
    double seconds = fits_per_fold * training_seconds(facts, fits.options.forest);
    for (const ModelVariant& variant : fits.variants) {
        seconds += training_seconds(facts, variant.forest);
    }
    return expected_folds(plan, facts.samples) * seconds;
}

} // namespace lcclass
