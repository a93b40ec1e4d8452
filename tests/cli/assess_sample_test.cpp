#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

#include <cmath>

// A reference sample from its plan to the figures, and what is refused as one.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::TinyScene;

/// Class of the field, or of the gap that belongs to it, at map coordinates.
int class_at(double x, double y) {
    const int column = static_cast<int>((x - 600000) / 10);
    const int row_from_below = static_cast<int>((y - 5100000) / 10);
    return test::tiny_class(column / 8, row_from_below / 8);
}

class AssessSample : public test::CliTest {
protected:
    AssessSample() {
        succeed({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", path("map.tif")});
    }

    /// Calls `visit` with every point of a layer and writes it back.
    static void edit(const std::string& file, const std::function<void(OGRFeatureH, double, double)>& visit) {
        const DatasetHandle dataset(
            GDALOpenEx(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
        ASSERT_TRUE(dataset);
        OGRLayerH layer = GDALDatasetGetLayer(dataset.get(), 0);
        std::vector<FeatureHandle> features;
        for (FeatureHandle feature(OGR_L_GetNextFeature(layer)); feature; feature.reset(OGR_L_GetNextFeature(layer))) {
            features.emplace_back(OGR_F_Clone(feature.get()));
        }
        for (const FeatureHandle& feature : features) {
            OGRGeometryH point = OGR_F_GetGeometryRef(feature.get());
            visit(feature.get(), OGR_G_GetX(point, 0), OGR_G_GetY(point, 0));
            ASSERT_EQ(OGR_L_SetFeature(layer, feature.get()), OGRERR_NONE);
        }
    }

    /// Labels a plan with the truth.
    static void label(const std::string& file) {
        edit(file, [](OGRFeatureH feature, double x, double y) {
            OGR_F_SetFieldString(feature, OGR_F_GetFieldIndex(feature, "class"),
                                 std::to_string(class_at(x, y)).c_str());
        });
    }

    /// Points of the truth every `step` pixels from the first row and column on.
    void write_points(const std::string& name, int step) const {
        test::CaseLayer layer;
        layer.fields = {{"class", OFTInteger}};
        for (int column = 0; column < test::tiny_size; column += step) {
            for (int row = 0; row < test::tiny_size; row += step) {
                const double x = 600005 + 10 * column;
                const double y = 5100005 + 10 * row;
                layer.features.push_back(
                    {"POINT(" + std::to_string(x) + " " + std::to_string(y) + ")", {std::to_string(class_at(x, y))}});
            }
        }
        test::write_case(path(name), {layer});
    }

    [[nodiscard]] nlohmann::json json(const std::string& name) const { return nlohmann::json::parse(bytes(name)); }
};

TEST_F(AssessSample, LabelsInAPlanAreNeverReplaced) {
    test::write_text(path("c.yml"), "output_dir: .\nassess: {plan: true, target_se: 0.05, min_per_stratum: 5}\n");
    succeed({"run", "-c", "c.yml"});
    label(path("plan.gpkg"));
    const std::string labelled = bytes("plan.gpkg");
    EXPECT_THAT(succeed({"run", "-c", "c.yml"}).errors, testing::HasSubstr("up to date"));
    test::expect_refusal(run({"--overwrite", "assess", "--plan", "--map", "map.tif", "-o", "plan.gpkg"}), 6,
                         {"plan.gpkg", "holds labels of"});
    EXPECT_TRUE(bytes("plan.gpkg") == labelled);
}

TEST_F(AssessSample, FromAPlanToFigures) {
    fs::copy(TinyScene::get().samples(), path("samples.gpkg"));
    const Arguments plan = {"assess", "--plan", "--map", "map.tif", "--target-se", "0.03", "--min-per-stratum", "20"};
    Arguments first = plan;
    first.insert(first.end(), {"-o", path("plan.gpkg")});
    const auto planned = succeed(first);
    EXPECT_THAT(planned.output, testing::HasSubstr("target 0.0300"));
    EXPECT_THAT(planned.output, testing::HasSubstr("no point is on a pixel of samples.gpkg"));
    EXPECT_THAT(planned.output, testing::HasSubstr("0.80"));
    Arguments again = plan;
    again.insert(again.end(), {"-o", path("again.gpkg"), "-t", "3"});
    succeed(again);
    EXPECT_TRUE(bytes("plan.gpkg") == bytes("again.gpkg"));
    Arguments other = plan;
    other.insert(other.end(), {"-o", path("other.gpkg"), "--seed", "43"});
    succeed(other);
    EXPECT_FALSE(bytes("plan.gpkg") == bytes("other.gpkg"));

    label(path("plan.gpkg"));
    const auto result = succeed({"assess", "--map", "map.tif", "--reference", "plan.gpkg", "-o", "a.json"});
    EXPECT_THAT(result.output, testing::HasSubstr("stratified, strata: classes of the map it was planned on"));
    EXPECT_THAT(result.output, testing::HasSubstr("no unit lies on a pixel of samples.gpkg"));
    EXPECT_THAT(result.errors, testing::Not(testing::HasSubstr("warning")));

    // The same by hand from map and truth: the strata's shares of right points, weighted by the strata's pixels.
    const RasterFile map = open_raster(path("map.tif"));
    const auto codes = test::band_of(test::read_all(*map.source), 0);
    std::vector<double> pixels(4);
    std::vector<double> drawn(4);
    std::vector<double> right(4);
    for (const float code : codes) {
        ++pixels[static_cast<std::size_t>(code)];
    }
    edit(path("plan.gpkg"), [&](OGRFeatureH feature, double x, double y) {
        const auto stratum =
            static_cast<std::size_t>(OGR_F_GetFieldAsInteger(feature, OGR_F_GetFieldIndex(feature, "stratum")));
        const int column = static_cast<int>((x - 600000) / 10);
        const int row = static_cast<int>((5100400 - y) / 10);
        EXPECT_EQ(static_cast<std::size_t>(codes[static_cast<std::size_t>(row * test::tiny_size + column)]), stratum);
        ++drawn[stratum];
        right[stratum] += static_cast<std::size_t>(class_at(x, y)) == stratum ? 1 : 0;
    });
    double expected = 0;
    for (std::size_t k = 1; k < 4; ++k) {
        EXPECT_GE(drawn[k], 20);
        expected += pixels[k] / 1600 * right[k] / drawn[k];
    }
    const auto figures = json("a.json");
    EXPECT_EQ(figures["mode"], "sample");
    EXPECT_NEAR(figures["overall_accuracy"]["estimate"].get<double>(), expected, 1e-12);
    EXPECT_EQ(figures["design"]["units"].get<double>(), drawn[1] + drawn[2] + drawn[3]);
    EXPECT_EQ(figures["design"]["training_samples_checked"], "samples.gpkg");
    double hectares = 0;
    for (const auto& [name, of_class] : figures["per_class"].items()) {
        hectares += of_class["area"]["hectares"]["estimate"].get<double>();
    }
    EXPECT_NEAR(hectares, 16, 1e-9) << "1,600 pixels of 10 m";
}

TEST_F(AssessSample, TrainingSamplesAreRefusedWithTheReason) {
    write_points("points.gpkg", 5);
    const Arguments assess = {"assess",   "--map",  "map.tif", "--reference", "points.gpkg",
                              "--design", "simple", "-o",      "a.json"};
    // 64 points, of which those in columns and rows 0 to 5 of a field's 8 are in its polygon.
    Arguments stated = assess;
    stated.insert(stated.end(), {"--samples", TinyScene::get().samples()});
    test::expect_refusal(run(stated), 4, {"of 64: lie on pixels of samples.gpkg", "has seen their answers"});
    Arguments polygons = assess;
    polygons.insert(polygons.end(), {"--samples", TinyScene::get().polygons()});
    test::expect_refusal(run(polygons), 4, {"of 64: lie on pixels of polygons.gpkg"});
    const auto unchecked = succeed(assess);
    EXPECT_THAT(unchecked.errors, testing::HasSubstr("name them with --samples"));
    EXPECT_THAT(unchecked.output, testing::HasSubstr("not checked against training samples"));
    fs::copy(TinyScene::get().samples(), path("samples.gpkg"));
    Arguments found = assess;
    found.push_back("--overwrite");
    test::expect_refusal(run(found), 4, {"of 64: lie on pixels of samples.gpkg"});
    test::expect_refusal(run({"assess", "--map", "map.tif", "--reference", "samples.gpkg", "--class-field",
                              "class_code", "--design", "simple", "-o", "b.json"}),
                         4, {"table of training samples"});
    test::expect_refusal(run({"assess", "--map", "map.tif", "--reference", TinyScene::get().labels(), "--design",
                              "simple", "-o", "b.json"}),
                         4, {"training labels"});
    test::write_text(path("cv.json"), R"({"schemes": {}})");
    test::expect_refusal(run({"assess", "--map", "map.tif", "--reference", "cv.json", "-o", "b.json"}), 4,
                         {"is a cross-validation"});
}

TEST_F(AssessSample, TheDesignMustBeKnown) {
    write_points("points.gpkg", 5);
    const Arguments assess = {"assess", "--map", "map.tif", "--reference", "points.gpkg", "-o", "a.json"};
    const auto with = [&](const Arguments& more) {
        Arguments all = assess;
        all.insert(all.end(), more.begin(), more.end());
        return run(all);
    };
    test::expect_refusal(with({}), 2, {"--design: is needed"});
    test::expect_refusal(with({"--design", "stratifed"}), 2, {"did you mean 'stratified'?"});
    test::expect_refusal(with({"--design", "simple", "--stratum-field", "class"}), 2, {"knows no strata"});
    test::expect_refusal(with({"--stratum-sizes", "1=5"}), 2, {"--stratum-sizes", "--stratum-field"});
    test::expect_refusal(with({"--stratum-sizes", "1=x", "--stratum-field", "class"}), 3, {"'1=x'"});
    test::expect_refusal(run({"assess", "--map", "map.tif", "-o", "a.json"}), 2, {"--reference"});
    test::expect_refusal(with({"--plan"}), 2, {"--plan", "--reference"});
    test::expect_refusal(run({"assess", "--plan", "--map", "map.tif", "--expected-ua-of", "9=0.7", "-o", "p.gpkg"}), 3,
                         {"--expected-ua-of=9"});
    test::expect_refusal(run({"assess", "--plan", "--map", "map.tif", "--target-se", "0", "-o", "p.gpkg"}), 3,
                         {"target_se=0"});
}

TEST_F(AssessSample, PolygonsAreClustersOfPixels) {
    // Two by two pixels around each of 25 places.
    test::CaseLayer layer;
    layer.fields = {{"class", OFTInteger}};
    for (int column = 0; column < 5; ++column) {
        for (int row = 0; row < 5; ++row) {
            layer.features.push_back({test::box(80 * column + 60, 80 * row + 60, 80 * column + 80, 80 * row + 80),
                                      {std::to_string(test::tiny_class(column, row))}});
        }
    }
    test::write_case(path("reference.gpkg"), {layer});
    const auto result = succeed({"assess", "--map", "map.tif", "--reference", "reference.gpkg", "--design", "simple",
                                 "--samples", TinyScene::get().samples(), "-o", "a.json"});
    EXPECT_THAT(result.output, testing::HasSubstr("25 reference units, 100 pixels"));
    const auto figures = json("a.json");
    EXPECT_EQ(figures["design"]["clusters"], 25);
    EXPECT_EQ(figures["design"]["pixels"], 100);
    EXPECT_GT(figures["overall_accuracy"]["se"].get<double>(), 0);
}

TEST_F(AssessSample, ARasterMayHoldSampledPixels) {
    test::RasterCase raster;
    raster.width = raster.height = test::tiny_size;
    raster.origin_y = 5100000 + 10 * test::tiny_size;
    raster.type = GDT_Byte;
    raster.nodata = 0;
    raster.bands = {test::values_of(test::tiny_size, test::tiny_size, [](int column, int row) {
        return (column + 7 * row) % 11 == 0 ? class_at(600005 + 10 * column, 5100395 - 10 * row) : 0;
    })};
    test::write_raster(path("sampled.tif"), raster);
    const Arguments assess = {"assess",      "--map", "map.tif", "--reference",
                              "sampled.tif", "-o",    "a.json",  "--overwrite"};
    const auto census = succeed(assess);
    EXPECT_THAT(census.errors, testing::HasSubstr("leaves out"));
    EXPECT_EQ(json("a.json")["mode"], "census");
    const double accuracy = json("a.json")["overall_accuracy"].get<double>();
    Arguments sample = assess;
    sample.insert(sample.end(), {"--design", "simple"});
    succeed(sample);
    const auto figures = json("a.json");
    EXPECT_NEAR(figures["overall_accuracy"]["estimate"].get<double>(), accuracy, 1e-12);
    // n of 1,600 pixels without replacement.
    const auto n = figures["design"]["units"].get<double>();
    EXPECT_NEAR(figures["overall_accuracy"]["se"].get<double>(),
                std::sqrt(accuracy * (1 - accuracy) / (n - 1) * (1 - n / 1600)), 1e-12);
    // Two strata by a raster: a quarter on the left, and the rest.
    raster.bands = {
        test::values_of(test::tiny_size, test::tiny_size, [](int column, int) { return column < 10 ? 1 : 2; })};
    test::write_raster(path("strata.tif"), raster);
    Arguments stratified = assess;
    stratified.insert(stratified.end(), {"--strata", "strata.tif"});
    const auto result = succeed(stratified);
    EXPECT_THAT(result.output, testing::HasSubstr("stratified, strata: strata.tif"));
    EXPECT_EQ(json("a.json")["strata"][0]["size"], 400);
    EXPECT_EQ(json("a.json")["strata"][1]["size"], 1200);
}

} // namespace
} // namespace lcclass
