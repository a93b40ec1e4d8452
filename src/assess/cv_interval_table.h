/// Pooled figures of a CvReport with their intervals, and the gap between random and other folds, as text.
/// Pure functions.
#pragma once

#include "lcclass/assess/cv_report.h"

#include <string>

namespace lcclass::assess {

/// `95 % interval`
std::string interval_words(const CvReport& report);

/// Pooled figures, with their intervals where there are any, schemes side by side.
std::string pooled_table(const CvReport& report);

/// Random folds less each of the others; empty unless both were run.
std::string gap_table(const CvReport& report);

/// Every variant less the base run, scheme by scheme, and whether they can be told apart; empty without variants.
std::string variant_tables(const CvReport& report);

} // namespace lcclass::assess
