#include "vector_case.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

namespace lcclass {
namespace {

using test::box;
using test::BurnedLabels;
using test::case_grid;
using test::CaseFeature;
using test::CaseLayer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Rasterize : public test::VectorCase {};

CaseLayer layer_of(std::vector<CaseFeature> features) {
    CaseLayer layer;
    layer.features = std::move(features);
    return layer;
}

TEST_F(Rasterize, BurnsClassAndPolygonIdByPixelCentre) {
    write(layer_of({{box(0, 0, 40, 40), {"2"}}, {box(50, 50, 80, 70), {"1"}}}));
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.count(1), 3 * 2);
    EXPECT_EQ(labels.count(2), 4 * 4);
    // Class 1 comes first, so its polygon has id 1.
    EXPECT_EQ(std::count(labels.polygon_id.begin(), labels.polygon_id.end(), 1), 6);
    EXPECT_EQ(std::count(labels.polygon_id.begin(), labels.polygon_id.end(), 2), 16);
    EXPECT_EQ(labels.class_code[9 * 10], 2); // lower left
    EXPECT_EQ(labels.class_code[0], 0);
}

TEST_F(Rasterize, AccountsForEveryFeature) {
    write(layer_of({{box(0, 0, 40, 40), {"1"}},
                    {box(60, 60, 200, 80), {"1"}},
                    {box(500, 500, 600, 600), {"1"}},
                    {box(51, 51, 54, 54), {"1"}},
                    {box(0, 50, 20, 70), {std::nullopt}},
                    {"", {"1"}},
                    {"POLYGON EMPTY", {"1"}}}));
    const auto account = burn(options()).result.accounting;
    EXPECT_EQ(account.features, 7);
    EXPECT_EQ(account.burned, 2);
    EXPECT_EQ(account.clipped, 1);
    EXPECT_THAT(account.skipped,
                ElementsAre(testing::Pair("no class", 1), testing::Pair("no geometry", 2),
                            testing::Pair("no pixel centre inside", 1), testing::Pair("outside the grid", 1)));
    ASSERT_EQ(account.classes.size(), 1U);
    EXPECT_EQ(account.classes[0].polygons, 2);
    EXPECT_EQ(account.classes[0].pixels, 16 + 4 * 2);
    EXPECT_EQ(account.classes[0].without_pixel, 4);
    EXPECT_EQ(account.classes[0].clipped, 1);
}

TEST_F(Rasterize, KeepsLegendAccountAndGroupsInTheFile) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"2", "west"}}, {box(50, 0, 90, 40), {"1", "east"}}});
    layer.fields.emplace_back("site", OFTString);
    write(layer);
    RasterizeOptions choice = options();
    choice.group_field = "site";
    const BurnedLabels labels = burn(choice);
    const RasterFile file = open_raster(path("labels.tif"));
    EXPECT_EQ(file.metadata.at("LCCLASS_KIND"), "labels");
    EXPECT_EQ(file.metadata.at("LCCLASS_VERSION"), LCCLASS_VERSION);
    EXPECT_EQ(file.metadata.at("LCCLASS_ACCOUNTING"), labels.result.accounting.to_json());
    const LabelInfo info = read_label_info(file.metadata, "labels.tif");
    EXPECT_EQ(info.legend, labels.result.info.legend);
    EXPECT_THAT(info.polygon_group, ElementsAre("east", "west"));
    EXPECT_THAT(band_names(*file.source), ElementsAre("class_code", "polygon_id"));
    EXPECT_THROW(read_label_info({}, "x.tif"), Error);
}

TEST_F(Rasterize, TableAddsUp) {
    write(layer_of({{box(0, 0, 40, 40), {"2"}}, {box(50, 0, 90, 40), {"11"}}, {box(500, 0, 590, 40), {"11"}}}));
    const auto result = burn(options()).result;
    EXPECT_EQ(result.accounting.to_table(result.info.legend), "code  class  polygons  pixels  no pixel  clipped\n"
                                                              "   2  2             1      16         0        0\n"
                                                              "  11  11            1      16         1        0\n"
                                                              "      total         2      32         1        0\n"
                                                              "3 features = 2 burned + 1 outside the grid\n");
}

