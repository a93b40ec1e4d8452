#include "lcclass/simulation/landscape.h"

#include "lcclass/core/error.h"
#include "simulation/land_cover.h"
#include "simulation/reflectance.h"
#include "simulation/surfaces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace lcclass {
namespace {

/// Bit for bit, NaN included.
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return x == y || (std::isnan(x) && std::isnan(y));
           });
}

const Landscape& demo() {
    static const Landscape landscape(LandscapeOptions{.size = 1098, .n_classes = 8});
    return landscape;
}

const LandscapeBlock& demo_block() {
    static const LandscapeBlock block = demo().render(demo().grid().extent());
    return block;
}

float pixel(const PixelBlock& block, int band, std::int64_t column, std::int64_t row) {
    return block.band(
        band)[static_cast<std::size_t>((row - block.window.y) * block.window.width + column - block.window.x)];
}

void expect_part_of(const PixelBlock& part, const PixelBlock& whole) {
    for (int band = 0; band < part.n_bands; ++band) {
        std::vector<float> cut;
        for (std::int64_t row = 0; row < part.window.height; ++row) {
            for (std::int64_t column = 0; column < part.window.width; ++column) {
                cut.push_back(pixel(whole, band, part.window.x + column, part.window.y + row));
            }
        }
        const auto values = part.band(band);
        EXPECT_TRUE(same_bits({values.begin(), values.end()}, cut)) << band;
    }
}

TEST(Landscape, AnyWindowHasThePixelsOfTheWhole) {
    const std::array<Window, 4> windows = {
        {{0, 0, 64, 64}, {510, 366, 2, 2}, {200, 800, 126, 34}, {1096, 1000, 2, 98}}};
    for (const Window& window : windows) {
        const LandscapeBlock part = demo().render(window);
        expect_part_of(part.bands_10m, demo_block().bands_10m);
        expect_part_of(part.bands_20m, demo_block().bands_20m);
        expect_part_of(part.scl, demo_block().scl);
        expect_part_of(part.truth, demo_block().truth);
    }
}

TEST(Landscape, SeedDecidesEverything) {
    const Window window = {300, 300, 60, 60};
    const auto render = [&](std::uint64_t seed) {
        return Landscape(LandscapeOptions{.size = 1098, .seed = seed}).render(window);
    };
    EXPECT_TRUE(same_bits(render(1).bands_10m.values, render(1).bands_10m.values));
    EXPECT_FALSE(same_bits(render(1).bands_10m.values, render(2).bands_10m.values));
    EXPECT_FALSE(same_bits(render(1).truth.values, render(2).truth.values));
}

TEST(Landscape, EveryClassCoversAtLeastOnePercent) {
    for (const std::uint64_t seed : {42U, 1U, 2U}) {
        for (const int n_classes : {5, 8}) {
            const Landscape landscape(LandscapeOptions{.size = 1098, .n_classes = n_classes, .seed = seed});
            // Every third pixel in each direction is enough to see a share.
            std::map<int, int> counts;
            const simulation::LandCover cover(seed, n_classes);
            for (int row = 0; row < 1098; row += 3) {
                for (int column = 0; column < 1098; column += 3) {
                    ++counts[cover.at({column * 10.0 + 5, row * 10.0 + 5}).class_code];
                }
            }
            const std::vector<std::int32_t> codes = landscape.class_codes();
            EXPECT_EQ(codes.size(), static_cast<std::size_t>(n_classes));
            EXPECT_EQ(counts.size(), codes.size());
            for (const std::int32_t code : codes) {
                EXPECT_GE(counts[code], 366 * 366 / 100) << "seed " << seed << " class " << code;
            }
        }
    }
}

/// Correlation of the near infrared of two places of one surface, `lag_m` apart and in parcels of their own.
double lag_correlation(double lag_m) {
    const simulation::ReflectanceModel model(42);
    const auto near_infrared = [&](double x, double y, std::uint64_t parcel) {
        const simulation::Site site = {.surface = simulation::SurfaceType::wheat,
                                       .class_code = simulation::cropland,
                                       .parcel = simulation::derive(parcel, 0)};
        return model.at(site, {x, y}, static_cast<std::int64_t>(parcel), 0)[3];
    };
    constexpr int pairs = 20000;
    double sums[5] = {};
    for (std::uint64_t i = 0; i < pairs; ++i) {
        const double x = 2e5 * simulation::unit(simulation::derive(i, 1));
        const double y = 2e5 * simulation::unit(simulation::derive(i, 2));
        const double a = near_infrared(x, y, 2 * i);
        const double b = near_infrared(x + lag_m, y, 2 * i + 1);
        const double terms[5] = {a, b, a * a, b * b, a * b};
        std::transform(terms, terms + 5, sums, sums, [](double term, double sum) { return sum + term / pairs; });
    }
    return (sums[4] - sums[0] * sums[1]) / std::sqrt((sums[2] - sums[0] * sums[0]) * (sums[3] - sums[1] * sums[1]));
}

