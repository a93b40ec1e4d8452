#include "describe_file.h"
#include "test_commands.h"

#include "lcclass/core/date.h"
#include "lcclass/core/error.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/forest/model.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/reference_file.h"
#include "lcclass/geo/sample_file.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::TemporaryFolder;

ClassLegend two_classes() {
    return ClassLegend(
        {{.code = 1, .name = "woodland", .color = {0, 100, 0}}, {.code = 7, .name = "water", .color = {0, 0, 255}}});
}

/// Five rows: two of woodland in polygon 1, three of water in polygon 2.
SampleTable five_samples() {
    SampleTable samples;
    samples.feature_names = {"B03", "NDVI"};
    samples.features = {{0.1F, 0.2F, 0.3F, 0.4F, 0.5F}, {0.9F, 0.8F, 0.1F, 0.2F, 0.1F}};
    samples.class_code = {1, 1, 7, 7, 7};
    samples.polygon_id = {1, 1, 2, 2, 2};
    samples.group = {0, 0, 1, 1, 1};
    samples.group_names = {"a", "b"};
    samples.x = {5, 15, 25, 35, 45};
    samples.y = {5, 5, 5, 5, 5};
    samples.crs_wkt = parse_crs("EPSG:32633");
    samples.legend = two_classes();
    return samples;
}

class Info : public testing::Test {
protected:
    Info() { set_up_gdal(std::int64_t{16} << 20); }

    json describe(const fs::path& path) { return json::parse(describe_file_json(path)); }

    TemporaryFolder folder;
};

TEST_F(Info, TellsWhatIsInARaster) {
    const fs::path path = folder.path() / "map.tif";
    RasterLayout layout;
    layout.grid = {.width = 3,
                   .height = 2,
                   .origin_x = 500000,
                   .origin_y = 5600000,
                   .pixel_width = 10,
                   .pixel_height = 10,
                   .crs_wkt = parse_crs("EPSG:32633")};
    layout.bands = {{.name = "class_code", .unit = {}, .radiometry = {}, .resampling = {}}};
    layout.type = PixelType::uint8;
    layout.legend = two_classes();
    const auto sink = create_raster(path, layout);
    PixelBlock block;
    block.reset({0, 0, 3, 2}, 1);
    block.values = {1, 1, 7, 7, 1, 7};
    sink->write(block);
    sink->commit();
    const json content = describe(path);
    EXPECT_EQ(content["kind"], "map");
    EXPECT_EQ(content["size"], (json{3, 2}));
    EXPECT_EQ(content["bounds"], (json{500000, 5599980, 500030, 5600000}));
    EXPECT_EQ(content["crs"], "EPSG:32633");
    EXPECT_EQ(content["bands"][0]["name"], "class_code");
    EXPECT_EQ(content["classes"][1]["name"], "water");
}

/// What a user sees of masks, dates and fitted numbers is what the recipe says.
TEST_F(Info, TellsHowFeaturesWereMade) {
    FeatureRecipe recipe;
    recipe.bands = {
        {.spec = {.name = "B04", .unit = {}, .radiometry = {}, .resampling = {}, .level = "L2A"}, .dated = true},
        {.spec = {.name = "B08", .unit = {}, .radiometry = {}, .resampling = {}, .level = "L2A"}, .dated = true},
        {.spec = {.name = "DEM", .unit = {}, .radiometry = {}, .resampling = {}}}};
    recipe.dates = {*parse_acquisition("2018-05-06"), *parse_acquisition("2018-06-15")};
    recipe.features = {{.name = "PC1", .formula = "PC1"}, {.name = "T", .formula = "GLCM_CONTRAST(DEM,7)"}};
    recipe.masks = {"SCL=cloud-medium,cloud-high"};
    recipe.mask_dilation = 3;
    recipe.gap_fill = {.dates = {parse_acquisition("2018-05-16")->date}, .hold_ends = true};
    recipe.components = {.inputs = {"B04@2018-05-16", "B08@2018-05-16"},
                         .n_components = 1,
                         .standardize = true,
                         .mean = {0.1, 0.2},
                         .scale = {1, 1},
                         .loadings = {{0.6, 0.8}},
                         .explained_variance = {1.5},
                         .explained_variance_ratio = {0.75},
                         .n_pixels = 99};
    recipe.ranges["DEM"] = {.first = 100, .second = 300};
    recipe.standards["B04"] = {.first = 0.25, .second = 0.5};
    SampleTable samples = five_samples();
    samples.recipe_json = recipe.to_json();
    write_samples(folder.path() / "s.gpkg", samples, false);
    const json content = describe(folder.path() / "s.gpkg");
    EXPECT_EQ(content["recipe"], (json{{"PC1", "PC1"}, {"T", "GLCM_CONTRAST(DEM,7)"}}));
    EXPECT_EQ(content["levels"], json{"L2A"});
    EXPECT_EQ(content["masks"], json{"SCL=cloud-medium,cloud-high"});
    EXPECT_EQ(content["mask_dilation"], 3);
    EXPECT_EQ(content["dates"], (json{"2018-05-06", "2018-06-15"}));
    EXPECT_EQ(content["gap_fill"], (json{{"dates", {"2018-05-16"}}, {"hold_ends", true}}));
    EXPECT_EQ(content["components"]["standardize"], true);
    EXPECT_EQ(content["components"]["n_pixels"], 99);
    EXPECT_EQ(content["components"]["explained_variance_ratio"], (json{{"PC1", 0.75}}));
    EXPECT_EQ(content["components"]["loadings"]["PC1"], (json{{"B04@2018-05-16", 0.6}, {"B08@2018-05-16", 0.8}}));
    EXPECT_EQ(content["grey_levels"], (json{{"DEM", {{"low", 100.0}, {"high", 300.0}}}}));
    EXPECT_EQ(content["standardized"], (json{{"B04", {{"mean", 0.25}, {"sd", 0.5}}}}));
    const std::string text = describe_file_text(content.dump());
    EXPECT_NE(text.find("SCL=cloud-medium,cloud-high"), std::string::npos) << text;
    EXPECT_NE(text.find("PC1: 0.75"), std::string::npos) << text;
}

