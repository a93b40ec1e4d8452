#include "features/focal.h"

#include "features/plane_case.h"

#include <array>

namespace lcclass {
namespace {

constexpr std::array all_statistics = {FocalStatistic::mean, FocalStatistic::sd, FocalStatistic::min,
                                       FocalStatistic::max, FocalStatistic::range};

Kernel focal_of(FocalStatistic statistic, int size) {
    return [=](const PlaneView& in, const PlaneOut& out) { focal(statistic, size, in, out); };
}

std::vector<double> values_around(const PlaneCase& plane, std::int64_t x, std::int64_t y, int size) {
    std::vector<double> values;
    for (std::int64_t i = y - size / 2; i <= y + size / 2; ++i) {
        for (std::int64_t j = x - size / 2; j <= x + size / 2; ++j) {
            if (plane.holds(j, i) && !std::isnan(plane.at(j, i))) {
                values.push_back(static_cast<double>(plane.at(j, i)));
            }
        }
    }
    return values;
}

/// By the definition, in two passes.
double expected_value(FocalStatistic statistic, const std::vector<double>& values) {
    const auto [low, high] = std::ranges::minmax(values);
    double sum = 0;
    double squares = 0;
    for (const double value : values) {
        sum += value;
    }
    const double mean = sum / static_cast<double>(values.size());
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    switch (statistic) {
    case FocalStatistic::mean:
        return mean;
    case FocalStatistic::sd:
        return std::sqrt(squares / static_cast<double>(values.size()));
    case FocalStatistic::min:
        return low;
    case FocalStatistic::max:
        return high;
    case FocalStatistic::range:
        return high - low;
    }
    return 0;
}

TEST(Focal, StatisticsOfNinePixelsAreThoseOfHand) {
    const PlaneCase plane({0, 0, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
    EXPECT_EQ(run(focal_of(FocalStatistic::mean, 3), plane).at(1, 1), 5.F);
    EXPECT_FLOAT_EQ(run(focal_of(FocalStatistic::sd, 3), plane).at(1, 1), std::sqrt(60.F / 9));
    EXPECT_EQ(run(focal_of(FocalStatistic::min, 3), plane).at(1, 1), 1.F);
    EXPECT_EQ(run(focal_of(FocalStatistic::max, 3), plane).at(1, 1), 9.F);
    EXPECT_EQ(run(focal_of(FocalStatistic::range, 3), plane).at(1, 1), 8.F);
    // In the corner 1, 2, 4 and 5 are left.
    EXPECT_EQ(run(focal_of(FocalStatistic::mean, 3), plane).at(0, 0), 3.F);
    EXPECT_FLOAT_EQ(run(focal_of(FocalStatistic::sd, 3), plane).at(0, 0), std::sqrt(10.F / 4));
}

TEST(Focal, EveryPixelAgreesWithItsWindowAsDefined) {
    const PlaneCase plane = random_plane({13, 29, 41, 37}, -2, 3, .2, 1);
    for (const FocalStatistic statistic : all_statistics) {
        for (const int size : {3, 7, 15, 55, 255}) {
            const PlaneCase result = run(focal_of(statistic, size), plane);
            for (std::int64_t y = 29; y < 66; ++y) {
                for (std::int64_t x = 13; x < 54; ++x) {
                    ASSERT_EQ(std::isnan(result.at(x, y)), std::isnan(plane.at(x, y))) << x << ", " << y;
                    if (!std::isnan(plane.at(x, y))) {
                        const double expected = expected_value(statistic, values_around(plane, x, y, size));
                        ASSERT_NEAR(static_cast<double>(result.at(x, y)), expected, 5e-7) << x << ", " << y;
                    }
                }
            }
        }
    }
}

TEST(Focal, ValuesDoNotDependOnTheWindowAsked) {
    const PlaneCase plane = random_plane({0, 0, 90, 70}, 2990, 3010, .1, 2);
    for (const FocalStatistic statistic : all_statistics) {
        for (const int size : {3, 7, 31, 101}) {
            expect_same_in_windows(focal_of(statistic, size), plane, size / 2);
        }
    }
}

TEST(Focal, DeviationIsExactFarFromZero) {
    // Heights in steps of 2^-7 around 3000: exact as floats, and with them every figure below.
    const PlaneCase plane = random_plane({0, 0, 60, 60}, 0, 1, 0, 3);
    PlaneCase heights(plane.window);
    PlaneCase small(plane.window);
    for (std::size_t i = 0; i < plane.values.size(); ++i) {
        small.values[i] = plane.values[i] < .5F ? 0 : .0078125F;
        heights.values[i] = 3000 + small.values[i];
    }
    const PlaneCase far = run(focal_of(FocalStatistic::sd, 31), heights);
    const PlaneCase near = run(focal_of(FocalStatistic::sd, 31), small);
    for (std::size_t i = 0; i < near.values.size(); ++i) {
        ASSERT_FLOAT_EQ(far.values[i], near.values[i]);
    }
}

TEST(Focal, ConstantPlaneHasNoDeviation) {
    PlaneCase plane({5, 5, 20, 20});
    std::ranges::fill(plane.values, 2834.37F);
    const PlaneCase sd = run(focal_of(FocalStatistic::sd, 7), plane);
    const PlaneCase mean = run(focal_of(FocalStatistic::mean, 7), plane);
    EXPECT_TRUE(std::ranges::all_of(sd.values, [](float value) { return value == 0; }));
    EXPECT_EQ(mean.values, plane.values);
}

} // namespace
} // namespace lcclass
