#include "simulation/land_cover.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace lcclass::simulation {

namespace {

/// One stream of noise for each thing that varies on its own.
enum Stream : std::int64_t {
    warp_east,
    warp_south,
    relief,
    meander,
    river_place,
    ponds,
    pond_shore,
    towns,
    town_edge,
    pits,
    pit_edge,
    forest,
    scrub,
    marsh,
    stands,
    blocks,
    road,
    conifers
};

constexpr NoiseSpec warp_noise = {.wavelength_m = 900, .octaves = 3, .gain = 0.6};
constexpr NoiseSpec relief_noise = {.wavelength_m = 5500, .octaves = 3, .gain = 0.5};
constexpr NoiseSpec meander_noise = {.wavelength_m = 3600, .octaves = 2, .gain = 0.35};
constexpr NoiseSpec shore_noise = {.wavelength_m = 480, .octaves = 4, .gain = 0.55};
constexpr NoiseSpec town_noise = {.wavelength_m = 900, .octaves = 4, .gain = 0.6};
constexpr NoiseSpec forest_noise = {.wavelength_m = 2600, .octaves = 5, .gain = 0.66};
constexpr NoiseSpec patch_noise = {.wavelength_m = 800, .octaves = 3, .gain = 0.55};
constexpr NoiseSpec conifer_noise = {.wavelength_m = 4000, .octaves = 2, .gain = 0.5};

constexpr BlobSpec pond_blobs = {.spacing_m = 2400, .probability = 0.6, .min_radius_m = 130, .max_radius_m = 430};
constexpr BlobSpec town_blobs = {.spacing_m = 3000, .probability = 0.72, .min_radius_m = 240, .max_radius_m = 800};
constexpr BlobSpec pit_blobs = {.spacing_m = 1900, .probability = 0.55, .min_radius_m = 110, .max_radius_m = 360};

constexpr double river_spacing_m = 24000;
constexpr double block_spacing_m = 1000;
constexpr double stand_spacing_m = 330;
constexpr double road_half_width_m = 8;
constexpr double street_half_width_m = 6;

struct Choice {
    SurfaceType type;
    double share;
};

Site site_of(SurfaceType type, std::uint64_t parcel) {
    return {.surface = type, .class_code = surface(type).class_code, .parcel = parcel};
}

/// Picks by cumulated shares, which need not sum to 1.
SurfaceType pick(std::uint64_t bits, std::span<const Choice> choices) {
    double total = 0;
    for (const Choice& choice : choices) {
        total += choice.share;
    }
    double left = unit(bits) * total;
    for (const Choice& choice : choices) {
        left -= choice.share;
        if (left < 0) {
            return choice.type;
        }
    }
    return choices.back().type;
}

/// Position relative to a block's centre, along and across its fields; the angle comes from t = tan(angle / 2).
Position turned(Position p, const VoronoiCell& block) {
    const double t = between(derive(block.id, 10), -0.4142, 0.4142);
    const double cosine = (1 - t * t) / (1 + t * t);
    const double sine = 2 * t / (1 + t * t);
    const double dx = p.x - block.center.x;
    const double dy = p.y - block.center.y;
    return {cosine * dx + sine * dy, cosine * dy - sine * dx};
}

/// A cell of a grid of oblong plots whose rows are shifted against each other.
struct Plot {
    std::uint64_t id = 0;
    Position center; ///< in the turned frame
    Position offset; ///< from the plot's centre, metres
    double length = 0;
    double width = 0;
};

Plot plot_at(std::uint64_t key, Position turned_position, double length, double width) {
    const double row = std::floor(turned_position.y / width);
    const auto j = static_cast<std::int64_t>(row);
    const std::uint64_t row_bits = lattice_bits(key, 77, j);
    const double row_length = length * between(row_bits, 0.75, 1.4);
    const double along = turned_position.x / row_length + unit(derive(row_bits, 1));
    const double column = std::floor(along);
    Plot plot;
    plot.id = lattice_bits(row_bits, static_cast<std::int64_t>(column), j);
    plot.offset = {(along - column - 0.5) * row_length, turned_position.y - (row + 0.5) * width};
    plot.center = {turned_position.x - plot.offset.x, turned_position.y - plot.offset.y};
    plot.length = row_length;
    plot.width = width;
    return plot;
}

/// What stands on one lot of a town: streets around blocks of houses, gardens between them, halls here and there.
Site town_site(Position in_block, std::uint64_t block_id) {
    const Plot quarter = plot_at(derive(block_id, 20), in_block, 190, 110);
    const double to_street =
        std::min(quarter.length / 2 - std::abs(quarter.offset.x), quarter.width / 2 - std::abs(quarter.offset.y));
    if (to_street < street_half_width_m) {
        return site_of(SurfaceType::street, quarter.id);
    }
    const bool halls = unit(derive(quarter.id, 1)) < 0.16;
    const double lot_side = halls ? 55 : 20;
    const std::uint64_t lot = lattice_bits(quarter.id, static_cast<std::int64_t>(std::floor(in_block.x / lot_side)),
                                           static_cast<std::int64_t>(std::floor(in_block.y / lot_side)));
    static constexpr std::array<Choice, 3> industry = {
        {{SurfaceType::bright_roof, 0.45}, {SurfaceType::street, 0.4}, {SurfaceType::garden, 0.15}}};
    const double green = between(derive(quarter.id, 2), 0.15, 0.6);
    const std::array<Choice, 3> homes = {
        {{SurfaceType::garden, green}, {SurfaceType::roof, 0.85 - green}, {SurfaceType::street, 0.15}}};
    return site_of(halls ? pick(lot, industry) : pick(lot, homes), quarter.id);
}

} // namespace

