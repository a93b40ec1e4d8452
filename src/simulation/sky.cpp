#include "simulation/sky.h"

#include <algorithm>
#include <vector>

namespace lcclass::simulation {

namespace {

constexpr NoiseSpec cloud_shape = {.wavelength_m = 1700, .octaves = 4, .gain = 0.5};
/// Sun in the south-east at 10:00 UTC in May, clouds at about 1.2 km.
constexpr Position shadow_shift = {360, 560};
constexpr double swath_edge_share = 0.12;

double ramp(double value, double from, double to) {
    return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

} // namespace

Sky::Sky(std::uint64_t seed, double size_m, double cloud_fraction)
    : m_key(derive(seed, 0x5C1)), m_edge_m(swath_edge_share * size_m), m_has_clouds(cloud_fraction > 0) {
    if (!m_has_clouds) {
        return;
    }
    // The threshold that this share of the scene exceeds, from a lattice of places.
    constexpr int places = 200;
    std::vector<double> values;
    for (int j = 0; j < places; ++j) {
        for (int i = 0; i < places; ++i) {
            const Position p = {(i + 0.5) * size_m / places, (j + 0.5) * size_m / places};
            values.push_back(cloud_noise(p));
        }
    }
    const auto n = static_cast<double>(values.size());
    const auto rank = static_cast<std::ptrdiff_t>(std::min(n - 1, n * (1 - cloud_fraction)));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    m_threshold = values[static_cast<std::size_t>(rank)];
}

double Sky::cloud_noise(Position p) const {
    return fractal_noise(m_key, p, cloud_shape);
}

Veil Sky::at(Position p) const {
    if (!m_has_clouds) {
        return {};
    }
    Veil veil;
    veil.cloud = ramp(cloud_noise(p), m_threshold - 0.08, m_threshold + 0.32);
    // Shadows fall to the north-west: what shades p stands south-east of it.
    const double above = cloud_noise({p.x + shadow_shift.x, p.y + shadow_shift.y});
    veil.shadow = ramp(above, m_threshold - 0.08, m_threshold + 0.24) * (1 - veil.cloud);
    return veil;
}

} // namespace lcclass::simulation
