/// Where what lies: from a position to its parcel or patch, class and surface.
/// Immutable; safe to share between threads.
#pragma once

#include "simulation/noise.h"
#include "simulation/surfaces.h"

#include <cstdint>
#include <optional>

namespace lcclass::simulation {

/// What is at one position.
struct Site {
    SurfaceType surface = SurfaceType::wheat;
    ClassCode class_code = cropland;
    std::uint64_t parcel = 0; ///< a parcel, forest stand, quarter of a town: what one owner treats alike
};

class LandCover {
public:
    /// `n_classes` 5..8: artificial land, cropland, woodland, grassland and water always; then shrubland, bare land
    /// and wetland in this order.
    LandCover(std::uint64_t seed, int n_classes);

    [[nodiscard]] Site at(Position p) const;

private:
    struct Terrain;

    [[nodiscard]] Terrain terrain_at(Position p) const;
    [[nodiscard]] double river_distance(Position p) const;
    [[nodiscard]] double river_coordinate(Position p) const;
    [[nodiscard]] std::optional<Site> water_at(const Terrain& terrain) const;
    [[nodiscard]] std::optional<Site> built_at(const Terrain& terrain, const VoronoiCell& block) const;
    [[nodiscard]] std::optional<Site> natural_at(const Terrain& terrain) const;
    [[nodiscard]] std::optional<Site> open_land_at(const Terrain& terrain, std::uint64_t stand) const;
    [[nodiscard]] Site farmland_at(Position p, const VoronoiCell& block) const;
    [[nodiscard]] Site wood_at(Position p, std::uint64_t stand) const;

    std::uint64_t m_seed;
    bool m_has_shrubland;
    bool m_has_bare_land;
    bool m_has_wetland;
};

} // namespace lcclass::simulation
