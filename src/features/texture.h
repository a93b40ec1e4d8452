/// Grey-level co-occurrence texture of a square window around every pixel of a plane (Haralick et al. 1973).
/// Pure functions; safe from any thread.
#pragma once

#include "features/plane.h"

#include <span>

namespace lcclass {

/// Of the normed, symmetric matrix p(i, j), as scikit-image's `graycoprops` defines them:
/// contrast       sum of p (i - j)^2
/// dissimilarity  sum of p |i - j|
/// homogeneity    sum of p / (1 + (i - j)^2)
/// asm_           angular second moment, sum of p^2
/// energy         its square root
/// entropy        -sum of p ln p
/// correlation    covariance of i and j over their variance; 1 where all levels are equal
/// mean, variance of i
enum class TextureStatistic {
    contrast,
    dissimilarity,
    homogeneity,
    asm_, // NOLINT(readability-identifier-naming): asm is a keyword
    energy,
    entropy,
    correlation,
    mean,
    variance
};

inline constexpr int largest_texture_size = 63;
inline constexpr int largest_texture_levels = 256;

/// The level of a value is floor((value - low) / (high - low) * levels), at least 0 and at most levels - 1.
struct TextureOptions {
    int size = 7;     ///< of the window, pixels: odd, 3 to largest_texture_size
    int levels = 32;  ///< 2 to largest_texture_levels
    int distance = 1; ///< of the two pixels of a pair: 1 to size - 1; diagonally distance / sqrt(2), rounded
    double low = 0;
    double high = 1; ///< > low
};

struct TextureRequest {
    TextureStatistic statistic = TextureStatistic::contrast;
    PlaneOut out;
};

/// Each statistic in the four directions 0, 45, 90 and 135 degrees, averaged over those of them that have a pair of
/// pixels in the window. Pairs are those of two pixels with values inside the size x size window, which ends where the
/// grid does. NaN where the centre has no value, or the window no pair.
///
/// All statistics asked for take one pass, together. Counts and sums are integers (weights of homogeneity and entropy
/// in units of 2^-40: an error below 1e-12), so that the value at a pixel depends on the pixels of its window alone, to
/// the last bit.
///
/// Requires: options as said there; all outputs have the same window; `in.window` holds it and size / 2 pixels around
/// it, as far as the grid reaches.
void texture(const TextureOptions& options, const PlaneView& in, std::span<const TextureRequest> outputs);

} // namespace lcclass
