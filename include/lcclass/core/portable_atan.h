/// The arc tangent from the four basic operations alone, so that slopes have the same bytes on every processor and C
/// library.
/// Pure functions; safe from any thread.
#pragma once

#include <array>
#include <cmath>

namespace lcclass {

/// In radians, to within a few units in the last place. Requires: not NaN.
inline double portable_atan(double value) {
    constexpr double half_pi = 1.5707963267948966;
    constexpr std::array<double, 9> atan_of_eighths = {0,
                                                       0.12435499454676144,
                                                       0.24497866312686414,
                                                       0.3587706702705722,
                                                       0.4636476090008061,
                                                       0.5585993153435624,
                                                       0.6435011087932844,
                                                       0.7188299996216245,
                                                       0.7853981633974483};
    const double size = std::abs(value);
    const double t = size > 1 ? 1 / size : size;
    const int eighths = (static_cast<int>(t * 16) + 1) / 2;
    // atan t = atan c + atan((t - c) / (1 + t c)), whose argument is within +-1/16.
    const double c = eighths / 8.0;
    const double rest = (t - c) / (1 + t * c);
    double sum = 0;
    for (int term = 13; term >= 1; term -= 2) {
        sum = 1.0 / term - sum * rest * rest;
    }
    const double angle = atan_of_eighths[static_cast<std::size_t>(eighths)] + rest * sum;
    return std::copysign(size > 1 ? half_pi - angle : angle, value);
}

/// The angle of the point (x, y) seen from the origin, -pi to pi; 0 for the origin itself.
inline double portable_atan2(double y, double x) {
    constexpr double pi = 3.141592653589793;
    if (x == 0 && y == 0) {
        return 0;
    }
    if (std::abs(y) > std::abs(x)) {
        return std::copysign(pi / 2, y) - portable_atan(x / y);
    }
    return x > 0 ? portable_atan(y / x) : portable_atan(y / x) + std::copysign(pi, y);
}

} // namespace lcclass
