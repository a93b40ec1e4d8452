#include "simulation/noise.h"

#include <algorithm>
#include <cmath>

namespace lcclass::simulation {

namespace {

/// Scales the noise below to variance 1; the mean over the cell of its variance is 0.0309 (measured, see the test).
constexpr double unit_variance = 5.69;

double corner(std::uint64_t key, std::int64_t i, std::int64_t j, double dx, double dy) {
    const std::uint64_t bits = lattice_bits(key, i, j);
    const double gx = static_cast<double>(static_cast<std::int32_t>(bits & 0xFFFFFFFFU)) * 0x1.0p-31;
    const double gy = static_cast<double>(static_cast<std::int32_t>(bits >> 32U)) * 0x1.0p-31;
    return gx * dx + gy * dy;
}

double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

Position jittered(std::uint64_t bits, std::int64_t i, std::int64_t j, double spacing, double jitter) {
    const double margin = (1 - jitter) / 2;
    return {(static_cast<double>(i) + margin + jitter * unit(derive(bits, 1))) * spacing,
            (static_cast<double>(j) + margin + jitter * unit(derive(bits, 2))) * spacing};
}

double squared_distance(Position a, Position b) {
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

} // namespace

double gradient_noise(std::uint64_t key, double x, double y) {
    const double fx = std::floor(x);
    const double fy = std::floor(y);
    const auto i = static_cast<std::int64_t>(fx);
    const auto j = static_cast<std::int64_t>(fy);
    const double dx = x - fx;
    const double dy = y - fy;
    const double u = fade(dx);
    const double v = fade(dy);
    const double n00 = corner(key, i, j, dx, dy);
    const double n10 = corner(key, i + 1, j, dx - 1, dy);
    const double n01 = corner(key, i, j + 1, dx, dy - 1);
    const double n11 = corner(key, i + 1, j + 1, dx - 1, dy - 1);
    const double top = n00 + u * (n10 - n00);
    const double bottom = n01 + u * (n11 - n01);
    return unit_variance * (top + v * (bottom - top));
}

double fractal_noise(std::uint64_t key, Position p, const NoiseSpec& spec) {
    double sum = 0;
    double power = 0;
    double amplitude = 1;
    double frequency = 1 / spec.wavelength_m;
    for (int octave = 0; octave < spec.octaves; ++octave) {
        // Octaves get their own offset, or all of them would vanish together at the lattice points of the first.
        const std::uint64_t bits = derive(key, octave);
        sum += amplitude * gradient_noise(bits, p.x * frequency + unit(bits), p.y * frequency + unit(derive(bits, 3)));
        power += amplitude * amplitude;
        amplitude *= spec.gain;
        frequency *= 2;
    }
    return sum / std::sqrt(power);
}

VoronoiCell voronoi_cell(std::uint64_t key, Position p, double spacing_m) {
    const auto i0 = static_cast<std::int64_t>(std::floor(p.x / spacing_m));
    const auto j0 = static_cast<std::int64_t>(std::floor(p.y / spacing_m));
    VoronoiCell best;
    VoronoiCell second;
    double best_distance = 1e30;
    double second_distance = 1e30;
    for (std::int64_t j = j0 - 1; j <= j0 + 1; ++j) {
        for (std::int64_t i = i0 - 1; i <= i0 + 1; ++i) {
            const std::uint64_t bits = lattice_bits(key, i, j);
            // A jitter of 0.7 keeps the two nearest centres within the 3 x 3 neighbourhood.
            const Position center = jittered(bits, i, j, spacing_m, 0.7);
            const double distance = squared_distance(p, center);
            if (distance < best_distance) {
                second = best;
                second_distance = best_distance;
                best.id = bits;
                best.center = center;
                best_distance = distance;
            } else if (distance < second_distance) {
                second.id = bits;
                second.center = center;
                second_distance = distance;
            }
        }
    }
    const double between_centers = std::sqrt(squared_distance(best.center, second.center));
    best.edge_distance_m = (second_distance - best_distance) / (2 * between_centers);
    best.border_id = best.id ^ second.id;
    return best;
}

Blob nearest_blob(std::uint64_t key, Position p, const BlobSpec& spec) {
    const auto i0 = static_cast<std::int64_t>(std::floor(p.x / spec.spacing_m));
    const auto j0 = static_cast<std::int64_t>(std::floor(p.y / spec.spacing_m));
    Blob best;
    for (std::int64_t j = j0 - 1; j <= j0 + 1; ++j) {
        for (std::int64_t i = i0 - 1; i <= i0 + 1; ++i) {
            const std::uint64_t bits = lattice_bits(key, i, j);
            if (unit(bits) >= spec.probability) {
                continue;
            }
            const Position center = jittered(bits, i, j, spec.spacing_m, 0.8);
            const double radius = between(derive(bits, 4), spec.min_radius_m, spec.max_radius_m);
            const double distance = std::sqrt(squared_distance(p, center)) / radius;
            if (distance < best.distance) {
                best = {.id = bits, .distance = distance};
            }
        }
    }
    return best;
}

} // namespace lcclass::simulation
