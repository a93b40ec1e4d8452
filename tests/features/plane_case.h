/// Planes for tests of kernels, and their windows.
#pragma once

#include "features/plane.h"
#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace lcclass {

inline constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

/// A plane that owns its values.
struct PlaneCase {
    Window window;
    std::vector<float> values;

    explicit PlaneCase(const Window& area)
        : window(area), values(static_cast<std::size_t>(area.n_pixels()), no_value) {}
    PlaneCase(const Window& area, std::vector<float> numbers) : window(area), values(std::move(numbers)) {}

    [[nodiscard]] PlaneView view() const { return {window, values}; }
    PlaneOut out() { return {window, values}; }
    [[nodiscard]] bool holds(std::int64_t x, std::int64_t y) const {
        return x >= window.x && y >= window.y && x < window.x + window.width && y < window.y + window.height;
    }
    [[nodiscard]] float at(std::int64_t x, std::int64_t y) const {
        return view().row(y)[static_cast<std::size_t>(x - window.x)];
    }
    float& at(std::int64_t x, std::int64_t y) { return out().row(y)[static_cast<std::size_t>(x - window.x)]; }

    /// What lies in `area` and up to `margin` pixels around it.
    [[nodiscard]] PlaneCase crop(const Window& area, std::int64_t margin) const {
        const std::int64_t x = std::max(window.x, area.x - margin);
        const std::int64_t y = std::max(window.y, area.y - margin);
        PlaneCase part({x, y, std::min(window.x + window.width, area.x + area.width + margin) - x,
                        std::min(window.y + window.height, area.y + area.height + margin) - y});
        for (std::int64_t i = part.window.y; i < part.window.y + part.window.height; ++i) {
            for (std::int64_t j = part.window.x; j < part.window.x + part.window.width; ++j) {
                part.at(j, i) = at(j, i);
            }
        }
        return part;
    }
};

/// Random values from `low` to `high`; a share of the pixels without a value.
inline PlaneCase random_plane(const Window& window, double low, double high, double share_without, std::uint64_t seed) {
    Rng rng(seed, 0);
    PlaneCase plane(window);
    for (float& value : plane.values) {
        const auto drawn = static_cast<float>(low + (high - low) * rng.uniform());
        value = rng.uniform() < share_without ? no_value : drawn;
    }
    return plane;
}

/// True when both are the same to the bit, or both are without a value.
inline bool same_bits(float a, float b) {
    return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

using Kernel = std::function<void(const PlaneView&, const PlaneOut&)>;

inline PlaneCase run(const Kernel& kernel, const PlaneCase& plane) {
    PlaneCase result(plane.window);
    kernel(plane.view(), result.out());
    return result;
}

/// Expects that windows of the plane, computed from what `margin` lets them see, equal the whole to the bit.
inline void expect_same_in_windows(const Kernel& kernel, const PlaneCase& plane, std::int64_t margin) {
    const PlaneCase whole = run(kernel, plane);
    Rng rng(7, 0);
    const auto below = [&](std::int64_t n) {
        return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(n)));
    };
    for (int k = 0; k < 25; ++k) {
        Window area{plane.window.x + below(plane.window.width), plane.window.y + below(plane.window.height), 0, 0};
        area.width = 1 + below(plane.window.x + plane.window.width - area.x);
        area.height = 1 + below(plane.window.y + plane.window.height - area.y);
        PlaneCase part(area);
        kernel(plane.crop(area, margin).view(), part.out());
        const PlaneCase expected = whole.crop(area, 0);
        ASSERT_TRUE(std::ranges::equal(part.values, expected.values, same_bits))
            << area.width << " x " << area.height << " pixels at " << area.x << ", " << area.y;
    }
}

} // namespace lcclass
