/// A sample table in the figures that a report shows.
/// Free function; safe from any thread.
#pragma once

#include "lcclass/core/sample_table.h"
#include "lcclass/report/sections.h"

namespace lcclass {

/// Requires: a sample at least.
report::SampleSummary summarize_samples(const SampleTable& samples);

} // namespace lcclass
