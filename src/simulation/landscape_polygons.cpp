#include "simulation/labelled_region.h"
#include "simulation/landscape_parts.h"

#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace lcclass {

namespace {

using simulation::LabelledRegion;
using simulation::pixel_center;
using simulation::PixelIndex;
using simulation::Surroundings;

/// Points lie on a multiple of 100 m, so that hectometres number them.
constexpr std::int64_t point_step = 10;
/// A class with fewer polygons cannot be tested in five folds.
constexpr int fewest_polygons = 12;
/// One polygon for so many pixels: 300 on 1098 x 1098, 720 (as the LUCAS course has) on 1700 x 1700 and beyond.
constexpr std::int64_t pixels_per_polygon = 4000;
constexpr int most_polygons_by_default = 720;

/// Clustered polygons (a Thomas process): as many centres, and the standard deviation around them as a part of the
/// side, so that most of the land is far from all of them.
constexpr int n_clusters = 10;
constexpr double cluster_spread = 0.04;
/// Places tried for each polygon that is wanted: where the landscape has no more room, fewer come out.
constexpr std::int64_t tries_per_polygon = 20;
/// Where places leave no id of eight digits behind.
constexpr std::int64_t first_numbered_id = 10000001;

constexpr WordTable<PolygonSampling, 4> sampling_words = {{
    {PolygonSampling::grid, "grid"},
    {PolygonSampling::random_points, "random-points"},
    {PolygonSampling::random_polygons, "random-polygons"},
    {PolygonSampling::clustered_polygons, "clustered-polygons"},
}};

/// The last four digits of easting and northing in hectometres.
std::int64_t point_id(const GridSpec& grid, PixelIndex point) {
    const auto east = static_cast<std::int64_t>(grid.center_x(point.column) / 100);
    const auto north = static_cast<std::int64_t>(grid.center_y(point.row) / 100);
    return east % 10000 * 10000 + north % 10000;
}

/// Points of a regular grid, then those halfway between them, then a quarter: each list in a fixed random order.
std::vector<std::vector<PixelIndex>> point_grids(const GridSpec& grid, std::int64_t spacing, std::uint64_t seed) {
    std::vector<std::vector<PixelIndex>> grids;
    std::set<std::int64_t> known;
    for (std::int64_t step = spacing; step >= point_step && grids.size() < 4; step /= 2) {
        const std::int64_t whole = std::max(point_step, step / point_step * point_step);
        std::vector<std::pair<std::uint64_t, PixelIndex>> keyed;
        for (std::int64_t row = whole / 2; row < grid.height; row += whole) {
            for (std::int64_t column = whole / 2; column < grid.width; column += whole) {
                if (known.insert(point_id(grid, {column, row})).second) {
                    keyed.emplace_back(simulation::lattice_bits(seed, column, row), PixelIndex{column, row});
                }
            }
        }
        std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<PixelIndex>& points = grids.emplace_back();
        for (const auto& [key, point] : keyed) {
            points.push_back(point);
        }
    }
    return grids;
}

SimulatedPolygon to_polygon(const GridSpec& grid, const LabelledRegion& region, std::int64_t id) {
    SimulatedPolygon polygon;
    polygon.point_id = id;
    polygon.class_code = region.site.class_code;
    polygon.lc1 = simulation::surface(region.site.surface).lc1;
    polygon.n_pixels = region.n_pixels;
    for (const auto& [x, y] : trace_outline(region.mask)) {
        polygon.ring.emplace_back(grid.origin_x + static_cast<double>(region.left + x) * grid.pixel_width,
                                  grid.origin_y - static_cast<double>(region.top + y) * grid.pixel_height);
    }
    return polygon;
}

/// Polygons so far, with the pixels they cover.
class Collection {
public:
    /// False when the region overlaps one that is there already.
    bool add(const GridSpec& grid, const LabelledRegion& region, std::int64_t id) {
        std::vector<std::int64_t> pixels;
        for (int y = 0; y < region.mask.height; ++y) {
            for (int x = 0; x < region.mask.width; ++x) {
                if (region.mask.at(x, y)) {
                    pixels.push_back((region.top + y) * grid.width + region.left + x);
                }
            }
        }
        if (std::any_of(pixels.begin(), pixels.end(), [&](std::int64_t i) { return m_taken.contains(i); })) {
            return false;
        }
        m_taken.insert(pixels.begin(), pixels.end());
        ++m_per_class.at(region.site.class_code);
        m_polygons.push_back(to_polygon(grid, region, id));
        return true;
    }
    [[nodiscard]] bool holds(const GridSpec& grid, PixelIndex point) const {
        return m_taken.contains(point.row * grid.width + point.column);
    }
    [[nodiscard]] int of_class(std::int32_t code) const { return m_per_class.at(static_cast<std::size_t>(code)); }
    [[nodiscard]] int size() const { return static_cast<int>(m_polygons.size()); }
    [[nodiscard]] std::vector<SimulatedPolygon> sorted() && {
        std::sort(m_polygons.begin(), m_polygons.end(),
                  [](const SimulatedPolygon& a, const SimulatedPolygon& b) { return a.point_id < b.point_id; });
        return std::move(m_polygons);
    }

private:
    std::set<std::int64_t> m_taken;
    std::array<int, 9> m_per_class{};
    std::vector<SimulatedPolygon> m_polygons;
};

/// What the observers go by. Views of a Landscape's parts.
struct Field {
    const GridSpec& grid;
    const simulation::LandCover& cover;
    const simulation::Sky& sky;
    std::uint64_t seed;

