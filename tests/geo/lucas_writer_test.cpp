#include "lcclass/geo/lucas_writer.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/raster_file.h"

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace lcclass {
namespace {

namespace fs = std::filesystem;

LucasLayer one_polygon() {
    LucasLayer layer;
    layer.crs_wkt = parse_crs("EPSG:32633");
    layer.survey_year = 2018;
    layer.remark = "SIMULATED for a test";
    layer.polygons = {
        {.point_id = 40004990,
         .lc1 = "C22",
         .area_ha = 1.0,
         .ring = {{500000, 5400000}, {500100, 5400000}, {500100, 5400100}, {500000, 5400100}, {500000, 5400000}}}};
    return layer;
}

class LucasWriterTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { set_up_gdal(64 << 20); }
    void SetUp() override {
        m_path = fs::path(::testing::TempDir()) /
                 ("lucas_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".gpkg");
        fs::remove(m_path);
    }
    void TearDown() override { fs::remove(m_path); }
    fs::path m_path;
};

TEST_F(LucasWriterTest, FieldsAndPlaceAreThoseOfTheSurvey) {
    write_lucas_polygons(m_path, one_polygon());
    GDALDatasetH dataset = GDALOpenEx(m_path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
    ASSERT_NE(dataset, nullptr);
    OGRLayerH layer = GDALDatasetGetLayerByName(dataset, "polygons");
    ASSERT_NE(layer, nullptr);
    EXPECT_STREQ(OSRGetAuthorityCode(OGR_L_GetSpatialRef(layer), nullptr), "3035");
    EXPECT_STREQ(GDALGetMetadataItem(layer, "LCCLASS_SIMULATED", nullptr), "SIMULATED for a test");
    OGRFeatureH feature = OGR_L_GetNextFeature(layer);
    ASSERT_NE(feature, nullptr);
    const auto field = [&](const char* name) {
        return std::string(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, name)));
    };
    EXPECT_EQ(field("point_id"), "40004990");
    EXPECT_EQ(field("survey_year"), "2018");
    EXPECT_EQ(field("obs_type"), "1");
    EXPECT_EQ(field("lc1"), "C22");
    EXPECT_EQ(field("lc1_h"), "C22");
    EXPECT_EQ(field("parcel_area_ha"), "1");
    // EPSG:3035 keeps areas; UTM is 0.9996 at its central meridian: 10000 m2 / 0.9996^2.
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    EXPECT_NEAR(OGR_G_Area(geometry), 10000 / (0.9996 * 0.9996), 1);
    OGREnvelope envelope;
    OGR_G_GetEnvelope(geometry, &envelope);
    // 15 E, 48.75 N by eye: 5 degrees east of the projection's origin at 4321000.
    EXPECT_NEAR(envelope.MinX, 4321000 + 367000, 5000);
    OGR_F_Destroy(feature);
    GDALClose(dataset);
}

TEST_F(LucasWriterTest, SamePolygonsGiveSameBytes) {
    write_lucas_polygons(m_path, one_polygon());
    const std::string first = read_file(m_path);
    fs::remove(m_path);
    write_lucas_polygons(m_path, one_polygon());
    EXPECT_EQ(first, read_file(m_path));
}

} // namespace
} // namespace lcclass
