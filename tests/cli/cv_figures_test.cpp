#include "cli/tiny_scene.h"

#include <nlohmann/json.hpp>

// What cv says of its predictions, through the binary.

namespace lcclass {
namespace {

using nlohmann::json;
using test::Arguments;
using test::TinyScene;

class CvFigures : public test::CliTest {
protected:
    [[nodiscard]] json cv_json() const { return json::parse(bytes("cv.json")); }

    [[nodiscard]] static Arguments cv(const Arguments& more = {}) {
        Arguments arguments = {"cv",      "--samples", TinyScene::get().samples(), "--schemes", "polygon,random",
                               "--folds", "4",         "--n-estimators",           "3",         "-o",
                               "cv.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
};

TEST_F(CvFigures, HaveIntervalsAndAGapToRandomFolds) {
    const auto result = succeed(cv({"--bootstrap-replicates", "300", "--confidence", "0.9"}));
    const json root = cv_json();
    const json& intervals = root.at("schemes").at("polygon").at("intervals");
    EXPECT_EQ(intervals.at("resampled"), "polygons");
    EXPECT_EQ(intervals.at("n_resampled"), 25);
    EXPECT_EQ(intervals.at("replicates"), 300);
    const json& accuracy = intervals.at("overall_accuracy");
    EXPECT_EQ(accuracy.at("estimate"), root.at("schemes").at("polygon").at("pooled").at("overall_accuracy"));
    EXPECT_LE(accuracy.at("ci90").at(0), accuracy.at("estimate"));
    EXPECT_GE(accuracy.at("ci90").at(1), accuracy.at("estimate"));
    EXPECT_TRUE(root.at("optimism").at("schemes").at("polygon").at("f1_weighted").contains("gap"));
    EXPECT_THAT(result.output, testing::HasSubstr("[90 % interval]: 25 polygons drawn again 300 times"));
    EXPECT_THAT(result.output, testing::HasSubstr("Optimism: random folds less the others"));
}

TEST_F(CvFigures, ReplicatesOutOfRangeAreRefused) {
    test::expect_refusal(run(cv({"--bootstrap-replicates", "7"})), 3, {"bootstrap_replicates=7", "0 for none"});
    test::expect_refusal(run(cv({"--confidence", "95"})), 3, {"confidence=95", "0.5 to 0.999"});
}

TEST_F(CvFigures, IncludeTheProbabilities) {
    const auto result = succeed(cv());
    const json figures = cv_json().at("schemes").at("polygon").at("probabilities");
    for (const char* key : {"roc_auc_macro", "roc_auc_weighted", "brier", "log_loss", "ece"}) {
        EXPECT_GE(figures.at("pooled").at(key), 0) << key;
        EXPECT_TRUE(figures.at("mean").at(key).is_number()) << key;
    }
    EXPECT_EQ(figures.at("reliability").at("count").size(), 15U);
    EXPECT_EQ(figures.at("roc").size(), 3U);
    EXPECT_THAT(result.output, testing::HasSubstr("ROC AUC, macro"));
}

TEST_F(CvFigures, OfVariantsAreThoseOfARunOfTheirOwn) {
    const std::string variant = "n_estimators=5; features=NDVI,B04; max_features=all";
    const auto result = succeed(cv({"--compare", variant, "--compare", "class_weight=balanced", "--seed", "9"}));
    const json compare = cv_json().at("compare");
    ASSERT_EQ(compare.size(), 2U);
    EXPECT_EQ(compare[0].at("name"), variant);
    EXPECT_EQ(compare[0].at("features"), json({"NDVI", "B04"}));
    EXPECT_EQ(compare[1].at("params").at("class_weight"), "balanced");
    EXPECT_EQ(compare[1].at("params").at("n_estimators"), 3);
    EXPECT_THAT(result.output, testing::HasSubstr("Compared: " + variant + " less the base"));
    succeed({"--overwrite", "cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon,random", "--folds",
             "4", "--features", "NDVI,B04", "--n-estimators", "5", "--max-features", "all", "--seed", "9", "-o",
             "cv.json"});
    const json alone = cv_json().at("schemes");
    for (const char* scheme : {"polygon", "random"}) {
        EXPECT_EQ(compare[0].at("schemes").at(scheme).at("pooled"), alone.at(scheme).at("pooled")) << scheme;
    }
}

TEST_F(CvFigures, OfVariantsAreTheSameOnAnyNumberOfThreads) {
    Arguments arguments = cv({"--compare", "features=B02,B03"});
    arguments.insert(arguments.begin(), {"-t", "1"});
    succeed(arguments);
    const std::string one = bytes("cv.json");
    arguments[1] = "3";
    arguments.insert(arguments.begin(), "--overwrite");
    succeed(arguments);
    EXPECT_EQ(bytes("cv.json"), one);
}

TEST_F(CvFigures, VariantsMayBeListedInAConfig) {
    test::write_text(path("c.yml"), "cv:\n  samples: " + TinyScene::get().samples() +
                                        "\n  schemes: [polygon]\n  n_estimators: 3\n  output: cv.json\n"
                                        "  compare: [\"features=B02,B03;max_depth=none\", n_estimators=5]\n");
    succeed({"cv", "-c", "c.yml"});
    const json compare = cv_json().at("compare");
    ASSERT_EQ(compare.size(), 2U);
    EXPECT_EQ(compare[0].at("features"), json({"B02", "B03"}));
    EXPECT_EQ(compare[1].at("params").at("n_estimators"), 5);
}

TEST_F(CvFigures, OfFeaturesAloneAreTunedLikeTheBase) {
    succeed(cv({"--tune", "max_depth=1,none", "--compare", "features=B02", "--compare", "max_depth=2"}));
    const json compare = cv_json().at("compare");
    EXPECT_TRUE(compare[0].at("schemes").at("polygon").contains("tuning"));
    EXPECT_FALSE(compare[1].at("schemes").at("polygon").contains("tuning"));
}

TEST_F(CvFigures, OrderOfParametersInAVariantDoesNotMatter) {
    Arguments arguments = cv({"--max-samples", "0.5", "--compare", "bootstrap=false;max_samples=none"});
    succeed(arguments);
    EXPECT_EQ(cv_json().at("compare").at(0).at("params").at("bootstrap"), false);
}

TEST_F(CvFigures, OfATableWithoutPolygonsCountSamples) {
    std::string table = "class_code,f1,f2\n";
    for (int i = 0; i < 60; ++i) {
        table +=
            std::to_string(i % 2 + 1) + "," + std::to_string(i % 2 + 0.01 * i) + "," + std::to_string(i % 7) + "\n";
    }
    test::write_text(path("rows.csv"), table);
    const auto result = succeed({"cv", "--samples", "rows.csv", "--schemes", "random,stratified", "--folds", "3",
                                 "--n-estimators", "3", "--learning-curve", "0.5", "-o", "cv.json"});
    EXPECT_THAT(result.output, testing::HasSubstr("60 samples, whose polygons are not known, drawn again"));
    EXPECT_THAT(result.output, testing::HasSubstr("same samples drawn for both"));
    EXPECT_THAT(result.output, testing::Not(testing::HasSubstr("60 polygons")));
    EXPECT_TRUE(cv_json().at("schemes").at("random").at("settings").at("n_polygons").is_null());
}

TEST_F(CvFigures, VariantsThatAreNoneAreRefused) {
    const auto refused = [&](const std::string& variant, int code, const std::vector<std::string>& words) {
        test::expect_refusal(run(cv({"--compare", variant})), code, words);
    };
    refused("n_trees=5", 2, {"n_trees=5", "unknown name", "n_estimators", "features"});
    refused("max_dept=5", 2, {"did you mean 'max_depth'"});
    refused("n_estimators=many", 3, {"n_estimators=many", "not a whole number"});
    refused("n_estimators=0", 3, {"n_estimators=0", "1 to 65536"});
    refused("n_estimators=5;n_estimators=6", 2, {"n_estimators is given twice"});
    refused("n_estimators", 2, {"is not name=value"});
    refused("features=B02,B99", 3, {"B99", "use some of B02"});
    refused("features=B02;max_features=2", 3, {"--compare 'features=B02;max_features=2'", "only 1 features"});
    refused("bootstrap=false;max_samples=0.5", 3, {"max_samples=0.5", "without bootstrap"});
    test::expect_refusal(run(cv({"--compare", "max_depth=3", "--compare", "max_depth=3"})), 3, {"is there twice"});
}

} // namespace
} // namespace lcclass
