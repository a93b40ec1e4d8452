/// Intervals of a CvReport, and the gap between random and other folds, as text.
/// Pure functions.
#pragma once

#include "lcclass/assess/cv_report.h"

#include <string>

namespace lcclass::assess {

/// Pooled figures with their intervals, schemes side by side; empty without intervals.
std::string interval_table(const CvReport& report);

/// Random folds less each of the others, and a sentence on what that means; empty unless both were run.
std::string gap_table(const CvReport& report);

/// Every variant less the base run, scheme by scheme, and whether they can be told apart; empty without variants.
std::string variant_tables(const CvReport& report);

} // namespace lcclass::assess
