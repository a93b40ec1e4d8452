#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

// `lcclass run` on a config of all stages.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::TinyScene;

const std::vector<std::string> outputs = {"stack.tif",  "labels.tif", "samples.gpkg", "cv.json",
                                          "folds.gpkg", "model.lcm",  "map.tif",      "explain.json"};

/// A folder with the scene and one config, whose paths are all relative.
class Experiment : public test::CliTest {
protected:
    Experiment() {
        fs::create_directory(path("home"));
        fs::copy(TinyScene::get().bands(), path("home/bands"));
        fs::copy(TinyScene::get().polygons(), path("home/fields.gpkg"));
        configure(12);
    }

    void configure(int trees) const {
        test::write_text(path("home/c.yml"),
                         "output_dir: out\nseed: 3\n"
                         "stack:\n  input: [B04=bands/B04.tif, B08=bands/B08.tif]\n  features: [B04, B08, NDVI]\n"
                         "  radiometry: scale=0.0001,offset=-0.1\n"
                         "rasterize: {input: fields.gpkg, class_field: cid}\n"
                         "sample: {strategy: total, total: 300}\n"
                         "cv: {schemes: [random, polygon], folds: 3, n_estimators: 5}\n"
                         "train:\n  n_estimators: " +
                             std::to_string(trees) + "\npredict:\n  input: out/stack.tif\nexplain: {rows: 10}\n");
    }

    /// What the log says of the stages that ran.
    [[nodiscard]] std::vector<std::string> stages_run(const std::string& from = ".",
                                                      const std::string& config = "home/c.yml") const {
        const auto result = test::expect_success({"run", "-c", path(config)}, folder() / from);
        std::vector<std::string> stages;
        for (const char* stage : {"stack", "rasterize", "sample", "cv", "train", "predict", "explain"}) {
            if (result.errors.find(std::string("lcclass: ") + stage + ": runs") != std::string::npos) {
                stages.emplace_back(stage);
            }
        }
        return stages;
    }

    [[nodiscard]] std::vector<std::string> all_outputs(const std::string& out) const {
        std::vector<std::string> contents;
        for (const std::string& name : outputs) {
            contents.push_back(bytes(out + "/" + name));
        }
        return contents;
    }
};

TEST_F(Experiment, SecondRunSkipsAllAndAChangedOptionRedoesWhatFollows) {
    EXPECT_EQ(stages_run().size(), 7U);
    EXPECT_TRUE(stages_run().empty());
    const auto before = all_outputs("home/out");
    configure(14);
    EXPECT_EQ(stages_run(), (std::vector<std::string>{"train", "predict", "explain"}));
    const auto after = all_outputs("home/out");
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_TRUE(after[i] == before[i]) << outputs[i];
    }
    EXPECT_FALSE(after[5] == before[5]) << "model.lcm";
}

TEST_F(Experiment, G10_IsTheSameFromAnyFolder) {
    EXPECT_EQ(stages_run().size(), 7U);
    const auto here = all_outputs("home/out");
    fs::create_directories(path("else/where"));
    EXPECT_TRUE(stages_run("else/where").empty());
    fs::remove_all(path("home/out"));
    EXPECT_EQ(stages_run("else/where").size(), 7U);
    EXPECT_TRUE(all_outputs("home/out") == here);
    EXPECT_EQ(test::names_in(folder()), (std::vector<std::string>{"else", "home"}));
    EXPECT_TRUE(test::names_in(path("else/where")).empty());
}

TEST_F(Experiment, G09_YamlAndJsonGiveTheSameBytes) {
    EXPECT_EQ(stages_run().size(), 7U);
    const auto yaml = all_outputs("home/out");
    fs::rename(path("home/out"), path("yaml"));
    test::write_text(path("home/c.json"),
                     R"({"output_dir": "out", "seed": 3,
 "stack": {"input": ["B04=bands/B04.tif", "B08=bands/B08.tif"], "features": ["B04", "B08", "NDVI"],
           "radiometry": "scale=0.0001,offset=-0.1"},
 "rasterize": {"input": "fields.gpkg", "class_field": "cid"},
 "sample": {"strategy": "total", "total": 300},
 "cv": {"schemes": ["random", "polygon"], "folds": 3, "n_estimators": 5},
 "train": {"n_estimators": 12}, "predict": {"input": "out/stack.tif"}, "explain": {"rows": 10}})");
    EXPECT_EQ(stages_run(".", "home/c.json").size(), 7U);
    EXPECT_TRUE(all_outputs("home/out") == yaml);
}

} // namespace
} // namespace lcclass