/// The fields that several decisions look at.
struct LandCover::Terrain {
    Position p;
    Position warped; ///< natural borders are ragged
    double relief = 0;
    double river_m = 0;
    Blob pond;
};

LandCover::LandCover(std::uint64_t seed, int n_classes)
    : m_seed(derive(seed, 0x1A4D)), m_has_shrubland(n_classes >= 6), m_has_bare_land(n_classes >= 7),
      m_has_wetland(n_classes >= 8) {}

double LandCover::river_coordinate(Position p) const {
    return -0.55 * p.x + 0.835 * p.y + 330 * fractal_noise(derive(m_seed, meander), p, meander_noise);
}

double LandCover::river_distance(Position p) const {
    const double here = river_coordinate(p);
    const double first = between(derive(m_seed, river_place), 900, 2300);
    const double nearest = first + river_spacing_m * std::round((here - first) / river_spacing_m);
    const double difference = std::abs(here - nearest);
    if (difference > 2500) {
        return difference;
    }
    // The coordinate's slope varies with the meanders; dividing by it keeps the river about as wide everywhere.
    constexpr double step = 20;
    const double slope_x = (river_coordinate({p.x + step, p.y}) - here) / step;
    const double slope_y = (river_coordinate({p.x, p.y + step}) - here) / step;
    return difference / std::max(0.35, std::sqrt(slope_x * slope_x + slope_y * slope_y));
}

LandCover::Terrain LandCover::terrain_at(Position p) const {
    Terrain terrain;
    terrain.p = p;
    terrain.warped = {p.x + 44 * fractal_noise(derive(m_seed, warp_east), p, warp_noise),
                      p.y + 44 * fractal_noise(derive(m_seed, warp_south), p, warp_noise)};
    terrain.relief = fractal_noise(derive(m_seed, relief), p, relief_noise);
    terrain.river_m = river_distance(p);
    terrain.pond = nearest_blob(derive(m_seed, ponds), terrain.warped, pond_blobs);
    return terrain;
}

std::optional<Site> LandCover::water_at(const Terrain& terrain) const {
    // A river of some 70 to 120 m.
    if (terrain.river_m < 46 + 6 * terrain.relief) {
        return site_of(SurfaceType::river, derive(m_seed, river_place));
    }
    const double shore = 0.19 * fractal_noise(derive(m_seed, pond_shore), terrain.p, shore_noise);
    if (terrain.pond.distance + shore < 1) {
        return site_of(SurfaceType::lake, terrain.pond.id);
    }
    return std::nullopt;
}

std::optional<Site> LandCover::built_at(const Terrain& terrain, const VoronoiCell& block) const {
    const Blob town = nearest_blob(derive(m_seed, towns), terrain.p, town_blobs);
    if (town.distance < 2.2) {
        const double edge = 0.23 * fractal_noise(derive(m_seed, town_edge), terrain.p, town_noise);
        if (town.distance + edge < 1) {
            return town_site(turned(terrain.p, block), block.id);
        }
    }
    const bool is_road = unit(derive(block.border_id, road)) < 0.5;
    if (is_road && block.edge_distance_m < road_half_width_m) {
        return site_of(SurfaceType::street, block.border_id);
    }
    return std::nullopt;
}

