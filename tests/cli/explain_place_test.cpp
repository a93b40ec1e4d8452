#include "cli/tiny_scene.h"

#include "lcclass/core/text.h"
#include "lcclass/geo/coordinates.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

// Why one pixel is mapped as it is.

namespace lcclass {
namespace {

using test::Arguments;
using test::TinyScene;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

class ExplainPlace : public test::CliTest {
protected:
    ExplainPlace() : m_stack(open_raster(TinyScene::get().stack())) {}

    [[nodiscard]] const GridSpec& grid() const { return m_stack.source->grid(); }
    [[nodiscard]] std::string at(double x, double y) const { return format_number(x) + "," + format_number(y); }
    [[nodiscard]] std::string at_pixel(int column, int row) const {
        return at(grid().center_x(column), grid().center_y(row));
    }
    static Arguments explain(const std::string& place, const Arguments& more = {}) {
        Arguments all = {"explain", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "--at", place};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    Json json(const std::string& place, const Arguments& more = {}) const {
        Arguments all = explain(place, more);
        all.insert(all.end(), {"-o", path("place.json"), "--overwrite"});
        succeed(all);
        return Json::parse(bytes("place.json"));
    }
    [[nodiscard]] const RasterSource& stack() const { return *m_stack.source; }

private:
    RasterFile m_stack;
};

TEST_F(ExplainPlace, ContributionsAddUpToTheProbabilityOfTheMap) {
    succeed({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", path("map.tif"),
             "--probabilities", path("p.tif")});
    const auto map = test::band_of(test::read_all(*open_raster(path("map.tif")).source), 0);
    const RasterFile probability_file = open_raster(path("p.tif"));
    const PixelBlock probabilities = test::read_all(*probability_file.source);
    const PixelBlock values = test::read_all(stack());
    for (const auto& [column, row] : {std::pair{0, 0}, {7, 11}, {39, 39}}) {
        const Json place = json(at_pixel(column, row));
        const std::size_t pixel = test::tiny_index(column, row);
        EXPECT_EQ(place.at("place").at("column"), column);
        EXPECT_EQ(place.at("place").at("row"), row);
        EXPECT_EQ(place.at("predicted").get<float>(), map[pixel]);
        EXPECT_EQ(place.at("explained"), place.at("predicted"));
        ASSERT_EQ(place.at("features").size(), 5U);
        for (std::size_t k = 0; k < 3; ++k) {
            const Json& entry = place.at("classes").at(k);
            double sum = entry.at("base");
            for (const Json& feature : place.at("features")) {
                sum += feature.at("shap").at(std::to_string(entry.at("code").get<int>())).get<double>();
            }
            EXPECT_NEAR(sum, entry.at("probability").get<double>(), 1e-9);
            EXPECT_NEAR(sum, static_cast<double>(test::band_of(probabilities, static_cast<int>(k))[pixel]), 1e-6);
        }
        for (std::size_t f = 0; f < 5; ++f) {
            EXPECT_EQ(place.at("features").at(f).at("value").get<float>(),
                      test::band_of(values, static_cast<int>(f))[pixel]);
        }
        EXPECT_EQ(place.at("features").at(3).at("unit"), "reflectance");
    }
}

TEST_F(ExplainPlace, AnyPointOfThePixelAndOtherReferenceSystemsGiveTheSame) {
    const Json centre = json(at_pixel(12, 20));
    const double x = grid().center_x(12);
    const double y = grid().center_y(20);
    EXPECT_EQ(json(at(x - 4.9, y + 4.9)).at("features"), centre.at("features"));
    const Coordinates degrees = transform_coordinates({.x = x, .y = y}, grid().crs_wkt, parse_crs("EPSG:4326"));
    const Json other = json(at(degrees.x, degrees.y), {"--at-crs", "EPSG:4326"});
    EXPECT_EQ(other.at("features"), centre.at("features"));
    EXPECT_NEAR(other.at("place").at("x").get<double>(), x, 1e-3);
}

TEST_F(ExplainPlace, SceneGivesWhatItsStackGives) {
    Arguments raw = {"explain", "-m", TinyScene::get().model(), "--at", at_pixel(12, 20), "-o", path("raw.json"), "-i"};
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    raw.insert(raw.end(), inputs.begin(), inputs.end());
    succeed(raw);
    EXPECT_EQ(Json::parse(bytes("raw.json")), json(at_pixel(12, 20)));
}

TEST_F(ExplainPlace, TellsTheWaterfallTheStrongestFeatureFirst) {
    const Json place = json(at_pixel(12, 20));
    const std::string code = std::to_string(place.at("predicted").get<int>());
    std::vector<std::pair<double, std::string>> expected;
    for (const Json& feature : place.at("features")) {
        expected.emplace_back(-std::abs(feature.at("shap").at(code).get<double>()), feature.at("name"));
    }
    std::ranges::stable_sort(expected);
    const std::string text = succeed(explain(at_pixel(12, 20))).output;
    std::size_t last = text.find("mean of the training");
    ASSERT_NE(last, std::string::npos) << text;
    for (const auto& [strength, name] : expected) {
        const std::size_t next = text.find("\n" + name + " ", last);
        ASSERT_NE(next, std::string::npos) << name << "\n" << text;
        last = next;
    }
    EXPECT_NE(text.find("\nthis pixel", last), std::string::npos) << text;
    EXPECT_THAT(text, HasSubstr("reflectance"));
    for (const Json& entry : place.at("classes")) {
        EXPECT_THAT(text, HasSubstr(entry.at("name").get<std::string>()));
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST_F(ExplainPlace, FeaturesBeyondTheTwentyStrongestAreToldTogether) {
    Arguments stack = {"stack", "--radiometry", test::tiny_radiometry, "-o", path("stack.tif"), "--features"};
    std::string names;
    for (const std::string band : {"B02", "B03", "B04", "B08"}) {
        names += (names.empty() ? "" : ",") + band;
        for (const std::string size : {"3", "5", "7", "9", "11"}) {
            names += ",FOCAL_MEAN(" + band + "," + size + ")";
        }
    }
    stack.insert(stack.end(), {names, "-i"});
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    stack.insert(stack.end(), inputs.begin(), inputs.end());
    succeed(stack);
    succeed(
        {"sample", "--stack", path("stack.tif"), "--labels", TinyScene::get().labels(), "-o", path("samples.gpkg")});
    succeed({"train", "--samples", path("samples.gpkg"), "--n-estimators", "10", "-o", path("model.lcm")});
    const std::string text = succeed({"explain", "-m", path("model.lcm"), "-i", path("stack.tif"), "--at",
                                      at_pixel(12, 20), "-o", path("place.json"), "--chart", path("place.html")})
                                 .output;
    EXPECT_THAT(text, HasSubstr("\n4 other features "));
    EXPECT_THAT(bytes("place.html"), HasSubstr("4 other features"));
    EXPECT_EQ(Json::parse(bytes("place.json")).at("features").size(), 24U);
}

TEST_F(ExplainPlace, ClassIsChosenByCodeOrName) {
    const Json place = json(at_pixel(12, 20));
    const Json& other = place.at("classes").at(place.at("predicted") == 1 ? 1 : 0);
    const std::string name = other.at("name");
    const std::string text = succeed(explain(at_pixel(12, 20), {"--class", name})).output;
    EXPECT_THAT(text, HasSubstr("for and against " + name));
    EXPECT_EQ(json(at_pixel(12, 20), {"--class", std::to_string(other.at("code").get<int>())}).at("explained"),
              other.at("code"));
}

TEST_F(ExplainPlace, ChartHoldsTheSameNumbersInOneFile) {
    const Json place = json(at_pixel(12, 20), {"--chart", path("place.html")});
    const std::string page = bytes("place.html");
    const std::string begin = "<script type=\"application/json\" id=\"page-data\">";
    const std::size_t from = page.find(begin) + begin.size();
    const Json figures = Json::parse(page.substr(from, page.find("</script>", from) - from)).at("figures");
    ASSERT_EQ(figures.size(), 2U);
    const Json& waterfall = figures.at("explanation").at("data").at("rows");
    ASSERT_EQ(waterfall.size(), 7U);
    const auto index = place.at("predicted").get<std::size_t>() - 1;
    EXPECT_EQ(waterfall.front().at(2), place.at("classes").at(index).at("base"));
    EXPECT_NEAR(waterfall.back().at(2).get<double>(), place.at("classes").at(index).at("probability").get<double>(),
                1e-9);
    EXPECT_EQ(figures.at("probabilities").at("labels").size(), 3U);
    EXPECT_THAT(page, HasSubstr("Chart.js v3"));
    EXPECT_THAT(succeed({"info", path("place.json")}).output, HasSubstr("explained place"));
}

TEST_F(ExplainPlace, FilesAreTheSameOnAnyThreads) {
    std::string first;
    for (const std::string threads : {"1", "2", "7"}) {
        json(at_pixel(3, 4), {"--chart", path("place.html"), "-t", threads});
        const std::string both = bytes("place.json") + bytes("place.html");
        EXPECT_TRUE(first.empty() || first == both) << threads;
        first = both;
    }
}

TEST_F(ExplainPlace, WithoutOutputNothingIsWritten) {
    succeed(explain(at_pixel(12, 20)));
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(ExplainPlace, PlacesOutsideAreRefusedWithWhatWasProbablyMeant) {
    const Bounds bounds = grid().bounds();
    const auto refused = [&](const std::string& place, const Arguments& more, const std::vector<std::string>& words) {
        Arguments all = explain(place, more);
        all.insert(all.end(), {"-o", path("place.json"), "--chart", path("place.html")});
        test::expect_refusal(run(all), 4, words);
        EXPECT_TRUE(test::names_in(folder()).empty());
    };
    refused(at(bounds.max_x + 25, bounds.max_y - 5), {}, {"2.5 pixels outside", "EPSG:"});
    refused(at(bounds.max_x, bounds.max_y - 5), {}, {"outside"});
    const double x = grid().center_x(12);
    const double y = grid().center_y(20);
    refused(at(y, x), {}, {"give x (easting, longitude) first: --at " + at(x, y)});
    const Coordinates degrees = transform_coordinates({.x = x, .y = y}, grid().crs_wkt, parse_crs("EPSG:4326"));
    refused(at(degrees.x, degrees.y), {}, {"--at-crs EPSG:4326"});
    refused(at(degrees.y, degrees.x), {}, {"longitude first", "--at-crs EPSG:4326"});
}

TEST_F(ExplainPlace, PixelsWithoutValuesAreRefusedWithTheNearestThatHasThem) {
    test::RasterCase band = test::tiny_band(1);
    for (int row = 0; row < test::tiny_size; ++row) {
        for (int column = 0; column < 10; ++column) {
            band.bands[0][test::tiny_index(column, row)] = 0;
        }
    }
    const std::filesystem::path bands = folder() / "bands";
    std::filesystem::create_directories(bands);
    for (const std::string name : {"B02", "B04", "B08"}) {
        std::filesystem::copy(TinyScene::get().bands() + "/" + name + ".tif", bands / (name + ".tif"));
    }
    test::write_raster(bands / "B03.tif", band);
    Arguments all = {"explain", "-m", TinyScene::get().model(), "--at", at_pixel(7, 20), "-i"};
    const Arguments inputs = test::band_inputs(bands);
    all.insert(all.end(), inputs.begin(), inputs.end());
    test::expect_refusal(run(all), 4, {"has no value in B03", "3.0 pixels away: --at " + at_pixel(10, 20)});
}

TEST_F(ExplainPlace, MistakesOnTheCommandLineAreExplained) {
    const auto refused = [&](int code, const Arguments& arguments, const std::vector<std::string>& words) {
        test::expect_refusal(run(arguments), code, words);
        EXPECT_TRUE(test::names_in(folder()).empty());
    };
    refused(2, explain("5"), {"--at", "two numbers"});
    refused(2, explain("5,6,7"), {"--at", "two numbers"});
    refused(2, explain("here,there"), {"--at"});
    refused(3, explain(at_pixel(1, 1), {"--at-crs", "EPSG:1"}), {"EPSG:1"});
    refused(6, explain(at_pixel(1, 1), {"--chart", path("chart.png")}), {".png", ".html"});
    refused(2, explain(at_pixel(1, 1), {"--class", "lava"}), {"--class=lava"});
    refused(2, explain(at_pixel(1, 1), {"--samples", TinyScene::get().samples()}), {"--samples", "--at"});
    refused(2,
            {"explain", "-m", TinyScene::get().model(), "--samples", TinyScene::get().samples(), "--chart",
             path("a.html"), "-o", path("a.json")},
            {"--chart", "--at"});
}

TEST_F(ExplainPlace, OptionsOfSamplesAndMapsAreRefused) {
    const std::string place = at_pixel(12, 20);
    for (const Arguments& more : std::vector<Arguments>{{"--importance", "conditional"},
                                                        {"--rows", "7"},
                                                        {"--interactions", "3"},
                                                        {"--layer", "nosuch"},
                                                        {"--bounds", "0,0,1,1"}}) {
        test::expect_refusal(run(explain(place, more)), 2, {"--at"});
    }
}

TEST_F(ExplainPlace, OutputsThatAreInputsAreRefused) {
    const std::string model = read_file(TinyScene::get().model());
    Arguments command = explain(at_pixel(12, 20), {"-o", TinyScene::get().model(), "--overwrite"});
    test::expect_refusal(run(command), 2, {"model.lcm"});
    EXPECT_EQ(read_file(TinyScene::get().model()), model);
}

TEST_F(ExplainPlace, ABackgroundIsTold) {
    const auto result =
        succeed(explain(at_pixel(12, 20), {"--background", "10", "--samples", TinyScene::get().samples()}));
    EXPECT_THAT(result.output, HasSubstr("mean of the background"));
    EXPECT_THAT(result.output, Not(HasSubstr("mean of the training")));
}

} // namespace
} // namespace lcclass
