/// What the layer of a plan says of its strata.
/// Free functions; a layer belongs to one thread.
#pragma once

#include "geo/vector_layer.h"

#include <cstdint>
#include <map>
#include <string>

namespace lcclass {

/// Pixels by class code of the map that the points were drawn from; empty for layers that `write_plan` did not make.
std::map<std::string, std::int64_t> planned_strata(const VectorLayer& layer);

} // namespace lcclass
