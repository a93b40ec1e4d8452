#include "simulation/landscape_parts.h"
#include "simulation/outline.h"

#include "lcclass/core/interrupt.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace lcclass {

namespace {

using simulation::Mask;
using simulation::pixel_center;

constexpr int largest_radius = 7; ///< pixels: 150 lie within it
constexpr int smallest_radius = 3;
constexpr std::int64_t fewest_pixels = 10;
/// Points lie on a multiple of 100 m, so that hectometres number them.
constexpr std::int64_t point_step = 10;
/// A class with fewer polygons cannot be tested in five folds.
constexpr int fewest_polygons = 12;
/// One polygon for so many pixels: 300 on 1098 x 1098, 720 (as the LUCAS course has) on 1700 x 1700 and beyond.
constexpr std::int64_t pixels_per_polygon = 4000;
constexpr int most_polygons_by_default = 720;

struct Region {
    simulation::Site site;
    std::int64_t left = 0;
    std::int64_t top = 0;
    Mask mask;
    std::int64_t n_pixels = 0;
};

struct PixelIndex {
    std::int64_t column;
    std::int64_t row;
};

/// Grows from the middle of the mask through 4-neighbours within `radius`; `belongs` tells by column and row of the
/// mask.
template <class Belongs>
void grow(Mask& mask, int radius, const Belongs& belongs) {
    const int middle = mask.width / 2;
    std::vector<std::pair<int, int>> stack = {{middle, middle}};
    mask.inside[mask.index(middle, middle)] = 1;
    constexpr std::array<std::pair<int, int>, 4> steps = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
    while (!stack.empty()) {
        const auto [x, y] = stack.back();
        stack.pop_back();
        for (const auto& [dx, dy] : steps) {
            const int nx = x + dx;
            const int ny = y + dy;
            const int from_middle = (nx - middle) * (nx - middle) + (ny - middle) * (ny - middle);
            if (from_middle <= radius * radius && !mask.at(nx, ny) && belongs(nx, ny)) {
                mask.inside[mask.index(nx, ny)] = 1;
                stack.emplace_back(nx, ny);
            }
        }
    }
}

/// The surroundings of one point: what is on each pixel, and whether the sensor saw it.
class Surroundings {
public:
    Surroundings(const GridSpec& grid, const simulation::LandCover& cover, const simulation::Sky& sky, PixelIndex point)
        : m_left(point.column - largest_radius), m_top(point.row - largest_radius) {
        for (int row = 0; row < side; ++row) {
            for (int column = 0; column < side; ++column) {
                const std::int64_t x = m_left + column;
                const std::int64_t y = m_top + row;
                const simulation::Position p = pixel_center(x, y);
                const bool inside = x >= 0 && y >= 0 && x < grid.width && y < grid.height;
                const simulation::Veil veil = sky.at(p);
                m_sites.push_back(cover.at(p));
                m_clear.push_back(inside && sky.in_swath(p) && veil.cloud <= 0 && veil.shadow <= 0);
            }
        }
    }

    /// The part of the parcel around the point, or nothing when it is too small or not seen as a whole.
    [[nodiscard]] std::optional<Region> region(int radius) const {
        Mask mask(side, side);
        const std::size_t middle = mask.index(largest_radius, largest_radius);
        const simulation::Site site = m_sites[middle];
        grow(mask, radius, [&](int x, int y) {
            const simulation::Site& other = m_sites[mask.index(x, y)];
            return other.parcel == site.parcel && other.class_code == site.class_code;
        });
        // A field around a pond would need a hole: take less of it.
        const Mask enclosed = enclosed_pixels(mask);
        std::int64_t n_pixels = 0;
        for (std::size_t i = 0; i < mask.inside.size(); ++i) {
            if (enclosed.inside[i] != 0) {
                return std::nullopt;
            }
            if (mask.inside[i] != 0) {
                if (!m_clear[i]) {
                    return std::nullopt;
                }
                ++n_pixels;
            }
        }
        if (n_pixels < fewest_pixels) {
            return std::nullopt;
        }
        return Region{.site = site, .left = m_left, .top = m_top, .mask = std::move(mask), .n_pixels = n_pixels};
    }

private:
    static constexpr int side = 2 * largest_radius + 1;
    std::int64_t m_left;
    std::int64_t m_top;
    std::vector<simulation::Site> m_sites;
    std::vector<bool> m_clear;
};

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

SimulatedPolygon to_polygon(const GridSpec& grid, const Region& region, PixelIndex point) {
    SimulatedPolygon polygon;
    polygon.point_id = point_id(grid, point);
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
    bool add(const GridSpec& grid, const Region& region, PixelIndex point) {
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
        m_polygons.push_back(to_polygon(grid, region, point));
        return true;
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

int default_count(const GridSpec& grid) {
    return static_cast<int>(
        std::clamp<std::int64_t>(grid.n_pixels() / pixels_per_polygon, 1, most_polygons_by_default));
}

} // namespace

std::vector<SimulatedPolygon> Landscape::draw_polygons(int count, Progress& progress) const {
    const GridSpec& where = grid();
    const int wanted = count > 0 ? count : default_count(where);
    const std::uint64_t seed = simulation::derive(m_parts->options.seed, 0x707);
    // Some points fall on slivers, under clouds or beyond the swath: a third more of them than polygons.
    const double area = static_cast<double>(where.n_pixels()) / (1.35 * wanted);
    const auto spacing = std::max(point_step, static_cast<std::int64_t>(std::sqrt(area)) / point_step * point_step);
    const auto grids = point_grids(where, spacing, seed);
    Collection collection;
    const auto try_point = [&](PixelIndex point, bool only_rare) {
        throw_if_stopped();
        const std::int32_t code = m_parts->cover.at(pixel_center(point.column, point.row)).class_code;
        if (only_rare && collection.of_class(code) >= std::min(fewest_polygons, wanted / 5)) {
            return;
        }
        const Surroundings surroundings(where, m_parts->cover, m_parts->sky, point);
        const std::uint64_t bits = simulation::lattice_bits(seed, point.row, point.column);
        const auto radii = static_cast<double>(largest_radius - smallest_radius + 1);
        for (int radius = smallest_radius + static_cast<int>(radii * simulation::unit(bits)); radius >= smallest_radius;
             --radius) {
            if (const std::optional<Region> region = surroundings.region(radius)) {
                if (collection.add(where, *region, point)) {
                    progress.advance(1);
                }
                return;
            }
        }
    };
    progress.begin("draw polygons", wanted);
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
    progress.end();
    return std::move(collection).sorted();
}

} // namespace lcclass
