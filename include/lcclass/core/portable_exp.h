/// The exponential function from the four basic operations alone, so that what rests on it has the same bytes on every
/// processor and C library.
/// Pure functions; safe from any thread.
#pragma once

#include <algorithm>
#include <cmath>

namespace lcclass {

/// e to the power of `value`, to within a few units in the last place; values beyond -700 and 700 count as these.
/// Requires: not NaN.
inline double portable_exp(double value) {
    constexpr double log_2_high = 0.693147180369123816490; // its last 32 bits are 0, so that products with n are exact
    constexpr double log_2_low = 1.90821492927058770002e-10;
    const double x = std::clamp(value, -700.0, 700.0);
    const double n = std::nearbyint(x / 0.69314718055994531);
    const double rest = (x - n * log_2_high) - n * log_2_low; // within +-0.347
    double sum = 1;
    for (int term = 14; term >= 1; --term) {
        sum = 1 + sum * rest / term;
    }
    return std::ldexp(sum, static_cast<int>(n));
}

/// 1 / (1 + e^-value).
inline double portable_logistic(double value) {
    if (value >= 0) {
        return 1 / (1 + portable_exp(-value));
    }
    const double e = portable_exp(value);
    return e / (1 + e);
}

} // namespace lcclass
