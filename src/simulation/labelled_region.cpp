#include "simulation/labelled_region.h"

#include "simulation/landscape_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass::simulation {

namespace {

constexpr std::int64_t fewest_pixels = 10;

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

} // namespace

Surroundings::Surroundings(const GridSpec& grid, const LandCover& cover, const Sky& sky, PixelIndex point)
    : m_left(point.column - largest_radius), m_top(point.row - largest_radius) {
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            const std::int64_t x = m_left + column;
            const std::int64_t y = m_top + row;
            const Position p = pixel_center(x, y);
            const bool inside = x >= 0 && y >= 0 && x < grid.width && y < grid.height;
            const Veil veil = sky.at(p);
            m_sites.push_back(cover.at(p));
            m_clear.push_back(inside && sky.in_swath(p) && veil.cloud <= 0 && veil.shadow <= 0);
        }
    }
}

std::optional<LabelledRegion> Surroundings::parcel_part(int radius) const {
    for (int r = std::min(radius, largest_radius); r >= smallest_radius; --r) {
        if (std::optional<LabelledRegion> found = region(r); found && found->n_pixels >= fewest_pixels) {
            return found;
        }
    }
    return std::nullopt;
}

std::optional<LabelledRegion> Surroundings::single_pixel() const {
    return region(0);
}

std::optional<LabelledRegion> Surroundings::region(int radius) const {
    Mask mask(side, side);
    const std::size_t middle = mask.index(largest_radius, largest_radius);
    const Site site = m_sites[middle];
    grow(mask, radius, [&](int x, int y) {
        const Site& other = m_sites[mask.index(x, y)];
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
    return LabelledRegion{.site = site, .left = m_left, .top = m_top, .mask = std::move(mask), .n_pixels = n_pixels};
}

} // namespace lcclass::simulation
