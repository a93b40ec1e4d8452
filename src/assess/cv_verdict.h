/// What the schemes of a CvReport say together, in sentences.
/// Pure functions.
#pragma once

#include "lcclass/assess/cv_report.h"

#include <string>

namespace lcclass::assess {

/// How far random folds flatter, going by the interval of the gap in weighted F1 to the scheme that tells most, and
/// which scheme to believe, going by W (docs/validation.md: what was measured where the truth is known). Lines of at
/// most 100 characters; empty without random folds and without a prediction area.
std::string verdict(const CvReport& report);

} // namespace lcclass::assess