TEST(Landscape, OneSurfaceVariesSmoothlyInSpaceAcrossParcels) {
    const double near = lag_correlation(50);
    const double middle = lag_correlation(800);
    const double far = lag_correlation(20000);
    // The smooth share of the variance is 0.4; brightness, vigour and moisture all have it.
    EXPECT_NEAR(near, 0.36, 0.06);
    EXPECT_LT(middle, near - 0.08);
    EXPECT_GT(middle, 0.08);
    EXPECT_NEAR(far, 0, 0.03);
}

TEST(Landscape, TwentyMetreBandsAverageTheTenMetreOnes) {
    // B8A looks at nearly the wavelengths of B08: over all surfaces the 2 x 2 mean of one tells the other.
    double worst = 0;
    double sum = 0;
    int n = 0;
    for (std::int64_t row = 100; row < 200; ++row) {
        for (std::int64_t column = 200; column < 300; ++column) {
            double mean = 0;
            for (int k = 0; k < 4; ++k) {
                mean += static_cast<double>(pixel(demo_block().bands_10m, 3, 2 * column + k % 2, 2 * row + k / 2)) / 4;
            }
            const double difference =
                std::abs(static_cast<double>(pixel(demo_block().bands_20m, 3, column, row)) - mean);
            worst = std::max(worst, difference);
            sum += difference;
            ++n;
        }
    }
    EXPECT_LT(sum / n, 0.02);
    EXPECT_LT(worst, 0.08);
}

TEST(Landscape, SwathEdgeIsNodataInAllBandsAlike) {
    const LandscapeBlock& block = demo_block();
    std::int64_t nodata = 0;
    for (std::int64_t row = 0; row < 549; ++row) {
        for (std::int64_t column = 0; column < 549; ++column) {
            const bool seen = !std::isnan(pixel(block.scl, 0, column, row));
            for (int band = 0; band < block.bands_20m.n_bands; ++band) {
                ASSERT_EQ(!std::isnan(pixel(block.bands_20m, band, column, row)), seen);
            }
            if (seen) {
                for (int k = 0; k < 4; ++k) {
                    ASSERT_FALSE(std::isnan(pixel(block.bands_10m, 0, 2 * column + k % 2, 2 * row + k / 2)));
                }
            }
            nodata += seen ? 0 : 1;
        }
    }
    // A triangle of 0.12 sides by 0.12 / 0.24 sides.
    EXPECT_NEAR(static_cast<double>(nodata) / (549.0 * 549.0), 0.12 * 0.5 / 2, 0.002);
    EXPECT_FALSE(std::isnan(pixel(block.truth, 0, 0, 0)));
}

TEST(Landscape, CloudsCoverTheShareAskedForAndAreBright) {
    const Landscape cloudy(LandscapeOptions{.size = 600, .cloud_fraction = 0.1});
    const LandscapeBlock block = cloudy.render(cloudy.grid().extent());
    std::array<int, 12> counts{};
    for (std::int64_t row = 0; row < 300; ++row) {
        for (std::int64_t column = 0; column < 300; ++column) {
            const float scl = pixel(block.scl, 0, column, row);
            if (!std::isnan(scl)) {
                ++counts[static_cast<std::size_t>(scl)];
            }
            if (scl == 9) {
                ASSERT_GT(pixel(block.bands_20m, 5, column, row), 0.2F);
            }
        }
    }
    EXPECT_NEAR((counts[8] + counts[9]) / 90000.0, 0.1, 0.04);
    EXPECT_GT(counts[3], 0);
    EXPECT_GT(counts[4], counts[5]);
}

TEST(Landscape, NoCloudsMeansNoneInTheSceneClassification) {
    const Landscape clear(LandscapeOptions{.size = 400, .cloud_fraction = 0});
    const LandscapeBlock block = clear.render(clear.grid().extent());
    for (const float scl : block.scl.band(0)) {
        EXPECT_TRUE(std::isnan(scl) || scl == 4 || scl == 5 || scl == 6) << scl;
    }
}

TEST(Landscape, ReflectancesStayPhysical) {
    for (const PixelBlock* block : {&demo_block().bands_10m, &demo_block().bands_20m}) {
        for (const float value : block->values) {
            ASSERT_TRUE(std::isnan(value) || (value > -0.02F && value < 1.0F)) << value;
        }
    }
}

TEST(Surfaces, TableIsInTheOrderOfTheEnumeration) {
    for (std::size_t i = 0; i < simulation::surfaces().size(); ++i) {
        EXPECT_EQ(static_cast<std::size_t>(simulation::surfaces()[i].type), i);
    }
    EXPECT_EQ(simulation::surface(simulation::SurfaceType::fen).lc1, "H12");
}

