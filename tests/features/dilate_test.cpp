#include "features/dilate.h"

#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace lcclass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes random_mask(const Window& window, std::uint64_t one_in) {
    Rng rng(11, one_in);
    Bytes mask(static_cast<std::size_t>(window.n_pixels()));
    for (auto& value : mask) {
        value = rng.below(one_in) == 0 ? 7 : 0;
    }
    return mask;
}

Bytes dilated(const Bytes& mask, const Window& window, int radius, const Window& out) {
    Bytes result(static_cast<std::size_t>(out.n_pixels()), 99);
    dilate({.window = window, .values = mask}, radius, {.window = out, .values = result});
    return result;
}

/// By definition.
Bytes brute_force(const Bytes& mask, const Window& window, int radius) {
    Bytes result(mask.size());
    for (std::int64_t y = 0; y < window.height; ++y) {
        for (std::int64_t x = 0; x < window.width; ++x) {
            for (std::int64_t v = 0; v < window.height; ++v) {
                for (std::int64_t u = 0; u < window.width; ++u) {
                    const bool near = (x - u) * (x - u) + (y - v) * (y - v) <= radius * radius;
                    if (near && mask[static_cast<std::size_t>(v * window.width + u)] != 0) {
                        result[static_cast<std::size_t>(y * window.width + x)] = 1;
                    }
                }
            }
        }
    }
    return result;
}

Bytes crop(const Bytes& values, const Window& window, const Window& part) {
    Bytes result;
    for (std::int64_t y = part.y; y < part.y + part.height; ++y) {
        const auto begin = values.begin() + (y - window.y) * window.width + part.x - window.x;
        result.insert(result.end(), begin, begin + part.width);
    }
    return result;
}

TEST(Dilate, OnePixelBecomesADisc) {
    const Window window{.x = 40, .y = 30, .width = 7, .height = 7};
    Bytes mask(49);
    mask[24] = 1;
    // skimage.morphology.disk(2) and disk(3)
    EXPECT_EQ(dilated(mask, window, 2, window),
              (Bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1,
                     1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(dilated(mask, window, 3, window),
              (Bytes{0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1,
                     1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0}));
}

TEST(Dilate, MasksExactlyWhatLiesWithinTheRadius) {
    const Window window{.width = 41, .height = 33};
    for (const std::uint64_t one_in : {400U, 60U}) {
        const Bytes mask = random_mask(window, one_in);
        for (const int radius : {0, 1, 2, 5, 13, 60}) {
            EXPECT_EQ(dilated(mask, window, radius, window), brute_force(mask, window, radius)) << radius;
        }
    }
}

TEST(Dilate, PartsAreTheSameAsTheWhole) {
    const Window grid{.width = 120, .height = 90};
    const int radius = 9;
    const Bytes mask = random_mask(grid, 700);
    const Bytes whole = dilated(mask, grid, radius, grid);
    for (const Window& part : block_windows(grid, 37, 23)) {
        const std::int64_t left = std::max<std::int64_t>(part.x - radius, 0);
        const std::int64_t top = std::max<std::int64_t>(part.y - radius, 0);
        const Window around{.x = left,
                            .y = top,
                            .width = std::min(part.x + part.width + radius, grid.width) - left,
                            .height = std::min(part.y + part.height + radius, grid.height) - top};
        EXPECT_EQ(dilated(crop(mask, grid, around), around, radius, part), crop(whole, grid, part));
    }
}

TEST(Dilate, NothingStaysNothing) {
    const Window window{.width = 5, .height = 4};
    EXPECT_EQ(dilated(Bytes(20), window, 100, window), Bytes(20));
}

} // namespace
} // namespace lcclass
