#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/sha256.h"

#include <nlohmann/json.hpp>

#include <sstream>

// Importance of features as a user asks for it.

namespace lcclass {
namespace {

using nlohmann::json;
using test::Arguments;
using test::expect_refusal;
using test::TinyScene;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ExplainImportance : public test::CliTest {
protected:
    [[nodiscard]] static Arguments explain(const Arguments& more) {
        Arguments arguments = {
            "explain", "-m", TinyScene::get().model(), "--samples",  TinyScene::get().samples(), "--rows",
            "3",       "-o", "explain.json",           "--overwrite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
    [[nodiscard]] json importance() const { return json::parse(bytes("explain.json")).at("importance"); }
    [[nodiscard]] std::vector<std::string> kinds() const {
        std::vector<std::string> names;
        const json content = importance();
        for (const auto& entry : content.items()) {
            names.push_back(entry.key());
        }
        return names;
    }
};

/// First words of the lines from `head` on, until a line that is not of the table.
std::vector<std::string> first_words(const std::string& output, const std::string& head, std::size_t n) {
    std::istringstream lines(output.substr(output.find(head)));
    std::string line;
    std::getline(lines, line);
    std::vector<std::string> words;
    while (words.size() < n && std::getline(lines, line)) {
        words.push_back(line.substr(0, line.find(' ')));
    }
    return words;
}

TEST_F(ExplainImportance, ComputesWhatIsAskedFor) {
    const auto result = succeed(explain({"--permutation-repeats", "2", "--folds", "3"}));
    EXPECT_THAT(kinds(), ElementsAre("impurity", "out_of_bag", "permutation", "settings"));
    const json all = importance();
    for (const char* kind : {"impurity", "out_of_bag", "permutation"}) {
        EXPECT_EQ(all[kind].size(), 5U) << kind;
    }
    const json& ndvi = all["permutation"]["NDVI"];
    EXPECT_LT(ndvi["ci95"][0], ndvi["mean"]);
    EXPECT_GT(ndvi["ci95"][1], ndvi["mean"]);
    EXPECT_GT(all["out_of_bag"]["NDVI"]["sd"], 0);
    EXPECT_EQ(all["settings"], (json{{"scheme", "polygon"},
                                     {"n_folds", 3},
                                     {"repeats", 2},
                                     {"seed", 42},
                                     {"model_sha256", sha256_of_file(TinyScene::get().model())}}));
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("overall accuracy lost when features are shuffled, in 3 polygon folds\n"),
                      HasSubstr("permutation     95 % interval out-of-bag impurity\n")));

    succeed(explain({"--importance", "conditional", "--folds", "2", "--condition-correlation", "0.9"}));
    EXPECT_THAT(kinds(), ElementsAre("conditional", "settings"));
    EXPECT_TRUE(importance()["conditional"]["B02"]["ci95"].is_null()); // of two folds
    EXPECT_TRUE(importance()["conditional"]["B02"]["given"].is_array());
    succeed(explain({"--importance", "none"}));
    EXPECT_THAT(kinds(), ElementsAre());
    const auto without_folds = succeed(explain({"--permutation-repeats", "0"}));
    EXPECT_THAT(kinds(), ElementsAre("impurity", "out_of_bag"));
    EXPECT_THAT(without_folds.errors, Not(HasSubstr("folds")));
}

TEST_F(ExplainImportance, SortsByImportance) {
    const auto result = succeed(explain({"--importance", "impurity,permutation", "--folds", "3"}));
    std::vector<std::pair<double, std::string>> sorted;
    const json all = importance();
    for (const auto& entry : all["permutation"].items()) {
        sorted.emplace_back(-entry.value()["mean"].get<double>(), entry.key());
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> expected;
    for (const auto& [mean, name] : sorted) {
        expected.push_back(name);
    }
    EXPECT_EQ(first_words(result.output, "feature ", 5), expected);
}

TEST_F(ExplainImportance, ShufflesGroupsOfTheUserTogether) {
    const auto result = succeed(
        explain({"--importance", "grouped", "--folds", "3", "--groups", "visible=B02,B03,B04;near=B08, NDV*;one=B02"}));
    const json grouped = importance()["grouped"];
    ASSERT_EQ(grouped.size(), 3U);
    EXPECT_EQ(grouped[0]["name"], "visible");
    EXPECT_EQ(grouped[0]["kind"], "user");
    EXPECT_EQ(grouped[1]["features"], (json{"B08", "NDVI"}));
    EXPECT_GT(grouped[0]["mean"], grouped[2]["mean"]);
    EXPECT_THAT(result.output, HasSubstr("group     of        features permutation     95 % interval\n"));

    test::write_text(path("run.yml"),
                     "explain:\n  importance: [grouped]\n  folds: 3\n  groups:\n    visible: [B02, B03, "
                     "B04]\n    near: [B08, NDV*]\n    one: B02\n");
    succeed({"explain", "-c", "run.yml", "-m", TinyScene::get().model(), "--samples", TinyScene::get().samples(),
             "--rows", "3", "-o", "again.json"});
    EXPECT_EQ(json::parse(bytes("again.json")).at("importance").at("grouped"), grouped);
}

TEST_F(ExplainImportance, TakesTheFoldsOfCv) {
    succeed(explain({"--importance", "permutation", "--scheme", "spatial-block", "--block-size", "100", "--folds", "3",
                     "--permutation-repeats", "4"}));
    const json settings = importance()["settings"];
    EXPECT_EQ(settings["scheme"], "spatial-block");
    EXPECT_EQ(settings["block_size_m"], 100);
    // The same forests on the same folds: cv has the same means.
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "spatial-block", "--block-size", "100",
             "--folds", "3", "--permutation-repeats", "4", "--n-estimators", "15", "-o", "cv.json"});
    const json model = json::parse(succeed({"info", TinyScene::get().model(), "--json"}).output);
    ASSERT_EQ(model["training"]["options"]["n_estimators"], 15);
    const json expected = json::parse(bytes("cv.json"))["schemes"]["spatial-block"]["permutation_importance"];
    const json found = importance()["permutation"];
    for (const auto& entry : expected.items()) {
        EXPECT_NEAR(found[entry.key()]["mean"].get<double>(), entry.value()["mean"].get<double>(), 1e-12);
    }
}

TEST_F(ExplainImportance, LeavesOutOfBagOutForOtherSamples) {
    // As many pixels of the same fields, drawn by another seed.
    succeed({"sample", "--stack", TinyScene::get().stack(), "--labels", TinyScene::get().labels(), "--per-polygon", "4",
             "-o", "a.gpkg"});
    succeed({"sample", "--stack", TinyScene::get().stack(), "--labels", TinyScene::get().labels(), "--per-polygon", "4",
             "--seed", "7", "-o", "b.gpkg"});
    succeed({"train", "--samples", "a.gpkg", "--n-estimators", "10", "-o", "a.lcm"});
    const auto explain_by = [&](const std::string& samples) {
        const auto result = succeed({"explain", "-m", "a.lcm", "--samples", samples, "--rows", "3", "--importance",
                                     "out-of-bag", "-o", "explain.json", "--overwrite"});
        return result.errors;
    };
    EXPECT_THAT(explain_by("a.gpkg"), Not(HasSubstr("left out")));
    EXPECT_THAT(kinds(), ElementsAre("out_of_bag"));
    EXPECT_THAT(explain_by("b.gpkg"), HasSubstr("out-of-bag importance of a.lcm is left out: b.gpkg is not the file it "
                                                "was trained with (another SHA-256)\n"));
    EXPECT_THAT(kinds(), ElementsAre("out_of_bag_left_out"));
    EXPECT_THAT(explain_by(TinyScene::get().samples()),
                HasSubstr("is left out: it was trained with 100 samples, and "));
}

TEST_F(ExplainImportance, TellsTheMonthThatMattersOf68Dates) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const std::filesystem::path data = std::filesystem::absolute(test::shared_data()) / "slovenia_s2_series";
    succeed({"stack", "--radiometry", "none", "--min-valid", "0", "--features", "NDVI", "-o", "stack.tif", "-i",
             "NDVI@=" + (data / "NDVI_68dates.tif").string()});
    succeed({"rasterize", "-i", (data / "LULC.tif").string(), "--like", "stack.tif", "-o", "labels.tif"});
    succeed({"sample", "--stack", "stack.tif", "--labels", "labels.tif", "-o", "samples.gpkg"});
    succeed({"train", "--samples", "samples.gpkg", "--n-estimators", "50", "-o", "model.lcm"});
    const auto result =
        succeed({"explain", "-m", "model.lcm", "--samples", "samples.gpkg", "--rows", "3", "--scheme", "spatial-block",
                 "--block-size", "150", "--permutation-repeats", "3", "-o", "explain.json"});
    const json by_date = importance()["by_date"];
    EXPECT_EQ(by_date["features"], json({"NDVI"}));
    EXPECT_EQ(by_date["dates"].size(), 68U);
    ASSERT_EQ(by_date["permutation"].size(), 1U);
    EXPECT_EQ(by_date["permutation"][0].size(), 68U);
    EXPECT_EQ(by_date["permutation"][0][8], importance()["permutation"]["NDVI@2015-12-08.2"]["mean"]);
    // Any date of January has others to stand in for it; all of them together have not: leaves are down, grass is not.
    EXPECT_EQ(first_words(result.output, "group ", 1), std::vector<std::string>{"M01"});
    for (const json& value : by_date["permutation"][0]) {
        EXPECT_LT(value, 0.02);
    }
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("... and 48 more features in the file\n"),
                      HasSubstr("\n          2015       2016                 2017\nmonth     00000001111")));
}

