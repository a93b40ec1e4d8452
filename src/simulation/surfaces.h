/// What the virtual ground is made of: the surfaces of each LUCAS class with their reflectance in ten bands.
/// A constant table; safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace lcclass::simulation {

inline constexpr int n_bands_10m = 4;
inline constexpr int n_bands = 10;
/// The 10 m bands first.
inline constexpr std::array<std::string_view, n_bands> band_order = {"B02", "B03", "B04", "B08", "B05",
                                                                     "B06", "B07", "B8A", "B11", "B12"};
using Spectrum = std::array<double, n_bands>;

enum ClassCode : std::uint8_t {
    artificial = 1,
    cropland = 2,
    woodland = 3,
    shrubland = 4,
    grassland = 5,
    bare_land = 6,
    water = 7,
    wetland = 8
};

enum class SurfaceType : std::uint8_t {
    roof,
    bright_roof,
    street,
    garden,
    wheat,
    barley,
    rape,
    maize,
    sugar_beet,
    meadow,
    pasture,
    rough_grass,
    broadleaved,
    pine,
    spruce,
    mixed_wood,
    young_scrub,
    heath,
    sand,
    gravel,
    rock,
    lake,
    river,
    reed,
    fen
};

struct Surface {
    SurfaceType type;
    ClassCode class_code;
    std::string_view lc1; ///< LUCAS land cover code
    Spectrum mean;        ///< surface reflectance, mid-May, Central Europe
    double vigour;        ///< standard deviation of the share exchanged for soil or for dense green
    double brightness;    ///< standard deviation of the common factor, relative
    double moisture;      ///< how strongly water in soil and leaves darkens it, relative
    double texture;       ///< standard deviation of the factor from pixel to pixel, relative
};

const Surface& surface(SurfaceType type);
std::span<const Surface> surfaces();

/// What vigour moves a surface towards.
const Spectrum& dense_green();
const Spectrum& bare_soil();

} // namespace lcclass::simulation
