#include "cli/tiny_scene.h"

#include "geo/gdal_handles.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/sample_file.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <numeric>
#include <sstream>

// SHAP values of samples: what is told of them, and the files they are written to.

namespace lcclass {
namespace {

using test::Arguments;
using test::TinyScene;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

class ExplainSamples : public test::CliTest {
protected:
    static Arguments explain(const Arguments& more) {
        Arguments all = {"explain",
                         "-m",
                         TinyScene::get().model(),
                         "--samples",
                         TinyScene::get().samples(),
                         "--permutation-repeats",
                         "0",
                         "--rows",
                         "60"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    Json shap(const Arguments& more = {}) const {
        Arguments all = explain(more);
        all.insert(all.end(), {"-o", path("explain.json"), "--overwrite"});
        succeed(all);
        return Json::parse(bytes("explain.json")).at("shap");
    }
    /// Lines of a CSV as columns by name.
    [[nodiscard]] std::map<std::string, std::vector<double>> csv(const std::string& name) const {
        std::istringstream lines(bytes(name));
        std::string line;
        std::getline(lines, line);
        const std::vector<std::string> names = split(line, ',');
        std::map<std::string, std::vector<double>> columns;
        while (std::getline(lines, line)) {
            const std::vector<std::string> cells = split(line, ',');
            for (std::size_t i = 0; i < cells.size(); ++i) {
                columns[names[i]].push_back(parse_double(cells[i]).value());
            }
        }
        return columns;
    }
};

const std::vector<std::string> features = {"B02", "B03", "B04", "B08", "NDVI"};

double mean_of(const std::vector<double>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

TEST_F(ExplainSamples, FiguresFollowFromTheValuesInTheFile) {
    const Json json = shap({"--class", "2", "--shap-values", path("shap.csv")});
    const auto columns = csv("shap.csv");
    ASSERT_EQ(columns.at("row").size(), 60U);
    EXPECT_EQ(json.at("rows"), 60);
    for (const std::string& feature : features) {
        std::vector<double> values = columns.at(feature);
        const Json& summary = json.at("summary").at("per_class").at("2").at(feature);
        EXPECT_NEAR(summary.at("mean").get<double>(), mean_of(values), 1e-12);
        std::ranges::transform(values, values.begin(), [](double value) { return std::abs(value); });
        EXPECT_NEAR(json.at("mean_abs").at("2").at(feature).get<double>(), mean_of(values), 1e-12);
        values = columns.at(feature);
        std::ranges::sort(values);
        EXPECT_EQ(summary.at("quantiles").front(), values.front());
        EXPECT_EQ(summary.at("quantiles").back(), values.back());
        EXPECT_NEAR(summary.at("quantiles").at(3).get<double>(), (values[29] + values[30]) / 2, 1e-15);
    }
}

TEST_F(ExplainSamples, EveryLineAddsUpToItsPrediction) {
    shap({"--shap-values", path("shap.csv")});
    const auto columns = csv("shap.csv");
    ASSERT_EQ(columns.at("row").size(), 60U * 3U);
    for (std::size_t i = 0; i < columns.at("row").size(); ++i) {
        double sum = columns.at("base")[i];
        for (const std::string& feature : features) {
            sum += columns.at(feature)[i];
        }
        ASSERT_NEAR(sum, columns.at("prediction")[i], 1e-12);
        if (i % 3 == 2) {
            const double total =
                columns.at("prediction")[i - 2] + columns.at("prediction")[i - 1] + columns.at("prediction")[i];
            ASSERT_NEAR(total, 1, 1e-9);
        }
    }
}

TEST_F(ExplainSamples, DependenceHasUnitsRangesAndMeansOverBins) {
    const Json json = shap({"--class", "1"});
    const Json& dependence = json.at("dependence").at("B08");
    EXPECT_EQ(dependence.at("unit"), "reflectance");
    const std::vector<double> low = dependence.at("low");
    const std::vector<double> high = dependence.at("high");
    const std::vector<double> count = dependence.at("count");
    const std::vector<double> mean = dependence.at("mean_shap").at("1");
    ASSERT_THAT(low.size(), Ge(5U));
    EXPECT_EQ(low.size(), mean.size());
    EXPECT_EQ(std::accumulate(count.begin(), count.end(), 0.0), 60);
    EXPECT_THAT(dependence.at("range"), ElementsAre(low.front(), high.back()));
    for (std::size_t bin = 1; bin < low.size(); ++bin) {
        EXPECT_GT(low[bin], high[bin - 1]);
    }
    // The bins together are the mean over all samples.
    double all = 0;
    for (std::size_t bin = 0; bin < mean.size(); ++bin) {
        all += mean[bin] * count[bin] / 60;
    }
    EXPECT_NEAR(all, json.at("summary").at("per_class").at("1").at("B08").at("mean").get<double>(), 1e-12);
}

TEST_F(ExplainSamples, PointsAreValuesAndShapValuesOfTheSameSamples) {
    const Json json = shap({"--shap-values", path("shap.csv"), "--class", "3"});
    const auto columns = csv("shap.csv");
    const SampleTable samples = read_samples(TinyScene::get().samples());
    const Json& points = json.at("points");
    ASSERT_EQ(points.at("rows").size(), 60U);
    for (std::size_t i = 0; i < 60; ++i) {
        const auto row = points.at("rows").at(i).get<std::size_t>();
        EXPECT_EQ(static_cast<double>(row), columns.at("row")[i]);
        EXPECT_EQ(points.at("class_code").at(i), samples.class_code[row - 1]);
        EXPECT_NEAR(points.at("values").at("B04").at(i).get<double>(), samples.features[2][row - 1], 1e-6);
        EXPECT_NEAR(points.at("shap").at("3").at("B04").at(i).get<double>(), columns.at("B04")[i], 1e-6);
    }
}

TEST_F(ExplainSamples, StrongestPairsComeFirstAndNoneWhenNoneAreAskedFor) {
    const Json json = shap({"--interactions", "4"}).at("interactions");
    EXPECT_EQ(json.at("rows"), 60);
    ASSERT_EQ(json.at("pairs").size(), 4U);
    double last = 1;
    for (const Json& pair : json.at("pairs")) {
        EXPECT_EQ(pair.at("features").size(), 2U);
        const double strength = pair.at("strength");
        EXPECT_GT(strength, 0);
        EXPECT_LE(strength, last);
        double mean = 0;
        for (const auto& entry : pair.at("per_class").items()) {
            mean += entry.value().get<double>() / 3;
        }
        EXPECT_NEAR(mean, strength, 1e-12);
        last = strength;
    }
    EXPECT_EQ(shap({"--interactions", "100"}).at("interactions").at("pairs").size(), 10U) << "five features have ten";
    EXPECT_EQ(shap({"--interaction-rows", "7"}).at("interactions").at("rows"), 7);
    EXPECT_FALSE(shap({"--interactions", "0"}).contains("interactions"));
}

TEST_F(ExplainSamples, NamesWithCommasAreOneColumnOfACsv) {
    Arguments stack = {
        "stack", "--radiometry", test::tiny_radiometry, "--features", "B08,FOCAL_MEAN(B08,3)", "-o", path("s.tif"),
        "-i"};
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    stack.insert(stack.end(), inputs.begin(), inputs.end());
    succeed(stack);
    succeed({"sample", "--stack", path("s.tif"), "--labels", TinyScene::get().labels(), "-o", path("s.csv")});
    succeed({"train", "--samples", path("s.csv"), "--n-estimators", "3", "-o", path("s.lcm")});
    succeed({"explain", "-m", path("s.lcm"), "--samples", path("s.csv"), "--importance", "none", "--rows", "20", "-o",
             path("explain.json"), "--shap-values", path("shap.csv")});
    EXPECT_THAT(bytes("shap.csv"), StartsWith("row,class_code,base,B08,\"FOCAL_MEAN(B08,3)\",prediction\n"));
    EXPECT_THAT(bytes("s.csv"), HasSubstr(",B08,\"FOCAL_MEAN(B08,3)\"\n"));
    EXPECT_THAT(read_samples(path("shap.csv")).feature_names,
                ElementsAre("row", "base", "B08", "FOCAL_MEAN(B08,3)", "prediction"));
}

/// Fields of the layer of a file as texts, a line per feature.
std::vector<std::map<std::string, std::string>> read_points(const std::string& path) {
    const DatasetHandle dataset(GDALOpenEx(path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr));
    OGRLayerH layer = GDALDatasetGetLayerByName(dataset.get(), "shap_values");
    std::vector<std::map<std::string, std::string>> rows;
    while (const FeatureHandle feature{OGR_L_GetNextFeature(layer)}) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < OGR_F_GetFieldCount(feature.get()); ++i) {
            row[OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature.get(), i))] = OGR_F_GetFieldAsString(feature.get(), i);
        }
        row["x"] = format_number(OGR_G_GetX(OGR_F_GetGeometryRef(feature.get()), 0));
        row["y"] = format_number(OGR_G_GetY(OGR_F_GetGeometryRef(feature.get()), 0));
    }
    return rows;
}

TEST_F(ExplainSamples, PointsExplainThePredictedClassWhereTheSampleIs) {
    shap({"--shap-values", path("shap.csv")});
    const auto columns = csv("shap.csv");
    const SampleTable samples = read_samples(TinyScene::get().samples());
    for (const std::string name : {"shap.gpkg", "shap.fgb"}) {
        shap({"--shap-values", path(name)});
        EXPECT_THAT(succeed({"info", path(name)}).output, HasSubstr("shap_values"));
        const auto rows = read_points(path(name));
        ASSERT_EQ(rows.size(), 60U) << name;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& row = rows[i];
            const std::size_t sample = std::stoul(row.at("row")) - 1;
            EXPECT_EQ(row.at("x"), format_number(samples.x[sample]));
            EXPECT_EQ(row.at("y"), format_number(samples.y[sample]));
            EXPECT_EQ(row.at("class_code"), std::to_string(samples.class_code[sample]));
            EXPECT_EQ(row.at("explained_code"), row.at("predicted_code"));
            EXPECT_EQ(row.at("right"), row.at("class_code") == row.at("predicted_code") ? "1" : "0");
            const std::size_t line = i * 3 + std::stoul(row.at("predicted_code")) - 1;
            EXPECT_EQ(columns.at("class_code")[line], std::stod(row.at("predicted_code")));
            double most = 0;
            for (const std::string& feature : features) {
                EXPECT_NEAR(std::stod(row.at("shap_" + feature)), columns.at(feature)[line], 1e-12);
                most = std::max(most, std::abs(columns.at(feature)[line]));
            }
            EXPECT_NEAR(std::abs(std::stod(row.at("shap_" + row.at("strongest")))), most, 1e-12);
            EXPECT_NEAR(std::stod(row.at("prediction")), columns.at("prediction")[line], 1e-12);
            EXPECT_NEAR(std::stod(row.at("probability")), columns.at("prediction")[line], 1e-9) << "no calibration";
        }
    }
}

