#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

#include <set>

// Every fold scheme through the binary, all in one run.

namespace lcclass {
namespace {

using nlohmann::json;
using test::Arguments;
using test::TinyScene;

class FoldSchemes : public test::CliTest {
protected:
    [[nodiscard]] json cv_json() const { return json::parse(bytes("cv.json")); }

    [[nodiscard]] static Arguments all_schemes() {
        return {"cv",
                "--samples",
                TinyScene::get().samples(),
                "--schemes",
                "random,stratified,polygon,spatial-block,cluster,leave-group-out,nndm,knndm",
                "--folds",
                "4",
                "--block-size",
                "100",
                "--block-shape",
                "hexagon",
                "--prediction-area",
                TinyScene::get().stack(),
                "--prediction-points",
                "200",
                "--n-estimators",
                "3",
                "-o",
                "cv.json"};
    }
};

TEST_F(FoldSchemes, AllRunInOneGo) {
    const auto result = succeed(all_schemes());
    const json schemes = cv_json().at("schemes");
    ASSERT_EQ(schemes.size(), 8U);
    for (const auto& [name, scheme] : schemes.items()) {
        std::int64_t tested = 0;
        for (const json& fold : scheme.at("folds")) {
            const auto n = [&](const char* key) { return fold.at(key).get<std::int64_t>(); };
            tested += n("n_test");
            EXPECT_EQ(n("n_test") + n("n_train") + n("n_excluded"), 900) << name;
            EXPECT_GT(n("n_test"), 0) << name;
        }
        EXPECT_EQ(tested, 900) << name;
        EXPECT_EQ(scheme.at("settings").at("prediction_points"), 196) << name; // 14 x 14 on 40 x 40 pixels
        EXPECT_GE(scheme.at("settings").at("w_m"), 0) << name;
    }
    EXPECT_EQ(schemes.at("leave-group-out").at("folds").size(), 25U); // the fields of the scene
    EXPECT_EQ(schemes.at("nndm").at("folds").size(), 25U);
    EXPECT_EQ(schemes.at("knndm").at("folds").size(), 4U);
    EXPECT_EQ(schemes.at("spatial-block").at("settings").at("block_shape"), "hexagon");
    EXPECT_THAT(result.output, testing::HasSubstr("W of distances, m"));
}

TEST_F(FoldSchemes, GiveTheSameBytesOnAnyNumberOfThreads) {
    Arguments arguments = all_schemes();
    arguments.insert(arguments.end(), {"--buffer", "25"});
    arguments.insert(arguments.begin(), {"-t", "1"});
    succeed(arguments);
    const std::string figures = bytes("cv.json");
    const std::string folds = bytes("folds.gpkg");
    arguments[1] = "3";
    arguments.insert(arguments.begin(), "--overwrite");
    succeed(arguments);
    EXPECT_EQ(bytes("cv.json"), figures);
    EXPECT_EQ(bytes("folds.gpkg"), folds);
}

TEST_F(FoldSchemes, BufferIsCountedInEveryFold) {
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon", "--folds", "5", "--buffer", "25",
             "--n-estimators", "3", "-o", "cv.json"});
    const json scheme = cv_json().at("schemes").at("polygon");
    EXPECT_EQ(scheme.at("settings").at("buffer_m"), 25);
    for (const json& fold : scheme.at("folds")) {
        // Fields are 20 m apart, pixel centres 30 m: the nearest rows of the neighbours are beyond 25 m.
        EXPECT_EQ(fold.at("n_excluded"), 0);
    }
    succeed({"--overwrite", "cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon", "--folds", "5",
             "--buffer", "30", "--n-estimators", "3", "-o", "cv.json"});
    for (const json& fold : cv_json().at("schemes").at("polygon").at("folds")) {
        EXPECT_GT(fold.at("n_excluded"), 0);
    }
}

TEST_F(FoldSchemes, FoldsOnlySayWhatTheyAreWithoutFitting) {
    const auto result =
        succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "cluster,knndm,nndm", "--folds", "4",
                 "--prediction-area", TinyScene::get().polygons(), "--folds-only", "--folds-output", "folds.gpkg"});
    EXPECT_THAT(result.output, testing::HasSubstr("cluster: 4 folds; W of distances "));
    EXPECT_THAT(result.output, testing::HasSubstr("nndm: 25 folds; W of distances "));
    EXPECT_THAT(result.output, testing::HasSubstr("folds.gpkg: folds of 900 samples"));
    EXPECT_EQ(test::names_in(folder()), (std::vector<std::string>{"folds.gpkg"}));
}

