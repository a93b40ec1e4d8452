/// Whether the parts of a forest hold together, found in linear time.
/// A pure function; uses all threads.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <string>

namespace lcclass {

/// Checks everything that predictions rely on and sets the cover of inner nodes from the leaves. Returns the depth.
/// Throws: Error(model) naming the first tree and node at fault, whatever the number of threads.
int check_forest(RandomForest::Parts& parts);

/// Throws Error(model): what is wrong with `field` of a forest.
[[noreturn]] void reject_forest(const std::string& field, const std::string& problem);

} // namespace lcclass
