/// What comes between the ground and the sensor: clouds, their shadows, and the edge of the swath.
/// Immutable; safe to share between threads.
#pragma once

#include "simulation/noise.h"

#include <cstdint>

namespace lcclass::simulation {

struct Veil {
    double cloud = 0;  ///< opacity, 0..1
    double shadow = 0; ///< share of direct light taken away, 0..1
};

class Sky {
public:
    /// `size_m` is the side of the scene; `cloud_fraction` of it is under clouds that one can see.
    Sky(std::uint64_t seed, double size_m, double cloud_fraction);

    [[nodiscard]] Veil at(Position p) const;
    /// False beyond the slanted edge of the swath, at the upper left of the scene.
    [[nodiscard]] bool in_swath(Position p) const { return p.x + 0.24 * p.y > m_edge_m; }

private:
    [[nodiscard]] double cloud_noise(Position p) const;

    std::uint64_t m_key;
    double m_edge_m;
    double m_threshold = 0;
    bool m_has_clouds;
};

} // namespace lcclass::simulation