TEST_F(ExplainSamples, PointsCanHaveAllClassesOrOneThatIsChosen) {
    shap({"--shap-values", path("all.gpkg"), "--shap-columns", "all"});
    const auto all = read_points(path("all.gpkg"));
    shap({"--shap-values", path("one.gpkg"), "--class", "2"});
    const auto one = read_points(path("one.gpkg"));
    ASSERT_EQ(all.size(), one.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(one[i].at("explained_code"), "2");
        EXPECT_EQ(all[i].at("shap_NDVI_2"), one[i].at("shap_NDVI"));
        EXPECT_EQ(all[i].at("prediction_2"), one[i].at("prediction"));
        EXPECT_EQ(all[i].count("shap_NDVI_1") + all[i].count("shap_NDVI_3"), 2U);
    }
}

TEST_F(ExplainSamples, FilesAreTheSameOnAnyThreads) {
    for (const std::string name : {"shap.csv", "shap.gpkg", "shap.fgb"}) {
        std::string file;
        std::string figures;
        for (const std::string threads : {"1", "2", "3", "7"}) {
            shap({"--shap-values", path(name), "-t", threads});
            EXPECT_TRUE(file.empty() || file == bytes(name)) << name << " on " << threads;
            EXPECT_TRUE(figures.empty() || figures == bytes("explain.json")) << threads;
            file = bytes(name);
            figures = bytes("explain.json");
        }
    }
}