Site LandCover::wood_at(Position p, std::uint64_t stand) const {
    const double conifer = 0.5 + 0.19 * fractal_noise(derive(m_seed, conifers), p, conifer_noise);
    if (unit(derive(stand, 1)) < conifer) {
        static constexpr std::array<Choice, 3> needles = {
            {{SurfaceType::pine, 0.5}, {SurfaceType::spruce, 0.3}, {SurfaceType::mixed_wood, 0.2}}};
        return site_of(pick(derive(stand, 2), needles), stand);
    }
    static constexpr std::array<Choice, 2> leaves = {
        {{SurfaceType::broadleaved, 0.72}, {SurfaceType::mixed_wood, 0.28}}};
    return site_of(pick(derive(stand, 2), leaves), stand);
}

std::optional<Site> LandCover::open_land_at(const Terrain& terrain, std::uint64_t stand) const {
    if (m_has_bare_land) {
        const Blob pit = nearest_blob(derive(m_seed, pits), terrain.warped, pit_blobs);
        const double edge = 0.21 * fractal_noise(derive(m_seed, pit_edge), terrain.p, shore_noise);
        if (pit.distance + edge < 1) {
            static constexpr std::array<Choice, 3> ground = {
                {{SurfaceType::sand, 0.45}, {SurfaceType::gravel, 0.3}, {SurfaceType::rock, 0.25}}};
            return site_of(pick(derive(pit.id, 1), ground), pit.id);
        }
    }
    if (m_has_wetland) {
        const double nearness = std::max(1.3 - terrain.river_m / 330, 2.3 - terrain.pond.distance);
        const double wet = fractal_noise(derive(m_seed, marsh), terrain.warped, patch_noise);
        if (wet + 1.4 * nearness > 1.8) {
            return site_of(unit(derive(stand, 3)) < 0.5 ? SurfaceType::reed : SurfaceType::fen, stand);
        }
    }
    return std::nullopt;
}

std::optional<Site> LandCover::natural_at(const Terrain& terrain) const {
    const std::uint64_t stand = voronoi_cell(derive(m_seed, stands), terrain.warped, stand_spacing_m).id;
    if (const std::optional<Site> open = open_land_at(terrain, stand)) {
        return open;
    }
    const double wooded = fractal_noise(derive(m_seed, forest), terrain.warped, forest_noise) + 0.55 * terrain.relief;
    if (m_has_shrubland && wooded > 0.16) {
        const double shrubs = fractal_noise(derive(m_seed, scrub), terrain.warped, patch_noise);
        if (shrubs > (wooded < 1.2 ? 0.4 : 2.45)) {
            return site_of(unit(derive(stand, 4)) < 0.55 ? SurfaceType::young_scrub : SurfaceType::heath, stand);
        }
    }
    if (wooded > 0.98) {
        return wood_at(terrain.p, stand);
    }
    // Slopes too steep for the plough, and the flood plain.
    if (wooded > 0.79 || terrain.river_m < 150 + 38 * terrain.relief) {
        return site_of(unit(derive(stand, 5)) < 0.5 ? SurfaceType::rough_grass : SurfaceType::pasture, stand);
    }
    return std::nullopt;
}

Site LandCover::farmland_at(Position p, const VoronoiCell& block) const {
    const double width = between(derive(block.id, 11), 100, 210);
    const double length = between(derive(block.id, 12), 230, 480);
    const Plot field = plot_at(derive(block.id, 13), turned(p, block), length, width);
    const double height = fractal_noise(derive(m_seed, relief), block.center, relief_noise);
    const double grass_share = std::clamp(0.3 - 0.1 * height, 0.08, 0.6);
    if (unit(derive(field.id, 1)) < grass_share) {
        static constexpr std::array<Choice, 3> grass = {
            {{SurfaceType::meadow, 0.5}, {SurfaceType::pasture, 0.35}, {SurfaceType::rough_grass, 0.15}}};
        return site_of(pick(derive(field.id, 2), grass), field.id);
    }
    static constexpr std::array<Choice, 5> crops = {{{SurfaceType::wheat, 0.34},
                                                     {SurfaceType::barley, 0.16},
                                                     {SurfaceType::rape, 0.18},
                                                     {SurfaceType::maize, 0.2},
                                                     {SurfaceType::sugar_beet, 0.12}}};
    return site_of(pick(derive(field.id, 3), crops), field.id);
}

Site LandCover::at(Position p) const {
    const Terrain terrain = terrain_at(p);
    if (const std::optional<Site> site = water_at(terrain)) {
        return *site;
    }
    const VoronoiCell block =
        voronoi_cell(derive(m_seed, blocks), {0.7 * p.x + 0.3 * terrain.warped.x, 0.7 * p.y + 0.3 * terrain.warped.y},
                     block_spacing_m);
    if (const std::optional<Site> site = built_at(terrain, block)) {
        return *site;
    }
    if (const std::optional<Site> site = natural_at(terrain)) {
        return *site;
    }
    return farmland_at(p, block);
}

} // namespace lcclass::simulation
