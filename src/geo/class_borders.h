/// Erosion of the classes of a raster: pixels near another class lose theirs.
/// A pure function; safe from any thread.
#pragma once

#include <cstdint>
#include <span>

namespace lcclass {

/// Takes the class (0: none) from every pixel that reaches a pixel of another class, or of none, in at most `pixels`
/// steps to 4-neighbours: each class eroded so many times. What lies outside counts as inside, so the first and last
/// `pixels` rows are exact only where the raster ends there. `codes` are whole rows of `width` pixels.
void erode_classes(std::span<std::int32_t> codes, std::int64_t width, int pixels);

} // namespace lcclass
