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

} // namespace
} // namespace lcclass
