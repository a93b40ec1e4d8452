#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

// Scenes of several dates: masks, the share of valid pixels, composites, gap filling and another year.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::RasterCase;
using test::TinyScene;

/// Every date has a sixth of the scene under clouds, another sixth each.
bool is_cloudy(int date, int column, int row) {
    return (column / 5 + row / 5 + date) % 6 == 0;
}

Arguments joined(Arguments first, const Arguments& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

class Dates : public test::CliTest {
protected:
    /// `B04`, `B08` and the clouds `CLM` of four dates; the inputs that name them.
    [[nodiscard]] Arguments series(const std::vector<std::string>& dates) const {
        Arguments inputs;
        for (std::size_t d = 0; d < dates.size(); ++d) {
            const int date = static_cast<int>(d);
            const std::string folder = dates[d] + "/";
            for (const int band : {2, 3}) {
                RasterCase raster = test::tiny_band(band);
                raster.bands = {test::values_of(test::tiny_size, test::tiny_size, [&](int column, int row) {
                    return is_cloudy(date, column, row)
                               ? 9000
                               : test::tiny_number(band, column, row) + 70 * date * (band == 2 ? 1 : -1);
                })};
                inputs.push_back(add(folder, band == 2 ? "B04" : "B08", dates[d], raster));
            }
            RasterCase clouds = test::tiny_band(0);
            clouds.bands = {test::values_of(test::tiny_size, test::tiny_size,
                                            [&](int column, int row) { return is_cloudy(date, column, row) ? 1 : 0; })};
            inputs.push_back(add(folder, "CLM", dates[d], clouds));
        }
        return inputs;
    }

    /// A band of one row of pixels, of `date` when there is one; the input that names it.
    [[nodiscard]] std::string row(const std::string& name, const std::string& date,
                                  const std::vector<double>& numbers) const {
        RasterCase raster = test::tiny_band(0);
        raster.width = static_cast<int>(numbers.size());
        raster.height = 1;
        raster.bands = {numbers};
        return add("row" + date + "/", name, date, raster);
    }

    /// Three pixels on three days of May: always clear, clouds on the second, clear on the third day alone.
    [[nodiscard]] Arguments may() const {
        return {row("B04", "2018-05-01", {1000, 1000, 9000}), row("CLM", "2018-05-01", {0, 0, 1}),
                row("B04", "2018-05-11", {2000, 9000, 9000}), row("CLM", "2018-05-11", {0, 1, 1}),
                row("B04", "2018-05-31", {4000, 5000, 4000}), row("CLM", "2018-05-31", {0, 0, 0})};
    }

    test::ProcessResult stack(const Arguments& inputs, const Arguments& options,
                              const std::string& radiometry = "none") const {
        return succeed(stack_of(inputs, options, radiometry));
    }

    [[nodiscard]] static Arguments stack_of(const Arguments& inputs, const Arguments& options,
                                            const std::string& radiometry = "none") {
        Arguments arguments = {"stack", "--radiometry", radiometry, "-o", "stack.tif", "--overwrite", "-i"};
        return joined(joined(arguments, inputs), options);
    }

    [[nodiscard]] std::vector<float> values(int number, const std::string& file = "stack.tif") const {
        return test::band_of(test::read_all(*open_raster(path(file)).source), number);
    }

    [[nodiscard]] std::vector<std::string> names() const { return band_names(*open_raster(path("stack.tif")).source); }

    void train() const {
        succeed({"rasterize", "-i", TinyScene::get().polygons(), "--class-field", "cid", "--like", "stack.tif", "-o",
                 "labels.tif"});
        succeed({"sample", "--stack", "stack.tif", "--labels", "labels.tif", "-o", "samples.gpkg"});
        succeed({"train", "--samples", "samples.gpkg", "--n-estimators", "15", "-o", "model.lcm"});
    }

    [[nodiscard]] static Arguments predict_of(const Arguments& inputs, const std::string& output) {
        return joined({"predict", "-m", "model.lcm", "--block-pixels", "16", "-o", output, "-i"}, inputs);
    }

private:
    [[nodiscard]] std::string add(const std::string& folder, const std::string& name, const std::string& date,
                                  const RasterCase& raster) const {
        const std::string file = path(folder + name + ".tif");
        test::write_raster(file, raster);
        return name + (date.empty() ? "" : "@" + date) + "=" + file;
    }
};

const std::vector<std::string> year_2018 = {"2018-05-06", "2018-05-26", "2018-06-15", "2018-07-05"};
const std::vector<std::string> year_2019 = {"2019-05-06", "2019-05-26", "2019-06-15", "2019-07-05"};

/// A request for features, under the name of its test.
struct Request {
    std::string name;
    Arguments options;
    int dilation = 0;
};

std::ostream& operator<<(std::ostream& stream, const Request& request) {
    return stream << request.name;
}

std::string name_of_request(const testing::TestParamInfo<Request>& info) {
    return info.param.name;
}

class DatedChain : public Dates, public testing::WithParamInterface<Request> {
protected:
    [[nodiscard]] Arguments options() const {
        return joined(GetParam().options,
                      {"--mask", "CLM=1", "--min-valid", "0", "--mask-dilate", std::to_string(GetParam().dilation)});
    }
};

TEST_P(DatedChain, MapOfTheScenesIsThatOfTheStackAndSoIsAnotherYears) {
    const Arguments inputs = series(year_2018);
    stack(inputs, options(), test::tiny_radiometry);
    train();
    succeed(predict_of({"stack.tif"}, "of_stack.tif"));
    succeed(predict_of(inputs, "of_scenes.tif"));
    EXPECT_TRUE(bytes("of_stack.tif") == bytes("of_scenes.tif"));
    const auto result = succeed(predict_of(series(year_2019), "of_2019.tif"));
    EXPECT_TRUE(bytes("of_stack.tif") == bytes("of_2019.tif"));
    EXPECT_THAT(result.errors, testing::HasSubstr("moved by 1 year to"));
    const auto map = values(0, "of_scenes.tif");
    for (const float code : {1.0F, 2.0F, 3.0F}) {
        EXPECT_GT(std::ranges::count(map, code), 20) << code;
    }
}

TEST_P(DatedChain, StackIsTheSameOnAnyThreads) {
    const Arguments inputs = series(year_2018);
    stack(inputs, joined(options(), {"-t", "1"}), test::tiny_radiometry);
    const std::string one = bytes("stack.tif");
    stack(inputs, joined(options(), {"-t", "3"}), test::tiny_radiometry);
    EXPECT_TRUE(bytes("stack.tif") == one);
}

INSTANTIATE_TEST_SUITE_P(
    Of, DatedChain,
    testing::Values(
        Request{.name = "EveryDate", .options = {"--features", "NDVI,B04"}},
        Request{.name = "Median", .options = {"--features", "B04,B08,NDVI", "--composite", "median"}, .dilation = 2},
        Request{.name = "Medoid", .options = {"--features", "B04,B08", "--composite", "medoid"}},
        Request{.name = "Months", .options = {"--features", "B04,B08", "--composite", "mean", "--period", "month"}},
        Request{
            .name = "GapFilling",
            .options = {"--features", "B04,NDVI", "--gap-fill", "2018-05-06,2018-07-05,20", "--gap-fill-ends", "hold"},
            .dilation = 1},
        Request{.name = "Statistics",
                .options = {"--features", "NDVI@p10,NDVI@p90,NDVI@amplitude,B04@count,B08@first"}},
        Request{.name = "SurroundingsOfComposites",
                .options = {"--features", "B08,FOCAL_MEAN(B04,3),GLCM_CONTRAST(NDVI,3,8)", "--composite", "median"}},
        Request{
            .name = "ComponentsOfDates",
            .options = {"--features", "PC1,PC2", "--pca", "B04@median,B08@median,B08@max", "--pca-components", "2"}},
        Request{.name = "DifferencesOfDates",
                .options = {"--features", "DIFF=B08@2018-07-05-B08@2018-05-06,B04@median:2018-05"}}),
    name_of_request);

TEST_F(Dates, GapsAreFilledByLinesBetweenClearDays) {
    const Arguments fill = {"--mask", "CLM=1", "--min-valid", "0", "--gap-fill", "2018-05-01,2018-05-31,10"};
    stack(may(), fill);
    EXPECT_EQ(names(),
              (std::vector<std::string>{"B04@2018-05-01", "B04@2018-05-11", "B04@2018-05-21", "B04@2018-05-31"}));
    // The second pixel climbs from 1000 to 5000 in 30 days.
    test::expect_same(values(0), {1000, 1000, test::nan_value});
    test::expect_same(values(1), {2000, 1000 + 4000.0F / 3, test::nan_value}, 1e-3F);
    test::expect_same(values(2), {3000, 1000 + 8000.0F / 3, test::nan_value}, 1e-3F);
    test::expect_same(values(3), {4000, 5000, 4000});
    stack(may(), joined(fill, {"--gap-fill-ends", "hold"}));
    for (int date = 0; date < 4; ++date) {
        EXPECT_EQ(values(date)[2], 4000);
    }
}

TEST_F(Dates, CompositesAreOfClearDaysAlone) {
    const Arguments masked = {"--mask", "CLM=1", "--min-valid", "0", "--composite"};
    stack(may(), joined(masked, {"median"}));
    EXPECT_EQ(names(), std::vector<std::string>{"B04@median"});
    test::expect_same(values(0), {2000, 3000, 4000});
    stack(may(), joined(masked, {"medoid"}));
    test::expect_same(values(0), {2000, 1000, 4000}); // the earlier of two that are equally far from each other
    stack(may(), joined(masked, {"p25"}));
    test::expect_same(values(0), {1500, 2000, 4000});
    stack(may(), {"--min-valid", "0", "--composite", "max", "--features", "B04"});
    test::expect_same(values(0), {4000, 9000, 9000});
}

TEST_F(Dates, CompositesOfPeriodsAreNamedByThem) {
    const Arguments inputs = {row("B04", "2018-05-01", {1000}), row("B04", "2018-05-11", {2000}),
                              row("B04", "2018-06-10", {7000})};
    stack(inputs, {"--composite", "mean", "--period", "month"});
    EXPECT_EQ(names(), (std::vector<std::string>{"B04@mean:2018-05", "B04@mean:2018-06"}));
    EXPECT_EQ(values(0)[0], 1500);
    EXPECT_EQ(values(1)[0], 7000);
    stack(inputs, {"--composite", "mean", "--period", "season"});
    EXPECT_EQ(names(), (std::vector<std::string>{"B04@mean:MAM", "B04@mean:JJA"}));
    stack(inputs, {"--composite", "mean", "--period", "year"});
    EXPECT_EQ(names(), std::vector<std::string>{"B04@mean:2018"});
    EXPECT_NEAR(values(0)[0], 10000.0 / 3, 1e-3);
}

TEST_F(Dates, CompositesThatAreNoneAreRefused) {
    test::expect_refusal(run(stack_of(may(), {"--composite", "medain", "--min-valid", "0"})), 3,
                         {"medain", "did you mean 'median'"});
    test::expect_refusal(run(stack_of(may(), {"--composite", "median", "--period", "week"})), 2, {"week", "month"});
    test::expect_refusal(run(stack_of(may(), {"--composite", "median", "--gap-fill", "2018-05-01,2018-05-31,10"})), 2,
                         {"--composite=median", "--gap-fill"});
    test::expect_refusal(run(stack_of(may(), {"--period", "month"})), 2, {"--period=month", "--composite"});
    test::expect_refusal(run(stack_of(may(), {"--gap-fill", "2018-05-31,2018-05-01,10"})), 2, {"--gap-fill"});
    test::expect_refusal(run(stack_of(may(), {"--features", "B04@2018-05-02", "--min-valid", "0"})), 3,
                         {"2018-05-02", "2018-05-01 2018-05-11 2018-05-31"});
}

TEST_F(Dates, DatesWithTooFewValidPixelsAreLeftOutAndReported) {
    const Arguments inputs = {row("B04", "2018-05-01", {1, 2, 3, 4}), row("CLM", "2018-05-01", {0, 0, 0, 0}),
                              row("B04", "2018-05-11", {1, 2, 3, 4}), row("CLM", "2018-05-11", {0, 1, 0, 0}),
                              row("B04", "2018-05-21", {1, 2, 3, 4}), row("CLM", "2018-05-21", {1, 1, 1, 1})};
    const auto result = stack(inputs, {"--mask", "CLM=1", "--scene-report", "scenes.json"});
    EXPECT_EQ(names(), std::vector<std::string>{"B04@2018-05-01"});
    EXPECT_THAT(result.output, testing::HasSubstr("dates: 1 of 3"));
    EXPECT_THAT(result.errors,
                testing::HasSubstr("2018-05-11: 75 % of the pixels are valid, less than 80 %: left out"));
    const auto report = nlohmann::json::parse(bytes("scenes.json"));
    EXPECT_EQ(report.at("min_valid"), 0.8);
    ASSERT_EQ(report.at("scenes").size(), 3U);
    const auto& cloudy = report.at("scenes")[1];
    EXPECT_EQ(cloudy.at("date"), "2018-05-11");
    EXPECT_EQ(cloudy.at("pixels"), 4);
    EXPECT_EQ(cloudy.at("valid"), 3);
    EXPECT_EQ(cloudy.at("share"), 0.75);
    EXPECT_EQ(cloudy.at("used"), false);
    EXPECT_EQ(cloudy.at("blocks")[0].at("window"), nlohmann::json({0, 0, 4, 1}));
    EXPECT_EQ(cloudy.at("blocks")[0].at("valid"), 3);
    EXPECT_EQ(report.at("scenes")[0].at("used"), true);
    EXPECT_EQ(report.at("stack").at("blocks")[0].at("valid"), 4);
    stack(inputs, {"--mask", "CLM=1", "--min-valid", "0.75"});
    EXPECT_EQ(names(), (std::vector<std::string>{"B04@2018-05-01", "B04@2018-05-11"}));
    test::expect_same(values(1), {1, test::nan_value, 3, 4});
}

TEST_F(Dates, NoDateWithEnoughValidPixelsIsAnError) {
    const Arguments inputs = {row("B04", "2018-05-01", {1, 2}), row("CLM", "2018-05-01", {0, 1}),
                              row("B04", "2018-05-11", {1, 2}), row("CLM", "2018-05-11", {1, 0})};
    test::expect_refusal(run(stack_of(inputs, {"--mask", "CLM=1"})), 4, {"--min-valid=0.8", "no date"});
    EXPECT_FALSE(fs::exists(path("stack.tif")));
}

TEST_F(Dates, MasksAreWidenedByADisc) {
    RasterCase clouds = test::tiny_band(0);
    const auto is_cloud = [](int column, int row) { return (column == 10 && row == 12) || (column == 39 && row == 0); };
    clouds.bands = {test::values_of(test::tiny_size, test::tiny_size,
                                    [&](int column, int row) { return is_cloud(column, row) ? 1 : 0; })};
    test::write_raster(path("CLM.tif"), clouds);
    test::write_raster(path("B04.tif"), test::tiny_band(2));
    stack({"B04=B04.tif", "CLM=CLM.tif"}, {"--features", "B04", "--mask", "CLM=1", "--mask-dilate", "3"});
    const auto band = values(0);
    for (int row = 0; row < test::tiny_size; ++row) {
        for (int column = 0; column < test::tiny_size; ++column) {
            const auto near = [&](int x, int y) { return (column - x) * (column - x) + (row - y) * (row - y) <= 9; };
            EXPECT_EQ(std::isnan(band[test::tiny_index(column, row)]), near(10, 12) || near(39, 0))
                << column << " " << row;
        }
    }
}

TEST_F(Dates, HolesAreFilledFromAnotherStack) {
    const Arguments masked = {row("B04", "", {1, 2, 3}), row("B08", "", {4, 5, 6}), row("CLM", "", {0, 1, 1})};
    fs::rename(path("row"), path("winter"));
    stack({"B04=winter/B04.tif", "B08=winter/B08.tif"}, {"--features", "B04"});
    fs::rename(path("stack.tif"), path("filling.tif"));
    const auto result = stack({"B04=winter/B04.tif", "B08=winter/B08.tif", "CLM=winter/CLM.tif"},
                              {"--features", "B04,B08", "--mask", "CLM=1", "--fill-from", "filling.tif"});
    test::expect_same(values(0), {1, 2, 3});
    test::expect_same(values(1), {4, test::nan_value, test::nan_value});
    EXPECT_THAT(result.output, testing::HasSubstr("B04 filled from filling.tif at 2 pixels"));
    test::write_raster(path("B04.tif"), test::tiny_band(2));
    test::expect_refusal(run(stack_of({"B04=B04.tif"}, {"--fill-from", "filling.tif"})), 4, {"filling.tif"});
}

TEST_F(Dates, AnotherYearNeedsAsManyDatesOfTheSameSeason) {
    stack(series(year_2018), {"--features", "B04,B08", "--mask", "CLM=1"}, test::tiny_radiometry);
    train();
    test::expect_refusal(run(predict_of(series({"2019-05-06", "2019-05-26", "2019-06-15"}), "map.tif")), 5,
                         {"dates", "there are 3", "2018-07-05"});
    test::expect_refusal(run(predict_of(series({"2019-05-06", "2019-05-26", "2019-06-15", "2019-09-05"}), "map.tif")),
                         5, {"2019-09-05", "2018-07-05"});
    EXPECT_FALSE(fs::exists(path("map.tif")));
}

TEST_F(Dates, MapIsMadeOfBandsNamedByDaysTwoOfThemTheSame) {
    RasterCase ndvi = test::tiny_band(0);
    ndvi.names = {"2018-05-06", "2018-05-06", "2018-06-15"};
    ndvi.bands = {test::tiny_band(0).bands[0], test::tiny_band(1).bands[0], test::tiny_band(2).bands[0]};
    test::write_raster(path("ndvi.tif"), ndvi);
    stack({"NDVI@=ndvi.tif"}, {"--features", "NDVI,NDVI@max"});
    EXPECT_EQ(names(),
              (std::vector<std::string>{"NDVI@2018-05-06", "NDVI@2018-05-06.2", "NDVI@2018-06-15", "NDVI@max"}));
    train();
    succeed(predict_of({"stack.tif"}, "of_stack.tif"));
    succeed(predict_of({"NDVI@=ndvi.tif"}, "of_raster.tif"));
    EXPECT_TRUE(bytes("of_stack.tif") == bytes("of_raster.tif"));
}

TEST_F(Dates, MapOfPixelsThatAreNotSquareIsMadeOfTheScenesToo) {
    const std::array<double, 6> tall = {600000, 10, 0, 5100000 + 10.5 * test::tiny_size, 0, -10.5};
    for (const int band : {2, 3}) {
        RasterCase raster = test::tiny_band(band);
        raster.transform = tall;
        test::write_raster(path(band == 2 ? "B04.tif" : "B08.tif"), raster);
    }
    const Arguments inputs = {"B04=B04.tif", "B08=B08.tif"};
    stack(inputs, {"--features", "B04,B08,NDVI"});
    train();
    succeed(predict_of({"stack.tif"}, "of_stack.tif"));
    succeed(predict_of(inputs, "of_scene.tif"));
    EXPECT_TRUE(bytes("of_stack.tif") == bytes("of_scene.tif"));
}

TEST_F(Dates, MapNeedsTheMaskOfTheModel) {
    stack(series(year_2018), {"--features", "B04,B08", "--mask", "CLM=1", "--composite", "median"},
          test::tiny_radiometry);
    train();
    Arguments inputs = series(year_2018);
    std::erase_if(inputs, [](const std::string& input) { return input.starts_with("CLM"); });
    test::expect_refusal(run(predict_of(inputs, "map.tif")), 4, {"CLM"});
}

} // namespace
} // namespace lcclass
