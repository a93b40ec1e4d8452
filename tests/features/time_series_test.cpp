#include "features/time_series.h"

#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// A series with planes of its own.
struct Series {
    std::vector<Date> dates;
    std::vector<std::vector<float>> planes;

    [[nodiscard]] SeriesView view(std::size_t first = 0) const {
        SeriesView result{.dates = dates};
        for (const auto& plane : planes) {
            result.planes.push_back(plane.data() + first);
            result.n_pixels = static_cast<std::int64_t>(plane.size() - first);
        }
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

/// Seven dates of three pixels: six, five and one observations.
Series three_pixels() {
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

/// About a quarter of the observations is missing; some values occur more than once.
Series random_series(std::size_t n_dates, std::size_t n_pixels, std::uint64_t seed) {
    Series series;
    Rng rng(seed, n_dates);
    for (std::size_t d = 0; d < n_dates; ++d) {
        series.dates.push_back({17000 + 11 * static_cast<int>(d) + static_cast<int>(rng.below(11))});
        std::vector<float>& plane = series.planes.emplace_back();
        for (std::size_t i = 0; i < n_pixels; ++i) {
            const double value = rng.below(3) == 0 ? .25 : rng.normal();
            plane.push_back(rng.below(4) == 0 ? nan : static_cast<float>(value));
        }
    }
    return series;
}

std::vector<float> statistic(const SeriesView& series, const char* word) {
    std::vector<float> out(static_cast<std::size_t>(series.n_pixels), -77);
    const std::vector<StatisticRequest> requests = {{.statistic = parse_time_statistic(word).value(), .out = out}};
    time_statistics(series, requests);
    return out;
}

void expect_same_bits(const std::vector<float>& actual, const std::vector<float>& expected, const std::string& what) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        EXPECT_TRUE(actual[i] == expected[i] || (std::isnan(actual[i]) && std::isnan(expected[i])))
            << what << " at " << i << ": " << actual[i] << " is not " << expected[i];
    }
}

TEST(TimeStatistics, EqualNumpys) {
    // numpy 1.24 in float64, rounded to float32: nanmedian, nanmean, nanmin, nanmax, nanstd, nanpercentile.
    const Series series = three_pixels();
    const auto expect = [&](const char* word, const std::vector<float>& values) {
        expect_same_bits(statistic(series.view(), word), values, word);
    };
    expect("median", {.365F, .5F, .12F});
    expect("mean", {.325F, .518F, .12F});
    expect("min", {.07F, .25F, .12F});
    expect("max", {.55F, .9F, .12F});
    expect("sd", {.16070159F, .22885802F, 0});
    expect("amplitude", {.48000002F, .65F, 0});
    expect("p0", {.07F, .25F, .12F});
    expect("p2.5", {.08375F, .25800002F, .12F});
    expect("p10", {.125F, .282F, .12F});
    expect("p25", {.2125F, .33F, .12F});
    expect("p90", {.485F, .784F, .12F});
    expect("p100", {.55F, .9F, .12F});
    expect("count", {6, 5, 1});
    expect("first", {.31F, .5F, .12F});
    expect("last", {.42F, .33F, .12F});
}

TEST(TimeStatistics, SlopeIsThatOfThePolynomialFitPerYear) {
    // numpy.polyfit(days / 365.25, values, 1) = 0.033198006, -0.107610896
    const std::vector<float> slope = statistic(three_pixels().view(), "slope");
    EXPECT_FLOAT_EQ(slope[0], .033198006F);
    EXPECT_FLOAT_EQ(slope[1], -.107610896F);
    EXPECT_TRUE(std::isnan(slope[2])) << "one date has no slope";

    const Series line{.dates = days({"2016-05-06", "2017-05-06", "2020-05-05"}), .planes = {{.1F}, {nan}, {.5F}}};
    EXPECT_FLOAT_EQ(statistic(line.view(), "slope")[0], .4F / 1460 * 365.25F);
}

TEST(TimeStatistics, PixelsWithoutObservationsHaveACountOfZeroAndNothingElse) {
    const Series series{.dates = days({"2018-01-07", "2018-02-11"}), .planes = {{nan}, {nan}}};
    for (const std::string& word : time_statistic_words()) {
        const float value = statistic(series.view(), word.c_str())[0];
        EXPECT_TRUE(word == "count" ? value == 0 : std::isnan(value)) << word << " " << value;
    }
}

/// By definition, one pixel at a time.
double percentile_of(std::vector<double> values, double percent) {
    std::sort(values.begin(), values.end());
    const double rank = static_cast<double>(values.size() - 1) * (percent / 100);
    const auto below = static_cast<std::size_t>(rank);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (rank - static_cast<double>(below));
}

TEST(TimeStatistics, OrderStatisticsAreThoseOfSortedValuesForAnyNumberOfDates) {
    for (const std::size_t n_dates : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 16U, 17U, 31U, 68U, 130U}) {
        const Series series = random_series(n_dates, 300, 5);
        for (const auto& [word, percent] :
             {std::pair{"median", 50.0}, {"p0", 0.0}, {"p5", 5.0}, {"p33.3", 33.3}, {"p75", 75.0}, {"p100", 100.0}}) {
            const std::vector<float> out = statistic(series.view(), word);
            for (std::size_t i = 0; i < out.size(); ++i) {
                std::vector<double> values;
                for (const auto& plane : series.planes) {
                    if (!std::isnan(plane[i])) {
                        values.push_back(static_cast<double>(plane[i]));
                    }
                }
                if (values.empty()) {
                    EXPECT_TRUE(std::isnan(out[i]));
                } else {
                    EXPECT_NEAR(out[i], percentile_of(values, percent), 2e-7 * std::max(1.0, std::abs(double(out[i]))))
                        << word << " of " << n_dates << " dates at " << i;
                }
            }
        }
    }
}

TEST(TimeStatistics, AskedTogetherOrAloneAndWhereverTheWindowBeginsTheyAreTheSame) {
    const Series series = random_series(12, 1000, 8);
    const std::vector<std::string> words = time_statistic_words();
    const SeriesView late = series.view(123);
    std::vector<std::vector<float>> outs(words.size(), std::vector<float>(static_cast<std::size_t>(late.n_pixels)));
    std::vector<StatisticRequest> requests;
    for (std::size_t k = 0; k < words.size(); ++k) {
        requests.push_back({.statistic = parse_time_statistic(words[k]).value(), .out = outs[k]});
    }
    time_statistics(late, requests);
    for (std::size_t k = 0; k < words.size(); ++k) {
        const std::vector<float> all = statistic(series.view(), words[k].c_str());
        expect_same_bits(outs[k], {all.begin() + 123, all.end()}, words[k]);
    }
}

TEST(TimeStatistic, WordsReadBack) {
    std::vector<std::string> words = time_statistic_words();
    for (const char* word : {"p0", "p2.5", "p50", "p99.9", "p100"}) {
        words.emplace_back(word);
    }
    for (const std::string& word : words) {
        ASSERT_TRUE(parse_time_statistic(word)) << word;
        EXPECT_EQ(to_string(*parse_time_statistic(word)), word);
    }
    EXPECT_EQ(parse_time_statistic("p2.5"), (TimeStatistic{.kind = TimeStatisticKind::percentile, .percent = 2.5}));
}

TEST(TimeStatistic, OtherTextsAreNone) {
    for (const char* text : {"", "p", "p-1", "p100.1", "pnan", "p1e1", "p010", "p10.0", "P10", "Median", "medoid"}) {
        EXPECT_FALSE(parse_time_statistic(text)) << text;
    }
}

} // namespace
} // namespace lcclass
