#include "geo/class_patches.h"

#include "geo/class_borders.h"
#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace lcclass {
namespace {

using Codes = std::vector<std::int32_t>;

/// A raster of class codes, 0 for none.
struct Raster {
    std::int64_t width = 0;
    Codes codes;

    [[nodiscard]] std::int64_t height() const { return static_cast<std::int64_t>(codes.size()) / width; }
    [[nodiscard]] std::int32_t at(std::int64_t x, std::int64_t y) const {
        return codes[static_cast<std::size_t>(y * width + x)];
    }
    [[nodiscard]] bool has(std::int64_t x, std::int64_t y) const {
        return x >= 0 && y >= 0 && x < width && y < height();
    }
    [[nodiscard]] std::span<const std::int32_t> row(std::int64_t y) const {
        return std::span(codes).subspan(static_cast<std::size_t>(y * width), static_cast<std::size_t>(width));
    }
};

Raster random_raster(std::int64_t width, std::int64_t height, std::uint64_t n_codes, std::uint64_t seed) {
    Raster raster{.width = width, .codes = {}};
    Rng rng(seed, n_codes);
    for (std::int64_t i = 0; i < width * height; ++i) {
        const bool as_left = i > 0 && rng.below(3) == 0;
        raster.codes.push_back(as_left ? raster.codes.back() : static_cast<std::int32_t>(rng.below(n_codes)));
    }
    return raster;
}

struct Filtered {
    Codes codes;
    std::int64_t n_small = 0;
};

Filtered filtered(const Raster& raster, std::int64_t min_pixels) {
    PatchSizes sizes(min_pixels);
    for (std::int64_t y = 0; y < raster.height(); ++y) {
        sizes.next(raster.row(y));
    }
    Filtered result{.codes = raster.codes, .n_small = sizes.n_small()};
    PatchFilter filter(sizes.large());
    for (std::int64_t y = 0; y < raster.height(); ++y) {
        filter.next(std::span(result.codes)
                        .subspan(static_cast<std::size_t>(y * raster.width), static_cast<std::size_t>(raster.width)));
    }
    return result;
}

/// The pixels of the patch of (x, y), by flooding.
std::vector<std::size_t> flood(const Raster& raster, std::int64_t x, std::int64_t y, std::vector<bool>& seen) {
    std::vector<std::size_t> patch;
    std::vector<std::pair<std::int64_t, std::int64_t>> open = {{x, y}};
    const std::int32_t code = raster.at(x, y);
    while (!open.empty()) {
        const auto [u, v] = open.back();
        open.pop_back();
        const auto i = static_cast<std::size_t>(v * raster.width + u);
        if (!raster.has(u, v) || raster.at(u, v) != code || seen[i]) {
            continue;
        }
        seen[i] = true;
        patch.push_back(i);
        open.insert(open.end(), {{u - 1, v}, {u + 1, v}, {u, v - 1}, {u, v + 1}});
    }
    return patch;
}

Filtered brute_force(const Raster& raster, std::int64_t min_pixels) {
    Filtered result{.codes = raster.codes, .n_small = 0};
    std::vector<bool> seen(raster.codes.size());
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(raster.codes.size()); ++i) {
        if (raster.codes[static_cast<std::size_t>(i)] == 0 || seen[static_cast<std::size_t>(i)]) {
            continue;
        }
        const auto patch = flood(raster, i % raster.width, i / raster.width, seen);
        if (static_cast<std::int64_t>(patch.size()) < min_pixels) {
            ++result.n_small;
            for (const std::size_t pixel : patch) {
                result.codes[pixel] = 0;
            }
        }
    }
    return result;
}

