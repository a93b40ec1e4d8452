#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/geo/layer_styles.h"

#include <gmock/gmock.h>

// What QGIS shows files in: styles beside rasters and inside GeoPackages.

namespace lcclass {
namespace {

namespace fs = std::filesystem;
using test::Arguments;
using test::TinyScene;
using ::testing::HasSubstr;
using ::testing::Not;

class Styles : public test::CliTest {
protected:
    static Arguments predict(const Arguments& more) {
        Arguments all = {"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", "map.tif"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
};

TEST_F(Styles, EveryRasterOfAPredictionHasOne) {
    succeed(predict({"--probabilities", "p.tif", "--uncertainty", "u.tif"}));
    EXPECT_THAT(bytes("map.qml"), HasSubstr("type=\"paletted\" band=\"1\""));
    EXPECT_THAT(bytes("p.qml"), HasSubstr("classificationMin=\"0\" classificationMax=\"1\""));
    EXPECT_THAT(bytes("u.qml"), HasSubstr("type=\"singlebandpseudocolor\" band=\"3\""));
    for (const char* name : {"map.qml", "p.qml", "u.qml"}) {
        EXPECT_TRUE(is_whole_style(bytes(name))) << name;
    }
}

TEST_F(Styles, StackShowsTrueColoursAndThreadsDoNotChangeThem) {
    for (const std::string threads : {"1", "4"}) {
        Arguments command = {"-t", threads, "stack", "-i"};
        const Arguments inputs = test::band_inputs(TinyScene::get().bands());
        command.insert(command.end(), inputs.begin(), inputs.end());
        const Arguments rest = {"--radiometry", test::tiny_radiometry,     "--features", test::tiny_features,
                                "-o",           "stack" + threads + ".tif"};
        command.insert(command.end(), rest.begin(), rest.end());
        succeed(command);
    }
    EXPECT_THAT(bytes("stack1.qml"), HasSubstr("redBand=\"3\" greenBand=\"2\" blueBand=\"1\""));
    EXPECT_EQ(bytes("stack1.qml"), bytes("stack4.qml"));
}

TEST_F(Styles, SamplesAndFoldsCarryTheirs) {
    succeed({"cv", "--samples", TinyScene::get().samples(), "-o", "cv.json", "--folds-output", "folds.gpkg",
             "--schemes", "random,polygon", "--folds", "2", "--n-estimators", "5", "--bootstrap-replicates", "0"});
    const LayerStyles of_samples = read_layer_styles(TinyScene::get().samples());
    ASSERT_EQ(of_samples.size(), 1U);
    EXPECT_THAT(of_samples[0].qml, HasSubstr("&quot;class_code&quot;"));
    std::string shown;
    for (const LayerStyle& style : read_layer_styles(path("folds.gpkg"))) {
        shown = style.layer == "samples" ? style.qml : shown;
    }
    EXPECT_THAT(shown, HasSubstr("attr=\"&quot;polygon_right&quot;\"")); // not random's, which flatters
}

TEST_F(Styles, StyleThatIsThereIsNotReplacedUnasked) {
    test::write_text(path("map.qml"), "<qgis>mine</qgis>");
    test::expect_refusal(run(predict({})), 6, {"map.qml", "exists", "--overwrite"});
    EXPECT_EQ(bytes("map.qml"), "<qgis>mine</qgis>");
}

TEST_F(Styles, ChangedStyleIsPutAsideAndOurOwnIsReplaced) {
    succeed(predict({}));
    const std::string ours = bytes("map.qml");
    succeed(predict({"--overwrite"}));
    EXPECT_FALSE(fs::exists(path("map.qml.bak")));
    const std::string changed = ours + "<!-- changed -->";
    for (const char* aside : {"map.qml.bak", "map.qml.bak2"}) {
        test::write_text(path("map.qml"), changed);
        const auto result = succeed(predict({"--overwrite"}));
        EXPECT_THAT(result.errors, HasSubstr(aside));
        EXPECT_EQ(bytes(aside), changed);
        EXPECT_EQ(bytes("map.qml"), ours);
    }
}

TEST_F(Styles, RunLeavesAChangedStyleAloneWhileTheMapIsUpToDate) {
    test::write_text(path("c.yml"), "output_dir: out\npredict:\n  model: " + TinyScene::get().model() + "\n  input: [" +
                                        TinyScene::get().stack() + "]\n");
    succeed({"run", "-c", "c.yml"});
    test::write_text(path("out/map.qml"), "<qgis>mine</qgis>");
    EXPECT_THAT(succeed({"run", "-c", "c.yml"}).errors, HasSubstr("up to date"));
    EXPECT_EQ(bytes("out/map.qml"), "<qgis>mine</qgis>");
    fs::remove(path("out/map.qml"));
    EXPECT_THAT(succeed({"run", "-c", "c.yml"}).errors, HasSubstr("up to date")) << "a map is not made for its style";
}

} // namespace
} // namespace lcclass
