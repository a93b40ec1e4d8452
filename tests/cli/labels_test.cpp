#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <algorithm>
#include <tuple>

// Rows B of the catalogue of faults that must work, be clipped or be skipped, and be counted.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::box;
using test::CaseFeature;
using test::CaseLayer;
using test::TinyScene;

class Labels : public test::CliTest {
protected:
    void write(std::vector<CaseFeature> features, const std::string& name = "p.gpkg",
               const std::string& crs = "EPSG:32633") const {
        CaseLayer layer;
        layer.crs = crs;
        layer.features = std::move(features);
        test::write_case(path(name), {layer});
    }

    test::ProcessResult burn(const Arguments& more = {}, const std::string& input = "p.gpkg") const {
        Arguments arguments = {
            "rasterize", "-i",         input,        "--class-field", "cid", "--like", TinyScene::get().stack(),
            "-o",        "labels.tif", "--overwrite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return succeed(arguments);
    }

    /// Class codes of the label raster, 0 for none.
    [[nodiscard]] std::vector<int> codes() const {
        std::vector<int> result;
        for (const float value : test::band_of(test::read_all(*open_raster(path("labels.tif")).source), 0)) {
            result.push_back(value > 0 ? static_cast<int>(value) : 0);
        }
        return result;
    }

    [[nodiscard]] std::int64_t count(int code) const { return std::ranges::count(codes(), code); }
};

/// The corners of `box(12, 23, 47, 88)`, projected by PROJ into `crs`.
std::string projected_box(const std::string& crs) {
    const auto transformation = make_transformation(parse_crs("EPSG:32633"), parse_crs(crs), "test");
    OGRGeometryH geometry = nullptr;
    std::string text = box(12, 23, 47, 88);
    char* at = text.data();
    EXPECT_EQ(OGR_G_CreateFromWkt(&at, nullptr, &geometry), OGRERR_NONE);
    const GeometryHandle polygon(geometry);
    EXPECT_EQ(OGR_G_Transform(polygon.get(), transformation.get()), OGRERR_NONE);
    char* wkt = nullptr;
    OGR_G_ExportToWkt(polygon.get(), &wkt);
    std::string result = wkt;
    CPLFree(wkt);
    return result;
}

TEST_F(Labels, B02_OtherReferenceSystemsBurnTheSamePixels) {
    for (const char* crs : {"EPSG:4326", "EPSG:3035", "EPSG:3857", "EPSG:2393"}) {
        const std::string name = std::string(crs).substr(5) + ".gpkg";
        write({{projected_box(crs), {"1"}}}, name, crs);
        burn({}, name);
        EXPECT_EQ(count(1), 4 * 7) << crs;
        EXPECT_EQ(codes()[40 * 31 + 1], 1) << crs; // second column, ninth row from below
    }
}

TEST_F(Labels, B01_AssumedReferenceSystemIsUsed) {
    write({{box(0, 0, 40, 40), {"1"}}}, "p.gpkg", "");
    burn({"--assume-crs", "EPSG:32633"});
    EXPECT_EQ(count(1), 16);
}

TEST_F(Labels, B05_PolygonsAcrossTheEdgeAreClippedAndCounted) {
    write({{box(-50, -50, 30, 30), {"1"}}, {box(50, 50, 70, 70), {"2"}}});
    const auto result = burn();
    EXPECT_EQ(count(1), 9);
    EXPECT_THAT(result.output, testing::ContainsRegex("1 +1 +1 +9 +0 +1\n"));
}

TEST_F(Labels, B06_InvalidPolygonsAreFixedOrSkippedWhenSaid) {
    const std::string bowtie = "POLYGON((600000 5100000,600100 5100100,600100 5100000,600000 5100100,600000 5100000))";
    write({{bowtie, {"1"}}, {box(200, 200, 240, 240), {"1"}}});
    EXPECT_THAT(burn({"--invalid", "skip"}).output, testing::HasSubstr("2 features = 1 burned + 1 invalid geometry"));
    EXPECT_EQ(count(1), 16);
    burn({"--invalid", "fix"});
    EXPECT_GE(count(1), 16 + 40);
}

TEST_F(Labels, B07_PartsAndHolesGiveExactCounts) {
    // 5 x 5 pixels with a hole of 3 x 3, 2 x 2 pixels, and 5 x 5 with a hole of 3 x 2 that touches the shell in a
    // point.
    write({{"MULTIPOLYGON(((600000 5100000,600050 5100000,600050 5100050,600000 5100050,600000 5100000),"
            "(600010 5100010,600010 5100040,600040 5100040,600040 5100010,600010 5100010)),"
            "((600070 5100070,600090 5100070,600090 5100090,600070 5100090,600070 5100070)))",
            {"1"}},
           {"POLYGON((600100 5100000,600150 5100000,600150 5100050,600100 5100050,600100 5100000),"
            "(600110 5100010,600110 5100030,600125 5100050,600140 5100030,600140 5100010,600110 5100010))",
            {"2"}}});
    burn();
    EXPECT_EQ(count(1), 25 - 9 + 4);
    // The hole takes three centres in each of the rows at 15, 25 and 35 m, and the one below its tip at 45 m.
    EXPECT_EQ(count(2), 25 - 3 * 3 - 1);
}

TEST_F(Labels, B09_AllTouchedCatchesSmallPolygons) {
    write({{box(0, 0, 40, 40), {"1"}}, {box(51, 51, 54, 54), {"7"}}});
    burn({"--all-touched"});
    EXPECT_EQ(count(7), 1);
}

TEST_F(Labels, B10_OverlapIsDroppedOrDecidedByClass) {
    write({{box(0, 0, 40, 40), {"4"}}, {box(20, 20, 60, 60), {"2"}}});
    for (const auto& [policy, of_2, of_4] :
         std::vector<std::tuple<std::string, int, int>>{{"drop", 12, 12}, {"first", 16, 12}, {"last", 12, 16}}) {
        burn({"--overlap", policy});
        EXPECT_EQ(count(2), of_2) << policy;
        EXPECT_EQ(count(4), of_4) << policy;
    }
}

TEST_F(Labels, B11_OrderOfFeaturesDoesNotMatter) {
    std::vector<CaseFeature> features = {
        {box(0, 0, 40, 40), {"4"}}, {box(20, 20, 60, 60), {"2"}}, {box(10, 10, 30, 30), {"3"}}};
    write(features);
    burn({"--overlap", "first"});
    const auto before = codes();
    std::ranges::reverse(features);
    write(features, "reversed.gpkg");
    burn({"--overlap", "first"}, "reversed.gpkg");
    EXPECT_EQ(codes(), before);
}

TEST_F(Labels, B14_CodesAboveAByteAreKept) {
    write({{box(0, 0, 40, 40), {"300"}}, {box(50, 0, 90, 40), {"65535"}}});
    burn();
    EXPECT_EQ(count(300), 16);
    EXPECT_EQ(count(65535), 16);
}

TEST_F(Labels, B18_HeightsAndCurvesAreFlattened) {
    write({{"POLYGON Z((600000 5100000 1,600040 5100000 1,600040 5100040 1,600000 5100040 1,600000 5100000 1))", {"1"}},
           {"CURVEPOLYGON(CIRCULARSTRING(600050 5100070,600070 5100090,600090 5100070,600070 5100050,600050 5100070))",
            {"2"}}});
    burn();
    EXPECT_EQ(count(1), 16);
    EXPECT_EQ(count(2), 12); // 4 x 4 centres less the corners, which are 21.2 m from the centre
}

TEST_F(Labels, B22_FortyThousandPolygonsAreBurned) {
    // Squares of 1.8 m on a lattice of 2 m; of the 5 x 5 in a pixel the middle one holds its centre.
    std::vector<CaseFeature> features;
    for (int i = 0; i < 200 * 200; ++i) {
        const double x = 2 * (i % 200) + 0.1;
        const double y = 2 * (i / 200) + 0.1;
        features.push_back({box(x, y, x + 1.8, y + 1.8), {"1"}});
    }
    write(features, "p.fgb");
    const auto result = burn({}, "p.fgb");
    EXPECT_EQ(count(1), 1600);
    EXPECT_THAT(result.output, testing::HasSubstr("40,000 features = 1,600 burned + 38,400 no pixel centre inside"));
}

TEST_F(Labels, B23_GeopackageInWalModeLeavesNothingBesideIt) {
    fs::create_directory(path("frozen"));
    write({{box(0, 0, 40, 40), {"1"}}}, "frozen/p.gpkg");
    {
        const DatasetHandle dataset(
            GDALOpenEx(path("frozen/p.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
        GDALDatasetReleaseResultSet(dataset.get(),
                                    GDALDatasetExecuteSQL(dataset.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr));
    }
    ASSERT_EQ(test::names_in(path("frozen")), std::vector<std::string>{"p.gpkg"});
    const std::string before = bytes("frozen/p.gpkg");
    fs::permissions(path("frozen"), fs::perms::owner_read | fs::perms::owner_exec);
    burn({}, "frozen/p.gpkg");
    EXPECT_EQ(test::names_in(path("frozen")), std::vector<std::string>{"p.gpkg"});
    EXPECT_TRUE(bytes("frozen/p.gpkg") == before);
    fs::permissions(path("frozen"), fs::perms::owner_all);
}

TEST_F(Labels, B25_EveryFeatureIsAccountedFor) {
    write({{box(0, 0, 40, 40), {"1"}},
           {box(50, 0, 90, 40), {"2"}},
           {box(51, 51, 54, 54), {"2"}},
           {box(5000, 0, 5040, 40), {"2"}},
           {box(100, 0, 140, 40), {std::nullopt}},
           {"", {"1"}}});
    const auto result = burn();
    EXPECT_THAT(result.output, testing::HasSubstr("6 features = 2 burned + "));
    for (const char* reason : {"1 no class", "1 no geometry", "1 no pixel centre inside", "1 outside the grid"}) {
        EXPECT_THAT(result.output, testing::HasSubstr(reason));
    }
    EXPECT_THAT(result.output, testing::ContainsRegex("total +[0-9]+ +32 "));
}

TEST_F(Labels, ReferenceMapsLoseTheirEdgesAndSmallPatches) {
    // WorldCover: tree cover (10) and cropland (40), half of the scene each; in it a pixel of water (80).
    test::RasterCase map = test::tiny_band(0);
    map.type = GDT_Byte;
    map.bands = {test::values_of(test::tiny_size, test::tiny_size, [](int column, int row) {
        return column == 5 && row == 5 ? 80 : column < test::tiny_size / 2 ? 10 : 40;
    })};
    test::write_raster(path("map.tif"), map);
    const Arguments arguments = {
        "rasterize", "-i",         "map.tif", "--class-map", "worldcover",  "--like", TinyScene::get().stack(),
        "-o",        "labels.tif", "--erode", "1",           "--min-patch", "9"};
    const std::string said = succeed(arguments).output;
    EXPECT_EQ(count(10), 20 * 40 - 1 - 40 - 4);
    EXPECT_EQ(count(40), 20 * 40 - 40);
    EXPECT_EQ(count(80), 0);
    EXPECT_THAT(said, testing::HasSubstr("tree cover"));
    EXPECT_THAT(said, testing::HasSubstr("84 pixels at the edges of classes have no label"));
    EXPECT_THAT(said, testing::HasSubstr("classes without a pixel left: permanent water bodies"));
}

} // namespace
} // namespace lcclass
