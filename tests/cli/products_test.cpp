#include "cli/tiny_scene.h"
#include "geo/scene_case.h"
#include "geo/zip_case.h"

#include <cmath>

// Sentinel-2 and Landsat products as a user names them: folders, zips, metadata; dates and processing baselines.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;

class Products : public test::CliTest {
protected:
    /// The product folder of a landscape of 200 x 200 pixels.
    [[nodiscard]] fs::path simulate(const std::string& folder, const std::string& baseline) const {
        succeed({"simulate", "-o", folder, "--size", "200", "--clouds", "0.02", "--polygons", "30", "--baseline",
                 baseline});
        for (const auto& entry : fs::directory_iterator(path(folder))) {
            if (entry.path().extension() == ".SAFE") {
                return entry.path();
            }
        }
        ADD_FAILURE() << "no product in " << folder;
        return {};
    }
    test::ProcessResult stack(const std::vector<std::string>& inputs, const std::string& features,
                              const std::string& output, Arguments more = {}) const {
        Arguments arguments = {"stack", "--features", features, "-o", output, "-i"};
        arguments.insert(arguments.end(), inputs.begin(), inputs.end());
        arguments.insert(arguments.end(), more.begin(), more.end());
        return succeed(arguments);
    }
    [[nodiscard]] std::vector<float> values(const std::string& file, int band) const {
        return test::band_of(test::read_all(*open_raster(path(file)).source), band);
    }
};

TEST_F(Products, ZipFolderAndMetadataGiveTheSameBytes) {
    const fs::path product = simulate("scene", "05.11");
    test::zip_folder(product, path("S2A.zip"));
    fs::copy(path("S2A.zip"), path("S2A.SAFE.zip"));
    const std::string features = "B02,B04,B08,B05,B11,NDVI,SCL";
    stack({product.string()}, features, "folder.tif");
    for (const std::string& input : {path("S2A.zip"), path("S2A.SAFE.zip"), (product / "MTD_MSIL2A.xml").string(),
                                     "@2018-05-12=" + product.string()}) {
        const bool dated = input.starts_with("@");
        const std::string asked = dated ? "B02@2018-05-12" : features;
        stack({input}, asked, "other.tif", {"--overwrite"});
        if (dated) {
            test::expect_same(values("other.tif", 0), values("folder.tif", 0));
        } else {
            EXPECT_TRUE(bytes("other.tif") == bytes("folder.tif")) << input;
        }
    }
    EXPECT_EQ(test::names_in(folder()), (std::vector<std::string>{"S2A.SAFE.zip", "S2A.zip", "folder.qml", "folder.tif", "other.qml", "other.tif",
                                                                  "scene"})); // nothing was unpacked
}

TEST_F(Products, A03_OffsetIsThatOfTheProductAndOnRecord) {
    const fs::path older = simulate("older", "03.01");
    const fs::path newer = simulate("newer", "05.11");
    const std::string features = "B02,B04,B08,B05,B12,NDVI";
    stack({older.string()}, features, "older.tif");
    stack({newer.string()}, features, "newer.tif");
    std::size_t n_valid = 0;
    for (int band = 0; band < 6; ++band) {
        const auto a = values("older.tif", band);
        const auto b = values("newer.tif", band);
        for (std::size_t i = 0; i < a.size(); ++i) {
            ASSERT_EQ(std::isnan(a[i]), std::isnan(b[i])) << i;
            if (!std::isnan(a[i])) {
                ++n_valid;
                ASSERT_NEAR(a[i], b[i], 1e-6) << "band " << band << " pixel " << i;
            }
        }
    }
    EXPECT_GT(n_valid, 100000U);
    const auto recipe = [&](const std::string& file) { return open_raster(path(file)).metadata.at("LCCLASS_RECIPE"); };
    EXPECT_THAT(recipe("newer.tif"), testing::HasSubstr("\"offset\":-0.1"));
    EXPECT_THAT(recipe("older.tif"), testing::Not(testing::HasSubstr("\"offset\":-0.1")));
}

TEST_F(Products, BaselinesAndContainersGiveTheSameMap) {
    const fs::path older = simulate("older", "03.01");
    const fs::path newer = simulate("newer", "05.11");
    test::zip_folder(newer, path("newer.zip"));
    stack({newer.string()}, "B02,B04,B08,NDVI,NDWI", "stack.tif");
    succeed({"rasterize", "-i", "newer/polygons.gpkg", "--class-field", "lc1_h", "--class-map", "lucas-level1",
             "--like", "stack.tif", "-o", "labels.tif"});
    succeed({"sample", "--stack", "stack.tif", "--labels", "labels.tif", "-o", "samples.gpkg"});
    succeed({"train", "--samples", "samples.gpkg", "--n-estimators", "20", "-o", "model.lcm"});
    for (const std::string& scene : {std::string("stack.tif"), newer.string(), path("newer.zip"), older.string()}) {
        succeed({"predict", "-m", "model.lcm", "-i", scene, "-o", "map.tif", "--overwrite"});
        if (scene == "stack.tif") {
            fs::copy(path("map.tif"), path("expected.tif"));
        }
        EXPECT_TRUE(bytes("map.tif") == bytes("expected.tif")) << scene;
    }
}

TEST_F(Products, ProductsWithoutFeaturesStackTheirBandsButNotTheirMasks) {
    const auto result = succeed({"stack", "-i", simulate("scene", "05.11").string(), "-o", "stack.tif"});
    EXPECT_THAT(result.output, testing::HasSubstr("features: B02 B03 B04 B05 B06 B07 B08 B11 B12 B8A\n"));
}

TEST_F(Products, A07_EveryDateHasItsOwnOffset) {
    const fs::path older = simulate("older", "03.01");
    const fs::path newer = simulate("newer", "05.11");
    stack({"@2018-05-12=" + older.string(), "@2022-05-12=" + newer.string()},
          "B04@2018-05-12,B04@2022-05-12,B05@2018-05-12,B05@2022-05-12", "mixed.tif");
    // The same, harmonised beforehand: 1000 subtracted from the later numbers.
    const fs::path images = newer / "GRANULE";
    for (const auto& entry : fs::recursive_directory_iterator(images)) {
        const std::string name = entry.path().filename().string();
        for (const std::string band : {"B04_10m", "B05_20m"}) {
            if (name.find(band) == std::string::npos) {
                continue;
            }
            const RasterFile raster = open_raster(entry.path());
            const GridSpec& grid = raster.source->grid();
            test::RasterCase harmonised{.width = static_cast<int>(grid.width),
                                        .height = static_cast<int>(grid.height),
                                        .origin_x = grid.origin_x,
                                        .origin_y = grid.origin_y,
                                        .pixel = grid.pixel_width,
                                        .bands = {{}}};
            for (const float number : test::read_all(*raster.source).values) {
                harmonised.bands[0].push_back(number == 0 ? 0.0 : static_cast<double>(number) - 1000);
            }
            test::write_raster(path("harmonised/" + band.substr(0, 3) + ".tif"), harmonised);
        }
    }
    stack({"harmonised"}, "B04,B05", "later.tif", {"--radiometry", "scale=0.0001,offset=0"});
    stack({older.string()}, "B04,B05", "earlier.tif");
    test::expect_same(values("mixed.tif", 0), values("earlier.tif", 0));
    test::expect_same(values("mixed.tif", 1), values("later.tif", 0), 1e-6F);
    test::expect_same(values("mixed.tif", 2), values("earlier.tif", 1));
    test::expect_same(values("mixed.tif", 3), values("later.tif", 1), 1e-6F);
}

} // namespace
} // namespace lcclass
