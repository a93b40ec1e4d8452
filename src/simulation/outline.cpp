#include "simulation/outline.h"

#include <algorithm>
#include <array>

namespace lcclass::simulation {

namespace {

struct Step {
    int dx;
    int dy;
};

/// Right, down, left, up: clockwise on the screen.
constexpr std::array<Step, 4> directions = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

/// True when the pixel edge that leaves corner (x, y) in this direction has the region to its right only.
bool is_border(const Mask& region, int x, int y, std::size_t direction) {
    switch (direction) {
    case 0:
        return region.at(x, y) && !region.at(x, y - 1);
    case 1:
        return region.at(x - 1, y) && !region.at(x, y);
    case 2:
        return region.at(x - 1, y - 1) && !region.at(x - 1, y);
    default:
        return region.at(x, y - 1) && !region.at(x - 1, y - 1);
    }
}

} // namespace

Mask enclosed_pixels(const Mask& region) {
    // Flood from outside a frame one pixel wider than the raster.
    Mask reached(region.width + 2, region.height + 2);
    std::vector<std::pair<int, int>> stack = {{0, 0}};
    reached.inside[0] = 1;
    while (!stack.empty()) {
        const auto [x, y] = stack.back();
        stack.pop_back();
        for (const Step& step : directions) {
            const int nx = x + step.dx;
            const int ny = y + step.dy;
            const bool within = nx >= 0 && ny >= 0 && nx < reached.width && ny < reached.height;
            if (within && !reached.at(nx, ny) && !region.at(nx - 1, ny - 1)) {
                reached.inside[reached.index(nx, ny)] = 1;
                stack.emplace_back(nx, ny);
            }
        }
    }
    Mask enclosed(region.width, region.height);
    for (int y = 0; y < region.height; ++y) {
        for (int x = 0; x < region.width; ++x) {
            enclosed.inside[enclosed.index(x, y)] = !region.at(x, y) && !reached.at(x + 1, y + 1);
        }
    }
    return enclosed;
}

std::vector<std::pair<int, int>> trace_outline(const Mask& region) {
    const auto first = std::find(region.inside.begin(), region.inside.end(), std::uint8_t{1});
    const auto at = static_cast<int>(first - region.inside.begin());
    const int start_x = at % region.width;
    const int start_y = at / region.width;
    std::vector<std::pair<int, int>> ring = {{start_x, start_y}};
    int x = start_x;
    int y = start_y;
    std::size_t direction = 0;
    do {
        x += directions[direction].dx;
        y += directions[direction].dy;
        // Right, straight on, or left.
        std::size_t next = (direction + 1) % 4;
        while (!is_border(region, x, y, next)) {
            next = (next + 3) % 4;
        }
        if (next != direction) {
            ring.emplace_back(x, y);
        }
        direction = next;
    } while (x != start_x || y != start_y);
    if (ring.back() != ring.front()) {
        ring.push_back(ring.front());
    }
    return ring;
}

} // namespace lcclass::simulation
