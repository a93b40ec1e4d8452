#include "features/terrain.h"

#include "features/plane_case.h"

#include <array>

namespace lcclass {
namespace {

constexpr std::array all_kinds = {TerrainKind::slope, TerrainKind::aspect, TerrainKind::northness,
                                  TerrainKind::eastness, TerrainKind::hillshade};

Kernel terrain_of(TerrainKind kind, TerrainScale scale = {10, 10}) {
    return [=](const PlaneView& in, const PlaneOut& out) { terrain(kind, scale, in, out); };
}

/// Heights 100 + east x + south y: the same slope everywhere, edges included.
PlaneCase tilted(float east, float south) {
    PlaneCase plane({0, 0, 6, 5});
    for (std::int64_t y = 0; y < 5; ++y) {
        for (std::int64_t x = 0; x < 6; ++x) {
            plane.at(x, y) = 100 + east * static_cast<float>(x) + south * static_cast<float>(y);
        }
    }
    return plane;
}

void expect_inside(const PlaneCase& plane, double expected, double tolerance = 1e-5) {
    for (std::int64_t y = 1; y < 4; ++y) {
        for (std::int64_t x = 1; x < 5; ++x) {
            EXPECT_NEAR(static_cast<double>(plane.at(x, y)), expected, tolerance) << x << ", " << y;
        }
    }
}

TEST(Terrain, PlaneThatRisesAsMuchAsItGoesHas45Degrees) {
    expect_inside(run(terrain_of(TerrainKind::slope), tilted(10, 0)), 45);
    expect_inside(run(terrain_of(TerrainKind::slope), tilted(0, -10)), 45);
    // 3 in 10 eastwards and 4 in 10 southwards: a slope of 5 in 10.
    expect_inside(run(terrain_of(TerrainKind::slope), tilted(3, 4)), std::atan(.5) * 180 / M_PI);
    // The same heights on pixels of 20 x 10 m: 1.5 and 4 in 10.
    expect_inside(run(terrain_of(TerrainKind::slope, {20, 10}), tilted(3, 4)),
                  std::atan(std::hypot(.15, .4)) * 180 / M_PI);
}

TEST(Terrain, AspectIsTheDirectionThatASlopeFaces) {
    expect_inside(run(terrain_of(TerrainKind::aspect), tilted(0, 1)), 0);    // rises to the south, faces north
    expect_inside(run(terrain_of(TerrainKind::aspect), tilted(-1, 0)), 90);  // rises to the west
    expect_inside(run(terrain_of(TerrainKind::aspect), tilted(0, -1)), 180); // rises to the north
    expect_inside(run(terrain_of(TerrainKind::aspect), tilted(1, 0)), 270);  // rises to the east
    expect_inside(run(terrain_of(TerrainKind::aspect), tilted(1, 1)), 315);
    expect_inside(run(terrain_of(TerrainKind::northness), tilted(1, 1)), std::sqrt(.5));
    expect_inside(run(terrain_of(TerrainKind::eastness), tilted(1, 1)), -std::sqrt(.5));
    expect_inside(run(terrain_of(TerrainKind::northness), tilted(-3, -4)), -.8);
    expect_inside(run(terrain_of(TerrainKind::eastness), tilted(-3, -4)), .6);
}

TEST(Terrain, FlatLandHasNoAspectAndFacesNowhere) {
    const PlaneCase flat = tilted(0, 0);
    for (std::size_t i = 0; i < flat.values.size(); ++i) {
        EXPECT_TRUE(std::isnan(run(terrain_of(TerrainKind::aspect), flat).values[i]));
        EXPECT_EQ(run(terrain_of(TerrainKind::northness), flat).values[i], 0);
        EXPECT_EQ(run(terrain_of(TerrainKind::eastness), flat).values[i], 0);
        EXPECT_EQ(run(terrain_of(TerrainKind::slope), flat).values[i], 0);
    }
    expect_inside(run(terrain_of(TerrainKind::hillshade), flat), 1 + 254 * std::sqrt(.5));
}

TEST(Terrain, LightComesFromTheNorthWest) {
    // Towards the light at 45 degrees: perpendicular. Away from it at 45 degrees: grazing.
    const auto step = static_cast<float>(10 * std::sqrt(.5));
    expect_inside(run(terrain_of(TerrainKind::hillshade), tilted(step, step)), 255, 1e-3);
    expect_inside(run(terrain_of(TerrainKind::hillshade), tilted(-step, -step)), 1, 1e-3);
    expect_inside(run(terrain_of(TerrainKind::hillshade), tilted(-30, -30)), 1);
    // Across the light: the cosine of the slope times that of the zenith angle.
    expect_inside(run(terrain_of(TerrainKind::hillshade), tilted(10, -10)), 1 + 254 * std::sqrt(.5) / std::sqrt(3.));
}

TEST(Terrain, NeighbourWithoutValueCountsAsHighAsTheCentre) {
    PlaneCase plane({0, 0, 3, 3}, {1, 2, 4, 7, 5, 9, 6, 8, no_value});
    // West to east (1 + 14 + 6) - (4 + 18 + 5) = -6, south to north (6 + 16 + 5) - (1 + 4 + 4) = 18, by 8 x 10 m.
    EXPECT_NEAR(static_cast<double>(run(terrain_of(TerrainKind::slope), plane).at(1, 1)),
                std::atan(std::hypot(6. / 80, 18. / 80)) * 180 / M_PI, 1e-5);
    EXPECT_TRUE(std::isnan(run(terrain_of(TerrainKind::slope), plane).at(2, 2)));
}

TEST(Terrain, HeightsGoOnLinearlyBeyondTheSides) {
    const PlaneCase slope = run(terrain_of(TerrainKind::slope), tilted(10, 0));
    EXPECT_NEAR(static_cast<double>(slope.at(0, 2)), 45, 1e-5);
    EXPECT_NEAR(static_cast<double>(slope.at(5, 2)), 45, 1e-5);
    EXPECT_NEAR(static_cast<double>(slope.at(3, 0)), 45, 1e-5);
    EXPECT_NEAR(static_cast<double>(slope.at(3, 4)), 45, 1e-5);
    // In a corner they go on level along the row: half the step in one of two columns.
    EXPECT_NEAR(static_cast<double>(slope.at(0, 0)), std::atan(.5) * 180 / M_PI, 1e-5);
}

TEST(Terrain, RowAloneHasNoSlope) {
    const PlaneCase row({0, 0, 4, 1}, {1, 2, 3, 4});
    for (const TerrainKind kind : all_kinds) {
        const PlaneCase result = run(terrain_of(kind), row);
        EXPECT_TRUE(std::ranges::all_of(result.values, [](float value) { return std::isnan(value); }));
    }
}

TEST(Terrain, ValuesDoNotDependOnTheWindowAsked) {
    const PlaneCase plane = random_plane({0, 0, 50, 40}, 400, 420, .1, 4);
    for (const TerrainKind kind : all_kinds) {
        expect_same_in_windows(terrain_of(kind), plane, 1);
    }
}

} // namespace
} // namespace lcclass