TEST_F(Info, SaysNothingOfWhatARecipeDoesNotHave) {
    FeatureRecipe recipe;
    recipe.bands = {{.spec = {.name = "B03", .unit = {}, .radiometry = {}, .resampling = {}}}};
    recipe.features = {{.name = "B03", .formula = "B03"}};
    SampleTable samples = five_samples();
    samples.recipe_json = recipe.to_json();
    write_samples(folder.path() / "s.gpkg", samples, false);
    const json content = describe(folder.path() / "s.gpkg");
    EXPECT_EQ(content["recipe"], (json{{"B03", "B03"}}));
    for (const char* part :
         {"levels", "masks", "mask_dilation", "dates", "gap_fill", "components", "grey_levels", "standardized"}) {
        EXPECT_FALSE(content.contains(part)) << part;
    }
}

TEST_F(Info, ShowsARecipeThatIsNoneAsItIs) {
    for (const char* text : {R"({"components":{}})", R"({"components":3,"bands":[1]})", R"({"features":[1]})"}) {
        SampleTable samples = five_samples();
        samples.recipe_json = text;
        write_samples(folder.path() / "s.gpkg", samples, true);
        EXPECT_EQ(describe(folder.path() / "s.gpkg")["recipe"], json::parse(text)) << text;
    }
}

TEST_F(Info, KnowsFilesByContentNotByName) {
    write_samples(folder.path() / "samples.gpkg", five_samples(), false);
    fs::rename(folder.path() / "samples.gpkg", folder.path() / "oddly.tif");
    EXPECT_THROW(describe_file_json(folder.write("text.tif", "no raster")), Error);
    write_samples(folder.path() / "again.gpkg", five_samples(), false);
    const json content = describe(folder.path() / "again.gpkg");
    EXPECT_EQ(content["kind"], "samples");
    EXPECT_EQ(content["rows"], 5);
    EXPECT_EQ(content["polygons"], 2);
    EXPECT_EQ(content["features"], (json{"B03", "NDVI"}));
    EXPECT_EQ(content["classes"][0]["samples"], 2);
    EXPECT_EQ(content["classes"][1]["samples"], 3);
}

TEST_F(Info, TellsWhatIsInAModel) {
    const SampleTable samples = five_samples();
    const std::vector<std::int32_t> classes = {0, 0, 1, 1, 1};
    RandomForestOptions options;
    options.n_estimators = 3;
    auto trained = train_random_forest({view_of(samples), classes, 2}, options, silent_progress());
    const Model model{.forest = std::move(trained.forest),
                      .feature_names = samples.feature_names,
                      .legend = samples.legend,
                      .recipe_json = {},
                      .training_json = R"({"samples":5})"};
    const json content = describe(folder.write("any.name", encode_model(model)));
    EXPECT_EQ(content["kind"], "model");
    EXPECT_EQ(content["trees"], 3);
    EXPECT_EQ(content["training"]["samples"], 5);
    std::string bytes = encode_model(model);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    try {
        describe_file_json(folder.write("broken.lcm", bytes));
        FAIL() << "a damaged model was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::model);
    }
}

TEST_F(Info, TellsWhatJsonResultsSay) {
    const json cv = describe(folder.write(
        "cv.json",
        R"({"schemes":{"random":{"folds":[{},{}],"mean":{"test":{"kappa":0.5,"f1_macro":null,"per_class":{}}}}}})"));
    EXPECT_EQ(cv["kind"], "cv");
    EXPECT_EQ(cv["schemes"]["random"], (json{{"folds", 2}, {"kappa", 0.5}, {"f1_macro", nullptr}}));
    const json explain = describe(folder.write("e.json", R"({"importance":{"impurity":{"NDVI":1.0}},"shap":{}})"));
    EXPECT_EQ(explain["kind"], "explain");
    EXPECT_EQ(explain["importance"]["impurity"]["NDVI"], 1.0);
}

