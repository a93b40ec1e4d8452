#include "simulation/reflectance.h"

#include <algorithm>
#include <cmath>

namespace lcclass::simulation {

namespace {

enum Stream : std::int64_t { vigour_field, brightness_field, moisture_field, haze_field, texture_pixel, sensor };

/// Correlated over some 3 km, with detail down to 100 m.
constexpr NoiseSpec variation = {.wavelength_m = 3000, .octaves = 6, .gain = 0.72};
constexpr NoiseSpec haze_noise = {.wavelength_m = 6000, .octaves = 2, .gain = 0.5};

// Shares of the variance of each latent property; they sum to 1.
constexpr double smooth_share = 0.40;
constexpr double parcel_share = 0.42;
constexpr double pixel_share = 0.18;

//                                    B02    B03    B04    B08    B05    B06    B07    B8A    B11    B12
constexpr Spectrum moisture_load = {0.030, 0.030, 0.050, 0.040, 0.040, 0.040, 0.040, 0.040, 0.120, 0.150};
/// What an atmospheric correction leaves over, for one standard deviation of aerosol.
constexpr Spectrum haze_load = {0.0033, 0.0023, 0.0016, 0.0007, 0.0013, 0.0010, 0.0008, 0.0007, 0.0003, 0.0001};
constexpr Spectrum cloud_top = {0.720, 0.710, 0.720, 0.780, 0.730, 0.745, 0.760, 0.785, 0.560, 0.440};
/// Blue light comes from the whole sky, so shadows are less dark there.
constexpr Spectrum shadow_light = {0.50, 0.45, 0.40, 0.36, 0.40, 0.38, 0.37, 0.36, 0.33, 0.32};

constexpr double lowest_reflectance = 0.0005;

} // namespace

ReflectanceModel::ReflectanceModel(std::uint64_t seed) : m_seed(derive(seed, 0x3EF)) {}

ReflectanceModel::Latent ReflectanceModel::latent_at(const Site& site, Position p, std::uint64_t pixel_bits) const {
    const auto mixed = [&](Stream stream) {
        // Fields of their own for each class: a dry corner of the scene is not dry for wheat and wood alike.
        const std::uint64_t field_key = derive(derive(m_seed, stream), site.class_code);
        return std::sqrt(smooth_share) * fractal_noise(field_key, p, variation) +
               std::sqrt(parcel_share) * bell(derive(site.parcel, 100 + stream)) +
               std::sqrt(pixel_share) * bell(derive(pixel_bits, stream));
    };
    return {.vigour = mixed(vigour_field),
            .brightness = mixed(brightness_field),
            .moisture = mixed(moisture_field),
            .haze = fractal_noise(derive(m_seed, haze_field), p, haze_noise)};
}

Spectrum ReflectanceModel::at(const Site& site, Position p, std::int64_t column, std::int64_t row) const {
    const Surface& ground = surface(site.surface);
    const std::uint64_t pixel_bits = lattice_bits(derive(m_seed, texture_pixel), column, row);
    const Latent latent = latent_at(site, p, pixel_bits);
    const double exchanged = std::clamp(ground.vigour * latent.vigour, -0.6, 0.6);
    const Spectrum& target = exchanged > 0 ? dense_green() : bare_soil();
    const double texture = 1 + ground.texture * bell(derive(pixel_bits, 9));
    const double factor = std::max(0.3, (1 + ground.brightness * latent.brightness) * texture);
    Spectrum result{};
    for (std::size_t band = 0; band < result.size(); ++band) {
        const double mixed = ground.mean[band] + std::abs(exchanged) * (target[band] - ground.mean[band]);
        const double darkened = mixed * factor * (1 - ground.moisture * moisture_load[band] * latent.moisture);
        result[band] = std::max(lowest_reflectance, darkened + haze_load[band] * latent.haze);
    }
    return result;
}

Spectrum ReflectanceModel::veiled(const Spectrum& ground, const Veil& veil) {
    Spectrum result{};
    for (std::size_t band = 0; band < result.size(); ++band) {
        const double lit = ground[band] * (1 - veil.shadow * (1 - shadow_light[band]));
        result[band] = lit + veil.cloud * (cloud_top[band] - lit);
    }
    return result;
}

double ReflectanceModel::sensor_noise(int band, std::int64_t column, std::int64_t row, double reflectance) const {
    const std::uint64_t key = derive(derive(m_seed, sensor), band);
    return bell(lattice_bits(key, column, row)) * (0.0015 + 0.008 * reflectance);
}

} // namespace lcclass::simulation
