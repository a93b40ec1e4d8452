#include "features/terrain.h"

#include "lcclass/core/portable_atan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();
constexpr double pi = 3.141592653589793;

/// Eight times by how much the west is higher than the east, and the south than the north, per pixel.
struct Gradient {
    double west = 0;
    double south = 0;

    [[nodiscard]] bool is_flat() const { return west == 0 && south == 0; }
};

using ThreeRows = std::array<std::vector<float>, 3>;

/// How heights go on beyond the first and last column.
enum class Sides { linear, level };

/// The columns of `out` and one more at each side of row `y`.
void fill_row(const PlaneView& in, const Window& out, std::int64_t y, Sides sides, std::vector<float>& heights) {
    const std::span<const float> row = in.row(y);
    const std::int64_t last = in.window.width - 1;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const std::int64_t x = out.x - 1 + static_cast<std::int64_t>(i) - in.window.x;
        const std::int64_t inside = std::clamp<std::int64_t>(x, 0, last);
        const float height = row[static_cast<std::size_t>(inside)];
        const std::int64_t mirrored = 2 * inside - x;
        heights[i] =
            sides == Sides::level || inside == x ? height : 2 * height - row[static_cast<std::size_t>(mirrored)];
    }
}

/// Puts the linear continuation of `from` over `next` into `beyond`.
void extrapolate(const std::vector<float>& from, const std::vector<float>& next, std::vector<float>& beyond) {
    for (std::size_t i = 0; i < from.size(); ++i) {
        beyond[i] = 2 * from[i] - next[i];
    }
}

/// Rows y - 1, y and y + 1. Requires: the grid has two rows and columns at least.
void fill_rows(const PlaneView& in, const Window& out, std::int64_t y, ThreeRows& rows) {
    const bool is_first = y == in.window.y;
    const bool is_last = y == in.window.y + in.window.height - 1;
    const Sides sides = is_first || is_last ? Sides::level : Sides::linear;
    fill_row(in, out, y, sides, rows[1]);
    if (!is_first) {
        fill_row(in, out, y - 1, sides, rows[0]);
    }
    if (!is_last) {
        fill_row(in, out, y + 1, sides, rows[2]);
    }
    if (is_first) {
        extrapolate(rows[1], rows[2], rows[0]);
    }
    if (is_last) {
        extrapolate(rows[1], rows[0], rows[2]);
    }
}

/// The 3 x 3 heights of the pixel between columns `x` and `x + 2` of the rows.
std::array<float, 9> heights_at(const ThreeRows& rows, std::size_t x) {
    const float center = rows[1][x + 1];
    std::array<float, 9> heights{};
    for (std::size_t i = 0; i < 9; ++i) {
        const float height = rows[i / 3][x + i % 3];
        heights[i] = std::isnan(height) ? center : height;
    }
    return heights;
}

// Both are the same but for the rounding of floats, in which they follow gdaldem.

Gradient gradient_of(const std::array<float, 9>& h) {
    const float west = (h[0] + h[3] + h[3] + h[6]) - (h[2] + h[5] + h[5] + h[8]);
    const float south = (h[6] + h[7] + h[7] + h[8]) - (h[0] + h[1] + h[1] + h[2]);
    return {static_cast<double>(west), static_cast<double>(south)};
}

/// gdaldem's order for the shading of square pixels.
Gradient gradient_of_differences(const std::array<float, 9>& h) {
    const float falling = h[0] - h[8];
    const float rising = h[6] - h[2];
    const float across = h[3] - h[5];
    const float down = h[1] - h[7];
    const float west = falling + across + across + rising;
    const float north = falling + down + down - rising;
    return {static_cast<double>(west), static_cast<double>(-north)};
}

float aspect_of(const Gradient& gradient) {
    if (gradient.is_flat()) {
        return no_value;
    }
    // Counted from east against the clock, then from north with it; in floats, as gdaldem does.
    const auto angle = static_cast<float>(portable_atan2(gradient.south, gradient.west) / (pi / 180));
    const float aspect = angle > 90 ? 450 - angle : 90 - angle;
    return aspect == 360 ? 0 : aspect;
}

float slope_of(const Gradient& gradient, const TerrainScale& scale) {
    const double x = gradient.west / scale.pixel_width;
    const double y = gradient.south / scale.pixel_height;
    return static_cast<float>(portable_atan(std::sqrt(x * x + y * y) / 8) * (180 / pi));
}

float hillshade_of(const Gradient& gradient, const TerrainScale& scale) {
    // Light from the north-west at 45 degrees: sin 45 sin 45 = 1/2 of either component.
    const double sine = std::sqrt(0.5);
    const double x = gradient.west / (8 * scale.pixel_width);
    const double y = gradient.south / (8 * scale.pixel_height);
    const double cosine = (sine - 0.5 * (x - y)) / std::sqrt(1 + x * x + y * y);
    return static_cast<float>(1 + 254 * std::max(cosine, 0.0));
}

float value_of(TerrainKind kind, const std::array<float, 9>& heights, const TerrainScale& scale) {
    if (kind == TerrainKind::hillshade) {
        const bool is_square = scale.pixel_width == scale.pixel_height;
        return hillshade_of(is_square ? gradient_of_differences(heights) : gradient_of(heights), scale);
    }
    const Gradient gradient = gradient_of(heights);
    if (kind == TerrainKind::slope) {
        return slope_of(gradient, scale);
    }
    if (kind == TerrainKind::aspect) {
        return aspect_of(gradient);
    }
    const double component = kind == TerrainKind::northness ? gradient.south : gradient.west;
    const double steepness = std::sqrt(gradient.west * gradient.west + gradient.south * gradient.south);
    return gradient.is_flat() ? 0 : static_cast<float>(component / steepness);
}

} // namespace

void terrain(TerrainKind kind, const TerrainScale& scale, const PlaneView& in, const PlaneOut& out) {
    if (in.window.width < 2 || in.window.height < 2) {
        std::fill(out.values.begin(), out.values.end(), no_value);
        return;
    }
    ThreeRows rows;
    rows.fill(std::vector<float>(static_cast<std::size_t>(out.window.width) + 2));
    for (std::int64_t y = out.window.y; y < out.window.y + out.window.height; ++y) {
        fill_rows(in, out.window, y, rows);
        const std::span<float> row = out.row(y);
        for (std::size_t x = 0; x < row.size(); ++x) {
            row[x] = std::isnan(rows[1][x + 1]) ? no_value : value_of(kind, heights_at(rows, x), scale);
        }
    }
}

} // namespace lcclass
