#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

// Options of `assess` that have no meaning together, rasters that are no reference, and what `cv` promised.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::TinyScene;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class AssessOptions : public test::CliTest {
protected:
    AssessOptions() {
        succeed({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", "map.tif"});
    }

    /// Judges the map by `reference`, or draws a plan with none.
    [[nodiscard]] test::ProcessResult assess(const std::string& reference, const Arguments& more = {}) const {
        Arguments arguments = {"--overwrite", "assess", "--map", "map.tif"};
        if (!reference.empty()) {
            arguments.insert(arguments.end(), {"--reference", reference, "-o", "a.json"});
        }
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }

    /// Class codes where `code_at` (column, row from the top) is not 0, without a word on where they are from.
    void write_codes(const std::string& name, const std::function<int(int, int)>& code_at) const {
        test::RasterCase raster;
        raster.width = raster.height = test::tiny_size;
        raster.origin_y = 5100000 + 10 * test::tiny_size;
        raster.type = GDT_Byte;
        raster.nodata = 0;
        raster.bands = {test::values_of(test::tiny_size, test::tiny_size, code_at)};
        test::write_raster(path(name), raster);
    }

    void write_point() const {
        test::CaseLayer layer;
        layer.fields = {{"class", OFTInteger}};
        layer.features = {{"POINT(600005 5100005)", {"1"}}};
        test::write_case(path("points.gpkg"), {layer});
    }
};

/// In a polygon of the tiny scene: columns and rows from below 0 to 5 of a field's 8.
bool is_labelled(int column, int row) {
    return column % 8 < 6 && (test::tiny_size - 1 - row) % 8 < 6;
}

int truth_at(int column, int row) {
    return test::tiny_class(column / 8, (test::tiny_size - 1 - row) / 8);
}

TEST_F(AssessOptions, TrainingLabelsAreNoCensusOfTheMap) {
    test::expect_refusal(assess(TinyScene::get().labels()), 4, {"kind=labels", "training labels", "assess --plan"});
    EXPECT_FALSE(fs::exists(path("a.json")));
    // Burned over all of the map they are one, whoever burned them.
    test::CaseLayer layer;
    layer.fields = {{"class", OFTInteger}};
    layer.features = {{test::box(0, 0, 200, 400), {"1"}}, {test::box(200, 0, 400, 400), {"2"}}};
    test::write_case(path("all.gpkg"), {layer});
    succeed({"rasterize", "-i", "all.gpkg", "--class-field", "class", "--like", "map.tif", "-o", "all.tif"});
    const auto covered = assess("all.tif");
    EXPECT_EQ(covered.exit_code, 0) << covered.errors;
    EXPECT_EQ(nlohmann::json::parse(bytes("a.json"))["unreferenced_pixels"], 0);
}

TEST_F(AssessOptions, RastersThatAreMostlyTrainingPixelsAreNoCensusEither) {
    write_codes("burned.tif", [](int column, int row) { return is_labelled(column, row) ? truth_at(column, row) : 0; });
    write_codes("part.tif", [](int column, int row) {
        return is_labelled(column, row) && column >= 8 ? 0 : truth_at(column, row);
    });
    const auto unknown = assess("burned.tif");
    EXPECT_EQ(unknown.exit_code, 0) << "nothing tells what the map was trained on: " << unknown.errors;
    EXPECT_THAT(unknown.errors, AllOf(HasSubstr("leaves out"), Not(HasSubstr("--samples"))));
    fs::copy(TinyScene::get().samples(), path("samples.gpkg"));
    test::expect_refusal(assess("burned.tif"), 4, {"pixels=900 of 900", "pixels of samples.gpkg", "judged too well"});
    const auto part = assess("part.tif"); // 5 of the 25 polygons, and all that lies between them
    EXPECT_EQ(part.exit_code, 0) << part.errors;
    EXPECT_THAT(part.errors, HasSubstr("180 of which the map was trained on"));
}

TEST_F(AssessOptions, ACensusHasNothingToCheckAgainstSamples) {
    write_codes("truth.tif", truth_at);
    test::expect_refusal(assess("truth.tif", {"--samples", TinyScene::get().samples()}), 2,
                         {"--samples", "census", "--design"});
    test::expect_refusal(assess("truth.tif", {"--samples", TinyScene::get().samples(), "--design", "simple"}), 4,
                         {"pixels of samples.gpkg"});
}

TEST_F(AssessOptions, OptionsOfVectorFilesAreRefusedWithARaster) {
    write_codes("truth.tif", truth_at);
    for (const Arguments& option :
         {Arguments{"--layer", "x"}, Arguments{"--where", "a = 1"}, Arguments{"--class-field", "cid"},
          Arguments{"--class-map", "lucas-level1"}, Arguments{"--weight-field", "w"}, Arguments{"--cluster-field", "c"},
          Arguments{"--stratum-field", "s"}, Arguments{"--stratum-sizes", "1=5"}}) {
        test::expect_refusal(assess("truth.tif", option), 2, {option[0], "no vector file"});
        Arguments sample = option;
        sample.insert(sample.end(), {"--design", "stratified"});
        test::expect_refusal(assess("truth.tif", sample), 2, {option[0], "no vector file"});
    }
}

TEST_F(AssessOptions, APlanTakesNoOptionOfAReference) {
    for (const Arguments& option :
         {Arguments{"--reference", "points.gpkg"}, Arguments{"--design", "stratified"},
          Arguments{"--strata", "map.tif"}, Arguments{"--stratum-field", "s"}, Arguments{"--stratum-sizes", "1=5"},
          Arguments{"--cv", "cv.json"}, Arguments{"--weight-field", "w"}, Arguments{"--where", "a = 1"}}) {
        Arguments all = {"--plan", "-o", "p.gpkg"};
        all.insert(all.end(), option.begin(), option.end());
        test::expect_refusal(assess("", all), 2, {option[0], "--plan"});
    }
    EXPECT_FALSE(fs::exists(path("p.gpkg")));
    write_point();
    for (const Arguments& option : {Arguments{"--target-se", "0.02"}, Arguments{"--expected-ua", "0.9"},
                                    Arguments{"--expected-ua-of", "1=0.9"}, Arguments{"--min-per-stratum", "40"}}) {
        Arguments all = {"--design", "simple"};
        all.insert(all.end(), option.begin(), option.end());
        test::expect_refusal(assess("points.gpkg", all), 2, {option[0], "--plan"});
    }
}

TEST_F(AssessOptions, APlanIsAGeoPackageAndSaysSoBeforeTheMapIsRead) {
    test::expect_refusal(run({"assess", "--plan", "--map", "absent.tif", "-o", "plan.geojson"}), 6,
                         {"plan.geojson", "extension=.geojson", "end the name in .gpkg"});
}

TEST_F(AssessOptions, APlanSaysWhereThereIsLessToDrawThanTheMinimum) {
    const Arguments plan = {"--plan", "-o", "p.gpkg", "--target-se", "0.05", "--min-per-stratum"};
    Arguments few = plan;
    few.emplace_back("20");
    EXPECT_THAT(assess("", few).output, HasSubstr("here every class has 20 or more, the others by area"));
    Arguments many = plan;
    many.emplace_back("1500");
    EXPECT_THAT(assess("", many).output, HasSubstr("here every class has 1500, or all there are to draw"));
    // All pixels of all classes trained on.
    test::CaseLayer everywhere;
    everywhere.fields = {{"class", OFTInteger}};
    everywhere.features = {{test::box(0, 0, 400, 400), {"1"}}};
    test::write_case(path("all.gpkg"), {everywhere});
    few.insert(few.end(), {"--samples", "all.gpkg"});
    test::expect_refusal(assess("", few), 4, {"class_code=1", "which leaves 0 to draw", "--per-class"});
}

TEST_F(AssessOptions, PromisesAreTheFiguresOverAllTestSamples) {
    fs::copy(path("map.tif"), path("truth.tif"));
    test::write_text(path("cv.json"),
                     R"({"schemes": {
  "random": {"mean": {"test": {"overall_accuracy": 0.1, "f1_weighted": 0.1}},
             "pooled": {"overall_accuracy": 0.9, "f1_weighted": 0.85}},
  "leave-group-out": {"pooled": {"overall_accuracy": 0.625, "f1_weighted": null}}}})");
    const auto result = assess("truth.tif", {"--cv", "cv.json"});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, HasSubstr("\n"
                                         "                          overall accuracy   weighted F1"
                                         "   promise - reference\n"
                                         "random folds                        90.0 %        85.0 %"
                                         "                 -10.0\n"
                                         "leave-group-out folds               62.5 %            NA"
                                         "                 -37.5\n"
                                         "true, over the whole map           100.0 %       100.0 %\n"));
}

