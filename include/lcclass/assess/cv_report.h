/// What a run of cv has to say: cross-validations side by side, their intervals, and how much random folds flatter.
/// Values and pure functions; deterministic, on any number of threads.
#pragma once

#include "lcclass/assess/bootstrap.h"
#include "lcclass/assess/cross_validation.h"
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

struct CvReport {
    std::vector<CrossValidation> schemes;
    BootstrapOptions bootstrap;
    bool groups_known = true;                             ///< false: every sample counts as a group of its own
    std::vector<std::vector<IntervalEstimate>> intervals; ///< per scheme, of its pooled figures (`figures_of`)
    std::vector<SchemeGap> gaps;                          ///< in the order of the schemes; empty without `random`
    std::optional<VariogramSet> variograms;               ///< of the features and the error, where they are wanted
};

/// Requires: `schemes` of `samples`, no scheme twice. Throws: as `check_options`.
CvReport make_cv_report(const SampleTable& samples, std::vector<CrossValidation> schemes,
                        const BootstrapOptions& options);

/// The content of cv.json (docs/files.md), schemes in their order; undefined figures are null.
std::string to_json(const CvReport& report, const ClassLegend& legend);

/// Schemes side by side, with intervals, and what the gap between random and other folds means, as text for a terminal:
/// ASCII but for class names, at most 100 columns.
std::string to_table(const CvReport& report, const ClassLegend& legend);

} // namespace lcclass
