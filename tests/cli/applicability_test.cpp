#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/sha256.h"
#include "lcclass/geo/raster_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

// Where the model should not be trusted: the raster, what is said of it, and what it is not made from.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::TinyScene;
using testing::AllOf;
using testing::HasSubstr;

class ApplicabilityRaster : public test::CliTest {
protected:
    [[nodiscard]] Arguments predict(const Arguments& more, const std::string& model = TinyScene::get().model()) const {
        Arguments arguments = {"predict", "-m", model, "-i", TinyScene::get().stack(), "-o", "map.tif", "--overwrite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
    [[nodiscard]] nlohmann::json record(const std::string& name) const {
        return nlohmann::json::parse(raster_metadata(path(name)).at("LCCLASS_APPLICABILITY"));
    }
    [[nodiscard]] std::vector<float> band(const std::string& name, int index) const {
        return test::band_of(test::read_all(*open_raster(path(name)).source), index);
    }
    /// A folder with copies of model and samples.
    [[nodiscard]] std::string copy_of_model() const {
        fs::copy_file(TinyScene::get().model(), path("model.lcm"));
        fs::copy_file(TinyScene::get().samples(), path("samples.gpkg"));
        return path("model.lcm");
    }
};

TEST_F(ApplicabilityRaster, HasItsThreeBandsAndSaysWhatItWasMadeOf) {
    const auto result = succeed(predict({"--applicability", "a.tif"}));
    EXPECT_THAT(result.output, AllOf(HasSubstr("   outside\n"), HasSubstr("outside the area of applicability ")));
    const RasterFile file = open_raster(path("a.tif"));
    std::vector<std::string> names;
    for (const BandSpec& spec : file.source->bands()) {
        names.push_back(spec.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"dissimilarity", "inside", "local_point_density"}));
    EXPECT_EQ(file.metadata.at("LCCLASS_KIND"), "applicability");
    const auto made_of = record("a.tif");
    EXPECT_EQ(made_of["folds"]["scheme"], "polygon");
    EXPECT_EQ(made_of["folds"]["n_folds"], 5);
    EXPECT_EQ(made_of["samples"]["n"], 900);
    EXPECT_EQ(made_of["weights"].size(), 5U);
    EXPECT_EQ(made_of["weights_from"], "impurity");
    const double threshold = made_of["threshold"];
    const auto dissimilarity = band("a.tif", 0);
    const auto inside = band("a.tif", 1);
    const auto density = band("a.tif", 2);
    int n_outside = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        ASSERT_EQ(inside[i] == 1, double{dissimilarity[i]} <= threshold) << "on the numbers that are written";
        ASSERT_EQ(inside[i] == 1, density[i] >= 1);
        n_outside += inside[i] == 0 ? 1 : 0;
    }
    EXPECT_THAT(result.output, HasSubstr("applicability " + std::to_string(n_outside) + " pixels, "));
    // A training pixel is its own nearest sample.
    EXPECT_GE(std::count(dissimilarity.begin(), dissimilarity.end(), 0.0F), 900);
}

