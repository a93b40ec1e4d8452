#include "lcclass/geo/layer_styles.h"

#include "vector_case.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/geo/vector_file.h"

#include <gmock/gmock.h>

namespace lcclass {
namespace {

using ::testing::ElementsAre;

class LayerStylesTest : public test::VectorCase {
protected:
    static SampleTable samples() {
        SampleTable table;
        table.feature_names = {"NDVI"};
        table.features = {{0.5F}};
        table.class_code = {1};
        table.polygon_id = {1};
        table.group = {0};
        table.group_names = {"a"};
        table.x = {600005};
        table.y = {5100005};
        table.crs_wkt = parse_crs("EPSG:32633");
        table.legend = ClassLegend({{.code = 1, .name = "x", .color = {}}});
        return table;
    }
    static LayerStyles styles() {
        return {{.layer = "absent", .qml = "<qgis/>"}, {.layer = "samples", .qml = "<qgis version=\"3\"/>"}};
    }
};

TEST_F(LayerStylesTest, StyleOfALayerThatIsThereIsReadBack) {
    write_samples(path("s.gpkg"), samples(), false, styles());
    const LayerStyles read = read_layer_styles(path("s.gpkg"));
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0].layer, "samples");
    EXPECT_EQ(read[0].qml, "<qgis version=\"3\"/>");
}

/// Without a file that asks for a layer, the only one must stay the only one.
TEST_F(LayerStylesTest, TableOfStylesIsNoLayerOfOurs) {
    write_samples(path("s.gpkg"), samples(), false, styles());
    const auto layers = list_layers(path("s.gpkg"));
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].name, "samples");
    EXPECT_THAT(read_samples(path("s.gpkg")).feature_names, ElementsAre("NDVI"));
}

TEST_F(LayerStylesTest, SameStylesGiveTheSameBytes) {
    write_samples(path("a.gpkg"), samples(), false, styles());
    write_samples(path("b.gpkg"), samples(), false, styles());
    EXPECT_TRUE(read_file(path("a.gpkg")) == read_file(path("b.gpkg")));
}

TEST_F(LayerStylesTest, QgisFindsTheColumnsItAsksFor) {
    write_samples(path("s.gpkg"), samples(), false, styles());
    const DatasetHandle dataset(
        GDALOpenEx(path("s.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    OGRLayerH table = GDALDatasetGetLayerByName(dataset.get(), "layer_styles");
    ASSERT_NE(table, nullptr);
    ASSERT_EQ(OGR_L_SetAttributeFilter(table, "f_table_schema='' AND f_table_name='samples' AND "
                                              "f_geometry_column='geom' AND useAsDefault"),
              OGRERR_NONE);
    EXPECT_EQ(OGR_L_GetFeatureCount(table, TRUE), 1);
}

TEST_F(LayerStylesTest, FlatGeobufTakesNone) {
    write_samples(path("s.fgb"), samples(), false, styles());
    EXPECT_TRUE(read_layer_styles(path("s.fgb")).empty());
}

TEST(WholeStyle, IsXmlWithTheRootOfQgis) {
    EXPECT_TRUE(is_whole_style("<!DOCTYPE qgis>\n<qgis version=\"3\"><pipe/></qgis>\n<!-- mark -->\n"));
    EXPECT_FALSE(is_whole_style("<qgis><pipe></qgis>"));
    EXPECT_FALSE(is_whole_style("<sld/>"));
    EXPECT_FALSE(is_whole_style(""));
}

} // namespace
} // namespace lcclass