TEST_F(Rasterize, SameInputGivesTheSameBytes) {
    write(layer_of({{box(0, 0, 40, 40), {"2"}}, {box(50, 0, 90, 40), {"1"}}}));
    burn(options());
    const std::string first = read_file(path("labels.tif"));
    burn(options());
    EXPECT_EQ(first, read_file(path("labels.tif")));
}

// B01
TEST_F(Rasterize, LayerWithoutReferenceSystemIsRefusedUnlessAssumed) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"1"}}});
    layer.crs = "";
    layer.geometry = wkbPolygon;
    write(layer, "labels.shp");
    EXPECT_THAT(refusal(options("labels.shp")),
                AllOf(HasSubstr("does not say its reference system"), HasSubstr("--assume-crs")));
    RasterizeOptions choice = options("labels.shp");
    choice.assume_crs = "EPSG:32633";
    EXPECT_EQ(burn(choice).count(1), 16);
    write(layer, "plain.gpkg");
    EXPECT_THAT(refusal(options("plain.gpkg")), HasSubstr("does not say its reference system"));
}

// B02
TEST_F(Rasterize, OtherReferenceSystemsBurnTheSamePixels) {
    const GridSpec grid = case_grid();
    for (const char* crs : {"EPSG:4326", "EPSG:3035", "EPSG:3857", "EPSG:2393", "EPSG:31468"}) {
        const auto transformation = make_transformation(grid.crs_wkt, parse_crs(crs), "test");
        CaseLayer layer;
        layer.crs = crs;
        GeometryHandle polygon;
        {
            OGRGeometryH geometry = nullptr;
            std::string text = box(12, 23, 47, 88);
            char* at = text.data();
            ASSERT_EQ(OGR_G_CreateFromWkt(&at, nullptr, &geometry), OGRERR_NONE);
            polygon.reset(geometry);
        }
        ASSERT_EQ(OGR_G_Transform(polygon.get(), transformation.get()), OGRERR_NONE);
        char* wkt = nullptr;
        OGR_G_ExportToWkt(polygon.get(), &wkt);
        layer.features = {{wkt, {"1"}}};
        CPLFree(wkt);
        const std::string name = "labels_" + std::string(crs).substr(5) + ".gpkg";
        write(layer, name);
        const BurnedLabels labels = burn(options(name));
        // Columns 1..4 (centres 15..45 of 12..47), rows 2..8 from below (centres 25..85 of 23..88).
        EXPECT_EQ(labels.count(1), 4 * 7) << crs;
        EXPECT_EQ(labels.class_code[1 * 10 + 1], 1) << crs;
        EXPECT_EQ(labels.class_code[7 * 10 + 4], 1) << crs;
    }
}

// B03
TEST_F(Rasterize, VertexThatCannotBeProjectedNamesTheFeature) {
    CaseLayer layer;
    layer.crs = "EPSG:4326";
    layer.features = {{"POLYGON((16 46,16.1 46,16.1 46.1,16 46))", {"1"}},
                      {"POLYGON((16 46,16.1 46,500 95,16 46))", {"1"}}};
    write(layer);
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("fid 2"), HasSubstr("vertex=500")));
}

// B04
TEST_F(Rasterize, NoOverlapShowsBothExtents) {
    write(layer_of({{box(5000, 0, 5040, 40), {"1"}}}));
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("605000 5100000 605040 5100040"),
                                          HasSubstr("600000 5100000 600100 5100100"), HasSubstr("EPSG:32633")));
}

TEST_F(Rasterize, NullClassDoesNotHideThatNoPolygonMeetsTheGrid) {
    write(layer_of({{box(5000, 0, 5040, 40), {"1"}}, {box(5000, 0, 5040, 40), {std::nullopt}}, {"", {"1"}}}));
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("no polygon meets the grid"), HasSubstr("605000 5100000")));
}