TEST_F(Info, TellsWhatAssessFound) {
    const json census = describe(
        folder.write("a.json", R"({"mode":"census","overall_accuracy":0.9,"kappa":0.8,"f1_weighted":0.7,"f1_macro":null,
                     "per_class":{"water":{"class_code":7,"precision":0.5,"recall":1.0,"f1":0.66,"support":3}},
                     "pixels":10,"unmapped_pixels":1,"unreferenced_pixels":2,"confusion":{}})"));
    EXPECT_EQ(census["kind"], "accuracy");
    EXPECT_EQ(census["mode"], "census");
    EXPECT_EQ(census["overall_accuracy"], 0.9);
    EXPECT_EQ(census["classes"]["water"], (json{{"precision", 0.5}, {"recall", 1.0}, {"f1", 0.66}}));
    const std::string figure = R"({"estimate":0.5,"se":0.1,"ci95":[0.3,0.7]})";
    const json sample = describe(folder.write(
        "b.json", R"({"mode":"sample","design":{"kind":"simple","strata":"none","units":9,"clusters":9,
                      "training_samples_checked":null},"strata":[],"overall_accuracy":)" +
                      figure + R"(,"per_class":{"water":{"class_code":7,"units":4,"users_accuracy":)" + figure +
                      R"(,"producers_accuracy":)" + figure + R"(,"f1":)" + figure + R"(,"area":{"share":)" + figure +
                      R"(,"hectares":null,"mapped_share":0.4,"mapped_pixels":4}}}})"));
    EXPECT_EQ(sample["kind"], "accuracy");
    EXPECT_EQ(sample["mode"], "sample");
    EXPECT_EQ(sample["overall_accuracy"]["ci95"], (json{0.3, 0.7}));
    EXPECT_EQ(sample["classes"]["water"]["area_share"], 0.5);
    EXPECT_FALSE(sample["classes"]["water"].contains("hectares"));
}

TEST_F(Info, TellsHowMuchOfAPlanIsLabelled) {
    write_plan(folder.path() / "plan.gpkg",
               {{.id = 1, .stratum = 7, .x = 5, .y = 5},
                {.id = 2, .stratum = 1, .x = 15, .y = 5},
                {.id = 3, .stratum = 7, .x = 25, .y = 5}},
               {{1, 400}, {7, 800}}, parse_crs("EPSG:32633"), false);
    const json plan = describe(folder.path() / "plan.gpkg");
    EXPECT_EQ(plan["kind"], "plan");
    EXPECT_EQ(plan["points"], 3);
    EXPECT_EQ(plan["labelled"], 0);
    EXPECT_EQ(plan["crs"], "EPSG:32633");
    EXPECT_EQ(plan["strata"]["7"], (json{{"pixels", 800}, {"points", 2}, {"labelled", 0}}));
    EXPECT_EQ(plan["strata"]["1"]["points"], 1);
}

TEST_F(Info, TellsWhatFoldsThereAre) {
    FoldAssignment random;
    random.scheme = FoldScheme::random;
    random.n_folds = 2;
    random.fold = {1, 2, 1, 2, 2};
    const std::vector<FoldAssignment> folds = {random};
    const SampleTable samples = five_samples();
    write_folds(folder.path() / "folds.gpkg", samples, {.assignments = folds, .predictions = {}}, false);
    const json content = describe(folder.path() / "folds.gpkg");
    EXPECT_EQ(content["kind"], "folds");
    EXPECT_EQ(content["folds"], (json{{"fold_random", 2}}));
    EXPECT_EQ(content["blocks"], 0);
    EXPECT_EQ(content["rows"], 5);
    EXPECT_EQ(content["classes"][1]["samples"], 3);
}

TEST_F(Info, RefusesOtherFilesAsInput) {
    for (const fs::path& path :
         {folder.write("a.txt", "hello"), folder.write("b.json", "{\"x\": 1}"),
          folder.write("c.json", "{\"schemes\": 7"), folder.write("d.json", R"({"mode": "other"})"),
          folder.write("e.json", R"({"mode": "sample", "design": 3})"), folder.write("empty", ""),
          folder.path() / "absent", fs::path("/dev/zero")}) {
        try {
            describe_file_json(path);
            FAIL() << path;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input) << path;
        }
    }
}

TEST(InfoText, AlignsAndIndents) {
    EXPECT_EQ(describe_file_text(R"({"kind":"x","size":[3,2],"bands":[{"name":"a","unit":"m"},{"name":"b\u001b"}],
                                     "deep":{"one":1,"two":2.5,"three":null},"none":[]})"),
              "kind:   x\n"
              "size:   3, 2\n"
              "bands:\n"
              "  - name: a, unit: m\n"
              "  - name: b\\x1b\n"
              "deep:\n"
              "  one:    1\n"
              "  two:    2.5\n"
              "  three:  NA\n"
              "none:");
}

} // namespace
} // namespace lcclass
