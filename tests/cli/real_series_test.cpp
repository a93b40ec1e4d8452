#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/date.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

// Real series of scenes: what the binary makes of their dates, against plain loops over the files.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;

using Plane = std::vector<float>;

std::map<std::string, Plane> planes_of(const fs::path& file) {
    const RasterFile raster = open_raster(file);
    const PixelBlock block = test::read_all(*raster.source);
    std::map<std::string, Plane> planes;
    for (std::size_t b = 0; b < raster.source->bands().size(); ++b) {
        planes[raster.source->bands()[b].name] = test::band_of(block, static_cast<int>(b));
    }
    return planes;
}

/// What is left of pixel `i` of planes in order of time.
std::vector<double> observations(const std::vector<Plane>& planes, std::size_t i) {
    std::vector<double> values;
    for (const Plane& plane : planes) {
        if (!std::isnan(plane[i])) {
            values.push_back(static_cast<double>(plane[i]));
        }
    }
    return values;
}

float median_of(std::vector<double> values) {
    if (values.empty()) {
        return test::nan_value;
    }
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return static_cast<float>(values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
}

/// On `day`, from the line between the nearest observations on `days`; NaN outside of them.
float line_at(const std::vector<Plane>& planes, const std::vector<int>& days, std::size_t i, int day) {
    int before = -1;
    int after = -1;
    for (std::size_t d = 0; d < days.size(); ++d) {
        if (!std::isnan(planes[d][i]) && days[d] <= day) {
            before = static_cast<int>(d);
        }
        if (!std::isnan(planes[d][i]) && days[d] >= day && after < 0) {
            after = static_cast<int>(d);
        }
    }
    if (before < 0 || after < 0) {
        return test::nan_value;
    }
    const auto b = static_cast<std::size_t>(before);
    const auto a = static_cast<std::size_t>(after);
    const auto first = static_cast<double>(planes[b][i]);
    const auto last = static_cast<double>(planes[a][i]);
    return static_cast<float>(a == b ? first : first + (last - first) * (day - days[b]) / (days[a] - days[b]));
}

class RealSeries : public test::CliTest {
protected:
    [[nodiscard]] std::vector<std::string> names(const std::string& file) const {
        return band_names(*open_raster(path(file)).source);
    }

    /// Overall accuracy of random folds and blocks of 150 m on the label raster, pooled over the folds.
    [[nodiscard]] std::map<std::string, double> accuracies(const std::string& stack) const {
        succeed({"rasterize", "-i", (slovenia() / "LULC.tif").string(), "--like", stack, "-o", "labels.tif",
                 "--overwrite"});
        succeed({"sample", "--stack", stack, "--labels", "labels.tif", "-o", "samples.gpkg", "--overwrite"});
        succeed({"cv", "--samples", "samples.gpkg", "--schemes", "random,spatial-block", "--block-size", "150",
                 "--seed", "1", "--variograms", "false", "--bootstrap-replicates", "0", "-o", "cv.json",
                 "--overwrite"});
        std::map<std::string, double> result;
        const auto figures = nlohmann::json::parse(bytes("cv.json")).at("schemes");
        for (const auto& [scheme, figure] : figures.items()) {
            const auto matrix = figure.at("confusion").at("matrix").get<std::vector<std::vector<double>>>();
            double right = 0;
            double all = 0;
            for (std::size_t i = 0; i < matrix.size(); ++i) {
                right += matrix[i][i];
                all += std::accumulate(matrix[i].begin(), matrix[i].end(), 0.0);
            }
            EXPECT_EQ(all, 9945) << scheme;
            result[scheme] = right / all;
        }
        return result;
    }

    static fs::path slovenia() { return fs::absolute(test::shared_data()) / "slovenia_s2_series"; }

    /// A stack of the five dates of 2015, two of them under clouds.
    void stack_slovenia(const std::string& output, const Arguments& options) const {
        Arguments arguments = {"stack", "--radiometry", "none", "--mask", "CLM=1", "-o", output, "-i"};
        for (const std::string& date : dates_2015) {
            arguments.push_back("@" + date + "=" + file_of("S2L1C", date).string());
            arguments.push_back("CLM@" + date + "=" + file_of("CLM", date).string());
        }
        arguments.insert(arguments.end(), options.begin(), options.end());
        succeed(arguments);
    }

    static fs::path file_of(const std::string& what, std::string date) {
        std::erase(date, '-');
        return slovenia() / (what + "_" + date + ".tif");
    }

    /// By band, the planes of the five dates without clouds.
    static std::map<std::string, std::vector<Plane>> clear_planes() {
        std::map<std::string, std::vector<Plane>> series;
        for (const std::string& date : dates_2015) {
            const Plane clouds = planes_of(file_of("CLM", date)).begin()->second;
            for (auto& [name, plane] : planes_of(file_of("S2L1C", date))) {
                for (std::size_t i = 0; i < plane.size(); ++i) {
                    plane[i] = clouds[i] == 1 ? test::nan_value : plane[i];
                }
                series[name].push_back(plane);
            }
        }
        return series;
    }

    static inline const std::vector<std::string> dates_2015 = {"2015-07-11", "2015-07-31", "2015-08-20", "2015-08-30",
                                                               "2015-09-09"};
};

TEST_F(RealSeries, CloudySlovenianDatesAreLeftOut) {
    LCCLASS_REQUIRE_SHARED_DATA();
    stack_slovenia("stack.tif", {"--features", "B08,NDVI", "--scene-report", "scenes.json"});
    EXPECT_EQ(names("stack.tif"), (std::vector<std::string>{"B08@2015-07-11", "B08@2015-08-30", "B08@2015-09-09",
                                                            "NDVI@2015-07-11", "NDVI@2015-08-30", "NDVI@2015-09-09"}));
    const auto scenes = nlohmann::json::parse(bytes("scenes.json")).at("scenes");
    ASSERT_EQ(scenes.size(), 5U);
    for (std::size_t s = 0; s < scenes.size(); ++s) {
        EXPECT_EQ(scenes[s].at("date"), dates_2015[s]);
        EXPECT_EQ(scenes[s].at("used"), s != 1 && s != 2);
    }
    const auto made = planes_of(path("stack.tif"));
    for (const std::size_t d : {0U, 3U, 4U}) {
        auto bands = planes_of(file_of("S2L1C", dates_2015[d]));
        test::expect_same(made.at("B08@" + dates_2015[d]), bands.at("B08"));
        Plane ndvi;
        std::ranges::transform(bands.at("B08"), bands.at("B04"), std::back_inserter(ndvi),
                               [](double nir, double red) { return static_cast<float>((nir - red) / (nir + red)); });
        test::expect_same(made.at("NDVI@" + dates_2015[d]), ndvi);
    }
}

TEST_F(RealSeries, SlovenianCompositesAndFilledGapsEqualPlainLoops) {
    LCCLASS_REQUIRE_SHARED_DATA();
    stack_slovenia("median.tif", {"--min-valid", "0", "--composite", "median"});
    stack_slovenia("filled.tif", {"--min-valid", "0", "--gap-fill", "2015-07-11,2015-09-09,10"});
    const auto medians = planes_of(path("median.tif"));
    const auto filled = planes_of(path("filled.tif"));
    const auto series = clear_planes();
    ASSERT_EQ(medians.size(), 13U);
    ASSERT_EQ(filled.size(), 13U * 7);
    std::vector<int> days;
    std::ranges::transform(dates_2015, std::back_inserter(days),
                           [](const std::string& date) { return parse_date(date).value().days; });
    for (const auto& [band, planes] : series) {
        Plane expected;
        for (std::size_t i = 0; i < planes[0].size(); ++i) {
            expected.push_back(median_of(observations(planes, i)));
        }
        test::expect_same(medians.at(band + "@median"), expected);
        for (int day = days.front(); day <= days.back(); day += 10) {
            const Plane& plane = filled.at(band + "@" + to_string(Date{day}));
            for (std::size_t i = 0; i < plane.size(); ++i) {
                expected[i] = line_at(planes, days, i, day);
            }
            test::expect_same(plane, expected, 1e-7F);
        }
    }
}

TEST_F(RealSeries, ThreeClearSlovenianDatesBeatOne) {
    LCCLASS_REQUIRE_SHARED_DATA();
    succeed({"stack", "--radiometry", "none", "-o", "one.tif", "-i", file_of("S2L1C", "2015-07-11").string()});
    stack_slovenia("three.tif", {});
    const auto one = accuracies("one.tif");
    const auto three = accuracies("three.tif");
    EXPECT_NEAR(one.at("random"), 0.936, 0.02);
    EXPECT_NEAR(one.at("spatial-block"), 0.906, 0.02);
    EXPECT_NEAR(three.at("random"), 0.944, 0.02);
    EXPECT_NEAR(three.at("spatial-block"), 0.910, 0.02);
    EXPECT_GT(three.at("random"), one.at("random"));
    EXPECT_GT(three.at("spatial-block"), one.at("spatial-block"));
}

TEST_F(RealSeries, MaskedSlovenianPercentilesBeatUnmasked) {
    LCCLASS_REQUIRE_SHARED_DATA();
    Arguments stack = {"stack",
                       "--radiometry",
                       "none",
                       "--min-valid",
                       "0",
                       "--features",
                       "NDVI@p10,NDVI@p50,NDVI@p90",
                       "-o",
                       "unmasked.tif",
                       "-i",
                       "NDVI@=" + (slovenia() / "NDVI_68dates.tif").string()};
    succeed(stack);
    const auto unmasked = accuracies("unmasked.tif");
    stack.insert(stack.end(), {"CLM@=" + (slovenia() / "CLM_68dates.tif").string(), "--mask", "CLM=1"});
    *std::ranges::find(stack, "unmasked.tif") = "masked.tif";
    succeed(stack);
    const auto masked = accuracies("masked.tif");
    EXPECT_NEAR(masked.at("random"), 0.905, 0.02);
    EXPECT_NEAR(unmasked.at("random"), 0.829, 0.02);
    EXPECT_GE(masked.at("random") - unmasked.at("random"), 0.05);
    EXPECT_GE(masked.at("spatial-block") - unmasked.at("spatial-block"), 0.05);
}

TEST_F(RealSeries, MedianOfLandsatUnderFmaskEqualsPlainLoops) {
    LCCLASS_REQUIRE_SHARED_DATA();
    Arguments stack = {"stack",
                       "--radiometry",
                       "none",
                       "--min-valid",
                       "0",
                       "--composite",
                       "median",
                       "--rename",
                       "FMASK=fmask",
                       "--mask",
                       "FMASK=shadow,snow,cloud,fill",
                       "-o",
                       "median.tif",
                       "-i"};
    std::map<std::string, std::vector<Plane>> series;
    for (const auto& entry : fs::directory_iterator(fs::absolute(test::shared_data()) / "landsat_series")) {
        const std::string scene = entry.path().filename().string();
        stack.push_back(entry.path().string());
        const Plane codes = planes_of(entry.path() / (scene + "_fmask.tif")).begin()->second;
        for (const std::string band : {"b3", "b4", "b5"}) {
            Plane plane = planes_of(entry.path() / (scene + "_" + band + ".tif")).begin()->second;
            for (std::size_t i = 0; i < plane.size(); ++i) {
                plane[i] = codes[i] > 1 || plane[i] == -9999 ? test::nan_value : plane[i];
            }
            series[band].push_back(plane);
        }
    }
    ASSERT_EQ(series["b3"].size(), 16U);
    succeed(stack);
    const auto medians = planes_of(path("median.tif"));
    for (const auto& [band, planes] : series) {
        Plane expected;
        for (std::size_t i = 0; i < planes[0].size(); ++i) {
            expected.push_back(median_of(observations(planes, i)));
        }
        test::expect_same(medians.at(band + "@median"), expected);
    }
}

} // namespace
} // namespace lcclass
