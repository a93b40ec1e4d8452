#include "features/gap_fill.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Case {
    std::vector<Date> dates;
    std::vector<std::vector<float>> planes;

    [[nodiscard]] std::vector<std::vector<float>> filled(const std::vector<Date>& asked, bool hold_ends) const {
        SeriesView series{.dates = dates, .n_pixels = static_cast<std::int64_t>(planes.front().size())};
        for (const auto& plane : planes) {
            series.planes.push_back(plane.data());
        }
        std::vector result(asked.size(), std::vector<float>(planes.front().size()));
        const std::vector<std::span<float>> outs(result.begin(), result.end());
        fill_gaps(series, {.dates = asked, .out = outs, .hold_ends = hold_ends});
        return result;
    }
};

std::vector<Date> days(const std::vector<const char*>& texts) {
    std::vector<Date> result;
    for (const char* text : texts) {
        result.push_back(parse_date(text).value());
    }
    return result;
}

Case three_pixels() {
    return {.dates = days(
                {"2018-01-07", "2018-02-11", "2018-04-20", "2018-06-01", "2018-07-19", "2018-10-02", "2019-03-05"}),
            .planes = {{.31F, nan, .12F},
                       {.42F, .5F, nan},
                       {nan, .25F, nan},
                       {.07F, .9F, nan},
                       {.55F, nan, nan},
                       {.18F, .61F, nan},
                       {.42F, .33F, nan}}};
}

const std::vector<const char*> asked = {"2018-01-01", "2018-02-11", "2018-03-01",
                                        "2018-06-15", "2019-03-05", "2019-04-01"};

void expect_planes(const std::vector<std::vector<float>>& actual, const std::vector<std::vector<float>>& expected) {
    for (std::size_t t = 0; t < expected.size(); ++t) {
        for (std::size_t i = 0; i < expected[t].size(); ++i) {
            EXPECT_TRUE(actual[t][i] == expected[t][i] || (std::isnan(actual[t][i]) && std::isnan(expected[t][i])))
                << asked[t] << " pixel " << i << ": " << actual[t][i] << " is not " << expected[t][i];
        }
    }
}

TEST(GapFill, EqualsNumpysInterpolationBetweenTheObservations) {
    // numpy.interp(asked, days[valid], values[valid], left=nan, right=nan), rounded to float32
    expect_planes(three_pixels().filled(days(asked), false), {{nan, nan, nan},
                                                              {.42F, .5F, nan},
                                                              {.36272725F, .43382353F, nan},
                                                              {.21000001F, .8669919F, nan},
                                                              {.42F, .33F, nan},
                                                              {nan, nan, nan}});
}

TEST(GapFill, HoldsTheNearestObservationOutsideWhenAsked) {
    // numpy.interp(asked, days[valid], values[valid])
    expect_planes(three_pixels().filled(days(asked), true), {{.31F, .5F, .12F},
                                                             {.42F, .5F, .12F},
                                                             {.36272725F, .43382353F, .12F},
                                                             {.21000001F, .8669919F, .12F},
                                                             {.42F, .33F, .12F},
                                                             {.42F, .33F, .12F}});
}

TEST(GapFill, IsLinearInDays) {
    // Day 3 of 10 between 1 and 2, and the observations themselves.
    const Case line{.dates = {{100}, {110}}, .planes = {{1}, {2}}};
    const auto filled = line.filled({{100}, {103}, {110}}, false);
    EXPECT_EQ(filled, (std::vector<std::vector<float>>{{1}, {1.3F}, {2}}));
}

TEST(GapFill, PixelsWithoutAnyObservationStayWithout) {
    const Case empty{.dates = {{100}, {110}}, .planes = {{nan}, {nan}}};
    for (const auto& plane : empty.filled({{90}, {100}, {105}, {120}}, true)) {
        EXPECT_TRUE(std::isnan(plane[0]));
    }
}

TEST(GapFill, ObservedDatesReturnWhatWasObserved) {
    const Case series = three_pixels();
    const auto filled = series.filled(series.dates, false);
    for (std::size_t d = 0; d < series.dates.size(); ++d) {
        for (std::size_t i = 0; i < 3; ++i) {
            if (!std::isnan(series.planes[d][i])) {
                EXPECT_EQ(filled[d][i], series.planes[d][i]);
            }
        }
    }
}

} // namespace
} // namespace lcclass
