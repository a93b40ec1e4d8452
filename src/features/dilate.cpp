#include "features/dilate.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lcclass {

namespace {

/// How far a pixel at a vertical distance of 0..radius reaches to either side.
std::vector<std::int64_t> half_chords(int radius) {
    std::vector<std::int64_t> chords;
    std::int64_t chord = radius;
    const std::int64_t square = static_cast<std::int64_t>(radius) * radius;
    for (std::int64_t off = 0; off <= radius; ++off) {
        while (chord * chord + off * off > square) {
            --chord;
        }
        chords.push_back(chord);
    }
    return chords;
}

/// Rows from each pixel of the rows of `out` to the nearest masked one in its column, at most radius + 1: downwards
/// first, then upwards. Row by row over the columns of `mask`.
std::vector<int> vertical_distances(const MaskView& mask, int radius, const Window& out) {
    const auto width = static_cast<std::size_t>(mask.window.width);
    std::vector<int> result(width * static_cast<std::size_t>(out.height));
    std::vector<int> nearest(width);
    const auto sweep = [&](std::int64_t first, std::int64_t step, bool keep_smaller) {
        std::fill(nearest.begin(), nearest.end(), radius + 1);
        for (std::int64_t y = first; y >= 0 && y < mask.window.height; y += step) {
            const std::uint8_t* row = mask.values.data() + static_cast<std::size_t>(y) * width;
            for (std::size_t x = 0; x < width; ++x) {
                nearest[x] = row[x] != 0 ? 0 : std::min(nearest[x] + 1, radius + 1);
            }
            const std::int64_t out_y = y + mask.window.y - out.y;
            if (out_y < 0 || out_y >= out.height) {
                continue;
            }
            int* into = result.data() + static_cast<std::size_t>(out_y) * width;
            for (std::size_t x = 0; x < width; ++x) {
                into[x] = keep_smaller ? std::min(into[x], nearest[x]) : nearest[x];
            }
        }
    };
    sweep(0, 1, false);
    sweep(mask.window.height - 1, -1, true);
    return result;
}

} // namespace

void dilate(const MaskView& mask, int radius, const MaskOut& out) {
    const std::vector<std::int64_t> chords = half_chords(radius);
    const std::vector<int> rows = vertical_distances(mask, radius, out.window);
    const std::int64_t width = mask.window.width;
    const std::int64_t left = out.window.x - mask.window.x;
    std::vector<int> edges(static_cast<std::size_t>(width) + 1); // +1 where a chord begins, -1 behind its end
    for (std::int64_t y = 0; y < out.window.height; ++y) {
        std::fill(edges.begin(), edges.end(), 0);
        for (std::int64_t x = 0; x < width; ++x) {
            const int off = rows[static_cast<std::size_t>(y * width + x)];
            if (off <= radius) {
                const std::int64_t chord = chords[static_cast<std::size_t>(off)];
                ++edges[static_cast<std::size_t>(std::max<std::int64_t>(x - chord, 0))];
                --edges[static_cast<std::size_t>(std::min(x + chord + 1, width))];
            }
        }
        int open = 0;
        for (std::int64_t x = 0; x < left + out.window.width; ++x) {
            open += edges[static_cast<std::size_t>(x)];
            if (x >= left) {
                out.values[static_cast<std::size_t>(y * out.window.width + x - left)] = open > 0 ? 1 : 0;
            }
        }
    }
}

} // namespace lcclass
