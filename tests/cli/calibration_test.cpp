#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/forest/model.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

// Imbalance: calibrated models and class shares that differ from those of the samples.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::CliFault;
using test::TinyScene;
using testing::AllOf;
using testing::HasSubstr;

class Calibration : public test::CliTest {
protected:
    /// A model of the tiny scene, calibrated; what train said is in `said`.
    std::string train(const std::string& method, const Arguments& more = {}) {
        Arguments arguments = {"train",          "--samples", TinyScene::get().samples(),
                               "--n-estimators", "15",        "--calibrate",
                               method,           "-o",        method + ".lcm",
                               "--overwrite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        said = succeed(arguments).output;
        return path(method + ".lcm");
    }
    test::ProcessResult predict(const std::string& model, const std::string& name, const Arguments& more = {}) const {
        Arguments arguments = {"predict", "-m", model, "-i", TinyScene::get().stack(), "-o", name};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return succeed(arguments);
    }

    std::string said;
};

TEST_F(Calibration, TrainSaysWhatItWasGoodForAndInfoWhatItIs) {
    for (const std::string method : {"isotonic", "sigmoid"}) {
        const std::string model = train(method, {"--calibration-folds", "4"});
        EXPECT_THAT(said, AllOf(HasSubstr("calibration " + method + ", 4 polygon folds: Brier score 0."),
                                HasSubstr(", calibration error 0."), HasSubstr(" (polygons weighing alike)\n")));
        const auto info = nlohmann::json::parse(succeed({"info", model, "--json"}).output);
        EXPECT_EQ(info["calibration"], method);
        EXPECT_EQ(info["training_priors"].size(), 3U);
        EXPECT_EQ(info["training"]["calibration"]["folds"], 4);
        EXPECT_EQ(info["training"]["calibration"]["scheme"], "polygon");
        EXPECT_GT(info["training"]["calibration"]["before"]["brier"].get<double>(), 0);
    }
    const auto plain = nlohmann::json::parse(succeed({"info", TinyScene::get().model(), "--json"}).output);
    EXPECT_EQ(plain["calibration"], "none");
}

TEST_F(Calibration, ModelAndMapHaveTheSameBytesOnAnyNumberOfThreadsAndBlocks) {
    const std::string first = read_file(train("isotonic", {"-t", "1"}));
    const std::string model = train("isotonic", {"-t", "3"});
    EXPECT_EQ(read_file(model), first);
    predict(model, "a.tif", {"--class-priors", "1=0.6,2=0.3,3=0.1", "-t", "1", "--probabilities", "pa.tif"});
    predict(model, "b.tif",
            {"--class-priors", "3=0.1;2=0.3;1=0.6", "-t", "3", "--block-pixels", "16", "--probabilities", "pb.tif"});
    EXPECT_EQ(bytes("a.tif"), bytes("b.tif"));
    EXPECT_EQ(bytes("pa.tif"), bytes("pb.tif"));
    predict(model, "e.tif", {"--class-priors-from", "estimate", "-t", "1"});
    predict(model, "f.tif", {"--class-priors-from", "estimate", "-t", "3", "--block-pixels", "16"});
    EXPECT_EQ(bytes("e.tif"), bytes("f.tif"));
}

TEST_F(Calibration, ExplainSaysThatItExplainsTheVotes) {
    const auto result = succeed({"explain", "-m", train("sigmoid"), "--samples", TinyScene::get().samples(), "--rows",
                                 "3", "--permutation-repeats", "0", "-o", "explain.json"});
    EXPECT_THAT(result.errors, HasSubstr("SHAP values explain the votes of the forest, before their calibration"));
}

TEST_F(Calibration, ClassPriorsMoveTheMapAndAreKeptInIt) {
    const auto result = predict(TinyScene::get().model(), "map.tif", {"--class-priors", "1=0.98,2=0.01,3=0.01"});
    EXPECT_THAT(result.output, HasSubstr("without class priors"));
    EXPECT_THAT(succeed({"info", "map.tif"}).output, HasSubstr("1=0.98;2=0.01;3=0.01"));
    predict(TinyScene::get().model(), "plain.tif");
    EXPECT_NE(bytes("map.tif"), bytes("plain.tif"));
    EXPECT_THAT(succeed({"info", "plain.tif"}).output, Not(HasSubstr("PRIORS")));
}

TEST_F(Calibration, ClassPriorsAreReadFromATable) {
    test::write_text(path("shares.csv"), "class_code,share\r\n1,0.5\r\n3,0.25\r\n2,0.25\r\n");
    predict(TinyScene::get().model(), "a.tif", {"--class-priors-from", "shares.csv"});
    predict(TinyScene::get().model(), "b.tif", {"--class-priors", "1=0.5,2=0.25,3=0.25"});
    EXPECT_EQ(bytes("a.tif"), bytes("b.tif"));
}

TEST_F(Calibration, ClassPriorsAreReadFromTheAreasOfAssess) {
    predict(TinyScene::get().model(), "map.tif");
    test::CaseLayer layer;
    layer.fields = {{"class", OFTInteger}};
    for (int i = 0; i < 64; ++i) {
        const std::string x = std::to_string(600005 + 50 * (i % 8));
        const std::string y = std::to_string(5100005 + 50 * (i / 8));
        std::string point = "POINT(" + x;
        point += " " + y + ")";
        layer.features.push_back({point, {std::to_string(i % 3 + 1)}});
    }
    test::write_case(path("points.gpkg"), {layer});
    succeed({"assess", "--map", "map.tif", "--reference", "points.gpkg", "--class-field", "class", "--design", "simple",
             "-o", "accuracy.json"});
    const auto result = predict(TinyScene::get().model(), "prior.tif", {"--class-priors-from", "accuracy.json"});
    EXPECT_THAT(result.output, HasSubstr("without class priors"));
    const auto per_class = nlohmann::json::parse(bytes("accuracy.json"))["per_class"];
    std::string shares;
    for (const auto& entry : per_class) {
        const double share = std::round(entry["area"]["share"]["estimate"].get<double>() * 1e6) / 1e6;
        std::ostringstream number;
        number << share;
        shares += (shares.empty() ? "" : ";") + entry["class_code"].dump() + "=" + number.str();
    }
    EXPECT_THAT(succeed({"info", "prior.tif"}).output, HasSubstr(shares));
}

TEST_F(Calibration, EstimatedSharesAreSaid) {
    const auto result = predict(TinyScene::get().model(), "map.tif", {"--class-priors-from", "estimate"});
    EXPECT_THAT(result.errors, HasSubstr("class shares of 1,600 pixels: 1=0."));
    EXPECT_THAT(result.output, HasSubstr("without class priors"));
}

TEST_F(Calibration, SamplesWithoutPolygonsAreFoldedByLotWithAWarning) {
    std::string text = "x,y,cid,f1\n";
    for (int i = 0; i < 60; ++i) {
        text += std::to_string(10 * i) + ",0," + std::to_string(i % 2 + 1) + "," + std::to_string(i * 7 % 13 + i % 2) +
                "\n";
    }
    test::write_text(path("s.csv"), text);
    const auto result = succeed({"train", "--samples", "s.csv", "--class-field", "cid", "--features", "f1",
                                 "--calibrate", "sigmoid", "-o", "m.lcm"});
    EXPECT_THAT(result.errors, HasSubstr("warning: the table says neither polygon nor group"));
    EXPECT_THAT(result.output, AllOf(HasSubstr("5 stratified folds"), HasSubstr("(samples weighing alike)")));
}

TEST_F(Calibration, TrainWarnsWhereTheBrierScoreGetsNoBetter) {
    std::string text = "x,y,class_code,polygon_id,f1\n"; // told apart without an error: nothing is left to mend
    for (int i = 0; i < 40; ++i) {
        const int polygon = i / 4;
        text += std::to_string(10 * i) + ",0," + std::to_string(polygon % 2 + 1) + "," + std::to_string(polygon + 1) +
                "," + std::to_string(polygon % 2) + "\n";
    }
    test::write_text(path("s.csv"), text);
    const auto result =
        succeed({"train", "--samples", "s.csv", "--features", "f1", "--calibrate", "isotonic", "-o", "m.lcm"});
    EXPECT_THAT(result.output, HasSubstr("Brier score 0 -> 0"));
    EXPECT_THAT(result.errors, HasSubstr("warning: the calibration makes the Brier score no better"));
}

/// The tiny scene's model with the same probabilities everywhere.
void write_flat_model(const fs::path& file, const std::vector<double>& probabilities,
                      const std::vector<double>& training) {
    Model model = decode_model(read_file(TinyScene::get().model()), "model.lcm");
    model.training_priors = training;
    model.calibration.method = CalibrationMethod::isotonic;
    for (const double probability : probabilities) {
        model.calibration.curves.push_back({.votes = {0.5}, .probability = {probability}});
    }
    test::write_text(file, encode_model(model));
}

TEST_F(Calibration, AClassThatNothingLooksLikeMayBeLeftWithoutAShareWithAWarning) {
    write_flat_model(path("flat.lcm"), {0.5, 0.1, 0.4}, {0.3, 0.4, 0.3});
    const auto result = predict(path("flat.lcm"), "map.tif", {"--class-priors-from", "estimate"});
    EXPECT_THAT(result.errors, HasSubstr("warning: the estimated share of class 2 ("));
    EXPECT_THAT(result.errors, HasSubstr("is less than a pixel: if it is there, state the shares"));
}

TEST_F(Calibration, MemoryIsCheckedBeforeTheSceneIsReadForItsShares) {
    const Arguments estimate = {"predict",
                                "-m",
                                TinyScene::get().model(),
                                "-i",
                                TinyScene::get().stack(),
                                "--class-priors-from",
                                "estimate",
                                "--memory",
                                "203M",
                                "-t",
                                "1",
                                "-o"};
    const auto with = [&](const Arguments& more) {
        Arguments arguments = estimate;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    const auto refused = run(with({"large.tif", "--block-pixels", "4096"}));
    test::expect_refusal(refused, 7, {"--memory", "--block-pixels"});
    EXPECT_THAT(refused.errors, Not(HasSubstr("class shares")));
    succeed(with({"small.tif", "--block-pixels", "16"}));
    predict(TinyScene::get().model(), "free.tif", {"--class-priors-from", "estimate"});
    EXPECT_EQ(bytes("small.tif"), bytes("free.tif"));
}

CliFault shares(const std::string& name, const std::string& stated, const Arguments& words) {
    return {.name = name, .code = 3, .words = words, .arrange = [=](const fs::path&) {
                return Arguments{"predict",        "-m",  TinyScene::get().model(), "-i", TinyScene::get().stack(),
                                 "--class-priors", stated};
            }};
}

CliFault share_file(const std::string& name, const std::string& file, const std::string& text, const Arguments& words) {
    return {.name = name, .code = 4, .words = words, .arrange = [=](const fs::path& folder) {
                test::write_text(folder / file, text);
                return Arguments{
                    "predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "--class-priors-from",
                    file};
            }};
}

CliFault calibration(const std::string& name, int code, const Arguments& more, const Arguments& words) {
    return {.name = name, .code = code, .words = words, .arrange = [=](const fs::path&) {
                Arguments arguments = {"train", "--samples", TinyScene::get().samples(), "--n-estimators", "3"};
                arguments.insert(arguments.end(), more.begin(), more.end());
                return arguments;
            }};
}

std::vector<CliFault> faults() {
    return {
        shares("UnknownClass", "1=0.3,2=0.3,3=0.3,9=0.1", {"9=0.1", "knows no class 9", "1 2 3"}),
        shares("MissingClass", "1=0.5,3=0.5", {"class 2", "has no share"}),
        shares("ClassTwice", "1=0.5,1=0.5", {"class 1 has a share already"}),
        shares("NoCode", "wood=0.5,2=0.5", {"'wood' is not a class code"}),
        shares("NegativeShare", "1=-0.5,2=0.5,3=1", {"1=-0.5", "not a number from 0 to 1"}),
        shares("ShareThatIsNoNumber", "1=nan,2=0.5,3=0.5", {"1=nan", "not a number from 0 to 1"}),
        shares("AllZero", "1=0,2=0,3=0", {"sum=0", "do not sum to 1"}),
        shares("SumBelowOne", "1=0.3,2=0.3,3=0.3", {"sum=0.9", "do not sum to 1"}),
        shares("NoShares", "wood", {"is not a class with its share"}),
        {.name = "BothOptions",
         .code = 2,
         .words = {"--class-priors-from", "already"},
         .arrange =
             [](const fs::path&) {
                 return Arguments{
                     "predict",        "-m",  TinyScene::get().model(), "-i",      TinyScene::get().stack(),
                     "--class-priors", "1=1", "--class-priors-from",    "estimate"};
             }},
        {.name = "ModelThatDoesNotKnowItsTrainingPriors",
         .code = 5,
         .words = {"old.lcm", "training_priors", "train the model again"},
         .arrange =
             [](const fs::path& folder) {
                 Model model = decode_model(read_file(TinyScene::get().model()), "model.lcm");
                 model.training_priors.clear();
                 test::write_text(folder / "old.lcm", encode_model(model));
                 return Arguments{"predict",
                                  "-m",
                                  "old.lcm",
                                  "-i",
                                  TinyScene::get().stack(),
                                  "--class-priors",
                                  "1=0.5,2=0.25,3=0.25"};
             }},
        share_file("OtherColumns", "s.csv", "code,area\n1,0.5\n", {"s.csv", "line 1", "class_code,share"}),
        share_file("TooManyCells", "s.csv", "class_code,share\n1,0.5,3\n", {"line 2", "has not two values"}),
        share_file("NoJson", "s.json", "{\"mode\":", {"s.json", "is not JSON"}),
        share_file("OtherJson", "s.json", "{\"schemes\":{}}", {"s.json", "has no areas of classes"}),
        share_file("AreasThatAreNone", "s.json", R"({"mode":"sample","per_class":{"a":{"class_code":1,"area":5}}})",
                   {"s.json", "is not an accuracy.json"}),
        calibration("UnknownMethod", 2, {"--calibrate", "isotonik"}, {"calibrate=isotonik", "isotonic"}),
        calibration("OneFold", 3, {"--calibrate", "sigmoid", "--calibration-folds", "1"}, {"--calibration-folds=1"}),
        calibration("FoldsWithoutAMethod", 2, {"--calibration-folds", "4"},
                    {"--calibrate", "is needed", "leave --calibration-folds out"}),
        {.name = "EstimateThatTakesAwayAClass",
         .words = {"--class-priors-from=estimate", "leaves next to nothing of classes", "2 (", "100 %",
                   "state the shares with --class-priors, or use a model without --calibrate"},
         .arrange =
             [](const fs::path& folder) {
                 write_flat_model(folder / "flat.lcm", {0.3, 0.4, 0.3}, {0.2, 0.6, 0.2});
                 return Arguments{"predict", "-m", "flat.lcm", "-i", TinyScene::get().stack(), "--class-priors-from",
                                  "estimate"};
             }},
        calibration("MoreFoldsThanPolygons", 3, {"--calibrate", "sigmoid", "--calibration-folds", "26"},
                    {"--calibration-folds=26", "25 polygons", "leave --calibrate out"}),
        {.name = "ClassOfOnePolygon",
         .words = {"--calibrate", "class 2", "1 polygon or group", "leave --calibrate out"},
         .arrange =
             [](const fs::path& folder) {
                 test::write_text(folder / "s.csv", "x,y,class_code,polygon_id,f1\n0,0,1,1,0\n1,0,1,1,1\n2,0,1,2,2\n"
                                                    "3,0,2,3,3\n4,0,2,3,4\n5,0,1,4,5\n");
                 return Arguments{"train",    "--samples",           "s.csv", "--features", "f1", "--calibrate",
                                  "isotonic", "--calibration-folds", "2"};
             }},
    };
}

using ImbalanceFault = test::FaultRow;

TEST_P(ImbalanceFault, IsRefusedAndLeavesTheOldFile) {
    check();
}

INSTANTIATE_TEST_SUITE_P(Calibration, ImbalanceFault, testing::ValuesIn(faults()), test::name_of_fault);

} // namespace
} // namespace lcclass
