#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

#include <cmath>

// The binary on real scenes, against figures that others found on them.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using RealData = test::CliTest;

TEST_F(RealData, SlovenianLandUseEqualsItsRaster) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const fs::path data = fs::absolute(test::shared_data()) / "slovenia_s2_series";
    succeed({"rasterize", "-i", (data / "LULC.gpkg").string(), "--class-field", "LULC_ID", "--where", "LULC_ID > 0",
             "--like", (data / "LULC.tif").string(), "-o", "labels.tif"});
    const auto expected = test::band_of(test::read_all(*open_raster(data / "LULC.tif").source), 0);
    const auto burned = test::band_of(test::read_all(*open_raster(path("labels.tif")).source), 0);
    const auto code = [](float value) { return value > 0 ? value : 0; };
    ASSERT_EQ(burned.size(), expected.size());
    for (std::size_t i = 0; i < burned.size(); ++i) {
        ASSERT_EQ(code(burned[i]), code(expected[i])) << "pixel " << i;
    }
}

TEST_F(RealData, BerlinsAccuraciesAreThoseOfScikitLearn) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const fs::path data = fs::absolute(test::shared_data()) / "berlin_s2l1c";
    succeed({"stack", "--radiometry", "scale=0.0001,offset=0", "--features", "B02,B03,B04,B05,B06,B07,B08,B8A,B11,B12",
             "-o", "stack.tif", "-i", (data / "IMG_DATA").string()});
    succeed({"rasterize", "-i", (data / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg").string(),
             "--class-field", "fclass", "--overlap", "drop", "--like", "stack.tif", "-o", "labels.tif"});
    succeed({"sample", "--stack", "stack.tif", "--labels", "labels.tif", "--strategy", "total", "--total", "20000",
             "-o", "samples.gpkg"});
    succeed({"cv", "--samples", "samples.gpkg", "--block-size", "1000", "-o", "cv.json"});
    const auto schemes = nlohmann::json::parse(bytes("cv.json")).at("schemes");
    // Pooled over the folds, as the figures are.
    const auto accuracy = [&](const std::string& scheme) {
        const auto matrix = schemes.at(scheme).at("confusion").at("matrix").get<std::vector<std::vector<double>>>();
        double right = 0;
        double all = 0;
        for (std::size_t i = 0; i < matrix.size(); ++i) {
            right += matrix[i][i];
            for (const double cell : matrix[i]) {
                all += cell;
            }
        }
        EXPECT_EQ(all, 20000) << scheme;
        return right / all;
    };
    EXPECT_NEAR(accuracy("random"), 0.711, 0.02);
    EXPECT_NEAR(accuracy("polygon"), 0.537, 0.05);
    EXPECT_NEAR(accuracy("spatial-block"), 0.551, 0.05);
}

} // namespace
} // namespace lcclass
