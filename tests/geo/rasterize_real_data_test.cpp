#include "vector_case.h"

#include "geo/polygon_geometry.h"
#include "geo/vector_layer.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <iostream>

namespace lcclass {
namespace {

using test::BurnedLabels;

class RasterizeRealData : public test::VectorCase {};

GridSpec berlin_grid(const std::filesystem::path& data) {
    return open_raster(data / "berlin_s2l1c/IMG_DATA/T33UUU_20170216T102101_B02.jp2").source->grid();
}

TEST_F(RasterizeRealData, SlovenianLandUseEqualsItsRaster) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const std::filesystem::path folder = test::shared_data() / "slovenia_s2_series";
    const RasterFile reference = open_raster(folder / "LULC.tif");
    const GridSpec grid = reference.source->grid();
    RasterizeOptions choice;
    choice.input = (folder / "LULC.gpkg").string();
    choice.class_field = "LULC_ID";
    choice.where = "LULC_ID > 0"; // 0 is nodata
    const BurnedLabels labels = burn(choice, grid);
    PixelBlock block;
    reference.source->read(grid.extent(), block);
    std::int64_t different = 0;
    for (std::size_t i = 0; i < labels.class_code.size(); ++i) {
        const int expected = std::isnan(block.values[i]) ? 0 : static_cast<int>(block.values[i]);
        different += labels.class_code[i] != expected ? 1 : 0;
    }
    EXPECT_EQ(different, 0);
    EXPECT_EQ(labels.result.accounting.features, 84);
    EXPECT_EQ(labels.result.accounting.burned, 78);
    EXPECT_EQ(labels.result.accounting.conflicting_pixels, 0);
}

TEST_F(RasterizeRealData, BerlinReferencePolygonsHaveTheirKnownPixels) {
    LCCLASS_REQUIRE_SHARED_DATA();
    RasterizeOptions choice;
    choice.input = (test::shared_data() / "berlin_s2l1c/s2l1c_ref.gpkg").string();
    choice.class_field = "cid";
    choice.group_field = "pid";
    const BurnedLabels labels = burn(choice, berlin_grid(test::shared_data()));
    const auto pixels_of = [&](const std::string& pid) {
        const auto& groups = labels.result.info.polygon_group;
        const auto id = std::find(groups.begin(), groups.end(), pid) - groups.begin() + 1;
        return std::count(labels.polygon_id.begin(), labels.polygon_id.end(), static_cast<int>(id));
    };
    EXPECT_EQ(pixels_of("17"), 2);
    EXPECT_EQ(pixels_of("18"), 0);
    EXPECT_EQ(labels.result.accounting.features, 30);
    EXPECT_EQ(labels.result.accounting.burned, 29);
    EXPECT_EQ(labels.result.accounting.skipped.at("outside the grid"), 1);
}

TEST_F(RasterizeRealData, BerlinLandUseHasItsKnownConflicts) {
    LCCLASS_REQUIRE_SHARED_DATA();
    RasterizeOptions choice;
    choice.input =
        (test::shared_data() / "berlin_s2l1c/gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg").string();
    choice.class_field = "fclass";
    const GridSpec grid = berlin_grid(test::shared_data());
    EXPECT_THAT(refusal(choice, ExitCode::input, grid), testing::HasSubstr("1,013 pixels"));
    for (const OverlapPolicy policy : {OverlapPolicy::drop, OverlapPolicy::first}) {
        choice.overlap = policy;
        const auto result = burn(choice, grid).result;
        std::cout << to_string(policy) << "\n" << result.accounting.to_table(result.info.legend);
        EXPECT_EQ(result.accounting.features, 604);
        EXPECT_EQ(result.accounting.conflicting_pixels, 1013);
        EXPECT_EQ(result.info.legend.size(), 8);
    }
}

TEST_F(RasterizeRealData, LucasPointsReprojectToTheirStoredPosition) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const VectorLayer layer(test::shared_data() / "lucas_cz/cz_lucas_points_l1_2018.shp", {});
    ASSERT_TRUE(layer.crs_wkt().has_value());
    const PointTransform to_degrees(*layer.crs_wkt(), parse_crs("EPSG:4326"), layer.where());
    const int latitude = layer.field_index("gps_lat", "field");
    const int longitude = layer.field_index("gps_long", "field");
    double largest = 0;
    int n = 0;
    layer.for_each([&](OGRFeatureH feature) {
        std::array<double, 1> x = {OGR_G_GetX(OGR_F_GetGeometryRef(feature), 0)};
        std::array<double, 1> y = {OGR_G_GetY(OGR_F_GetGeometryRef(feature), 0)};
        ASSERT_TRUE(to_degrees.apply(x, y));
        largest = std::max({largest, std::abs(x[0] - OGR_F_GetFieldAsDouble(feature, longitude)),
                            std::abs(y[0] - OGR_F_GetFieldAsDouble(feature, latitude))});
        ++n;
    });
    EXPECT_EQ(n, 5037);
    EXPECT_LT(largest, 1e-6);
}

TEST_F(RasterizeRealData, LandClassRasterIsResampledToTheGrid) {
    LCCLASS_REQUIRE_SHARED_DATA();
    const std::filesystem::path folder = test::shared_data() / "nc_landsat7";
    const RasterFile reference = open_raster(folder / "landclass96.tif");
    RasterizeOptions choice;
    choice.input = (folder / "landclass96.tif").string();
    const GridSpec grid = reference.source->grid();
    const BurnedLabels labels = burn(choice, grid);
    PixelBlock block;
    reference.source->read(grid.extent(), block);
    for (std::size_t i = 0; i < labels.class_code.size(); ++i) {
        const int expected = std::isnan(block.values[i]) ? 0 : static_cast<int>(block.values[i]);
        ASSERT_EQ(labels.class_code[i], expected) << i;
    }
    EXPECT_EQ(labels.result.info.legend.size(), 7);
}

TEST_F(RasterizeRealData, EdgesAndSmallPatchesOfLandClassesAreThoseOfScipy) {
    LCCLASS_REQUIRE_SHARED_DATA();
    RasterizeOptions choice;
    choice.input = (test::shared_data() / "nc_landsat7/landclass96.tif").string();
    choice.erode = 2;
    choice.min_patch = 40;
    const BurnedLabels labels = burn(choice, open_raster(choice.input).source->grid());
    // scipy.ndimage.label of every class, and binary_erosion(iterations=2, border_value=1)
    EXPECT_EQ(static_cast<std::int64_t>(labels.class_code.size()) - labels.count(0), 140198);
    EXPECT_THAT(labels.result.accounting.notes,
                testing::IsSupersetOf({"17,079 pixels in 2,500 patches of fewer than 40 pixels have no label",
                                       "92,046 pixels at the edges of classes have no label (erosion by 2)"}));
}

} // namespace
} // namespace lcclass
