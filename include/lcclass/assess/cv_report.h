/// What a run of cv has to say: cross-validations side by side, their intervals, and how much random folds flatter.
/// Values and pure functions; deterministic, on any number of threads.
#pragma once

#include "lcclass/assess/bootstrap.h"
#include "lcclass/assess/cross_validation.h"
#include "lcclass/assess/probability_figures.h"
#include "lcclass/core/variogram.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// Overall figures of random folds less those of another scheme, both of all test folds pooled, in the order of
/// `figures_of`; intervals from the same resampled groups in both.
struct SchemeGap {
    FoldScheme other = FoldScheme::polygon;
    std::vector<IntervalEstimate> figures;
};

/// What the out-of-fold probabilities of one scheme are worth.
struct SchemeProbabilities {
    ProbabilityFigures pooled;                          ///< of all test folds together
    std::vector<ProbabilityFigures> folds;              ///< of each
    std::vector<std::vector<RocPoint>> roc;             ///< per class, pooled
    std::vector<ReliabilityBin> reliability;            ///< of the most probable class, pooled
    std::vector<std::vector<ReliabilityBin>> per_class; ///< reliability per class, pooled
};

/// Another forest or other features, cross-validated on the same folds as the base run.
struct VariantRuns {
    std::string name;
    std::vector<CrossValidation> schemes; ///< those of the base run, in their order
};

/// What a variant has more than the base run (or less), with intervals from the same resampled groups in both.
struct VariantReport {
    VariantRuns runs;
    std::vector<std::vector<IntervalEstimate>> differences; ///< per scheme, of its pooled figures (`figures_of`)
};

struct CvReport {
    std::vector<CrossValidation> schemes;
    BootstrapOptions bootstrap;
    std::vector<std::vector<IntervalEstimate>> intervals; ///< per scheme, of its pooled figures (`figures_of`)
    std::vector<SchemeProbabilities> probabilities;       ///< per scheme
    std::vector<SchemeGap> gaps;                          ///< in the order of the schemes; empty without `random`
    std::optional<VariogramSet> variograms;               ///< of the features and the error, where they are wanted
    std::vector<VariantReport> variants;
};

/// Requires: `schemes` of `samples` and `folds`, one for one, no scheme twice; variants likewise, whatever their
/// features. Throws: as `check_options`.
CvReport make_cv_report(const SampleTable& samples, std::span<const FoldAssignment> folds,
                        std::vector<CrossValidation> schemes, const BootstrapOptions& options,
                        std::vector<VariantRuns> variants = {});

/// The content of cv.json (docs/files.md), schemes in their order; undefined figures are null.
std::string to_json(const CvReport& report, const ClassLegend& legend);

/// All of it as text for a terminal, schemes side by side: pooled figures with intervals first, what the gap between
/// random and other folds means last. ASCII but for names, at most 100 columns.
std::string to_table(const CvReport& report, const ClassLegend& legend);

} // namespace lcclass