// B05
TEST_F(Rasterize, PolygonsAreClippedAndCounted) {
    write(layer_of({{box(-50, -50, 30, 30), {"1"}}, {box(50, 50, 70, 70), {"2"}}}));
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.count(1), 9);
    EXPECT_EQ(labels.result.accounting.clipped, 1);
    EXPECT_EQ(labels.result.accounting.classes[0].clipped, 1);
    EXPECT_EQ(labels.result.accounting.classes[1].clipped, 0);
}

// B06
TEST_F(Rasterize, InvalidPolygonIsAnErrorOrFixedOrSkipped) {
    const std::string bowtie = "POLYGON((600000 5100000,600100 5100100,600100 5100000,600000 5100100,600000 5100000))";
    write(layer_of({{bowtie, {"1"}}, {box(41, 81, 59, 99), {"2"}}}));
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("fid 1"), HasSubstr("Self-intersection")));
    RasterizeOptions choice = options();
    choice.invalid = InvalidPolicy::fix;
    choice.overlap = OverlapPolicy::first;
    const BurnedLabels fixed = burn(choice);
    // Triangles left and right of the centre: without the diagonals, whose centres are ties, rows 1..8 have 1, 2, 3, 4,
    // 4, 3, 2, 1 pixels on each side.
    EXPECT_GE(fixed.count(1), 40);
    EXPECT_EQ(fixed.class_code[5 * 10 + 0], 1);
    EXPECT_EQ(fixed.class_code[5 * 10 + 9], 1);
    EXPECT_EQ(fixed.class_code[9 * 10 + 5], 0);
    EXPECT_THAT(fixed.result.accounting.notes, testing::Contains("1 invalid polygons repaired"));
    choice.invalid = InvalidPolicy::skip;
    const BurnedLabels skipped = [&] {
        CaseLayer layer = layer_of({{bowtie, {"1"}}, {box(0, 0, 20, 20), {"1"}}});
        write(layer, "skip.gpkg");
        choice.input = path("skip.gpkg");
        return burn(choice);
    }();
    EXPECT_EQ(skipped.count(1), 4);
    EXPECT_EQ(skipped.result.accounting.skipped.at("invalid geometry"), 1);
}

TEST_F(Rasterize, UnclosedAndDuplicateRingsAreInvalid) {
    const std::string twice = "POLYGON((600000 5100000,600050 5100000,600050 5100050,600000 5100050,600000 5100000),"
                              "(600000 5100000,600050 5100000,600050 5100050,600000 5100050,600000 5100000))";
    write(layer_of({{twice, {"1"}}}));
    EXPECT_THAT(refusal(options()), HasSubstr("invalid polygon"));
    write(layer_of({{"POLYGON((600000 5100000,600050 5100000,600050 5100050,600000 5100050))", {"1"}}}), "open.gpkg");
    EXPECT_THAT(refusal(options("open.gpkg")), HasSubstr("invalid polygon"));
    RasterizeOptions choice = options("open.gpkg");
    choice.invalid = InvalidPolicy::fix;
    EXPECT_EQ(burn(choice).count(1), 25);
}

// B07
TEST_F(Rasterize, MultipolygonsAndHolesGiveExactCounts) {
    write(layer_of({{"MULTIPOLYGON(((600000 5100000,600050 5100000,600050 5100050,600000 5100050,600000 5100000),"
                     "(600010 5100010,600010 5100040,600040 5100040,600040 5100010,600010 5100010)),"
                     "((600070 5100070,600090 5100070,600090 5100090,600070 5100090,600070 5100070)))",
                     {"1"}}}));
    EXPECT_EQ(burn(options()).count(1), 25 - 9 + 4);
}

// B08
TEST_F(Rasterize, OnlyNullGeometriesIsAnError) {
    write(layer_of({{"", {"1"}}, {"POLYGON EMPTY", {"1"}}}));
    EXPECT_THAT(refusal(options()), HasSubstr("2 no geometry"));
}

// B09
TEST_F(Rasterize, ClassWithoutAPixelIsAnError) {
    write(layer_of({{box(0, 0, 40, 40), {"1"}}, {box(51, 51, 54, 54), {"7"}}}));
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("class=7"), HasSubstr("1 no pixel centre inside")));
    RasterizeOptions choice = options();
    choice.all_touched = true;
    EXPECT_EQ(burn(choice).count(7), 1);
}

