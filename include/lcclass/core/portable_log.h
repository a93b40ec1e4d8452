/// Logarithms from the four basic operations alone, so that an entropy forest has the same bytes on every processor
/// and C library.
/// Pure functions; safe from any thread.
#pragma once

#include <cmath>

namespace lcclass {

/// Natural logarithm to within a few units in the last place. Requires: value > 0, normal.
inline double portable_log(double value) {
    int exponent = 0;
    double mantissa = std::frexp(value, &exponent); // [0.5, 1)
    if (mantissa < 0.70710678118654752) {
        mantissa *= 2;
        --exponent;
    }
    // log m = 2 artanh s with s = (m - 1) / (m + 1), |s| < 0.172.
    const double s = (mantissa - 1) / (mantissa + 1);
    double sum = 0;
    for (int term = 21; term >= 1; term -= 2) {
        sum = sum * s * s + 1.0 / term;
    }
    constexpr double log_2 = 0.69314718055994531;
    return 2 * s * sum + exponent * log_2;
}

/// x log x, 0 at 0.
inline double x_log_x(double x) {
    return x > 0 ? x * portable_log(x) : 0;
}

} // namespace lcclass
