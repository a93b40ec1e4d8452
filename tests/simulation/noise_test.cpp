#include "simulation/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace lcclass::simulation {
namespace {

struct Moments {
    double mean = 0;
    double variance = 0;
};

template <class Draw>
Moments moments(int n, Draw draw) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; ++i) {
        const double value = draw(i);
        sum += value;
        squares += value * value;
    }
    return {sum / n, squares / n - sum / n * sum / n};
}

TEST(Noise, BellHasMeanZeroAndVarianceOne) {
    const Moments m = moments(200000, [](int i) { return bell(lattice_bits(7, i, 0)); });
    EXPECT_NEAR(m.mean, 0, 0.01);
    EXPECT_NEAR(m.variance, 1, 0.02);
}

TEST(Noise, GradientNoiseHasMeanZeroAndVarianceOne) {
    const Moments m = moments(
        200000, [](int i) { return gradient_noise(11, 0.37 * (i % 500) + 0.011 * i, 0.61 * (i / 500) + 0.007 * i); });
    EXPECT_NEAR(m.mean, 0, 0.02);
    EXPECT_NEAR(m.variance, 1, 0.05);
}

TEST(Noise, GradientNoiseVanishesAtLatticePoints) {
    EXPECT_EQ(gradient_noise(3, -4, 17), 0);
    EXPECT_NE(gradient_noise(3, -4.3, 17), 0);
}

TEST(Noise, FractalNoiseKeepsVarianceOneWhateverTheGain) {
    for (const double gain : {0.4, 0.7, 1.0}) {
        const NoiseSpec spec = {.wavelength_m = 100, .octaves = 5, .gain = gain};
        const Moments m = moments(100000, [&](int i) {
            return fractal_noise(5, {37.0 * (i % 300) + 0.3 * i, 41.0 * (i / 300)}, spec);
        });
        EXPECT_NEAR(m.variance, 1, 0.06) << gain;
    }
}

TEST(Noise, VoronoiCellHasTheNearestOfAllCentres) {
    // Centres found from anywhere; none may be nearer to a position than the one it was given.
    std::vector<Position> centers;
    for (int y = -300; y <= 1300; y += 10) {
        for (int x = -300; x <= 1300; x += 10) {
            centers.push_back(voronoi_cell(9, {x + 0.5, y + 0.5}, 200).center);
        }
    }
    for (int y = 0; y < 1000; y += 33) {
        for (int x = 0; x < 1000; x += 29) {
            const Position p = {static_cast<double>(x), static_cast<double>(y)};
            const VoronoiCell cell = voronoi_cell(9, p, 200);
            const double own = std::hypot(p.x - cell.center.x, p.y - cell.center.y);
            for (const Position& other : centers) {
                ASSERT_GE(std::hypot(p.x - other.x, p.y - other.y), own - 1e-9) << x << " " << y;
            }
        }
    }
}

TEST(Noise, VoronoiBorderHasOneIdFromBothSides) {
    int crossings = 0;
    for (int x = 0; x < 20000; ++x) {
        const VoronoiCell here = voronoi_cell(21, {x * 0.1, 500}, 150);
        const VoronoiCell next = voronoi_cell(21, {(x + 1) * 0.1, 500}, 150);
        if (here.id != next.id) {
            EXPECT_EQ(here.border_id, next.border_id);
            EXPECT_LT(here.edge_distance_m, 0.1);
            ++crossings;
        }
    }
    EXPECT_GT(crossings, 8);
}

TEST(Noise, BlobsHaveRadiiOfTheirSpecification) {
    const BlobSpec spec = {.spacing_m = 1000, .probability = 1, .min_radius_m = 100, .max_radius_m = 200};
    std::set<std::uint64_t> ids;
    std::int64_t inside = 0;
    for (int y = 0; y < 400; ++y) {
        for (int x = 0; x < 400; ++x) {
            const Blob blob = nearest_blob(4, {x * 25.0, y * 25.0}, spec);
            if (blob.distance < 1) {
                ids.insert(blob.id);
                ++inside;
            }
        }
    }
    // 100 cells of 1 km with one blob each of pi x 150^2 m (mean of r^2: 23333) on samples of 25 m: 11729 samples.
    EXPECT_NEAR(static_cast<double>(ids.size()), 100, 12);
    EXPECT_NEAR(static_cast<double>(inside), 11729, 1800);
}

} // namespace
} // namespace lcclass::simulation