    [[nodiscard]] Surroundings around(PixelIndex point) const { return {grid, cover, sky, point}; }
    /// Of the part of a parcel that is labelled; `a` and `b` tell polygons apart.
    [[nodiscard]] int radius(std::int64_t a, std::int64_t b) const {
        const auto radii = static_cast<double>(Surroundings::largest_radius - Surroundings::smallest_radius + 1);
        return Surroundings::smallest_radius +
               static_cast<int>(radii * simulation::unit(simulation::lattice_bits(seed, a, b)));
    }
};

std::vector<SimulatedPolygon> draw_on_grid(const Field& field, int wanted, Progress& progress) {
    // Some points fall on slivers, under clouds or beyond the swath: a third more of them than polygons.
    const double area = static_cast<double>(field.grid.n_pixels()) / (1.35 * wanted);
    const auto spacing = std::max(point_step, static_cast<std::int64_t>(std::sqrt(area)) / point_step * point_step);
    const auto grids = point_grids(field.grid, spacing, field.seed);
    Collection collection;
    const auto try_point = [&](PixelIndex point, bool only_rare) {
        throw_if_stopped();
        const std::int32_t code = field.cover.at(pixel_center(point.column, point.row)).class_code;
        if (only_rare && collection.of_class(code) >= std::min(fewest_polygons, wanted / 5)) {
            return;
        }
        const auto region = field.around(point).parcel_part(field.radius(point.row, point.column));
        if (region && collection.add(field.grid, *region, point_id(field.grid, point))) {
            progress.advance(1);
        }
    };
    // The grid as it is, then denser ones for rare classes, then whatever is still missing.
    for (std::size_t i = 0; i < grids.size(); ++i) {
        for (const PixelIndex& point : grids[i]) {
            if (i > 0 || collection.size() < wanted) {
                try_point(point, i > 0);
            }
        }
    }
    for (std::size_t i = 1; i < grids.size(); ++i) {
        for (const PixelIndex& point : grids[i]) {
            if (collection.size() < wanted) {
                try_point(point, false);
            }
        }
    }
    return std::move(collection).sorted();
}

/// The n-th place: uniform over the grid, or normal around a centre that is, which may be beyond the edge.
PixelIndex random_place(const Field& field, bool clustered, std::int64_t n) {
    const auto uniform = [&](std::uint64_t bits) {
        return simulation::Position{
            simulation::unit(simulation::derive(bits, 0)) * static_cast<double>(field.grid.width),
            simulation::unit(simulation::derive(bits, 1)) * static_cast<double>(field.grid.height)};
    };
    const std::uint64_t bits = simulation::lattice_bits(field.seed, n, -1);
    simulation::Position place = uniform(bits);
    if (clustered) {
        const auto cluster = static_cast<std::int64_t>(simulation::unit(simulation::derive(bits, 2)) * n_clusters);
        place = uniform(simulation::lattice_bits(field.seed, cluster, -2));
        const double spread = cluster_spread * static_cast<double>(field.grid.width);
        place.x += spread * simulation::bell(simulation::derive(bits, 3));
        place.y += spread * simulation::bell(simulation::derive(bits, 4));
    }
    return {static_cast<std::int64_t>(std::floor(place.x)), static_cast<std::int64_t>(std::floor(place.y))};
}

std::vector<SimulatedPolygon> draw_by_chance(const Field& field, PolygonSampling sampling, int wanted,
                                             Progress& progress) {
    Collection collection;
    for (std::int64_t n = 0; n < wanted * tries_per_polygon && collection.size() < wanted; ++n) {
        throw_if_stopped();
        const PixelIndex point = random_place(field, sampling == PolygonSampling::clustered_polygons, n);
        if (collection.holds(field.grid, point)) {
            continue;
        }
        const Surroundings surroundings = field.around(point);
        const auto region = sampling == PolygonSampling::random_points ? surroundings.single_pixel()
                                                                       : surroundings.parcel_part(field.radius(n, -3));
        if (region && collection.add(field.grid, *region, first_numbered_id + collection.size())) {
            progress.advance(1);
        }
    }
    return std::move(collection).sorted();
}

int default_count(const GridSpec& grid) {
    return static_cast<int>(
        std::clamp<std::int64_t>(grid.n_pixels() / pixels_per_polygon, 1, most_polygons_by_default));
}

} // namespace

std::string to_string(PolygonSampling sampling) {
    return word_of(sampling_words, sampling);
}

PolygonSampling parse_polygon_sampling(const std::string& word) {
    return parse_word(sampling_words, "sampling", word, "a way to choose polygons");
}

std::vector<SimulatedPolygon> Landscape::draw_polygons(const PolygonOptions& options, Progress& progress) const {
    const int wanted = options.count > 0 ? options.count : default_count(grid());
    const Field field = {.grid = grid(),
                         .cover = m_parts->cover,
                         .sky = m_parts->sky,
                         .seed = simulation::derive(m_parts->options.seed, 0x707)};
    progress.begin("draw polygons", wanted);
    std::vector<SimulatedPolygon> polygons = options.sampling == PolygonSampling::grid
                                                 ? draw_on_grid(field, wanted, progress)
                                                 : draw_by_chance(field, options.sampling, wanted, progress);
    progress.end();
    return polygons;
}

} // namespace lcclass