// B10
TEST_F(Rasterize, ConflictsAreAnErrorWithCountAndFids) {
    write(layer_of({{box(0, 0, 40, 40), {"2"}}, {box(20, 20, 60, 60), {"4"}}}));
    EXPECT_THAT(refusal(options()),
                AllOf(HasSubstr("4 pixels lie in polygons of different classes"), HasSubstr("FID 1 (class 2)"),
                      HasSubstr("FID 2 (class 4)"), HasSubstr("column 2, row 6")));
}

TEST_F(Rasterize, OverlapPoliciesDecideByClassCode) {
    write(layer_of({{box(0, 0, 40, 40), {"4"}}, {box(20, 20, 60, 60), {"2"}}}));
    RasterizeOptions choice = options();
    choice.overlap = OverlapPolicy::drop;
    EXPECT_EQ(burn(choice).count(2), 12);
    EXPECT_EQ(burn(choice).count(4), 12);
    choice.overlap = OverlapPolicy::first;
    EXPECT_EQ(burn(choice).count(2), 16);
    EXPECT_EQ(burn(choice).count(4), 12);
    choice.overlap = OverlapPolicy::last;
    const BurnedLabels last = burn(choice);
    EXPECT_EQ(last.count(2), 12);
    EXPECT_EQ(last.count(4), 16);
    EXPECT_EQ(last.result.accounting.conflicting_pixels, 4);
}

TEST_F(Rasterize, OverlapWithinAClassIsNoConflict) {
    write(layer_of({{box(0, 0, 40, 40), {"1"}}, {box(20, 20, 60, 60), {"1"}}, {box(0, 0, 40, 40), {"1"}}}));
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.count(1), 16 + 12);
    EXPECT_EQ(labels.result.accounting.conflicting_pixels, 0);
    // The duplicate keeps no pixel. North comes first: polygon 1 is the upper square with all its 16 pixels.
    EXPECT_EQ(labels.result.accounting.skipped.at("covered by other polygons"), 1);
    EXPECT_EQ(std::count(labels.polygon_id.begin(), labels.polygon_id.end(), 1), 16);
    EXPECT_EQ(std::count(labels.polygon_id.begin(), labels.polygon_id.end(), 2), 12);
}

TEST_F(Rasterize, ThreeClassesOnOnePixelFollowThePolicy) {
    write(layer_of({{box(0, 0, 20, 20), {"1"}}, {box(0, 0, 20, 30), {"2"}}, {box(0, 0, 30, 20), {"3"}}}));
    RasterizeOptions choice = options();
    choice.overlap = OverlapPolicy::first;
    const BurnedLabels first = burn(choice);
    EXPECT_EQ(first.class_code[9 * 10], 1);
    EXPECT_EQ(first.result.accounting.conflicting_pixels, 4);
    choice.overlap = OverlapPolicy::last;
    EXPECT_THAT(refusal(choice), HasSubstr("class=1")); // all its pixels go to class 3
}

// B11
TEST_F(Rasterize, OrderOfFeaturesDoesNotMatter) {
    std::vector<CaseFeature> features = {{box(0, 0, 40, 40), {"4"}},   {box(20, 20, 60, 60), {"2"}},
                                         {box(10, 30, 50, 90), {"2"}}, {box(0, 0, 40, 40), {"4"}},
                                         {box(30, 30, 95, 95), {"3"}}, {box(5, 5, 95, 25), {"1"}}};
    write(layer_of(features), "a.gpkg");
    std::reverse(features.begin(), features.end());
    std::swap(features[1], features[3]);
    write(layer_of(features), "b.gpkg");
    for (const OverlapPolicy policy : {OverlapPolicy::drop, OverlapPolicy::first, OverlapPolicy::last}) {
        RasterizeOptions choice = options("a.gpkg");
        choice.overlap = policy;
        burn(choice);
        const std::string bytes = read_file(path("labels.tif"));
        choice.input = path("b.gpkg");
        burn(choice);
        EXPECT_EQ(bytes, read_file(path("labels.tif"))) << to_string(policy);
    }
}

