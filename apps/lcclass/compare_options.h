/// The variants that `cv --compare` sets beside the base run: other forest options, or fewer features.
/// Belongs to one thread.
#pragma once

#include "lcclass/assess/tuning.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/forest/random_forest.h"

#include <string>
#include <vector>

namespace lcclass {

/// What differs from the base, and what it comes to.
struct ModelVariant {
    std::string name; ///< as it was given: `n_estimators=500;features=B02,B03`
    RandomForestOptions forest;
    std::vector<std::string> features; ///< empty: those of the base
    bool names_parameters = false;     ///< of the forest, so that it is not tuned
};

/// `name=value` pairs joined by `;`: parameters of the forest, and `features`. What is not named is as in `base`.
/// Throws: Error(command_line) for unknown names and words, names given twice and pairs that are none;
/// Error(configuration) for values out of range.
ModelVariant parse_variant(const std::string& text, const RandomForestOptions& base);

/// `texts` in their order. Throws: as `parse_variant`, and Error(configuration) for one that is there twice.
std::vector<ModelVariant> parse_variants(const std::vector<std::string>& texts, const RandomForestOptions& base);

/// Throws Error(configuration) when the table lacks a feature that a variant names, or has too few for a forest of a
/// variant or, where it is tuned, of the grid (null: nothing is tuned).
void check_variants(const std::vector<ModelVariant>& variants, const SampleTable& samples, const TuningGrid* grid);

/// `samples` with these features alone, in this order. Requires: the table has them.
SampleTable select_features(const SampleTable& samples, const std::vector<std::string>& features);

} // namespace lcclass
