#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

// From bands and polygons to map and figures on the tiny scene, and the same bytes however it is made.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::TinyScene;

class Pipeline : public test::CliTest {
protected:
    /// `arguments` with `-t threads`, its output in the folder `name`.
    void make(const std::string& name, const Arguments& arguments, const std::string& output,
              const Arguments& more = {}) const {
        fs::create_directories(path(name));
        Arguments all = arguments;
        all.insert(all.end(), {"-o", path(name + "/" + output)});
        all.insert(all.end(), more.begin(), more.end());
        succeed(all);
    }

    /// The same command on any number of threads gives the same files.
    void expect_same_on_threads(const Arguments& arguments, const std::string& output,
                                const std::vector<std::string>& files) const {
        make("1", arguments, output, {"-t", "1"});
        for (const std::string threads : {"2", "3", "7"}) {
            make(threads, arguments, output, {"-t", threads});
            for (const std::string& file : files) {
                EXPECT_TRUE(bytes("1/" + file) == bytes(threads + "/" + file)) << file << " on " << threads;
            }
            EXPECT_EQ(test::names_in(path("1")), test::names_in(path(threads)));
        }
    }

    [[nodiscard]] nlohmann::json json(const std::string& name) const { return nlohmann::json::parse(bytes(name)); }
};

TEST_F(Pipeline, EndsWellFromBandsToExplanation) {
    Arguments stack = {"stack", "--radiometry", test::tiny_radiometry, "--features", test::tiny_features, "-i"};
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    stack.insert(stack.end(), inputs.begin(), inputs.end());
    make(".", stack, "stack.tif");
    make(".", {"rasterize", "-i", TinyScene::get().polygons(), "--class-field", "cid", "--like", path("stack.tif")},
         "labels.tif");
    make(".", {"sample", "--stack", path("stack.tif"), "--labels", path("labels.tif")}, "samples.gpkg");
    make(".", {"cv", "--samples", path("samples.gpkg"), "--block-size", "100", "--folds", "3", "--n-estimators", "20"},
         "cv.json");
    make(".", {"train", "--samples", path("samples.gpkg"), "--n-estimators", "20"}, "model.lcm");
    make(".", {"predict", "-m", path("model.lcm"), "-i", path("stack.tif")}, "map.tif");
    make(".", {"explain", "-m", path("model.lcm"), "--samples", path("samples.gpkg"), "--rows", "20"}, "explain.json");

    const auto cv = json("cv.json");
    EXPECT_EQ(cv.at("schemes").size(), 3U);
    EXPECT_GT(cv.at("schemes").at("random").at("mean").at("test").at("overall_accuracy").get<double>(), 0.5)
        << "a third is what guessing gives";
    // The map repeats the classes of its own training pixels: 36 pixels of each of 25 fields.
    const RasterFile map = open_raster(path("map.tif"));
    const RasterFile labels = open_raster(path("labels.tif"));
    const auto mapped = test::band_of(test::read_all(*map.source), 0);
    const auto labelled = test::band_of(test::read_all(*labels.source), 0);
    int labelled_pixels = 0;
    int agreeing = 0;
    for (std::size_t i = 0; i < mapped.size(); ++i) {
        labelled_pixels += labelled[i] > 0 ? 1 : 0;
        agreeing += mapped[i] == labelled[i] ? 1 : 0;
    }
    EXPECT_EQ(labelled_pixels, 25 * 36);
    EXPECT_GT(agreeing, 880);
    EXPECT_EQ(json("explain.json").at("importance").at("impurity").size(), 5U);
}

TEST_F(Pipeline, MapIsTheSameForAnyThreadsBlocksAndFromRawBands) {
    const Arguments predict = {"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack()};
    make("reference", predict, "map.tif", {"-t", "1"});
    const std::string reference = bytes("reference/map.tif");
    for (const Arguments& more : std::vector<Arguments>{{"-t", "2"},
                                                        {"-t", "7"},
                                                        {"--block-pixels", "16", "-t", "3"},
                                                        {"--block-pixels", "64"},
                                                        {"--memory", "203M", "--block-pixels", "16", "-t", "1"}}) {
        make(more[1] + more[0], predict, "map.tif", more);
        EXPECT_TRUE(bytes(more[1] + more[0] + "/map.tif") == reference) << more[0] << " " << more[1];
    }
    Arguments raw = {"predict", "-m", TinyScene::get().model(), "-i"};
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    raw.insert(raw.end(), inputs.begin(), inputs.end());
    make("raw", raw, "map.tif");
    EXPECT_TRUE(bytes("raw/map.tif") == reference) << "from the bands themselves";
}

TEST_F(Pipeline, TooLittleMemoryForTheBlocksIsRefusedWithTheWayOut) {
    test::expect_refusal(run({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o",
                              path("map.tif"), "--memory", "203M"}),
                         7, {"--memory", "--block-pixels"});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(Pipeline, SamplesAreTheSameOnAnyThreads) {
    expect_same_on_threads({"sample", "--stack", TinyScene::get().stack(), "--labels", TinyScene::get().labels(),
                            "--strategy", "total", "--total", "400"},
                           "samples.gpkg", {"samples.gpkg"});
}

TEST_F(Pipeline, FoldsAndFiguresAreTheSameOnAnyThreads) {
    expect_same_on_threads(
        {"cv", "--samples", TinyScene::get().samples(), "--block-size", "100", "--folds", "3", "--n-estimators", "10"},
        "cv.json", {"cv.json", "folds.gpkg"});
}

TEST_F(Pipeline, ModelIsTheSameOnAnyThreads) {
    expect_same_on_threads({"train", "--samples", TinyScene::get().samples(), "--n-estimators", "25"}, "model.lcm",
                           {"model.lcm"});
}

TEST_F(Pipeline, ExplanationIsTheSameOnAnyThreads) {
    expect_same_on_threads(
        {"explain", "-m", TinyScene::get().model(), "--samples", TinyScene::get().samples(), "--rows", "50"},
        "explain.json", {"explain.json"});
}

} // namespace
} // namespace lcclass