TEST(Surfaces, LucasLetterAgreesWithTheClass) {
    const std::string letters = "ABCDEFGH";
    for (const simulation::Surface& entry : simulation::surfaces()) {
        EXPECT_EQ(letters.find(entry.lc1.front()) + 1, static_cast<std::size_t>(entry.class_code)) << entry.lc1;
    }
}

/// True by the crossing rule for the centre of a pixel given in CRS units.
bool contains(const std::vector<std::pair<double, double>>& ring, double x, double y) {
    bool inside = false;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        const auto& [x1, y1] = ring[i];
        const auto& [x2, y2] = ring[i + 1];
        if ((y1 > y) != (y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)) {
            inside = !inside;
        }
    }
    return inside;
}

void expect_true_labels(const std::vector<SimulatedPolygon>& polygons, std::int64_t fewest, std::int64_t most) {
    const GridSpec& grid = demo().grid();
    std::set<std::int64_t> taken;
    for (const SimulatedPolygon& polygon : polygons) {
        const auto [left, right] = std::minmax_element(polygon.ring.begin(), polygon.ring.end());
        std::int64_t n = 0;
        for (std::int64_t row = 0; row < grid.height; ++row) {
            const double y = grid.center_y(row);
            if (std::abs(y - left->second) > 300) {
                continue;
            }
            for (double x = left->first + 5; x < right->first; x += 10) {
                if (!contains(polygon.ring, x, y)) {
                    continue;
                }
                const auto column = static_cast<std::int64_t>((x - grid.origin_x) / 10);
                ASSERT_EQ(pixel(demo_block().truth, 0, column, row), static_cast<float>(polygon.class_code));
                ASSERT_FALSE(std::isnan(pixel(demo_block().bands_10m, 0, column, row)));
                ASSERT_NE(pixel(demo_block().scl, 0, column / 2, row / 2), 9);
                ASSERT_TRUE(taken.insert(row * grid.width + column).second) << polygon.point_id;
                ++n;
            }
        }
        ASSERT_EQ(n, polygon.n_pixels);
        ASSERT_GE(n, fewest);
        ASSERT_LE(n, most);
        ASSERT_EQ(polygon.ring.front(), polygon.ring.back());
    }
}

constexpr std::array by_chance = {PolygonSampling::random_points, PolygonSampling::random_polygons,
                                  PolygonSampling::clustered_polygons};

std::vector<SimulatedPolygon> drawn(PolygonSampling sampling, int count = 300) {
    return demo().draw_polygons({.count = count, .sampling = sampling}, silent_progress());
}

TEST(Polygons, HoldOnlyPixelsOfTheirClassSeenClearlyAndNeverOverlap) {
    expect_true_labels(drawn(PolygonSampling::grid, 0), 10, 160);
    expect_true_labels(drawn(PolygonSampling::random_polygons), 10, 160);
    expect_true_labels(drawn(PolygonSampling::clustered_polygons), 10, 160);
    expect_true_labels(drawn(PolygonSampling::random_points), 1, 1);
}

TEST(Polygons, ByChanceAreAsManyAsWantedAndNumberedInOrder) {
    for (const PolygonSampling sampling : by_chance) {
        const auto polygons = drawn(sampling, 120);
        ASSERT_EQ(polygons.size(), 120U) << to_string(sampling);
        for (std::size_t i = 0; i < polygons.size(); ++i) {
            EXPECT_EQ(polygons[i].point_id, 10000001 + static_cast<std::int64_t>(i));
        }
    }
}

TEST(Polygons, SeedDecidesWhereTheyAre) {
    const auto rings = [](PolygonSampling sampling, std::uint64_t seed) {
        std::vector<std::vector<std::pair<double, double>>> all;
        const Landscape landscape(LandscapeOptions{.size = 400, .seed = seed});
        for (const auto& polygon : landscape.draw_polygons({.count = 30, .sampling = sampling}, silent_progress())) {
            all.push_back(polygon.ring);
        }
        return all;
    };
    for (const PolygonSampling sampling : by_chance) {
        EXPECT_EQ(rings(sampling, 1), rings(sampling, 1)) << to_string(sampling);
        EXPECT_NE(rings(sampling, 1), rings(sampling, 2)) << to_string(sampling);
    }
}

