#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

// Nested tuning through the binary, and a model trained with what it suggests.

namespace lcclass {
namespace {

using nlohmann::json;
using test::Arguments;
using test::TinyScene;
using testing::HasSubstr;

class Tuning : public test::CliTest {
protected:
    [[nodiscard]] static Arguments tune(const std::string& schemes, const std::string& grid) {
        return {"cv",        "--samples",    TinyScene::get().samples(),
                "--schemes", schemes,        "--folds",
                "3",         "--block-size", "100",
                "--tune",    grid,           "--inner-folds",
                "2",         "-o",           "cv.json"};
    }
    [[nodiscard]] Arguments train(const Arguments& more) const {
        Arguments arguments = {"train", "--samples", TinyScene::get().samples(), "-o", "model.lcm"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
};

TEST_F(Tuning, TrainTakesWhatCvSuggests) {
    const auto result = succeed(tune("polygon,spatial-block", "n_estimators=3,5;max_depth=1,2;criterion=gini,entropy"));
    EXPECT_THAT(result.output, HasSubstr("Tuned within the training part of every fold\npolygon: criterion="));
    const json tuning = json::parse(bytes("cv.json")).at("schemes").at("spatial-block").at("tuning");
    EXPECT_EQ(tuning.at("candidates").size(), 8U);
    EXPECT_EQ(tuning.at("scoring"), "f1_weighted");

    succeed(train({"--min-samples-leaf", "2", "--tuned", "cv.json", "--tuned-scheme", "spatial-block"}));
    const json model = json::parse(succeed({"info", "model.lcm", "--json"}).output);
    const json options = model.at("training").at("options");
    EXPECT_EQ(options.at("n_estimators"), tuning.at("suggested").at("n_estimators"));
    EXPECT_EQ(options.at("max_depth"), tuning.at("suggested").at("max_depth"));
    EXPECT_EQ(options.at("criterion"), tuning.at("suggested").at("criterion"));
    EXPECT_EQ(options.at("min_samples_leaf"), 2);

    const auto unclear = run(train({"--overwrite", "--tuned", "cv.json"}));
    EXPECT_EQ(unclear.exit_code, 3);
    EXPECT_THAT(unclear.errors, HasSubstr("several schemes were tuned; fix: name one of polygon, spatial-block"));
}

TEST_F(Tuning, TrainRefusesACvThatWasNotTuned) {
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon", "--n-estimators", "3", "-o",
             "cv.json"});
    const auto result = run(train({"--tuned", "cv.json"}));
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, HasSubstr("nothing was tuned in this run"));
    test::write_text(path("other.json"), "{\"schemes\": 3}");
    EXPECT_THAT(run(train({"--tuned", "other.json"})).errors, HasSubstr("nothing was tuned"));
    test::write_text(path("other.json"), "[");
    EXPECT_THAT(run(train({"--tuned", "other.json"})).errors, HasSubstr("is not a cv.json"));
    EXPECT_FALSE(std::filesystem::exists(path("model.lcm")));
}

TEST_F(Tuning, SaysWhichInnerFoldsCannotBe) {
    auto arguments = tune("leave-group-out", "max_depth=1,2");
    arguments[12] = "30"; // 25 polygons
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.errors, HasSubstr("inner folds of leave-group-out"));
    EXPECT_FALSE(std::filesystem::exists(path("cv.json")));
}

} // namespace
} // namespace lcclass
