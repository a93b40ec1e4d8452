#include "lcclass/geo/reference_file.h"

#include "geo/vector_case.h"

#include <gmock/gmock.h>

#include <fstream>

namespace lcclass {
namespace {

ClassLegend legend() {
    return ClassLegend({{.code = 1, .name = "artificial", .color = {}}, {.code = 3, .name = "woodland", .color = {}}});
}

/// Points in metres from the lower-left corner of `case_grid`.
std::string point(double x, double y) {
    return "POINT(" + std::to_string(600000 + x) + " " + std::to_string(5100000 + y) + ")";
}

class ReferenceFile : public test::VectorCase {
protected:
    ReferenceSample read(const std::string& name = "labels.gpkg", const ReferenceFileOptions& options = {}) const {
        return read_reference(path(name), options, test::case_grid(), legend());
    }
    [[nodiscard]] std::string refused(const ReferenceFileOptions& options = {}) const {
        try {
            read("labels.gpkg", options);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input) << error.what();
            return error.what();
        }
        return "no error";
    }
};

test::CaseLayer points() {
    test::CaseLayer layer;
    layer.fields = {{"class", OFTString}, {"stratum", OFTInteger}, {"w", OFTReal}, {"village", OFTString}};
    layer.features = {{point(5, 95), {"woodland", "1", "2.5", "north"}},
                      {point(99, 1), {"3", "3", "4", "south"}},
                      {point(50, 50), {std::nullopt, "3", "4", "south"}},
                      {point(-5, 50), {"1", "3", "4", "south"}},
                      {point(35, 95), {"7", "3", "4", "south"}}};
    return layer;
}

TEST_F(ReferenceFile, PointsAreThePixelTheyLieIn) {
    write(points());
    const ReferenceSample sample = read("labels.gpkg", {.layer = {},
                                                        .class_field = "class",
                                                        .class_map = {},
                                                        .stratum_field = "stratum",
                                                        .weight_field = "w",
                                                        .cluster_field = "village",
                                                        .where = {}});
    ASSERT_EQ(sample.units.size(), 3U);
    EXPECT_EQ(sample.pixels[0].pixel, 0) << "the upper-left pixel";
    EXPECT_EQ(sample.pixels[1].pixel, 99) << "the lower-right pixel";
    EXPECT_EQ(sample.pixels[2].pixel, 3);
    EXPECT_EQ(sample.units[0].class_code, 3) << "by name";
    EXPECT_EQ(sample.units[1].class_code, 3) << "by code";
    EXPECT_EQ(sample.units[0].stratum, "1");
    EXPECT_EQ(sample.units[0].weight, 2.5);
    EXPECT_EQ(sample.units[1].cluster, "south");
    EXPECT_EQ(sample.unlabelled, 1);
    EXPECT_EQ(sample.outside, 1);
    EXPECT_FALSE(sample.polygons);
    ASSERT_EQ(sample.legend.size(), 3) << "class 7 is not on the map";
    EXPECT_EQ(sample.legend.at(2).name, "7");
}

TEST_F(ReferenceFile, PolygonsAreThePixelsWhoseCentreTheyHold) {
    test::CaseLayer layer;
    layer.features = {{test::box(0, 80, 30, 100), {"1"}}, {point(95, 5), {"3"}}};
    write(layer);
    ReferenceFileOptions options;
    options.class_field = "cid";
    const ReferenceSample sample = read("labels.gpkg", options);
    ASSERT_EQ(sample.pixels.size(), 7U);
    EXPECT_TRUE(sample.polygons);
    EXPECT_EQ(sample.pixels[3].pixel, 10);
    EXPECT_EQ(sample.pixels[3].unit, 0);
    EXPECT_EQ(sample.pixels[6].unit, 1);
}

TEST_F(ReferenceFile, OtherReferenceSystemsAreTransformed) {
    test::CaseLayer layer;
    layer.crs = "EPSG:4326";
    layer.fields = {{"class", OFTString}};
    // 600055 E, 5100045 N in zone 33.
    const TransformationHandle transformation =
        make_transformation(parse_crs("EPSG:32633"), parse_crs("EPSG:4326"), "test");
    double x = 600055;
    double y = 5100045;
    ASSERT_TRUE(OCTTransform(transformation.get(), 1, &x, &y, nullptr));
    layer.features = {{"POINT(" + std::to_string(x) + " " + std::to_string(y) + ")", {"1"}}};
    write(layer);
    EXPECT_EQ(read().pixels.at(0).pixel, 55);
}

TEST_F(ReferenceFile, RefusesWhatCannotBeUsed) {
    test::CaseLayer layer = points();
    layer.features[0].cells[0] = "woodlnd";
    write(layer);
    EXPECT_THAT(refused(), testing::AllOf(testing::HasSubstr("fid 1: class=woodlnd"),
                                          testing::HasSubstr("did you mean 'woodland'?")));
    std::filesystem::remove(path("labels.gpkg"));
    layer = points();
    layer.features[1].cells[2] = "-1";
    write(layer);
    ReferenceFileOptions weighted;
    weighted.weight_field = "w";
    EXPECT_THAT(refused(weighted), testing::HasSubstr("w=-1: is not a positive number"));
    ReferenceFileOptions absent;
    absent.class_field = "clas";
    EXPECT_THAT(refused(absent), testing::HasSubstr("class-field=clas"));
    std::filesystem::remove(path("labels.gpkg"));
    layer.crs = "";
    write(layer);
    EXPECT_THAT(refused(), testing::HasSubstr("does not say its reference system"));
}

TEST_F(ReferenceFile, RefusesTablesOfTrainingSamples) {
    test::CaseLayer layer;
    layer.fields = {{"class_code", OFTInteger}, {"polygon_id", OFTInteger}, {"group", OFTString}};
    layer.features = {{point(5, 5), {"1", "1", "1"}}};
    write(layer);
    ReferenceFileOptions options;
    options.class_field = "class_code";
    EXPECT_THAT(refused(options), testing::HasSubstr("is a table of training samples"));
}

TEST_F(ReferenceFile, PlansComeBackWithTheirStrataAndWithoutClasses) {
    const std::vector<PlannedUnit> units = {{.id = 1, .stratum = 3, .x = 600005, .y = 5100095},
                                            {.id = 2, .stratum = 1, .x = 600095, .y = 5100005}};
    write_plan(path("plan.gpkg"), units, {{1, 40}, {3, 60}}, test::case_grid().crs_wkt, false);
    write_plan(path("again.gpkg"), units, {{1, 40}, {3, 60}}, test::case_grid().crs_wkt, false);
    EXPECT_TRUE(read_file(path("plan.gpkg")) == read_file(path("again.gpkg")));
    const ReferenceSample empty = read("plan.gpkg");
    EXPECT_TRUE(empty.units.empty());
    EXPECT_EQ(empty.unlabelled, 2);
    EXPECT_EQ(empty.planned_strata, (std::map<std::string, std::int64_t>{{"1", 40}, {"3", 60}}));
    {
        const DatasetHandle dataset(
            GDALOpenEx(path("plan.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
        const char* sql = "UPDATE plan SET class = 'woodland'";
        GDALDatasetReleaseResultSet(dataset.get(), GDALDatasetExecuteSQL(dataset.get(), sql, nullptr, nullptr));
    }
    const ReferenceSample labelled = read("plan.gpkg");
    ASSERT_EQ(labelled.units.size(), 2U);
    EXPECT_EQ(labelled.units[0].stratum, "3");
    EXPECT_EQ(labelled.pixels[0].pixel, 0);
    EXPECT_EQ(labelled.pixels[1].pixel, 99);
    EXPECT_THROW(write_plan(path("plan.csv"), units, {}, {}, false), Error);
}

TEST_F(ReferenceFile, SamplesAndPolygonsOfTrainingAreFoundByPosition) {
    test::CaseLayer layer;
    layer.features = {
        {point(5, 95), {"1"}}, {point(5, 95), {"1"}}, {test::box(80, 0, 100, 10), {"1"}}, {point(-50, 5), {"1"}}};
    write(layer);
    EXPECT_EQ(pixels_of_samples(path("labels.gpkg"), test::case_grid()), (std::vector<std::int64_t>{0, 98, 99}));
    std::ofstream(path("s.csv")) << "x,y,class_code\n600015,5100095,1\n";
    EXPECT_EQ(pixels_of_samples(path("s.csv"), test::case_grid()), (std::vector<std::int64_t>{1}));
    std::ofstream(path("t.csv")) << "class_code,f\n1,2\n";
    EXPECT_TRUE(pixels_of_samples(path("t.csv"), test::case_grid()).empty());
}

TEST(CrsUnits, MetresPerUnit) {
    EXPECT_EQ(metres_per_unit(parse_crs("EPSG:32633")), 1.0);
    EXPECT_NEAR(*metres_per_unit(parse_crs("EPSG:2263")), 0.3048006, 1e-6) << "US survey feet";
    EXPECT_FALSE(metres_per_unit(parse_crs("EPSG:4326")).has_value());
}

} // namespace
} // namespace lcclass