TEST_F(ExplainImportance, HasTheSameBytesOnAnyNumberOfThreads) {
    const Arguments kinds = {"--importance",
                             "impurity,out-of-bag,permutation,grouped,conditional",
                             "--folds",
                             "3",
                             "--groups",
                             "visible=B02,B03,B04",
                             "-t"};
    std::vector<std::string> results;
    for (const char* threads : {"1", "3"}) {
        Arguments arguments = kinds;
        arguments.emplace_back(threads);
        succeed(explain(arguments));
        results.push_back(bytes("explain.json"));
    }
    EXPECT_EQ(results[0], results[1]);
}

TEST_F(ExplainImportance, RefusesWhatCannotBeMeant) {
    const auto refused = [&](int code, const std::string& words, const Arguments& more) {
        expect_refusal(run(explain(more)), code, {words});
    };
    refused(2, "--importance=gini: is not one of its words", {"--importance", "gini"});
    refused(2, "importance=none: is not a kind of importance", {"--importance", "none,impurity"});
    refused(2, "error: --scheme=spatial-blok: is not one of its words", {"--scheme", "spatial-blok"});
    refused(2, "grouped, for --groups", {"--importance", "impurity", "--groups", "a=B02"});
    refused(2, "conditional, for --condition-correlation", {"--condition-correlation", "0.4"});
    refused(2, "for --scheme", {"--importance", "impurity", "--scheme", "random"});
    refused(2, "permutation, grouped or conditional, for --buffer", {"--importance", "impurity", "--buffer", "1000"});
    refused(2, "permutation, grouped or conditional, for --folds", {"--importance", "impurity", "--folds", "5"});
    refused(2, "for --permutation-repeats", {"--importance", "out-of-bag", "--permutation-repeats", "3"});
    refused(2, "--prediction-area", {"--scheme", "knndm"});
    refused(3, "no feature of the model is B05", {"--groups", "edge=B05"});
    refused(3, "--folds=1: there must be 2 or more", {"--folds", "1"});
    refused(3, "--permutation-repeats=-1: is negative", {"--permutation-repeats", "-1"});
    refused(3, "is no size of a correlation", {"--importance", "conditional", "--condition-correlation", "0"});
    refused(2, "--block-size", {"--scheme", "spatial-block"});
    refused(3, "folds", {"--folds", "60"}); // more than polygons
    EXPECT_FALSE(std::filesystem::exists(path("explain.json")));
}

