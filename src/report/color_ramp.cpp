#include "report/color_ramp.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lcclass::report {

namespace {

constexpr std::array<Rgb, 10> viridis = {{{68, 1, 84},
                                          {72, 40, 120},
                                          {62, 73, 137},
                                          {49, 104, 142},
                                          {38, 130, 142},
                                          {31, 158, 137},
                                          {53, 183, 121},
                                          {110, 206, 88},
                                          {181, 222, 43},
                                          {253, 231, 37}}};
constexpr std::array<Rgb, 9> warning = {{{255, 255, 204},
                                         {255, 237, 160},
                                         {254, 217, 118},
                                         {254, 178, 76},
                                         {253, 141, 60},
                                         {252, 78, 42},
                                         {227, 26, 28},
                                         {189, 0, 38},
                                         {128, 0, 38}}};

} // namespace

std::span<const Rgb> color_ramp(bool more_is_worse) {
    return more_is_worse ? std::span<const Rgb>(warning) : std::span<const Rgb>(viridis);
}

Rgb color_at(std::span<const Rgb> ramp, double share) {
    const double position = std::clamp(share, 0.0, 1.0) * static_cast<double>(ramp.size() - 1);
    const auto at = std::min(static_cast<std::size_t>(position), ramp.size() - 2);
    const double rest = position - static_cast<double>(at);
    const auto mix = [rest](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(std::lround(from + rest * (to - from)));
    };
    const Rgb& a = ramp[at];
    const Rgb& b = ramp[at + 1];
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

} // namespace lcclass::report
