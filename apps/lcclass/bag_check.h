/// Whether the bags of a model's trees can be drawn again from the samples there are.
/// Free functions; safe from any thread.
#pragma once

#include "explained_samples.h"
#include "lcclass/forest/importance.h"

#include <string>

namespace lcclass {

/// Importance out of the bag, or why it would be wrong.
struct CheckedBags {
    std::vector<ImportanceEstimate> importance; ///< per feature; empty when it is left out
    std::string left_out;                       ///< why; else empty
};

/// The samples must be the file that the training record names (its SHA-256, where it has one), as many, and give the
/// out-of-bag accuracy of the record again, to the last digit it keeps.
CheckedBags out_of_bag_of(const ExplainedSamples& explained, Progress& progress);

} // namespace lcclass
