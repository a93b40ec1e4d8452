/// The trees of a model file from its sections.
/// A pure function; uses all threads.
#pragma once

#include "forest/model_format.h"
#include "lcclass/forest/random_forest.h"

#include <vector>

namespace lcclass {

/// Nodes with their right children found from the preorder, and the cover of leaves; the forest checks the rest.
/// Requires: sections of the sizes that follow from `counts`.
/// Throws: Error(model) when the sizes of the trees, their leaves and their splits do not add up, whatever the number
/// of threads.
std::vector<RandomForest::Tree> decode_trees(const model_format::Counts& counts,
                                             const std::array<const char*, model_format::n_sections>& sections);

} // namespace lcclass
