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
    EXPECT_THAT(result.output, HasSubstr("Tuned within the training part of every fold\npolygon  "));
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

TEST_F(Tuning, TrainTakesEveryParameterAsCvWroteIt) {
    succeed(tune("polygon", "bootstrap=false;class_weight=none;criterion=entropy;max_bins=200;max_depth=none;"
                            "max_features=2;max_samples=none;min_samples_leaf=2;min_samples_split=3;n_estimators=3"));
    const json suggested = json::parse(bytes("cv.json")).at("schemes").at("polygon").at("tuning").at("suggested");
    ASSERT_EQ(suggested.size(), 10U);
    EXPECT_TRUE(suggested.at("max_samples").is_null());
    succeed(train({"--max-samples", "0.5", "--tuned", "cv.json"}));
    const json options = json::parse(succeed({"info", "model.lcm", "--json"}).output).at("training").at("options");
    for (const auto& [name, value] : suggested.items()) {
        const json expected = !value.is_null() ? value : name == "class_weight" ? json("none") : json(0);
        EXPECT_EQ(options.at(name), expected) << name;
    }
}

TEST_F(Tuning, VariantsWithTooFewFeaturesForTheGridAreRefusedBeforeTheFirstFit) {
    auto arguments = tune("polygon", "max_features=1,4"); // of 5
    arguments.insert(arguments.end(), {"--compare", "features=B02,B03,B04"});
    test::expect_refusal(run(arguments), 3, {"--compare 'features=B02,B03,B04'", "max_features=4", "only 3 features"});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(Tuning, OptionsOfTuningAreRefusedWithoutIt) {
    const auto cv = [&](const Arguments& more) {
        Arguments arguments = {"cv", "--samples", TinyScene::get().samples(), "--schemes", "polygon", "-o", "cv.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    };
    test::expect_refusal(cv({"--scoring", "kappa"}), 2, {"--tune", "--scoring"});
    test::expect_refusal(cv({"--inner-folds", "5"}), 2, {"--tune", "--inner-folds"});
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