// B12
TEST_F(Rasterize, TextsAreNumberedInSortedOrderWithoutClassMap) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"water"}}, {box(50, 0, 90, 40), {"forest"}}});
    layer.fields = {{"cid", OFTString}};
    write(layer);
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.result.info.legend.at(0).name, "forest");
    EXPECT_EQ(labels.class_code[9 * 10 + 5], 1);
    EXPECT_EQ(labels.class_code[9 * 10], 2);
    EXPECT_THAT(labels.result.accounting.notes, testing::Contains(HasSubstr("1 forest, 2 water")));
}

TEST_F(Rasterize, UnknownTextListsTheKnown) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"forest"}}, {box(50, 0, 90, 40), {"forrest"}}});
    layer.fields = {{"cid", OFTString}};
    write(layer);
    write_file_atomically(path("map.yml"), "forest: 1\nwater: 2\n", true);
    RasterizeOptions choice = options();
    choice.class_map = path("map.yml");
    EXPECT_THAT(refusal(choice), AllOf(HasSubstr("fid 2"), HasSubstr("cid=forrest"),
                                       HasSubstr("did you mean 'forest'?"), HasSubstr("known: forest water")));
    // "12abc" is a text and not the number 12.
    CaseLayer half = layer_of({{box(0, 0, 40, 40), {"12abc"}}});
    half.fields = {{"cid", OFTString}};
    write(half, "half.gpkg");
    EXPECT_EQ(burn(options("half.gpkg")).result.info.legend.at(0).name, "12abc");
}

TEST_F(Rasterize, LucasCodesGetTheirClassAndOthersAreDropped) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"C10"}},
                                {box(50, 0, 90, 40), {"G11"}},
                                {box(0, 50, 40, 90), {"-1"}},
                                {box(50, 50, 90, 90), {"8"}},
                                {box(50, 90, 90, 99), {""}}});
    layer.fields = {{"cid", OFTString}};
    write(layer);
    RasterizeOptions choice = options();
    choice.class_map = "lucas-level1";
    const BurnedLabels labels = burn(choice);
    EXPECT_EQ(labels.count(3), 16);
    EXPECT_EQ(labels.count(7), 16);
    EXPECT_EQ(labels.result.accounting.skipped.at("class dropped by the class map"), 3);
    EXPECT_EQ(labels.result.info.legend.size(), 2); // only what is there
    EXPECT_THAT(labels.result.accounting.notes, testing::Contains(HasSubstr("cropland")));
}

// B13
TEST_F(Rasterize, RealLabelsMustBeWhole) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"3.0"}}});
    layer.fields = {{"cid", OFTReal}};
    write(layer);
    EXPECT_EQ(burn(options()).count(3), 16);
    layer.features.push_back({box(50, 0, 90, 40), {"2.7"}});
    write(layer, "real.gpkg");
    EXPECT_THAT(refusal(options("real.gpkg")), AllOf(HasSubstr("fid 2"), HasSubstr("cid=2.7")));
}

// B14
TEST_F(Rasterize, CodesOutsideTheRangeAreRefusedNotClamped) {
    for (const char* code : {"0", "-1", "65536"}) {
        const std::string name = "code" + std::string(code) + ".gpkg";
        write(layer_of({{box(0, 0, 40, 40), {"1"}}, {box(50, 0, 90, 40), {code}}}), name);
        EXPECT_THAT(refusal(options(name)),
                    AllOf(HasSubstr("fid 2"), HasSubstr("cid=" + std::string(code)), HasSubstr("--class-map")));
    }
    write(layer_of({{box(0, 0, 40, 40), {"300"}}, {box(50, 0, 90, 40), {"65535"}}}));
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.count(300), 16);
    EXPECT_EQ(labels.count(65535), 16);
}