TEST_F(FoldSchemes, FoldsOnlyRefuseWhatTakesForests) {
    const auto refused = [&](const std::string& option, const std::string& value) {
        test::expect_refusal(run({"cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon", "--folds-only",
                                  "--folds-output", "folds.gpkg", option, value}),
                             2, {option, "--folds-only"});
    };
    refused("--compare", "max_depth=3");
    refused("--tune", "max_depth=3,4");
    refused("--learning-curve", "0.5");
    refused("--permutation-repeats", "2");
    refused("--output", "cv.json");
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(FoldSchemes, FoldsInAnotherFormatAreRefusedBeforeTheFirstFit) {
    test::expect_refusal(run({"cv", "--samples", "there_is_none.gpkg", "--schemes", "polygon", "-o", "cv.json",
                              "--folds-output", "folds.geojson"}),
                         6, {"folds.geojson", "GeoPackage"});
}

TEST_F(FoldSchemes, PointsWithoutAnAreaAreRefusedAndBlocksWithoutTheirSchemeAreNot) {
    const auto cv = [&](const std::string& option, const std::string& value) {
        return Arguments{"cv",        "--samples",      TinyScene::get().samples(),
                         "--schemes", "polygon",        "--folds",
                         "3",         "--n-estimators", "3",
                         "-o",        "cv.json",        option,
                         value};
    };
    test::expect_refusal(run(cv("--prediction-points", "200")), 2, {"--prediction-area", "--prediction-points"});
    test::expect_refusal(run(cv("--prediction-layout", "random")), 2, {"--prediction-area", "--prediction-layout"});
    succeed(cv("--block-size", "200"));
    EXPECT_FALSE(cv_json().at("schemes").at("polygon").at("settings").contains("block_size_m"));
}

TEST_F(FoldSchemes, GroupFieldIsAnyColumnOfTheTable) {
    std::string table = "x,y,class_code,point_id,year,f1\n";
    for (int i = 0; i < 60; ++i) { // ten points in three years, two samples each
        const int point = i % 10;
        table += std::to_string(600000 + 500 * point) + ",5100000," + std::to_string(point % 2 + 1) + "," +
                 std::to_string(47001 + point) + "," + std::to_string(2012 + 3 * (i / 20)) + "," +
                 std::to_string(point % 2 + 0.01 * i) + "\n";
    }
    test::write_text(path("lucas.csv"), table);
    succeed({"cv", "--samples", "lucas.csv", "--schemes", "polygon,leave-group-out", "--group-field", "point_id",
             "--features", "f1", "--folds", "5", "--n-estimators", "3", "-o", "cv.json"});
    const json schemes = cv_json().at("schemes");
    for (const json& fold : schemes.at("polygon").at("folds")) {
        EXPECT_EQ(fold.at("n_test_polygons"), 2);
        EXPECT_EQ(fold.at("n_test"), 12);
    }
    EXPECT_EQ(schemes.at("leave-group-out").at("folds").size(), 10U);
    EXPECT_EQ(schemes.at("leave-group-out").at("folds").at(0).at("name"), "47001");
}

TEST_F(FoldSchemes, SamplesCanHaveTheirPredictionsBesideThem) {
    const auto cv = [&](const std::string& samples, const std::string& output) {
        succeed({"--overwrite", "cv", "--samples", samples, "--schemes", "random,polygon", "--folds", "3",
                 "--n-estimators", "3", "--samples-output", output, "-o", "cv.json"});
        return bytes("cv.json");
    };
    const std::string first = cv(TinyScene::get().samples(), "with.gpkg");
    EXPECT_EQ(cv("with.gpkg", "again.gpkg"), first); // the columns that were added are not features
    EXPECT_EQ(bytes("with.gpkg"), bytes("again.gpkg"));
    succeed({"train", "--samples", "with.gpkg", "--n-estimators", "3", "-o", "model.lcm"});
    succeed({"train", "--samples", TinyScene::get().samples(), "--n-estimators", "3", "-o", "other.lcm"});
    EXPECT_EQ(json::parse(succeed({"info", "--json", "model.lcm"}).output).at("features"),
              json::parse(succeed({"info", "--json", "other.lcm"}).output).at("features"));
}

TEST_F(FoldSchemes, FoldsOnlyCanBeColumnsOfTheSamplesToo) {
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon", "--folds-only", "--folds-output",
             "folds.gpkg", "--samples-output", "with.csv"});
    const std::string text = bytes("with.csv");
    EXPECT_EQ(text.substr(0, text.find('\n')), "x,y,class_code,polygon_id,group,B02,B03,B04,B08,NDVI,fold_polygon");
}