TEST_F(AssessOptions, CvTakesWhatCvWroteAndNothingElse) {
    fs::copy(path("map.tif"), path("truth.tif"));
    succeed({"cv", "--samples", TinyScene::get().samples(), "--schemes", "random,polygon", "--folds", "3",
             "--n-estimators", "3", "-o", "cv.json"});
    const auto cv = nlohmann::json::parse(bytes("cv.json"));
    const auto result = assess("truth.tif", {"--cv", "cv.json"});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    std::array<char, 32> percent{};
    std::snprintf(percent.data(), percent.size(), "%.1f %%",
                  100 * cv["schemes"]["polygon"]["pooled"]["overall_accuracy"].get<double>());
    EXPECT_THAT(result.output, testing::ContainsRegex("polygon folds  .*" + std::string(percent.data())));
    for (const char* content : {"no json", R"({"mode": "census"})", R"({"schemes": {}})", R"({"schemes": 7})",
                                R"({"schemes": {"random": {"mean": {}}}})",
                                R"({"schemes": {"random": {"pooled": {"overall_accuracy": "x"}}}})"}) {
        test::write_text(path("other.json"), content);
        test::expect_refusal(assess("truth.tif", {"--cv", "other.json"}), 4,
                             {"other.json", "schemes", "name a cv.json"});
    }
    test::expect_refusal(assess("truth.tif", {"--cv", "absent.json"}), 4, {"absent.json"});
}

} // namespace
} // namespace lcclass