TEST_F(Rasterize, ClassMapMayTranslateOrDropIntegers) {
    write(layer_of({{box(0, 0, 40, 40), {"0"}}, {box(50, 0, 90, 40), {"-1"}}}));
    write_file_atomically(path("map.yml"), "0: {code: 9, name: bare}\n-1: drop\n", true);
    RasterizeOptions choice = options();
    choice.class_map = path("map.yml");
    const BurnedLabels labels = burn(choice);
    EXPECT_EQ(labels.count(9), 16);
    EXPECT_EQ(labels.result.info.legend.at(0).name, "bare");
}

// B15
TEST_F(Rasterize, NullClassIsSkippedAndCounted) {
    write(layer_of({{box(0, 0, 40, 40), {std::nullopt}}, {box(50, 0, 90, 40), {"1"}}}));
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.count(0), 84);
    EXPECT_EQ(labels.result.accounting.skipped.at("no class"), 1);
}

// B16
TEST_F(Rasterize, AbsentFieldListsFieldsAndTheNearest) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"1"}}});
    layer.fields = {{"landcover_code", OFTInteger}};
    layer.geometry = wkbPolygon;
    write(layer);
    RasterizeOptions choice = options();
    choice.class_field = "Landcover_Code";
    EXPECT_THAT(refusal(choice),
                AllOf(HasSubstr("class-field=Landcover_Code"), HasSubstr("did you mean 'landcover_code'?")));
    choice.class_field = "";
    EXPECT_THAT(refusal(choice), HasSubstr("choose one of landcover_code"));
    write(layer, "labels.shp");
    choice = options("labels.shp");
    choice.class_field = "landcover_code";
    EXPECT_THAT(refusal(choice), AllOf(HasSubstr("10 characters"), HasSubstr("'landcover_'")));
    choice.class_field = "landcover_";
    EXPECT_EQ(burn(choice).count(1), 16);
}

// B17
TEST_F(Rasterize, ShapefileWithoutItsPartsIsExplained) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"1"}}});
    layer.geometry = wkbPolygon;
    write(layer, "labels.shp");
    std::filesystem::copy_file(path("labels.shp"), path("lost.shp"));
    EXPECT_THAT(refusal(options("lost.shp")), HasSubstr("SHAPE_RESTORE_SHX"));
    std::filesystem::copy_file(path("labels.shx"), path("lost.shx"));
    EXPECT_THAT(refusal(options("lost.shp")), HasSubstr(".dbf is missing"));
}

TEST_F(Rasterize, TextThatIsNotUtf8IsRefused) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"Gr\xC3\xBCnland"}}});
    layer.fields = {{"cid", OFTString}};
    layer.geometry = wkbPolygon;
    write(layer, "labels.shp");
    EXPECT_EQ(burn(options("labels.shp")).result.info.legend.at(0).name, "Gr\xC3\xBCnland");
    // The same letters in ISO-8859-1, while the .cpg says UTF-8.
    std::string bytes = read_file(path("labels.dbf"));
    const std::size_t at = bytes.find("Gr") + 2;
    bytes = bytes.substr(0, at) + "\xFC" + "nland " + bytes.substr(bytes.find("nland") + 5);
    std::ofstream(path("labels.dbf"), std::ios::binary) << bytes;
    std::ofstream(path("labels.cpg"), std::ios::binary) << "UTF-8";
    EXPECT_THAT(refusal(options("labels.shp")), AllOf(HasSubstr("fid 0"), HasSubstr("not UTF-8")));
}

// B18
TEST_F(Rasterize, ZAndCurvesAreFlattened) {
    write(layer_of({{"POLYGON ZM((600000 5100000 1 2,600040 5100000 1 2,600040 5100040 1 2,600000 5100040 1 2,600000 "
                     "5100000 1 2))",
                     {"1"}},
                    {"CURVEPOLYGON(CIRCULARSTRING(600050 5100070,600070 5100090,600090 5100070,600070 5100050,600050 "
                     "5100070))",
                     {"2"}}}));
    const BurnedLabels labels = burn(options());
    EXPECT_EQ(labels.count(1), 16);
    EXPECT_EQ(labels.count(2), 12); // 4 x 4 centres within 20 m of the centre, less the corners (21.2 m)
}