TEST_F(ExplainSamples, OptionsWithoutEffectAndUnknownWordsAreRefused) {
    const auto refused = [&](int code, const Arguments& more, const std::vector<std::string>& words) {
        Arguments all = explain(more);
        all.insert(all.end(), {"-o", path("refused.json")});
        test::expect_refusal(run(all), code, words);
        EXPECT_THAT(test::names_in(folder()), Not(::testing::Contains("refused.json")));
    };
    refused(2, {"--class", "watr"}, {"--class=watr", "is not a class of the model"});
    refused(2, {"--class", "9"}, {"--class=9"});
    refused(2, {"--shap-columns", "all"}, {"--shap-columns", "points"});
    refused(2, {"--shap-columns", "some", "--shap-values", path("a.fgb")}, {"some", "predicted"});
    refused(2, {"--shap-columns", "all", "--class", "1", "--shap-values", path("a.fgb")}, {"--class"});
    refused(6, {"--shap-values", path("a.xlsx")}, {".xlsx", ".fgb"});
    refused(3, {"--interactions", "-1"}, {"--interactions"});
    refused(3, {"--interaction-rows", "-1"}, {"--interaction-rows"});
    refused(2, {"-i", TinyScene::get().stack()}, {"--at"});
}

TEST_F(ExplainSamples, MoreThanMemoryHoldsIsRefusedWithTheWayOut) {
    // 60 rows of 3 classes and 5 features, and the program's own 200 MiB.
    const Arguments all = explain({"--memory", "200M", "-o", path("explain.json")});
    test::expect_refusal(run(all), 7, {"--memory", "--rows"});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(ExplainSamples, SamplesWithoutPositionsMakeNoPoints) {
    std::istringstream lines(bytes([&] {
        succeed({"sample", "--stack", TinyScene::get().stack(), "--labels", TinyScene::get().labels(), "-o",
                 path("samples.csv")});
        return std::string("samples.csv");
    }()));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        text += line.substr(line.find(',', line.find(',') + 1) + 1) + "\n"; // without x and y
    }
    write_file_atomically(path("nowhere.csv"), text, false);
    const Arguments arguments = {"explain",
                                 "-m",
                                 TinyScene::get().model(),
                                 "--samples",
                                 path("nowhere.csv"),
                                 "--permutation-repeats",
                                 "0",
                                 "--rows",
                                 "5",
                                 "-o",
                                 path("explain.json")};
    Arguments points = arguments;
    points.insert(points.end(), {"--shap-values", path("shap.fgb")});
    test::expect_refusal(run(points), 4, {"shap.fgb", "positions", ".csv"});
    EXPECT_THAT(test::names_in(folder()), Not(::testing::Contains("explain.json")));
    Arguments table = arguments;
    table.insert(table.end(), {"--shap-values", path("shap.csv")});
    succeed(table);
}

TEST_F(ExplainSamples, TheTableNamesTheStrongestFeatureFirst) {
    Arguments all = explain({"-o", path("explain.json")});
    const std::string text = succeed(all).output;
    const Json json = Json::parse(bytes("explain.json")).at("shap");
    std::string strongest;
    double most = -1;
    for (const std::string& feature : features) {
        double sum = 0;
        for (const auto& entry : json.at("mean_abs").items()) {
            sum += entry.value().at(feature).get<double>();
        }
        if (sum > most) {
            most = sum;
            strongest = feature;
        }
    }
    const std::size_t begin = text.find("feature                  mean");
    ASSERT_NE(begin, std::string::npos) << text;
    EXPECT_EQ(text.find("\n" + strongest + " ", begin), text.find('\n', begin)) << text;
    EXPECT_THAT(text, HasSubstr("interaction"));
}

} // namespace
} // namespace lcclass
