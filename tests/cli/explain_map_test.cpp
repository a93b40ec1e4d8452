#include "cli/tiny_scene.h"

#include "lcclass/core/text.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>

// Why the pixels of a scene are mapped as they are.

namespace lcclass {
namespace {

using test::Arguments;
using test::TinyScene;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExplainMapCommand : public test::CliTest {
protected:
    static Arguments explain(const Arguments& more) {
        Arguments all = {"explain", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    [[nodiscard]] PixelBlock pixels(const std::string& name) const {
        return test::read_all(*open_raster(path(name)).source);
    }
};

TEST_F(ExplainMapCommand, BandsAddUpToTheProbabilityOfTheMap) {
    succeed(explain({"--shap-raster", path("shap.tif"), "--dominant-feature", path("dominant.tif")}));
    succeed({"predict", "-m", TinyScene::get().model(), "-i", TinyScene::get().stack(), "-o", path("map.tif"),
             "--uncertainty", path("u.tif")});
    const RasterFile shap = open_raster(path("shap.tif"));
    EXPECT_THAT(band_names(*shap.source), ElementsAre("B02", "B03", "B04", "B08", "NDVI", "base"));
    EXPECT_EQ(shap.metadata.at("LCCLASS_KIND"), "shap");
    EXPECT_EQ(shap.metadata.at("LCCLASS_SHAP"), "path-dependent");
    const RasterFile dominant_file = open_raster(path("dominant.tif"));
    EXPECT_EQ(dominant_file.metadata.at("LCCLASS_KIND"), "dominant_feature");
    ASSERT_TRUE(dominant_file.legend);
    EXPECT_EQ(dominant_file.legend->at(4).name, "NDVI");
    const PixelBlock values = pixels("shap.tif");
    const PixelBlock dominant = pixels("dominant.tif");
    const PixelBlock uncertainty = pixels("u.tif");
    for (std::size_t pixel = 0; pixel < values.valid.size(); ++pixel) {
        double sum = 0;
        double strongest = 0;
        for (int b = 0; b < values.n_bands; ++b) {
            sum += values.band(b)[pixel];
            strongest = b < 5 ? std::max(strongest, std::abs(static_cast<double>(values.band(b)[pixel]))) : strongest;
        }
        ASSERT_NEAR(sum, uncertainty.band(0)[pixel], 1e-6) << pixel;
        const auto decides = static_cast<int>(dominant.band(0)[pixel]) - 1;
        ASSERT_EQ(std::abs(static_cast<double>(values.band(decides)[pixel])), strongest) << pixel;
    }
}

TEST_F(ExplainMapCommand, ThreadsDoNotChangeAByte) {
    for (const std::string threads : {"1", "4"}) {
        Arguments command = {"-t", threads};
        const Arguments rest = explain({"--shap-raster", path("shap" + threads + ".tif"), "--dominant-feature",
                                        path("dominant" + threads + ".tif")});
        command.insert(command.end(), rest.begin(), rest.end());
        succeed(command);
    }
    EXPECT_EQ(bytes("shap1.tif"), bytes("shap4.tif"));
    EXPECT_EQ(bytes("dominant1.tif"), bytes("dominant4.tif"));
}

TEST_F(ExplainMapCommand, SceneGivesWhatItsStackGives) {
    succeed(explain({"--shap-raster", path("stack.tif")}));
    Arguments raw = {"explain", "-m", TinyScene::get().model(), "--shap-raster", path("raw.tif"), "-i"};
    const Arguments inputs = test::band_inputs(TinyScene::get().bands());
    raw.insert(raw.end(), inputs.begin(), inputs.end());
    succeed(raw);
    EXPECT_EQ(bytes("raw.tif"), bytes("stack.tif"));
}

TEST_F(ExplainMapCommand, PartsAreCutOutByBoundsAndPolygons) {
    const GridSpec grid = open_raster(TinyScene::get().stack()).source->grid();
    succeed(explain({"--shap-raster", path("all.tif")}));
    const std::string bounds = format_number(grid.origin_x + 100) + "," + format_number(grid.origin_y - 200) + "," +
                               format_number(grid.origin_x + 250) + "," + format_number(grid.origin_y - 50);
    succeed(explain({"--shap-raster", path("part.tif"), "--bounds", bounds}));
    const PixelBlock all = pixels("all.tif");
    const PixelBlock part = pixels("part.tif");
    ASSERT_EQ(part.window.width, 15);
    ASSERT_EQ(part.window.height, 15);
    for (int row = 0; row < 15; ++row) {
        for (int column = 0; column < 15; ++column) {
            const auto at = static_cast<std::size_t>(row * 15 + column);
            ASSERT_NEAR(part.band(2)[at], all.band(2)[test::tiny_index(column + 10, row + 5)], 1e-6);
        }
    }
    succeed(explain({"--shap-raster", path("fields.tif"), "--polygons", TinyScene::get().polygons()}));
    const PixelBlock fields = pixels("fields.tif");
    EXPECT_EQ(std::count(fields.valid.begin(), fields.valid.end(), 1), 25 * 36) << "25 fields of 6 x 6 pixels";
}

TEST_F(ExplainMapCommand, ANamedClassAndABackgroundAreTold) {
    succeed(explain({"--shap-raster", path("shap.tif"), "--class", "2", "--background", "20", "--samples",
                     TinyScene::get().samples()}));
    const RasterFile shap = open_raster(path("shap.tif"));
    EXPECT_EQ(shap.metadata.at("LCCLASS_SHAP"), "interventional, 20 background rows");
    EXPECT_THAT(shap.metadata.at("LCCLASS_SHAP_CLASS"), HasSubstr("(2)"));
    const PixelBlock values = pixels("shap.tif");
    EXPECT_EQ(values.band(5)[0], values.band(5)[99]) << "one class has one base";
}

TEST_F(ExplainMapCommand, SamplesAndMapAreExplainedTogetherWhenAskedFor) {
    succeed(explain({"--shap-raster", path("shap.tif"), "--samples", TinyScene::get().samples(), "-o",
                     path("explain.json"), "--importance", "impurity", "--background", "10"}));
    EXPECT_TRUE(nlohmann::json::parse(bytes("explain.json")).contains("shap"));
    EXPECT_EQ(open_raster(path("shap.tif")).metadata.at("LCCLASS_KIND"), "shap");
}

// FAULTS.md F23: too big a request ends with what it would take.
TEST_F(ExplainMapCommand, TooBigARequestIsRefusedWithAnEstimate) {
    Arguments command = {"--memory", "200M"};
    const Arguments rest = explain({"--shap-raster", path("shap.tif")});
    command.insert(command.end(), rest.begin(), rest.end());
    test::expect_refusal(run(command), 7, {"--memory=200 MiB", "take", "MiB"});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(ExplainMapCommand, OptionsWithoutEffectAndBadPartsAreRefused) {
    const std::string shap = path("shap.tif");
    test::expect_refusal(run(explain({"--polygons", TinyScene::get().polygons()})), 2, {"--polygons", "--shap-raster"});
    test::expect_refusal(run(explain({"--shap-raster", shap, "--at", "1,2"})), 2, {"--at"});
    test::expect_refusal(run(explain({"--shap-raster", shap, "--class", "9"})), 2, {"--class=9"});
    test::expect_refusal(run(explain({"--shap-raster", shap, "--bounds", "0,0,1,1"})), 4, {"bounds=", "lie outside"});
    test::expect_refusal(run(explain({"--shap-raster", shap, "--background", "-1"})), 3, {"--background=-1"});
    test::expect_refusal(run(explain({"--shap-raster", shap, "--background", "5"})), 2, {"--samples"});
    test::expect_refusal(run({"explain", "-m", TinyScene::get().model(), "--shap-raster", shap}), 2, {"--input"});
    test::expect_refusal(run(explain({"--shap-raster", path("shap.png")})), 6, {"shap.png", ".tif"});
    test::expect_refusal(run(explain({"--shap-raster", shap, "--polygons-layer", "a"})), 2, {"--polygons-layer"});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(ExplainMapCommand, NothingIsWrittenWhenAPartOfTheRequestIsWrong) {
    const Arguments both = {"--samples",     TinyScene::get().samples(), "-o",       path("explain.json"),
                            "--shap-raster", path("shap.tif"),           "--bounds", "0,0,1,1"};
    test::expect_refusal(run(explain(both)), 4, {"bounds="});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(ExplainMapCommand, OptionsOfSamplesAskForTheirFiguresToo) {
    test::expect_refusal(run(explain({"--shap-raster", path("shap.tif"), "--importance", "impurity"})), 2,
                         {"--output"});
    succeed(explain({"--shap-raster", path("shap.tif"), "--importance", "none", "--samples", TinyScene::get().samples(),
                     "-o", path("e.json"), "--background", "1000"}));
    const auto json = nlohmann::json::parse(bytes("e.json"));
    const std::string kind = json.at("shap").at("kind");
    EXPECT_THAT(kind, HasSubstr("interventional, "));
    EXPECT_EQ(kind, open_raster(path("shap.tif")).metadata.at("LCCLASS_SHAP"));
    EXPECT_EQ(kind.find("1000"), std::string::npos) << "there are not so many samples";
    EXPECT_FALSE(json.at("shap").contains("interactions"));
}

} // namespace
} // namespace lcclass