// B19
TEST_F(Rasterize, PointsAndLinesAreRefused) {
    CaseLayer points = layer_of({{"POINT(600005 5100005)", {"1"}}});
    points.geometry = wkbPoint;
    write(points);
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("Point"), HasSubstr("no polygons")));
    write(layer_of({{box(0, 0, 40, 40), {"1"}}, {"LINESTRING(600005 5100005,600050 5100005)", {"1"}}}), "mixed.gpkg");
    EXPECT_THAT(refusal(options("mixed.gpkg")), AllOf(HasSubstr("fid 2"), HasSubstr("Line String")));
}

// B20
TEST_F(Rasterize, LayersAreListed) {
    CaseLayer roads = layer_of({{box(0, 0, 40, 40), {"1"}}});
    roads.name = "fields";
    CaseLayer forests = layer_of({{box(50, 0, 90, 40), {"2"}}});
    forests.name = "forests";
    CaseLayer styles;
    styles.name = "layer_styles";
    styles.geometry = wkbNone;
    styles.features = {{"", {"1"}}};
    test::write_case(path("labels.gpkg"), {roads, forests, styles});
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("has 2 layers"), HasSubstr("fields, forests")));
    RasterizeOptions choice = options();
    choice.layer = "forest";
    EXPECT_THAT(refusal(choice), AllOf(HasSubstr("layer=forest"), HasSubstr("did you mean 'forests'?")));
    choice.layer = "forests";
    EXPECT_EQ(burn(choice).count(2), 16);
    write(layer_of({}), "empty.gpkg");
    EXPECT_THAT(refusal(options("empty.gpkg")), HasSubstr("no feature"));
}

// B21
TEST_F(Rasterize, CoordinatesThatAreNoneNameTheFeature) {
    for (const char* bad : {"nan", "inf", "1e300"}) {
        CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"1"}}, {box(50, 0, 90, 40), {"1"}}});
        write(layer, std::string(bad) + ".gpkg");
        const std::string file = std::string(bad) + ".gpkg";
        {
            const DatasetHandle dataset(
                GDALOpenEx(path(file).c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
            OGRLayerH handle = GDALDatasetGetLayer(dataset.get(), 0);
            const FeatureHandle feature(OGR_L_GetFeature(handle, 2));
            OGRGeometryH ring = OGR_G_GetGeometryRef(OGR_F_GetGeometryRef(feature.get()), 0);
            OGR_G_SetPoint_2D(ring, 2, std::stod(bad), 5100040);
            ASSERT_EQ(OGR_L_SetFeature(handle, feature.get()), OGRERR_NONE);
        }
        EXPECT_THAT(refusal(options(file)), AllOf(HasSubstr("fid 2"), HasSubstr("is not a coordinate"))) << bad;
    }
}

