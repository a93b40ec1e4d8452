#include "geo/raster_case.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class CrsReferenceTest : public RasterTest {};

TEST_F(CrsReferenceTest, OneSystemInTwoSpellingsIsTheSame) {
    const std::string by_code = parse_crs("EPSG:32633");
    const std::string by_parameters =
        parse_crs("PROJCS[\"WGS_1984_UTM_Zone_33N\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\","
                  "SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],"
                  "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
                  "PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
                  "PARAMETER[\"Central_Meridian\",15.0],PARAMETER[\"Scale_Factor\",0.9996],"
                  "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]");
    EXPECT_NE(by_code, by_parameters);
    EXPECT_TRUE(same_crs(by_code, by_parameters));
    EXPECT_EQ(crs_label(by_parameters), "EPSG:32633");
}

TEST_F(CrsReferenceTest, NeighbouringZonesDiffer) {
    EXPECT_FALSE(same_crs(parse_crs("EPSG:32633"), parse_crs("EPSG:32632")));
    EXPECT_FALSE(same_crs(parse_crs("EPSG:32633"), parse_crs("EPSG:3035")));
}

TEST_F(CrsReferenceTest, AxisOrderDoesNotMakeADifference) {
    EXPECT_TRUE(same_crs(parse_crs("EPSG:4326"), parse_crs("OGC:CRS84")));
}

TEST_F(CrsReferenceTest, SystemsWithoutCodeAreCalledByName) {
    const std::string wkt = parse_crs("PROJCS[\"My valley\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\","
                                      "SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],"
                                      "UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
                                      "PARAMETER[\"latitude_of_origin\",0],PARAMETER[\"central_meridian\",13.37],"
                                      "PARAMETER[\"scale_factor\",1],PARAMETER[\"false_easting\",0],"
                                      "PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]");
    EXPECT_EQ(crs_label(wkt), "My valley");
}

TEST_F(CrsReferenceTest, UnknownSystemsFilesAndAddressesAreRefused) {
    write_text(file("a.prj"), parse_crs("EPSG:3035"));
    for (const std::string& text : {std::string("EPSG:999999"), std::string("UTM 33"), std::string(),
                                    file("a.prj").string(), std::string("http://localhost/crs")}) {
        EXPECT_THAT(error_of(ExitCode::configuration, [&] { static_cast<void>(parse_crs(text)); }),
                    AllOf(HasSubstr("crs="), HasSubstr("fix: name it by its code")));
    }
}

TEST_F(CrsReferenceTest, TransformationsGiveEastingBeforeNorthing) {
    const TransformationHandle to_degrees =
        make_transformation(parse_crs("EPSG:32633"), parse_crs("EPSG:4326"), "test");
    double x = 500000; // the central meridian of the zone, 15 degrees east
    double y = 5818200;
    ASSERT_TRUE(OCTTransform(to_degrees.get(), 1, &x, &y, nullptr));
    EXPECT_NEAR(x, 15, 1e-9);
    EXPECT_GT(y, 52);
    EXPECT_LT(y, 53);
}

void set_up_without_proj_database() {
    const std::array<const char*, 2> nowhere = {"/nonexistent", nullptr};
    OSRSetPROJSearchPaths(nowhere.data());
    try {
        set_up_gdal(1 << 20);
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        std::_Exit(static_cast<int>(error.code()));
    }
    std::_Exit(0);
}

// Without a fixture: PROJ must not have opened its database before.
TEST(GdalSetup, MissingProjDatabaseIsSaidAtTheStart) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(set_up_without_proj_database(), ::testing::ExitedWithCode(4), "proj.db: .*fix: install proj-data");
}

} // namespace
} // namespace lcclass::test