TEST(Patches, TouchAlongEdgesNotCorners) {
    const Raster raster{.width = 4,
                        .codes = {1, 0, 2, 2, //
                                  0, 1, 2, 0, //
                                  0, 1, 1, 1}};
    // The 1 at the upper left is a patch of its own, the other 1s are four, the 2s three.
    EXPECT_EQ(filtered(raster, 2).codes, (Codes{0, 0, 2, 2, 0, 1, 2, 0, 0, 1, 1, 1}));
    EXPECT_EQ(filtered(raster, 4).codes, (Codes{0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1}));
    EXPECT_EQ(filtered(raster, 4).n_small, 2);
    EXPECT_EQ(filtered(raster, 5).codes, Codes(12));
}

TEST(Patches, PartsThatMeetFurtherDownAreOnePatch) {
    const Raster raster{.width = 7, .codes = {1, 0, 1, 0, 1, 0, 3, //
                                              1, 0, 1, 0, 1, 0, 3, //
                                              1, 1, 1, 0, 1, 0, 3, //
                                              0, 0, 1, 1, 1, 0, 0}};
    EXPECT_EQ(filtered(raster, 13).codes,
              (Codes{1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0}));
    EXPECT_EQ(filtered(raster, 14).codes, Codes(28));
}

TEST(Patches, AreThoseThatFloodingFinds) {
    for (const std::uint64_t n_codes : {2U, 3U, 6U}) {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const Raster raster = random_raster(23 + static_cast<std::int64_t>(seed), 31, n_codes, seed);
            for (const std::int64_t min_pixels : {1, 2, 3, 7, 40, 300}) {
                const Filtered expected = brute_force(raster, min_pixels);
                const Filtered actual = filtered(raster, min_pixels);
                ASSERT_EQ(actual.codes, expected.codes) << n_codes << " " << seed << " " << min_pixels;
                ASSERT_EQ(actual.n_small, expected.n_small);
            }
        }
    }
}

Codes eroded(const Raster& raster, int pixels) {
    Codes codes = raster.codes;
    erode_classes(codes, raster.width, pixels);
    return codes;
}

/// By definition: every pixel within so many steps has the same class.
Codes eroded_brute_force(const Raster& raster, int pixels) {
    Codes result = raster.codes;
    for (std::int64_t y = 0; y < raster.height(); ++y) {
        for (std::int64_t x = 0; x < raster.width; ++x) {
            for (std::int64_t v = y - pixels; v <= y + pixels; ++v) {
                for (std::int64_t u = x - pixels; u <= x + pixels; ++u) {
                    const bool near = std::abs(u - x) + std::abs(v - y) <= pixels;
                    if (near && raster.has(u, v) && raster.at(u, v) != raster.at(x, y)) {
                        result[static_cast<std::size_t>(y * raster.width + x)] = 0;
                    }
                }
            }
        }
    }
    return result;
}

/// Large areas of few classes.
Raster blocky_raster(std::int64_t width, std::int64_t height, std::uint64_t seed) {
    const Raster coarse = random_raster(width / 9 + 1, height / 7 + 1, 4, seed);
    Raster raster{.width = width, .codes = {}};
    for (std::int64_t i = 0; i < width * height; ++i) {
        raster.codes.push_back(coarse.at(i % width / 9, i / width / 7));
    }
    return raster;
}

TEST(Erosion, TakesWhatIsWithinSoManyStepsOfAnotherClass) {
    const Raster raster{.width = 5, .codes = {1, 1, 1, 1, 1, //
                                              1, 1, 1, 1, 1, //
                                              1, 1, 1, 1, 2, //
                                              1, 1, 1, 2, 2}};
    EXPECT_EQ(eroded(raster, 1), (Codes{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 2}));
    EXPECT_EQ(eroded(raster, 2), (Codes{1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0}));
    EXPECT_EQ(eroded(raster, 0), raster.codes);
}

TEST(Erosion, FollowsItsDefinition) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        const Raster raster = blocky_raster(40, 37, seed);
        for (const int pixels : {1, 2, 3, 6}) {
            EXPECT_EQ(eroded(raster, pixels), eroded_brute_force(raster, pixels)) << pixels;
        }
    }
}

} // namespace
} // namespace lcclass
