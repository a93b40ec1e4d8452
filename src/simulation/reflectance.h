/// From what lies at a position to what reflects there: class spectra with variation that is smooth in space, alike
/// within a parcel, and different from pixel to pixel.
/// Immutable; safe to share between threads.
#pragma once

#include "simulation/land_cover.h"
#include "simulation/sky.h"

#include <cstdint>

namespace lcclass::simulation {

class ReflectanceModel {
public:
    explicit ReflectanceModel(std::uint64_t seed);

    /// Surface reflectance of the ten bands, before the sensor's blur and noise. `column` and `row` are those of the
    /// 10 m pixel with its centre at `p`.
    [[nodiscard]] Spectrum at(const Site& site, Position p, std::int64_t column, std::int64_t row) const;
    /// `ground` seen through clouds and shadow.
    [[nodiscard]] static Spectrum veiled(const Spectrum& ground, const Veil& veil);
    /// Noise of the sensor for one pixel of one band, to be added to `reflectance`.
    [[nodiscard]] double sensor_noise(int band, std::int64_t column, std::int64_t row, double reflectance) const;

private:
    struct Latent {
        double vigour = 0;
        double brightness = 0;
        double moisture = 0;
        double haze = 0;
    };
    [[nodiscard]] Latent latent_at(const Site& site, Position p, std::uint64_t pixel_bits) const;

    std::uint64_t m_seed;
};

} // namespace lcclass::simulation
