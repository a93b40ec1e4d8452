/// The parts a Landscape is put together from, shared by its translation units.
/// Immutable; safe to share between threads.
#pragma once

#include "lcclass/simulation/landscape.h"
#include "simulation/land_cover.h"
#include "simulation/reflectance.h"
#include "simulation/sky.h"

namespace lcclass {

namespace simulation {

/// Centre of a 10 m pixel, which may lie outside the grid.
inline Position pixel_center(std::int64_t column, std::int64_t row) {
    return {10.0 * static_cast<double>(column) + 5, 10.0 * static_cast<double>(row) + 5};
}

} // namespace simulation

struct Landscape::Parts {
    explicit Parts(const LandscapeOptions& given);

    LandscapeOptions options;
    GridSpec grid;
    simulation::LandCover cover;
    simulation::ReflectanceModel reflectance;
    simulation::Sky sky;
};

} // namespace lcclass
