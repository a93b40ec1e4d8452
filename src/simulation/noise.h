/// Counter-based noise over the plane: every value follows from a key and a position alone.
/// Pure functions made of +, -, x, / and sqrt only, so that all machines agree on every bit; safe from any thread.
#pragma once

#include <cstdint>

namespace lcclass::simulation {

/// Metres from the upper-left corner of the scene; x to the east, y to the south.
struct Position {
    double x = 0;
    double y = 0;
};

/// 64 well-spread bits for a lattice point (SplitMix64 finaliser over a sum of odd multiples).
inline std::uint64_t lattice_bits(std::uint64_t key, std::int64_t i, std::int64_t j) {
    std::uint64_t z = key + static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15ULL +
                      static_cast<std::uint64_t>(j) * 0xC2B2AE3D27D4EB4FULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

/// Bits for the n-th quantity that belongs to `bits`.
inline std::uint64_t derive(std::uint64_t bits, std::int64_t n) {
    return lattice_bits(bits, n, 0x5EED);
}

/// Uniform in [0, 1).
inline double unit(std::uint64_t bits) {
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

/// Uniform in [low, high).
inline double between(std::uint64_t bits, double low, double high) {
    return low + (high - low) * unit(bits);
}

/// Nearly normal with mean 0 and variance 1: four uniform parts of 16 bits, summed.
inline double bell(std::uint64_t bits) {
    const std::uint64_t mask = 0xFFFF;
    const std::uint64_t sum = (bits & mask) + ((bits >> 16U) & mask) + ((bits >> 32U) & mask) + (bits >> 48U);
    constexpr double mean = 4 * 32767.5;
    constexpr double inverse_sd = 1.7320508075688772 / 65536.0;
    return (static_cast<double>(sum) - mean) * inverse_sd;
}

/// Gradient noise (Perlin 2002) with cells of side 1, mean 0 and variance 1.
double gradient_noise(std::uint64_t key, double x, double y);

struct NoiseSpec {
    double wavelength_m = 1000; ///< of the first octave; each next one is half as long
    int octaves = 4;
    double gain = 0.5; ///< amplitude of an octave relative to the one before
};

/// Sum of octaves of gradient noise, mean 0 and variance 1.
double fractal_noise(std::uint64_t key, Position p, const NoiseSpec& spec);

/// The cell of a jittered-grid Voronoi partition that a position is in.
struct VoronoiCell {
    std::uint64_t id = 0;
    Position center;
    double edge_distance_m = 0;  ///< to the border with the second nearest cell
    std::uint64_t border_id = 0; ///< the same from both sides of that border
};

VoronoiCell voronoi_cell(std::uint64_t key, Position p, double spacing_m);

/// Round things strewn over the plane: at most one per lattice cell.
struct BlobSpec {
    double spacing_m = 2000;
    double probability = 0.5;
    double min_radius_m = 100;
    double max_radius_m = 300;
};

struct Blob {
    std::uint64_t id = 0;
    double distance = 1e9; ///< from the centre, in radii
};

/// The blob whose centre is nearest in units of its radius. Requires: max_radius_m <= spacing_m / 2 for the blob's
/// inside to be complete.
Blob nearest_blob(std::uint64_t key, Position p, const BlobSpec& spec);

} // namespace lcclass::simulation