TEST(Polygons, RandomPointsFallOnClassesInProportionToTheirArea) {
    // Of pixels that the sensor saw; the counts are binomial, and five standard deviations are never exceeded.
    constexpr int n = 4000;
    std::map<std::int32_t, double> counts;
    for (const SimulatedPolygon& point : drawn(PolygonSampling::random_points, n)) {
        counts[point.class_code] += 1;
    }
    std::map<std::int32_t, double> seen;
    double total = 0;
    for (std::int64_t row = 0; row < 1098; ++row) {
        for (std::int64_t column = 0; column < 1098; ++column) {
            const float scl = pixel(demo_block().scl, 0, column / 2, row / 2);
            if (scl != 3 && scl != 8 && scl != 9 && !std::isnan(scl)) {
                seen[static_cast<std::int32_t>(pixel(demo_block().truth, 0, column, row))] += 1;
                total += 1;
            }
        }
    }
    ASSERT_EQ(seen.size(), 8U);
    for (const auto& [code, pixels] : seen) {
        const double share = pixels / total;
        EXPECT_NEAR(counts[code] / n, share, 5 * std::sqrt(share * (1 - share) / n)) << code;
    }
}

/// Share of the land further than `distance_m` from every polygon.
double share_far_from(const std::vector<SimulatedPolygon>& polygons, double distance_m) {
    int far = 0;
    int all = 0;
    for (std::int64_t row = 0; row < 1098; row += 10) {
        for (std::int64_t column = 200; column < 1098; column += 10, ++all) {
            const double x = demo().grid().center_x(column);
            const double y = demo().grid().center_y(row);
            far += std::all_of(polygons.begin(), polygons.end(),
                               [&](const SimulatedPolygon& polygon) {
                                   const auto& [px, py] = polygon.ring.front();
                                   return std::hypot(px - x, py - y) > distance_m;
                               })
                       ? 1
                       : 0;
        }
    }
    return static_cast<double>(far) / all;
}

TEST(Polygons, ClusteredLeaveLargePartsOfTheSceneWithoutAny) {
    EXPECT_GT(share_far_from(drawn(PolygonSampling::clustered_polygons), 1000), 0.4);
    EXPECT_LT(share_far_from(drawn(PolygonSampling::random_polygons), 1000), 0.05);
}

TEST(Polygons, WhereThereIsNoRoomFewerComeOut) {
    const Landscape small(LandscapeOptions{.size = 100});
    const auto polygons =
        small.draw_polygons({.count = 300, .sampling = PolygonSampling::clustered_polygons}, silent_progress());
    EXPECT_LT(polygons.size(), 200U);
    EXPECT_GT(polygons.size(), 5U);
}

TEST(PolygonSampling, UnknownWordIsRefusedWithTheNearestKnownOne) {
    try {
        (void)parse_polygon_sampling("random-polygon");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        EXPECT_NE(std::string(error.what()).find("random-polygons"), std::string::npos) << error.what();
    }
    EXPECT_EQ(parse_polygon_sampling(to_string(PolygonSampling::clustered_polygons)),
              PolygonSampling::clustered_polygons);
}

TEST(Polygons, CountAndClassesSuitCrossValidation) {
    const auto polygons = demo().draw_polygons({}, silent_progress());
    EXPECT_NEAR(static_cast<double>(polygons.size()), 1098.0 * 1098 / 4000, 40);
    std::map<std::int32_t, int> per_class;
    std::set<std::int64_t> ids;
    for (const SimulatedPolygon& polygon : polygons) {
        ++per_class[polygon.class_code];
        ids.insert(polygon.point_id);
        EXPECT_GE(polygon.point_id, 10000000);
        EXPECT_LE(polygon.point_id, 99999999);
    }
    EXPECT_EQ(ids.size(), polygons.size());
    EXPECT_EQ(per_class.size(), 8U);
    for (const auto& [code, n] : per_class) {
        EXPECT_GE(n, 10) << code;
    }
}

TEST(Polygons, CountIsRespected) {
    EXPECT_NEAR(static_cast<double>(demo().draw_polygons({.count = 100}, silent_progress()).size()), 100, 60);
    EXPECT_GT(demo().draw_polygons({.count = 500}, silent_progress()).size(), 450U);
}

TEST(LandscapeOptions, RefusesWhatIsOutOfRangeByName) {
    const auto message = [](LandscapeOptions options) -> std::string {
        try {
            const Landscape landscape(options);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::configuration);
            return error.what();
        }
        return "accepted";
    };
    EXPECT_NE(message({.size = 1099}).find("size=1099"), std::string::npos);
    EXPECT_NE(message({.size = 20000}).find("size=20000"), std::string::npos);
    EXPECT_NE(message({.n_classes = 9}).find("classes=9"), std::string::npos);
    EXPECT_NE(message({.cloud_fraction = -0.1}).find("clouds=-0.1"), std::string::npos);
    EXPECT_EQ(message({.size = 100, .n_classes = 5, .cloud_fraction = 0.5}), "accepted");
}

TEST(Landscape, OddWindowsAreRefused) {
    EXPECT_THROW((void)demo().render({1, 0, 2, 2}), Error);
    EXPECT_THROW((void)demo().render({1096, 0, 4, 2}), Error);
}

} // namespace
} // namespace lcclass
