/// The curves that variograms are fitted with.
/// Pure functions.
#pragma once

#include <cstdint>

namespace lcclass::sampling {

enum class Curve : std::uint8_t { spherical, exponential };

/// From 0 at distance 0 to 1; exponential: 0.95 at the range. From the four operations alone, so that fits are the same
/// on every processor. Requires: distance >= 0, range > 0.
double rise(Curve curve, double distance, double range);

} // namespace lcclass::sampling
