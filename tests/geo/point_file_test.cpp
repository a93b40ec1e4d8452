#include "lcclass/geo/point_file.h"

#include "geo/gdal_handles.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/coordinates.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/vector_file.h"
#include "support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PointFile : public testing::Test {
protected:
    PointFile() { set_up_gdal(std::int64_t{64} << 20); }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }
    static PointTable table() {
        return {.kind = "things",
                .x = {600005, 600015},
                .y = {5100005, 5099995.5},
                .crs_wkt = parse_crs("EPSG:32633"),
                .columns = {{.name = "code", .values = std::vector<std::int32_t>{3, -7}},
                            {.name = "share", .values = std::vector<double>{0.1, 1e-300}},
                            {.name = "name", .values = std::vector<std::string>{"Wiese", "caf\u00E9"}}}};
    }

private:
    test::TemporaryFolder m_folder;
};

TEST_F(PointFile, ReadsBackInEitherFormat) {
    for (const std::string name : {"a.gpkg", "a.fgb"}) {
        write_point_table(path(name), table(), false);
        const DatasetHandle dataset(GDALOpenEx(path(name).c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr));
        ASSERT_TRUE(dataset) << name;
        OGRLayerH layer = GDALDatasetGetLayerByName(dataset.get(), "things");
        ASSERT_NE(layer, nullptr);
        EXPECT_EQ(OGR_L_GetFeatureCount(layer, TRUE), 2);
        const FeatureHandle first(OGR_L_GetNextFeature(layer));
        const FeatureHandle second(OGR_L_GetNextFeature(layer));
        EXPECT_EQ(OGR_F_GetFieldAsInteger(first.get(), 0), 3);
        EXPECT_EQ(OGR_F_GetFieldAsDouble(first.get(), 1), 0.1);
        EXPECT_EQ(OGR_F_GetFieldAsDouble(second.get(), 1), 1e-300);
        EXPECT_STREQ(OGR_F_GetFieldAsString(second.get(), 2), "caf\u00E9");
        EXPECT_EQ(OGR_G_GetY(OGR_F_GetGeometryRef(second.get()), 0), 5099995.5);
    }
    const std::vector<LayerSummary> layers = list_layers(path("a.gpkg"));
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].kind, "things");
    EXPECT_THAT(layers[0].fields, ElementsAre("code", "share", "name"));
}

TEST_F(PointFile, SameTableGivesTheSameBytes) {
    for (const std::string ending : {".gpkg", ".fgb"}) {
        write_point_table(path("a" + ending), table(), false);
        write_point_table(path("b" + ending), table(), false);
        EXPECT_TRUE(read_file(path("a" + ending)) == read_file(path("b" + ending))) << ending;
    }
}

TEST_F(PointFile, RefusesOtherFormatsAndNamesThatClash) {
    const auto refusal = [&](const std::string& name, const PointTable& points) {
        try {
            write_point_table(path(name), points, false);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::output);
            return std::string(error.what());
        }
        return std::string("nothing was refused");
    };
    EXPECT_THAT(refusal("a.shp", table()), HasSubstr(".fgb"));
    PointTable clash = table();
    clash.columns[2].name = "CODE";
    EXPECT_THAT(refusal("a.fgb", clash), HasSubstr("column=CODE"));
    clash.columns[2].name = "geom";
    EXPECT_THAT(refusal("a.gpkg", clash), HasSubstr("the name is taken"));
    EXPECT_FALSE(std::filesystem::exists(path("a.fgb")));
}

TEST_F(PointFile, ExistingFilesAreKeptUnlessOverwriteIsSaid) {
    write_point_table(path("a.fgb"), table(), false);
    EXPECT_THROW(write_point_table(path("a.fgb"), table(), false), Error);
    EXPECT_NO_THROW(write_point_table(path("a.fgb"), table(), true));
}

class CoordinatesTest : public PointFile {};

TEST_F(CoordinatesTest, AreEastingOrLongitudeFirstWhateverTheSystemSays) {
    // On the equator, the central meridian of zone 33 has an easting of 500 km, and its edge 3 degrees west of it one
    // of 166,021.443 m (the same in every zone).
    const std::string degrees = parse_crs("EPSG:4326");
    const std::string utm = parse_crs("EPSG:32633");
    const Coordinates middle = transform_coordinates({.x = 15, .y = 0}, degrees, utm);
    EXPECT_NEAR(middle.x, 500000, 1e-6);
    EXPECT_NEAR(middle.y, 0, 1e-6);
    EXPECT_NEAR(transform_coordinates({.x = 12, .y = 0}, degrees, utm).x, 166021.443, 1e-3);
    const Coordinates back = transform_coordinates({.x = 166021.4431, .y = 0}, utm, degrees);
    EXPECT_NEAR(back.x, 12, 1e-8);
    EXPECT_NEAR(back.y, 0, 1e-8);
}

TEST_F(CoordinatesTest, StayTheSameWithinASystem) {
    const std::string utm = parse_crs("EPSG:32633");
    const Coordinates place = transform_coordinates({.x = 388000.125, .y = 5820000.25}, utm, utm);
    EXPECT_EQ(place.x, 388000.125);
    EXPECT_EQ(place.y, 5820000.25);
}

TEST_F(CoordinatesTest, PlacesThatCannotBeAreNamed) {
    try {
        transform_coordinates({.x = 15, .y = 91}, parse_crs("EPSG:4326"), parse_crs("EPSG:32633"));
        FAIL() << "there is no such latitude";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_THAT(error.what(), ::testing::AllOf(HasSubstr("15,91"), HasSubstr("EPSG:32633")));
    }
}

} // namespace
} // namespace lcclass
