#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

// `lcclass info` on what `cv` and `assess` write.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::TinyScene;

class InfoOf : public test::CliTest {
protected:
    [[nodiscard]] nlohmann::json info(const std::string& name) const {
        return nlohmann::json::parse(succeed({"info", name, "--json"}).output);
    }
};

TEST_F(InfoOf, FoldsWithAndWithoutPredictions) {
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon,spatial-block", "--block-size", "80",
             "--folds", "3", "--n-estimators", "3", "-o", "cv.json", "--folds-output", "folds.gpkg"});
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "random", "--folds", "4", "--folds-only",
             "--folds-output", "only.gpkg"});
    const auto folds = info("folds.gpkg");
    EXPECT_EQ(folds["kind"], "folds");
    EXPECT_EQ(folds["folds"]["fold_polygon"], 3);
    EXPECT_EQ(folds["folds"]["fold_spatial_block"], 3);
    EXPECT_EQ(folds["folds"].size(), 2U);
    EXPECT_GT(folds["blocks"].get<int>(), 3);
    EXPECT_EQ(folds["rows"], 900);
    EXPECT_EQ(folds["polygons"], 25);
    EXPECT_EQ(info("only.gpkg")["folds"], (nlohmann::json{{"fold_random", 4}}));
    EXPECT_THAT(succeed({"info", "folds.gpkg"}).output, testing::HasSubstr("fold_polygon: 3"));
}

TEST_F(InfoOf, APlanAndWhatAssessMakesOfAReference) {
    succeed({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", "map.tif"});
    succeed({"assess", "--plan", "--map", "map.tif", "--target-se", "0.05", "--min-per-stratum", "10", "-o", "p.gpkg"});
    const auto plan = info("p.gpkg");
    EXPECT_EQ(plan["kind"], "plan");
    EXPECT_EQ(plan["labelled"], 0);
    std::int64_t points = 0;
    std::int64_t pixels = 0;
    for (const auto& [code, stratum] : plan["strata"].items()) {
        EXPECT_GE(stratum["points"].get<int>(), 10) << code;
        points += stratum["points"].get<std::int64_t>();
        pixels += stratum["pixels"].get<std::int64_t>();
    }
    EXPECT_EQ(plan["points"], points);
    EXPECT_EQ(pixels, 1600);

    fs::copy(path("map.tif"), path("truth.tif"));
    succeed({"assess", "--map", "map.tif", "--reference", "truth.tif", "-o", "census.json"});
    EXPECT_EQ(info("census.json")["mode"], "census");
    EXPECT_EQ(info("census.json")["pixels"], 1600);
    succeed({"assess", "--map", "map.tif", "--reference", "truth.tif", "--design", "simple", "-o", "sample.json"});
    const auto sample = info("sample.json");
    EXPECT_EQ(sample["kind"], "accuracy");
    EXPECT_EQ(sample["units"], 1600);
    EXPECT_EQ(sample["overall_accuracy"]["estimate"], 1.0);
    EXPECT_EQ(sample["classes"].size(), 3U);
}

TEST_F(InfoOf, LayersOfOthersAreNamedWithoutAnOptionThatIsNotThere) {
    test::CaseLayer rivers;
    rivers.name = "rivers";
    rivers.features = {{"POINT(600005 5100005)", {"1"}}};
    test::CaseLayer roads = rivers;
    roads.name = "roads";
    test::write_case(path("x.gpkg"), {rivers, roads});
    const auto result = run({"info", "x.gpkg"});
    test::expect_refusal(result, 4, {"layers=rivers, roads", "none of them is of lcclass"});
    EXPECT_THAT(result.errors, testing::Not(testing::HasSubstr("--layer")));
}

} // namespace
} // namespace lcclass
