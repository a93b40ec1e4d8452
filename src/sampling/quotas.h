/// How many samples of each class a strategy asks for.
/// Pure functions.
#pragma once

#include "lcclass/sampling/sampling_design.h"

#include <cstdint>
#include <vector>

namespace lcclass::sampling {

/// Samples asked of each class, given the pixels of each that can be taken; 0 where there are none. `constant` may ask
/// for more than there are.
std::vector<std::int64_t> class_quotas(const SamplingDesign& design, const std::vector<std::int64_t>& available);

/// `total` shared in proportion to `sizes` by largest remainder, ties to the lower index; at most `sizes`.
std::vector<std::int64_t> proportional_shares(std::int64_t total, const std::vector<std::int64_t>& sizes);

} // namespace lcclass::sampling