TEST_F(FoldSchemes, BlockSizeCanComeFromTheVariograms) {
    // Ten by ten patches of 1 km, each a value of its own, and four samples in each of different polygons.
    std::string table = "x,y,class_code,polygon_id,f1\n";
    for (int i = 0; i < 400; ++i) {
        const int patch = i / 4;
        const int value = (patch * patch * patch * 7 + patch * patch * 13 + patch * 5) % 101;
        table += std::to_string(600000 + 1000 * (patch % 10) + (i * 137) % 1000) + "," +
                 std::to_string(5100000 + 1000 * (patch / 10) + (i * 271) % 1000) + "," + std::to_string(i % 3 + 1) +
                 "," + std::to_string(i + 1) + "," + std::to_string(value) + "\n";
    }
    test::write_text(path("patches.csv"), table);
    test::write_text(path("run.yaml"), "output_dir: out\ncv:\n  samples: patches.csv\n  schemes: [spatial-block]\n"
                                       "  block_size: auto\n  n_estimators: 3\n");
    const auto result = succeed({"cv", "--config", "run.yaml"});
    const json settings = json::parse(bytes("out/cv.json")).at("schemes").at("spatial-block").at("settings");
    const double size = settings.at("block_size_m").get<double>();
    EXPECT_GE(size, 700);
    EXPECT_LE(size, 1700);
    EXPECT_THAT(settings.at("block_size_from").get<std::string>(),
                testing::StartsWith("median range of 1 of 1 features, "));
    EXPECT_THAT(result.output, testing::HasSubstr("block size: " + std::to_string(static_cast<int>(size)) + " m, "));
    EXPECT_THAT(result.output, testing::HasSubstr("error, spatial-block"));
    const std::string twice = bytes("out/cv.json");
    succeed({"-t", "1", "--overwrite", "cv", "--config", "run.yaml"});
    EXPECT_EQ(bytes("out/cv.json"), twice);
    const auto only = succeed({"--overwrite", "cv", "--config", "run.yaml", "--folds-only"});
    EXPECT_THAT(only.output, testing::HasSubstr("block size: "));
}

TEST_F(FoldSchemes, BlockSizesThatAreNoLengthAreRefused) {
    const auto with_size = [&](const std::string& size) {
        return run({"cv", "--samples", TinyScene::get().samples(), "--block-size", size, "-o", "cv.json"});
    };
    test::expect_refusal(with_size("wide"), 2, {"--block-size=wide", "auto"});
    test::expect_refusal(with_size("-5"), 3, {"block_size=-5"});
}

TEST_F(FoldSchemes, LearningCurvesAreFittedPerScheme) {
    const auto result =
        succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "random,polygon", "--folds", "3",
                 "--n-estimators", "3", "--learning-curve", "0.5,12,1", "-o", "cv.json"});
    EXPECT_THAT(result.output, testing::HasSubstr("Learning curve"));
    const json schemes = cv_json().at("schemes");
    for (const char* scheme : {"random", "polygon"}) {
        const json& curve = schemes.at(scheme).at("learning_curve");
        ASSERT_EQ(curve.size(), 3U);
        EXPECT_EQ(curve[2].at("mean").at("overall_accuracy"),
                  schemes.at(scheme).at("mean").at("test").at("overall_accuracy"));
        EXPECT_LT(curve[0].at("n_polygons"), curve[2].at("n_polygons"));
    }
    test::expect_refusal(
        run({"--overwrite", "cv", "--samples", TinyScene::get().samples(), "--learning-curve", "0", "-o", "cv.json"}),
        3, {"learning_curve=0"});
}

TEST_F(FoldSchemes, VariogramsCanBeLeftOut) {
    const Arguments arguments = {"--overwrite",    "cv",      "--samples", TinyScene::get().samples(),
                                 "--schemes",      "polygon", "--folds",   "3",
                                 "--n-estimators", "3",       "-o",        "cv.json"};
    EXPECT_THAT(succeed(arguments).output, testing::HasSubstr("Variograms: 25 polygons are too few"));
    EXPECT_EQ(cv_json().at("variograms").at("features").size(), 5U);
    Arguments without = arguments;
    without.insert(without.end(), {"--variograms", "false"});
    EXPECT_THAT(succeed(without).output, testing::Not(testing::HasSubstr("Variograms")));
    EXPECT_FALSE(cv_json().contains("variograms"));
}

} // namespace
} // namespace lcclass
