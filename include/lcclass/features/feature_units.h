/// In which units features are.
/// Pure; safe from any thread.
#pragma once

#include "lcclass/features/feature_recipe.h"

#include <string>
#include <vector>

namespace lcclass {

/// Per feature of the recipe, as far as it follows from what the feature is made of: of a band, its unit; empty for
/// features without one, and for those of which it is not known.
std::vector<std::string> feature_units(const FeatureRecipe& recipe);

} // namespace lcclass
