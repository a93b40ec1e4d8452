/// Why a pixel has no value: NaN with a mark in the bits that arithmetic does not look at.
/// Every kind is a NaN, and whoever does not care treats it as one; copies keep the mark, arithmetic may lose it, and a
/// mark that is lost or unknown reads as `nodata`. Files never hold the marks: their writers put one nodata value.
/// Constants and pure functions; safe from any thread.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace lcclass {

enum class Missing : std::uint32_t {
    nodata,        ///< the sensor did not look there, or the file says so
    saturated,     ///< brighter than the sensor can tell
    below_minimum, ///< a number too low to be a measurement (`SceneOptions::min_valid_dn`)
};

/// Quiet NaNs (IEEE 754: the highest bit of the significand) with numbers that no arithmetic makes by itself.
inline constexpr std::uint32_t missing_value_bits = 0x7FC4C300U;

/// A NaN of that kind; of `nodata` it is the ordinary one.
inline float missing_value(Missing kind) {
    return kind == Missing::nodata ? std::numeric_limits<float>::quiet_NaN()
                                   : std::bit_cast<float>(missing_value_bits + static_cast<std::uint32_t>(kind));
}

/// Requires: `value` is NaN.
inline Missing missing_kind(float value) {
    const std::uint32_t mark = std::bit_cast<std::uint32_t>(value) - missing_value_bits;
    return mark == static_cast<std::uint32_t>(Missing::saturated)       ? Missing::saturated
           : mark == static_cast<std::uint32_t>(Missing::below_minimum) ? Missing::below_minimum
                                                                        : Missing::nodata;
}

} // namespace lcclass