// B23
TEST_F(Rasterize, GeopackageLeavesNothingBesideIt) {
    const std::string folder = path("frozen");
    std::filesystem::create_directory(folder);
    write(layer_of({{box(0, 0, 40, 40), {"1"}}}), "frozen/labels.gpkg");
    {
        const DatasetHandle dataset(
            GDALOpenEx(path("frozen/labels.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
        GDALDatasetReleaseResultSet(dataset.get(),
                                    GDALDatasetExecuteSQL(dataset.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr));
    }
    const auto files = [&] {
        return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
    };
    ASSERT_EQ(files(), 1);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    EXPECT_EQ(burn(options("frozen/labels.gpkg")).count(1), 16);
    EXPECT_EQ(files(), 1);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

// B24
TEST_F(Rasterize, LegendHoldsExactlyTheClassesThatAreBurned) {
    write(layer_of({{box(0, 0, 40, 40), {"7"}}, {box(50, 0, 90, 40), {"3"}}}));
    const ClassLegend legend = burn(options()).result.info.legend;
    ASSERT_EQ(legend.size(), 2);
    EXPECT_EQ(legend.at(0).code, 3);
    EXPECT_EQ(legend.at(1).code, 7);
}

TEST_F(Rasterize, WhereChoosesFeatures) {
    write(layer_of({{box(0, 0, 40, 40), {"1"}}, {box(50, 0, 90, 40), {"2"}}}));
    RasterizeOptions choice = options();
    choice.where = "cid = 2";
    EXPECT_EQ(burn(choice).result.accounting.features, 1);
    choice.where = "colour = 'red'";
    EXPECT_THAT(refusal(choice), HasSubstr("where=colour = 'red'"));
    choice.where = "cid = 9";
    EXPECT_THAT(refusal(choice), HasSubstr("no feature"));
}

TEST_F(Rasterize, ErosionThatLeavesNothingHasItsOwnReason) {
    write(layer_of({{box(0, 0, 50, 50), {"1"}}, {box(60, 60, 80, 80), {"1"}}}));
    RasterizeOptions choice = options();
    choice.erode = 1;
    const BurnedLabels labels = burn(choice);
    EXPECT_EQ(labels.count(1), 16); // 5 x 5 at the corner of the image loses its inner edges only
    EXPECT_EQ(labels.result.accounting.skipped.at("no pixel left by erosion"), 1);
    choice.erode = -1;
    EXPECT_THAT(refusal(choice, ExitCode::command_line), HasSubstr("erode=-1"));
}

TEST_F(Rasterize, StripsDoNotShow) {
    // Wider than one strip of four million pixels.
    const GridSpec grid = case_grid(2100, 2100);
    write(layer_of({{box(1, 1, 20999, 20999), {"1"}}}));
    RasterizeOptions choice = options();
    choice.erode = 2;
    // Every centre lies inside, so the polygon covers the image and the edge of the image does not erode.
    EXPECT_EQ(burn(choice, grid).count(1), 2100 * 2100);
}

TEST_F(Rasterize, FileFormatsAreReadAlike) {
    CaseLayer layer = layer_of({{box(0, 0, 40, 40), {"1"}}, {box(50, 0, 90, 40), {"2"}}});
    layer.geometry = wkbPolygon;
    for (const char* name : {"a.gpkg", "a.shp", "a.fgb", "a.geojson"}) {
        CaseLayer other = layer;
        if (std::string(name) == "a.geojson") {
            other.crs = "EPSG:4326";
            other.features = {{"POLYGON((16.29 46.04,16.31 46.04,16.31 46.06,16.29 46.06,16.29 46.04))", {"1"}}};
        }
        write(other, name);
        const BurnedLabels labels = burn(options(name));
        EXPECT_EQ(labels.count(1), std::string(name) == "a.geojson" ? 100 : 16) << name;
    }
}

TEST_F(Rasterize, OnlyLocalFilesOfKnownFormatsAreOpened) {
    write_file_atomically(path("labels.vrt"), "<OGRVRTDataSource></OGRVRTDataSource>", true);
    EXPECT_THAT(refusal(options("labels.vrt")), HasSubstr("cannot be opened"));
    RasterizeOptions choice = options();
    choice.input = "/vsicurl/http://localhost/labels.gpkg";
    EXPECT_THAT(refusal(choice), HasSubstr("does not exist"));
    choice.input = "/dev/zero";
    EXPECT_THAT(refusal(choice), HasSubstr("neither a file"));
}

TEST_F(Rasterize, InputIsNeverTheOutput) {
    write(layer_of({{box(0, 0, 40, 40), {"1"}}}));
    RasterizeOptions choice = options();
    choice.overwrite = true;
    EXPECT_THROW(rasterize(choice, case_grid(), path("labels.gpkg"), silent_progress()), Error);
    EXPECT_EQ(burn(options()).count(1), 16);
}

TEST_F(Rasterize, WordsOfThePoliciesReadBack) {
    for (const OverlapPolicy policy :
         {OverlapPolicy::error, OverlapPolicy::drop, OverlapPolicy::first, OverlapPolicy::last}) {
        EXPECT_EQ(parse_overlap_policy(to_string(policy)), policy);
    }
    EXPECT_EQ(parse_invalid_policy("fix"), InvalidPolicy::fix);
    EXPECT_THROW(parse_invalid_policy("repair"), Error);
    EXPECT_THROW(parse_overlap_policy("frist"), Error);
}

} // namespace
} // namespace lcclass
