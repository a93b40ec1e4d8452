#include "lcclass/geo/sample_file.h"

#include "vector_case.h"

#include <gmock/gmock.h>

namespace lcclass {
namespace {

class FoldFile : public test::VectorCase {
protected:
    static SampleTable samples() {
        SampleTable table;
        table.class_code = {1, 2, 1};
        table.polygon_id = {1, 2, 3};
        table.group = {0, 1, 1};
        table.group_names = {"a", "b"};
        table.x = {600005, 600015, 601005};
        table.y = {5100005, 5100005, 5100005};
        table.crs_wkt = parse_crs("EPSG:32633");
        table.legend = ClassLegend({{.code = 1, .name = "x", .color = {}}, {.code = 2, .name = "y", .color = {}}});
        return table;
    }

    static std::vector<FoldAssignment> folds() {
        return {{.scheme = FoldScheme::random, .n_folds = 2, .fold = {1, 2, 1}, .blocks = {}},
                {.scheme = FoldScheme::spatial_block,
                 .n_folds = 2,
                 .fold = {2, 2, 1},
                 .blocks = {{.bounds = {600000, 5100000, 601000, 5101000}, .fold = 2},
                            {.bounds = {601000, 5100000, 602000, 5101000}, .fold = 1}}}};
    }
};

TEST_F(FoldFile, HoldsBlocksAndOneColumnPerScheme) {
    write_folds(path("folds.gpkg"), samples(), folds(), false);
    const DatasetHandle dataset(
        GDALOpenEx(path("folds.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    OGRLayerH blocks = GDALDatasetGetLayerByName(dataset.get(), "blocks");
    ASSERT_NE(blocks, nullptr);
    ASSERT_EQ(OGR_L_GetFeatureCount(blocks, TRUE), 2);
    const FeatureHandle block(OGR_L_GetNextFeature(blocks));
    EXPECT_EQ(OGR_F_GetFieldAsInteger(block.get(), OGR_F_GetFieldIndex(block.get(), "fold")), 2);
    EXPECT_STREQ(OGR_F_GetFieldAsString(block.get(), OGR_F_GetFieldIndex(block.get(), "scheme")), "spatial-block");
    OGREnvelope envelope;
    OGR_G_GetEnvelope(OGR_F_GetGeometryRef(block.get()), &envelope);
    EXPECT_EQ(envelope.MinX, 600000);
    EXPECT_EQ(envelope.MaxY, 5101000);

    OGRLayerH points = GDALDatasetGetLayerByName(dataset.get(), "samples");
    ASSERT_NE(points, nullptr);
    ASSERT_EQ(OGR_L_GetFeatureCount(points, TRUE), 3);
    const FeatureHandle first(OGR_L_GetNextFeature(points));
    const auto number = [&](const char* name) {
        return OGR_F_GetFieldAsInteger(first.get(), OGR_F_GetFieldIndex(first.get(), name));
    };
    EXPECT_EQ(number("class_code"), 1);
    EXPECT_EQ(number("fold_random"), 1);
    EXPECT_EQ(number("fold_spatial_block"), 2);
    EXPECT_STREQ(OGR_F_GetFieldAsString(first.get(), OGR_F_GetFieldIndex(first.get(), "group")), "a");
    EXPECT_EQ(OGR_G_GetX(OGR_F_GetGeometryRef(first.get()), 0), 600005);
}

TEST_F(FoldFile, SameFoldsGiveTheSameBytes) {
    write_folds(path("folds.gpkg"), samples(), folds(), false);
    const std::string first = read_file(path("folds.gpkg"));
    write_folds(path("folds.gpkg"), samples(), folds(), true);
    EXPECT_EQ(first, read_file(path("folds.gpkg")));
}

TEST_F(FoldFile, IncompleteFoldsAreABug) {
    std::vector<FoldAssignment> short_by_one = folds();
    short_by_one[0].fold.pop_back();
    EXPECT_THROW(write_folds(path("folds.gpkg"), samples(), short_by_one, false), Error);
    EXPECT_FALSE(std::filesystem::exists(path("folds.gpkg")));
    EXPECT_THROW(write_folds(path("folds.csv"), samples(), folds(), false), Error);
}

TEST_F(FoldFile, HexagonsHaveSixCorners) {
    std::vector<FoldAssignment> hexagons = folds();
    // Width 1000, height 2000 / sqrt(3) = 1154.7: the area is 1000^2 sqrt(3) / 2 = 866,025.4 m2.
    hexagons[1].blocks = {
        {.bounds = {600000, 5100000, 601000, 5101154.7005383792}, .fold = 2, .shape = BlockShape::hexagon}};
    write_folds(path("folds.gpkg"), samples(), hexagons, false);
    const DatasetHandle dataset(
        GDALOpenEx(path("folds.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    OGRLayerH blocks = GDALDatasetGetLayerByName(dataset.get(), "blocks");
    const FeatureHandle block(OGR_L_GetNextFeature(blocks));
    OGRGeometryH geometry = OGR_F_GetGeometryRef(block.get());
    EXPECT_EQ(OGR_G_GetPointCount(OGR_G_GetGeometryRef(geometry, 0)), 7);
    EXPECT_NEAR(OGR_G_Area(geometry), 866025.4, 0.1);
    EXPECT_TRUE(OGR_G_IsValid(geometry));
}

} // namespace
} // namespace lcclass
