/// The colours of quantities: stops that lie evenly from low to high, told apart by eyes of all kinds.
/// Constants and pure functions; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <span>

namespace lcclass::report {

/// Viridis; where more is worse, yellow to dark red (ColorBrewer's YlOrRd), whose far end warns.
std::span<const Rgb> color_ramp(bool more_is_worse);

/// The colour at `share` (0..1) of the ramp, linear between stops.
Rgb color_at(std::span<const Rgb> ramp, double share);

} // namespace lcclass::report