TEST_F(ApplicabilityRaster, LeavesTheMapAsItIs) {
    succeed({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", "alone.tif"});
    succeed(predict({"--applicability", "a.tif"}));
    EXPECT_EQ(bytes("map.tif"), bytes("alone.tif"));
}

TEST_F(ApplicabilityRaster, HasTheSameBytesOnAnyThreadsAndBlocks) {
    succeed(predict({"--applicability", "1.tif", "-t", "1"}));
    succeed(predict({"--applicability", "2.tif", "-t", "3", "--block-pixels", "16"}));
    succeed(predict({"--applicability", "3.tif", "-t", "2", "--block-pixels", "16", "--memory", "210M"}));
    EXPECT_EQ(bytes("1.tif"), bytes("2.tif"));
    EXPECT_EQ(bytes("1.tif"), bytes("3.tif"));
}

TEST_F(ApplicabilityRaster, WarnsWhereThePixelsAreUnlikeTheSamples) {
    const std::vector<std::string> names = {"B02", "B03", "B04", "B08"};
    for (int band = 0; band < 4; ++band) { // the eastern half twice as bright
        test::RasterCase raster = test::tiny_band(band);
        raster.bands = {test::values_of(test::tiny_size, test::tiny_size, [&](int column, int row) {
            return test::tiny_number(band, column, row) * (column < test::tiny_size / 2 ? 1 : 2);
        })};
        test::write_raster(path(names[static_cast<std::size_t>(band)] + ".tif"), raster);
    }
    Arguments arguments = {"predict", "-m", TinyScene::get().model(), "-o", "map.tif", "--applicability",
                           "a.tif",   "-i"};
    const Arguments inputs = test::band_inputs(folder());
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    const auto result = succeed(arguments);
    EXPECT_THAT(
        result.errors,
        AllOf(testing::ContainsRegex("5[0-9][.][0-9] % of the map is unlike anything that the model was trained on"),
              HasSubstr("should not be trusted")));
}

TEST_F(ApplicabilityRaster, TakesItsThresholdFromTheFoldsAskedFor) {
    succeed(predict({"--applicability", "polygon.tif"}));
    succeed(predict({"--applicability", "random.tif", "--scheme", "random", "--folds", "4"}));
    EXPECT_EQ(record("random.tif")["folds"]["scheme"], "random");
    EXPECT_EQ(record("random.tif")["folds"]["n_folds"], 4);
    EXPECT_NE(record("random.tif")["threshold"], record("polygon.tif")["threshold"]);
    EXPECT_EQ(record("random.tif")["mean_distance"], record("polygon.tif")["mean_distance"]);
    succeed(predict({"--applicability", "block.tif", "--scheme", "spatial-block", "--block-size", "100", "--folds", "3",
                     "--buffer", "20"}));
    EXPECT_EQ(record("block.tif")["folds"]["block_size_m"], 100);
    EXPECT_EQ(record("block.tif")["folds"]["buffer_m"], 20);
}

TEST_F(ApplicabilityRaster, WeighsByPermutationOrNotAtAll) {
    succeed({"explain", "-m", TinyScene::get().model(), "--samples", TinyScene::get().samples(), "--rows", "3", "-o",
             "explain.json"});
    succeed(predict({"--applicability", "a.tif", "--weights-from", "explain.json"}));
    const auto explained = nlohmann::json::parse(bytes("explain.json"))["importance"]["permutation"];
    const auto made_of = record("a.tif");
    EXPECT_EQ(made_of["weights_from"], "permutation of explain.json");
    EXPECT_EQ(made_of["weights_sha256"], sha256_of_file(path("explain.json")));
    for (const auto& [feature, weight] : made_of["weights"].items()) {
        EXPECT_EQ(weight.get<double>(), std::max(0.0, explained[feature]["mean"].get<double>()));
    }
    succeed(predict({"--applicability", "b.tif", "--weights-from", "none"}));
    EXPECT_EQ(record("b.tif")["weights"]["NDVI"], 1);
    EXPECT_FALSE(record("b.tif").contains("weights_sha256"));
}

TEST_F(ApplicabilityRaster, TakesNoImportanceOfAnotherModel) {
    succeed({"train", "--samples", TinyScene::get().samples(), "--n-estimators", "3", "-o", "other.lcm"});
    succeed({"explain", "-m", "other.lcm", "--samples", TinyScene::get().samples(), "--rows", "3", "-o", "explain.json",
             "--folds", "2", "--permutation-repeats", "1"});
    const Arguments arguments = predict({"--applicability", "a.tif", "--weights-from", "explain.json"});
    test::expect_refusal(run(arguments), 4, {"explain.json", "model_sha256", "is of another model", "explain -m "});
    auto explained = nlohmann::json::parse(bytes("explain.json"));
    explained["importance"]["settings"].erase("model_sha256");
    write_file_atomically(path("explain.json"), explained.dump(), true);
    test::expect_refusal(run(arguments), 4, {"explain.json", "does not say what model", "make it again"});
    EXPECT_FALSE(fs::exists(path("a.tif")) || fs::exists(path("map.tif")));
}

TEST_F(ApplicabilityRaster, DoesNotReplaceTheSamplesThatItFinds) {
    const std::string model = copy_of_model();
    const std::string samples = bytes("samples.gpkg");
    test::expect_refusal(run(predict({"--applicability", "samples.gpkg"}, model)), 2,
                         {"samples.gpkg: predict: is an output and an input"});
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--uncertainty", "samples.gpkg"}, model)), 2,
                         {"samples.gpkg: predict: is an output and an input"});
    EXPECT_EQ(bytes("samples.gpkg"), samples);
    EXPECT_FALSE(fs::exists(path("a.tif")) || fs::exists(path("map.tif")));
}

TEST_F(ApplicabilityRaster, TakesOfTwoTablesOfThatNameTheOneOfTheTraining) {
    const std::string model = copy_of_model();
    fs::create_directory(path("out"));
    fs::rename(path("samples.gpkg"), path("out/samples.gpkg"));
    write_file_atomically(path("samples.gpkg"), "other", true);
    succeed(predict({"--applicability", "a.tif", "--output-dir", "out"}, model));
    EXPECT_EQ(record("a.tif")["samples"]["sha256"], sha256_of_file(path("out/samples.gpkg")));
}

TEST_F(ApplicabilityRaster, FindsTheSamplesBesideTheModelAndKnowsThemByTheirHash) {
    const std::string model = copy_of_model();
    succeed(predict({"--applicability", "a.tif"}, model));
    fs::rename(path("samples.gpkg"), path("other.gpkg"));
    test::expect_refusal(run(predict({"--applicability", "b.tif"}, model)), 4, {"samples.gpkg", "--samples"});
    succeed(predict({"--applicability", "b.tif", "--samples", "other.gpkg"}, model));
    EXPECT_EQ(band("a.tif", 0), band("b.tif", 0));
    succeed({"sample", "--stack", TinyScene::get().stack(), "--labels", TinyScene::get().labels(), "--strategy",
             "total", "--total", "400", "-o", "samples.gpkg"});
    test::expect_refusal(run(predict({"--applicability", "c.tif"}, model)), 4,
                         {"samples.gpkg", "is not the table that", "was trained on"});
    test::expect_refusal(run(predict({"--applicability", "c.tif", "--samples", "samples.gpkg"}, model)), 4,
                         {"samples.gpkg", "is not the table that"});
    EXPECT_FALSE(fs::exists(path("c.tif")));
}

TEST_F(ApplicabilityRaster, OfSamplesWithoutPolygonsRestsOnRandomFoldsAndSaysSo) {
    std::string table = "class_code,B02\n";
    for (int i = 0; i < 60; ++i) {
        table += std::to_string(1 + i % 2) + "," + std::to_string(1400 + 10 * i) + "\n";
    }
    write_file_atomically(path("table.csv"), table, true);
    succeed({"train", "--samples", "table.csv", "--n-estimators", "5", "-o", "model.lcm"});
    const auto result =
        succeed({"predict", "-m", "model.lcm", "-i", test::band_inputs(TinyScene::get().bands()).front(),
                 "--radiometry", "none", "-o", "map.tif", "--applicability", "a.tif"});
    EXPECT_THAT(result.errors, HasSubstr("says neither polygon nor group"));
    EXPECT_EQ(record("a.tif")["folds"]["scheme"], "random");
}

TEST_F(ApplicabilityRaster, RefusesWhatItCannotUse) {
    test::expect_refusal(run(predict({"--scheme", "random"})), 2, {"--applicability", "--scheme"});
    test::expect_refusal(run(predict({"--samples", TinyScene::get().samples()})), 2, {"--applicability", "--samples"});
    test::expect_refusal(run(predict({"--weights-from", "impurity"})), 2, {"--applicability", "--weights-from"});
    test::expect_refusal(run(predict({"--folds", "5"})), 2, {"--applicability", "--folds"});
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--scheme", "polygons"})), 2,
                         {"scheme=polygons", "polygon"});
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--block-size", "5000"})), 2,
                         {"--block-size: has no effect on polygon folds", "--scheme spatial-block"});
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--scheme", "knndm"})), 2, {"--prediction-area"});
    test::expect_refusal(run(predict({"--applicability", "map.tif"})), 2, {"map.tif"});
    write_file_atomically(path("explain.json"), R"({"importance": {"permutation": {"B02": {"mean": 1}}}})", true);
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--weights-from", "explain.json"})), 4,
                         {"explain.json", "feature=B03"});
    write_file_atomically(path("broken.json"), "{", true);
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--weights-from", "broken.json"})), 4,
                         {"broken.json"});
    test::expect_refusal(run(predict({"--applicability", "a.tif", "--weights-from", "gini.json"})), 4, {"gini.json"});
    EXPECT_FALSE(fs::exists(path("a.tif")) || fs::exists(path("map.tif")));
}

} // namespace
} // namespace lcclass