TEST_F(ExplainImportance, RefusesDetailsOfFoldsThatItDoesNotMake) {
    const auto refused = [&](const std::string& words, const Arguments& more) {
        expect_refusal(run(explain(more)), 2, {words});
    };
    refused("--block-size: has no effect on polygon folds; fix: add --scheme spatial-block", {"--block-size", "5000"});
    refused("--block-shape: has no effect on random folds", {"--scheme", "random", "--block-shape", "square"});
    refused("--block-assignment: has no effect", {"--block-assignment", "random"});
    refused("--prediction-area: has no effect on polygon folds; fix: add --scheme knndm",
            {"--prediction-area", TinyScene::get().stack()});
    refused("--folds: has no effect on leave-group-out folds", {"--scheme", "leave-group-out", "--folds", "5"});
    EXPECT_FALSE(std::filesystem::exists(path("explain.json")));
}

TEST_F(ExplainImportance, RefusesWhatNeedsShufflesWithoutAny) {
    const auto refused = [&](const std::string& words, const Arguments& more) {
        Arguments arguments = {"--permutation-repeats", "0"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        expect_refusal(run(explain(arguments)), 2, {"--permutation-repeats=0: shuffles nothing, for " + words});
    };
    refused("--importance permutation", {"--importance", "permutation,impurity"});
    refused("--importance conditional", {"--importance", "conditional"});
    refused("--groups", {"--groups", "a=B02"});
    refused("--scheme", {"--scheme", "random"});
    refused("--folds", {"--folds", "3"});
    EXPECT_FALSE(std::filesystem::exists(path("explain.json")));
    succeed(explain({"--importance", "out-of-bag", "--permutation-repeats", "0"}));
    EXPECT_THAT(kinds(), ElementsAre("out_of_bag"));
}

} // namespace
} // namespace lcclass
