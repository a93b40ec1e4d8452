// cv.json and the table, from results made by hand.
#include "lcclass/assess/cross_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace lcclass {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

ClassLegend two_of_three() {
    return ClassLegend({{1, "water", {}}, {4, "unseen", {}}, {6, "a land cover class with a long name", {}}});
}

FoldResult fold_of(int number, std::int64_t hits, std::int64_t misses) {
    FoldResult fold;
    fold.fold = number;
    fold.n_train = 30;
    fold.n_test = hits + misses;
    fold.n_train_polygons = 3;
    fold.n_test_polygons = 1;
    fold.test_matrix = ConfusionMatrix(2);
    fold.test_matrix.add(0, 0, hits);
    fold.test_matrix.add(0, 1, misses);
    fold.test = accuracy_of(fold.test_matrix);
    ConfusionMatrix perfect(2);
    perfect.add(0, 0, 15);
    perfect.add(1, 1, 15);
    fold.train = accuracy_of(perfect);
    return fold;
}

/// Two folds that hold class 1 only, with accuracies a / 10 and b / 10.
CrossValidation cv_of(FoldScheme scheme, std::int64_t a, std::int64_t b) {
    CrossValidation cv;
    cv.scheme = scheme;
    cv.n_polygons = 1234;
    cv.classes = {{.class_code = 1, .polygons = 1200, .pixels = 20}, {.class_code = 6, .polygons = 34, .pixels = 0}};
    cv.feature_names = {"NDVI", "B08"};
    cv.folds = {fold_of(1, a, 10 - a), fold_of(2, b, 10 - b)};
    cv.matrix = ConfusionMatrix(2);
    cv.matrix += cv.folds[0].test_matrix;
    cv.matrix += cv.folds[1].test_matrix;
    cv.pooled = accuracy_of(cv.matrix);
    cv.predicted.resize(20);
    if (scheme == FoldScheme::spatial_block) {
        cv.n_blocks = 42;
        cv.record = {.block_size_m = 1000, .block_assignment = "balanced", .seed = 3};
    }
    return cv;
}

TEST(CvJson, HasTheDocumentedStructure) {
    CrossValidation cv = cv_of(FoldScheme::spatial_block, 6, 8);
    cv.permutation_importance = {{.mean = 0.25, .sd = 0.5}, {.mean = 0, .sd = 0}};
    const json root = json::parse(to_json({cv}, two_of_three()));
    const json& scheme = root.at("schemes").at("spatial-block");
    EXPECT_EQ(scheme["settings"]["n_folds"], 2);
    EXPECT_EQ(scheme["settings"]["n_samples"], 20);
    EXPECT_EQ(scheme["settings"]["n_polygons"], 1234);
    EXPECT_EQ(scheme["settings"]["block_size_m"], 1000);
    EXPECT_EQ(scheme["settings"]["block_assignment"], "balanced");
    EXPECT_EQ(scheme["settings"]["n_blocks"], 42);
    EXPECT_EQ(scheme["settings"]["fold_seed"], 3);
    EXPECT_EQ(scheme["settings"]["forest_seed"], 42);
    const json& fold = scheme["folds"][1];
    EXPECT_EQ(fold["fold"], 2);
    EXPECT_EQ(fold["n_train"], 30);
    EXPECT_EQ(fold["n_test"], 10);
    EXPECT_EQ(fold["n_train_polygons"], 3);
    EXPECT_EQ(fold["n_test_polygons"], 1);
    EXPECT_EQ(fold["params"]["n_estimators"], 100);
    EXPECT_EQ(fold["params"]["max_features"], "sqrt");
    EXPECT_TRUE(fold["params"]["max_depth"].is_null());
    EXPECT_EQ(fold["train"]["overall_accuracy"], 1.0);
    EXPECT_EQ(fold["test"]["overall_accuracy"], 0.8);
    EXPECT_EQ(fold["test"]["per_class"]["water"]["recall"], 0.8);
    EXPECT_EQ(fold["test"]["per_class"]["water"]["class_code"], 1);
    EXPECT_EQ(fold["test"]["per_class"]["water"]["support"], 10);
    EXPECT_DOUBLE_EQ(scheme["mean"]["test"]["overall_accuracy"].get<double>(), 0.7);
    EXPECT_DOUBLE_EQ(scheme["sd"]["test"]["overall_accuracy"].get<double>(), std::sqrt(0.02));
    EXPECT_EQ(scheme["mean"]["train"]["f1_weighted"], 1.0);
    EXPECT_EQ(scheme["pooled"]["overall_accuracy"], 0.7);
    EXPECT_EQ(scheme["confusion"]["classes"], json({1, 6}));
    EXPECT_EQ(scheme["confusion"]["names"], json({"water", "a land cover class with a long name"}));
    EXPECT_EQ(scheme["confusion"]["matrix"], json({{14, 6}, {0, 0}}));
    EXPECT_EQ(scheme["permutation_importance"]["NDVI"]["mean"], 0.25);
}

TEST(CvJson, UndefinedFiguresAreNull) {
    const json root = json::parse(to_json({cv_of(FoldScheme::random, 10, 10)}, two_of_three()));
    const json& scheme = root["schemes"]["random"];
    const json& absent = scheme["folds"][0]["test"]["per_class"]["a land cover class with a long name"];
    EXPECT_TRUE(absent.at("precision").is_null());
    EXPECT_TRUE(absent.at("recall").is_null());
    EXPECT_TRUE(absent.at("f1").is_null());
    EXPECT_EQ(absent.at("support"), 0);
    EXPECT_TRUE(scheme["mean"]["test"].at("kappa").is_null());
    EXPECT_FALSE(scheme["settings"].contains("block_size_m"));
    EXPECT_TRUE(scheme["settings"].at("fold_seed").is_null());
}

