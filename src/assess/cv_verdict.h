/// What the schemes of a CvReport say together, in sentences.
/// Pure functions.
#pragma once

#include "lcclass/assess/cv_report.h"

#include <optional>
#include <string>
#include <vector>

namespace lcclass::assess {

struct Verdict {
    /// The scheme to look at: the one to believe, going by W; without W the one that was least off, whatever the
    /// sampling, of those that can do without a prediction area. Nothing when only random folds were run.
    std::optional<FoldScheme> scheme;
    /// How far random folds flatter, going by the interval of the gap in weighted F1 to that scheme, and which scheme
    /// to believe, going by W (docs/validation.md: what was measured where the truth is known). Empty without random
    /// folds and without a prediction area.
    std::vector<std::string> sentences;
};

Verdict verdict(const CvReport& report);

} // namespace lcclass::assess
