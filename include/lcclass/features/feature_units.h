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

/// The same per feature of `names`, by a recipe as text; empty for those that it does not have, and for all without a
/// recipe. Throws: Error(input) naming `where` for a text that is no recipe.
std::vector<std::string> feature_units(const std::string& recipe_json, const std::vector<std::string>& names,
                                       const std::string& where);

} // namespace lcclass