TEST(CvJson, OptimismIsRandomMinusSpatial) {
    const CrossValidation random = cv_of(FoldScheme::random, 9, 9);
    const CrossValidation spatial = cv_of(FoldScheme::spatial_block, 6, 8);
    const json root = json::parse(to_json({random, spatial}, two_of_three()));
    EXPECT_DOUBLE_EQ(root["optimism"]["overall_accuracy"].get<double>(), 0.9 - 0.7);
    // F1 of class 1: 18 / 19 against the mean of 12 / 16 and 16 / 18.
    EXPECT_DOUBLE_EQ(root["optimism"]["f1_weighted"].get<double>(), 18.0 / 19 - (12.0 / 16 + 16.0 / 18) / 2);
    EXPECT_FALSE(json::parse(to_json({random}, two_of_three())).contains("optimism"));
}

TEST(CvJson, SchemesKeepTheirOrder) {
    const std::string text =
        to_json({cv_of(FoldScheme::spatial_block, 6, 8), cv_of(FoldScheme::random, 9, 9)}, two_of_three());
    EXPECT_LT(text.find("\"spatial-block\""), text.find("\"random\""));
    EXPECT_EQ(text.back(), '\n');
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

TEST(CvTable, PutsSchemesSideBySide) {
    const std::string text = to_table(
        {cv_of(FoldScheme::random, 9, 9), cv_of(FoldScheme::polygon, 7, 7), cv_of(FoldScheme::spatial_block, 6, 8)},
        two_of_three());
    const auto lines = lines_of(text);
    EXPECT_EQ(lines[1], "                                  random             polygon       spatial-block");
    EXPECT_EQ(lines[2], "overall accuracy          0.900 +- 0.000      0.700 +- 0.000      0.700 +- 0.141");
    EXPECT_THAT(text, HasSubstr("42 of 1000 m"));
    EXPECT_THAT(text, HasSubstr("1,234"));
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 100U) << line;
        EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
    }
}

TEST(CvTable, SaysNAWhereAFigureIsUndefinedAndShortensNames) {
    const auto lines = lines_of(to_table({cv_of(FoldScheme::random, 10, 10)}, two_of_three()));
    const auto row =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("a land"); });
    ASSERT_NE(row, lines.end());
    EXPECT_EQ(*row, "a land cover class~        34          0      NA    NA    NA");
}

TEST(CvTable, ExplainsTheGap) {
    const std::string text =
        to_table({cv_of(FoldScheme::random, 9, 9), cv_of(FoldScheme::spatial_block, 6, 8)}, two_of_three());
    // F1 of class 1: 18 / 19; mean of 12 / 16 and 16 / 18.
    EXPECT_THAT(text, HasSubstr("weighted F1 is 0.947 on random folds and 0.819 on spatial blocks: a gap of 0.128"));
    EXPECT_THAT(text, Not(HasSubstr("spread over folds (")));
}

TEST(CvTable, SaysWhenTheGapIsWithinTheSpreadOverFolds) {
    // 14 / 17 = 0.824 against 12 / 16 and 16 / 18: 0.819 with a standard deviation of 0.098.
    const std::string text =
        to_table({cv_of(FoldScheme::random, 7, 7), cv_of(FoldScheme::spatial_block, 6, 8)}, two_of_three());
    EXPECT_THAT(text, HasSubstr("a gap of 0.004"));
    EXPECT_THAT(text, HasSubstr("spread over folds (0.098)"));
}

TEST(CvTable, ClaimsNoGapWhereThereIsNone) {
    const std::string text =
        to_table({cv_of(FoldScheme::random, 7, 7), cv_of(FoldScheme::spatial_block, 9, 9)}, two_of_three());
    EXPECT_THAT(text, HasSubstr("on spatial blocks: no sign"));
    EXPECT_THAT(text, Not(HasSubstr("the gap of")));
    EXPECT_THAT(to_table({cv_of(FoldScheme::random, 7, 7)}, two_of_three()), Not(HasSubstr("weighted F1 is")));
}

TEST(CvJson, SaysBufferNamesAndMatchOfDistances) {
    CrossValidation cv = cv_of(FoldScheme::knndm, 6, 8);
    cv.buffer_m = 250;
    cv.match = DistanceMatch{.n_prediction_points = 900, .w_m = 12.5, .leave_one_out_w_m = 80, .n_clusters = 17};
    cv.folds[0].n_excluded = 4;
    cv.folds[0].name = "north";
    const json scheme = json::parse(to_json({cv}, two_of_three())).at("schemes").at("knndm");
    EXPECT_EQ(scheme.at("settings").at("buffer_m"), 250);
    EXPECT_EQ(scheme.at("settings").at("prediction_points"), 900);
    EXPECT_EQ(scheme.at("settings").at("w_m"), 12.5);
    EXPECT_EQ(scheme.at("settings").at("leave_one_out_w_m"), 80);
    EXPECT_EQ(scheme.at("settings").at("n_clusters"), 17);
    EXPECT_EQ(scheme.at("folds").at(0).at("n_excluded"), 4);
    EXPECT_EQ(scheme.at("folds").at(0).at("name"), "north");
    EXPECT_FALSE(scheme.at("folds").at(1).contains("name"));
    const std::string table = to_table({cv}, two_of_three());
    EXPECT_THAT(table, HasSubstr("left out per fold                      2")); // 4 rows over two folds
    EXPECT_THAT(table, HasSubstr("W of distances, m                     13"));
}

} // namespace
} // namespace lcclass
