#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <algorithm>

// Rows C and D of the catalogue of faults: samples, folds and forests that cannot be.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::CliFault;
using test::TinyScene;

/// `x,y,cid,f1,f2` rows; class, f1 and f2 by row.
std::string table(int rows, const std::function<std::string(int)>& cells) {
    std::string text = "x,y,cid,f1,f2\n";
    for (int i = 0; i < rows; ++i) {
        text += std::to_string(600000 + 10 * i) + ",5100000," + cells(i) + "\n";
    }
    return text;
}

Arguments joined(Arguments first, const Arguments& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

std::function<Arguments(const fs::path&)> of_table(const std::string& command, const std::string& text,
                                                   const Arguments& more = {}) {
    return [=](const fs::path& folder) {
        test::write_text(folder / "samples.csv", text);
        return joined({command, "--samples", "samples.csv", "--class-field", "cid", "--features", "f1,f2"}, more);
    };
}

std::function<Arguments(const fs::path&)> of_scene(const std::string& command, const Arguments& more) {
    return [=](const fs::path&) { return joined({command, "--samples", TinyScene::get().samples()}, more); };
}

std::string third_cell(const std::string& bad) {
    return table(
        6, [&](int i) { return std::to_string(i % 2 + 1) + ",0." + std::to_string(i) + "," + (i == 2 ? bad : "1"); });
}

std::string one_class() {
    return table(6, [](int i) { return "4,0." + std::to_string(i) + ",1"; });
}

/// Points in degrees, for which a block of metres means nothing.
Arguments samples_in_degrees(const fs::path& folder) {
    test::CaseLayer layer;
    layer.crs = "EPSG:4326";
    layer.geometry = wkbPoint;
    layer.fields = {{"cid", OFTInteger}, {"f1", OFTReal}};
    for (int i = 0; i < 20; ++i) {
        layer.features.push_back(
            {"POINT(" + std::to_string(15 + 0.01 * i) + " 46)", {std::to_string(i % 2 + 1), std::to_string(i)}});
    }
    test::write_case(folder / "samples.gpkg", {layer});
    return {"cv", "--samples", "samples.gpkg",  "--class-field", "cid", "--features",
            "f1", "--schemes", "spatial-block", "--block-size",  "1000"};
}

/// The group field puts the two samples of polygon 1 in two groups.
Arguments polygons_in_two_groups(const fs::path& folder) {
    test::write_text(folder / "samples.csv", "x,y,class_code,polygon_id,region,f1\n"
                                             "0,0,1,1,a,0\n1,0,1,1,b,1\n2,0,2,2,a,2\n3,0,2,3,b,3\n4,0,1,4,b,4\n");
    return {"cv", "--samples", "samples.csv",     "--features",    "f1",    "--folds",
            "2",  "--schemes", "leave-group-out", "--group-field", "region"};
}

std::vector<CliFault> folds() {
    const std::string lone =
        table(9, [](int i) { return std::string(i == 0 ? "2" : "1") + ",0.5," + std::to_string(i); });
    const Arguments blocks = {"--schemes", "spatial-block", "--block-size"};
    return {
        {.name = "C01_ClassOfOneSample",
         .words = {"class 2", "1 sample", "folds=2"},
         .arrange = of_table("cv", lone, {"--schemes", "random", "--folds", "2"})},
        {.name = "C02_MoreFoldsThanBlocks",
         .code = 3,
         .words = {"folds=10", "block_size=200", "makes 4", "--block-size"},
         .arrange = of_scene("cv", joined(blocks, {"200", "--folds", "10"}))},
        {.name = "C05_NoFold",
         .code = 3,
         .words = {"folds=0"},
         .arrange = of_scene("cv", {"--schemes", "random", "--folds", "0"})},
        {.name = "C05_OneFold",
         .code = 3,
         .words = {"folds=1"},
         .arrange = of_scene("cv", {"--schemes", "random", "--folds", "1"})},
        {.name = "C05_NegativeFolds",
         .code = 3,
         .words = {"folds=-1"},
         .arrange = of_scene("cv", {"--schemes", "random", "--folds", "-1"})},
        {.name = "C05_MoreFoldsThanSamples",
         .code = 3,
         .words = {"folds=2000", "900 samples"},
         .arrange = of_scene("cv", {"--schemes", "random", "--folds", "2000"})},
        {.name = "C06_BlockBeyondTheScene",
         .code = 3,
         .words = {"block_size=100000", "makes 1"},
         .arrange = of_scene("cv", joined(blocks, {"100000"}))},
        {.name = "C06_BlockOfAPixel",
         .code = 3,
         .words = {"block_size=10", "pixel"},
         .arrange = of_scene("cv", joined(blocks, {"10"}))},
        {.name = "C06_BlockOfZero",
         .code = 3,
         .words = {"block_size=0"},
         .arrange = of_scene("cv", joined(blocks, {"0"}))},
        {.name = "C06_BlockNotANumber",
         .code = 2,
         .words = {"--block-size=nan"},
         .arrange = of_scene("cv", joined(blocks, {"nan"}))},
        {.name = "C06_BlockOfMetresInDegrees",
         .code = 3,
         .words = {"samples.gpkg", "crs=EPSG:4326", "degrees"},
         .arrange = samples_in_degrees},
        {.name = "C03_BufferTakesAClass",
         .words = {"scheme=stratified", "cannot learn class 1", "it tests 1 of its samples", "smaller --buffer"},
         .arrange = of_table("cv",
                             "x,y,cid,f1,f2\n0,0,1,0.5,1\n10,0,1,0.5,2\n1000,0,2,0.5,3\n2000,0,2,0.5,4\n"
                             "3000,0,2,0.5,5\n4000,0,2,0.5,6\n",
                             {"--schemes", "stratified", "--folds", "2", "--buffer", "15"})},
        {.name = "C04_BufferTakesAllOfTheTraining",
         .words = {"scheme=polygon", "has no training samples", "smaller --buffer than 5000"},
         .arrange = of_scene("cv", {"--schemes", "polygon", "--buffer", "5000"})},
        {.name = "C06_NegativeBuffer",
         .code = 3,
         .words = {"buffer=-5", "is not a length"},
         .arrange = of_scene("cv", {"--schemes", "polygon", "--buffer=-5"})},
        {.name = "C06_ClustersOfPointsInDegrees",
         .code = 3,
         .words = {"crs=EPSG:4326", "degrees", "cluster"},
         .arrange =
             [](const fs::path& folder) {
                 Arguments arguments = samples_in_degrees(folder);
                 std::replace(arguments.begin(), arguments.end(), std::string("spatial-block"), std::string("cluster"));
                 return arguments;
             }},
        {.name = "C07_GroupsThatCutPolygons",
         .words = {"row 2", "polygon_id=1", "group 'a'", "group 'b'"},
         .arrange = polygons_in_two_groups},
        {.name = "C02_NoPredictionArea",
         .code = 2,
         .words = {"--prediction-area", "knndm"},
         .arrange = of_scene("cv", {"--schemes", "knndm"})},
        {.name = "C02_UnknownBlockShape",
         .code = 2,
         .words = {"--block-shape=hexagone", "did you mean 'hexagon'"},
         .arrange = of_scene("cv", joined(blocks, {"100", "--block-shape", "hexagone"}))},
        {.name = "C02_FewerPlacesThanClusters",
         .code = 3,
         .words = {"folds=26", "25"},
         .arrange = of_scene("cv", {"--schemes", "cluster", "--folds", "26"})},
        {.name = "C09_NegativeSeed",
         .code = 2,
         .words = {"--seed=-3", "whole number from 0"},
         .arrange = of_scene("cv", {"--schemes", "polygon", "--seed=-3"})},
        {.name = "C09_SeedBeyond64Bits",
         .code = 2,
         .words = {"--seed=18446744073709551616", "too large"},
         .arrange = of_scene("cv", {"--schemes", "polygon", "--seed", "18446744073709551616"})},
        {.name = "C11_OneClassInCv",
         .words = {"only class 4"},
         .arrange = of_table("cv", one_class(), {"--schemes", "random", "--folds", "2"})},
    };
}

std::vector<CliFault> forests() {
    return {
        {.name = "C11_OneClassInTrain", .words = {"classes=1"}, .arrange = of_table("train", one_class())},
        {.name = "D01_NanFeature", .words = {"row 3", "f2=nan"}, .arrange = of_table("train", third_cell("nan"))},
        {.name = "D01_InfiniteFeature", .words = {"row 3", "f2=inf"}, .arrange = of_table("train", third_cell("inf"))},
        {.name = "D01_NanFeatureInCv",
         .words = {"row 3", "f2=nan"},
         .arrange = of_table("cv", third_cell("nan"), {"--schemes", "random", "--folds", "2"})},
        {.name = "D04_NoTree",
         .code = 3,
         .words = {"n_estimators=0", "1 to 65536"},
         .arrange = of_scene("train", {"--n-estimators", "0"})},
        {.name = "D04_BillionTrees",
         .code = 3,
         .words = {"n_estimators=1000000000", "1 to 65536"},
         .arrange = of_scene("train", {"--n-estimators", "1000000000"})},
        {.name = "D04_NegativeDepth",
         .code = 3,
         .words = {"max_depth=-1"},
         .arrange = of_scene("train", {"--max-depth", "-1"})},
        {.name = "D04_NoRowInALeaf",
         .code = 3,
         .words = {"min_samples_leaf=0"},
         .arrange = of_scene("train", {"--min-samples-leaf", "0"})},
        {.name = "D04_NoFeatureAtANode",
         .code = 3,
         .words = {"max_features=0"},
         .arrange = of_scene("train", {"--max-features", "0"})},
        {.name = "D04_MoreFeaturesThanThereAre",
         .code = 3,
         .words = {"max_features=9", "5 features"},
         .arrange = of_scene("train", {"--max-features", "9"})},
        {.name = "D04_CvChecksTheForestFirst",
         .code = 3,
         .words = {"n_estimators=0"},
         .arrange = of_scene("cv", {"--block-size", "100", "--n-estimators", "0"})},
    };
}

using LearningFault = test::FaultRow;

TEST_P(LearningFault, IsRefusedAndLeavesTheOldFile) {
    check();
}

INSTANTIATE_TEST_SUITE_P(Folds, LearningFault, testing::ValuesIn(folds()), test::name_of_fault);
INSTANTIATE_TEST_SUITE_P(Forest, LearningFault, testing::ValuesIn(forests()), test::name_of_fault);

using Learning = test::CliTest;

TEST_F(Learning, C09_SeedIsFixedAndOnRecordWhenNoneIsGiven) {
    const auto cv = [&](const Arguments& more) {
        succeed(joined({"--overwrite", "cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon",
                        "--n-estimators", "3", "-o", "cv.json"},
                       more));
        return bytes("cv.json");
    };
    const std::string without = cv({});
    EXPECT_THAT(without, testing::HasSubstr("\"fold_seed\": 42"));
    EXPECT_THAT(without, testing::HasSubstr("\"forest_seed\": 42"));
    EXPECT_EQ(cv({"--seed", "42"}), without);
    EXPECT_NE(cv({"--seed", "18446744073709551615"}), without);
}

TEST_F(Learning, C10_CapBeyondThePixelsOfAClassTakesAllAndSaysSo) {
    const auto result = succeed({"sample", "--stack", TinyScene::get().stack(), "--labels", TinyScene::get().labels(),
                                 "--strategy", "constant", "--per-class", "100000", "-o", "all.csv"});
    EXPECT_THAT(result.output, testing::HasSubstr("all.csv: 900 samples"));
    EXPECT_THAT(result.output, testing::ContainsRegex("1 .* 324 +0 +324\n")); // labelled, nodata, taken
}

TEST_F(Learning, D02_ConstantFeaturesTrainWithAWarning) {
    test::write_text(path("s.csv"), table(8, [](int i) { return std::to_string(i % 2 + 1) + ",5,5"; }));
    const auto result = succeed({"train", "--samples", "s.csv", "--class-field", "cid", "-o", "m.lcm"});
    EXPECT_THAT(result.errors, testing::HasSubstr("warning: feature f1 has the same value in every sample"));
    EXPECT_THAT(result.errors, testing::HasSubstr("warning: feature f2 has the same value in every sample"));
    EXPECT_THAT(result.output, testing::HasSubstr("100 trees, 100 nodes"));
}

TEST_F(Learning, D03_EqualRowsOfDifferentClassesTrain) {
    // Two places in feature space, each with both classes: no cut separates them, so every tree has 3 nodes at most.
    test::write_text(path("s.csv"), table(40, [](int i) {
                         return std::to_string(i % 2 + 1) + "," + std::to_string(i / 2 % 2) + ",0";
                     }));
    const auto result = succeed({"train", "--samples", "s.csv", "--class-field", "cid", "--bootstrap", "false",
                                 "--max-features", "all", "-o", "m.lcm"});
    EXPECT_THAT(result.output, testing::HasSubstr("m.lcm: 100 trees, "));
    EXPECT_THAT(result.output, testing::AnyOf(testing::HasSubstr(" 300 nodes"), testing::HasSubstr(" 100 nodes")));
}

} // namespace
} // namespace lcclass
