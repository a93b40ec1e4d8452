#include "qgis_layers.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/pixel_block.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/layer_styles.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/report/qgis_project.h"
#include "lcclass/report/qgis_style.h"
#include "support/temporary_folder.h"

#include <cpl_minixml.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace lcclass {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct DestroyTree {
    void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};
using Tree = std::unique_ptr<CPLXMLNode, DestroyTree>;

/// Fails the test when the text is no XML.
Tree parse(const std::string& xml) {
    Tree tree(CPLParseXMLString(xml.c_str()));
    EXPECT_NE(tree, nullptr);
    return tree;
}

std::string text_at(const Tree& tree, const std::string& path) {
    return CPLGetXMLValue(tree.get(), path.c_str(), "absent");
}

/// The text at `path` of every child `name` of `parent`.
std::vector<std::string> texts_of(const Tree& tree, const std::string& parent, const std::string& name,
                                  const std::string& path) {
    std::vector<std::string> texts;
    const CPLXMLNode* node = CPLGetXMLNode(tree.get(), parent.c_str());
    for (const CPLXMLNode* child = node == nullptr ? nullptr : node->psChild; child != nullptr; child = child->psNext) {
        if (child->eType == CXT_Element && name == child->pszValue) {
            texts.emplace_back(CPLGetXMLValue(child, path.c_str(), "absent"));
        }
    }
    return texts;
}

class QgisProjectTest : public testing::Test {
protected:
    QgisProjectTest() { set_up_gdal(std::int64_t{64} << 20); }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }
    [[nodiscard]] static ClassLegend legend() {
        return ClassLegend({{.code = 1, .name = "wood & <scrub>", .color = {51, 160, 44}}});
    }

    void write_map(const std::string& name) const {
        RasterLayout layout;
        layout.grid = {.width = 4,
                       .height = 3,
                       .origin_x = 330000,
                       .origin_y = 5820000,
                       .pixel_width = 10,
                       .pixel_height = 10,
                       .crs_wkt = parse_crs("EPSG:32633")};
        layout.bands = {{.name = "class_code", .unit = {}, .radiometry = {}, .resampling = {}}};
        layout.type = PixelType::uint8;
        layout.metadata = {{"LCCLASS_KIND", "map"}};
        layout.legend = legend();
        const auto sink = create_raster(path(name), layout);
        PixelBlock block;
        block.reset(layout.grid.extent(), 1);
        std::ranges::fill(block.values, 1.0F);
        sink->write(block);
        sink->commit();
    }

    void write_points(const std::string& name) const {
        SampleTable table;
        table.class_code = {1};
        table.polygon_id = {1};
        table.group = {0};
        table.group_names = {"a"};
        table.x = {330005};
        table.y = {5819995};
        table.crs_wkt = parse_crs("EPSG:32633");
        table.legend = legend();
        write_samples(path(name), table, false,
                      {{.layer = "samples", .qml = report::to_qml(report::sample_style(table.legend))}});
    }

private:
    test::TemporaryFolder m_folder;
};

TEST_F(QgisProjectTest, OpensOnTheMapWithPointsAboveIt) {
    write_map("map.tif");
    write_points("samples.gpkg");
    const auto text =
        qgis_project({.samples = path("samples.gpkg"), .map = path("map.tif")}, path(""), "Berlin & <more>");
    ASSERT_TRUE(text);
    const Tree tree = parse(*text);
    EXPECT_EQ(text_at(tree, "=qgis.title"), "Berlin & <more>");
    EXPECT_EQ(text_at(tree, "=qgis.mapcanvas.extent.xmin"), "330000");
    EXPECT_EQ(text_at(tree, "=qgis.mapcanvas.extent.ymin"), "5819970");
    EXPECT_EQ(text_at(tree, "=qgis.mapcanvas.extent.xmax"), "330040");
    EXPECT_EQ(text_at(tree, "=qgis.projectCrs.spatialrefsys.authid"), "EPSG:32633");
    EXPECT_THAT(texts_of(tree, "=qgis.projectlayers", "maplayer", "datasource"),
                ElementsAre("./samples.gpkg|layername=samples", "./map.tif"));
    EXPECT_THAT(texts_of(tree, "=qgis.projectlayers", "maplayer", "renderer-v2.type"),
                ElementsAre("categorizedSymbol", "absent"));
    EXPECT_THAT(texts_of(tree, "=qgis.projectlayers", "maplayer", "pipe.rasterrenderer.type"),
                ElementsAre("absent", "paletted"));
    EXPECT_THAT(texts_of(tree, "=qgis.layer-tree-group", "layer-tree-group", "name"),
                ElementsAre("Samples and folds", "Map"));
}

TEST_F(QgisProjectTest, PathsAreSeenFromTheFolderOfTheProject) {
    write_map("map.tif");
    std::filesystem::create_directory(path("report"));
    const auto text = qgis_project({.map = path("map.tif")}, path("report"), "x");
    EXPECT_THAT(*text, HasSubstr("<datasource>../map.tif</datasource>"));
    EXPECT_EQ(*text, *qgis_project({.map = path("map.tif")}, path("report"), "x"));
}

TEST_F(QgisProjectTest, StyleBesideTheRasterIsTakenAndABrokenOneIsNot) {
    write_map("map.tif");
    const auto renderer = [&] {
        const Tree tree = parse(*qgis_project({.map = path("map.tif")}, path(""), "x"));
        return texts_of(tree, "=qgis.projectlayers", "maplayer", "pipe.rasterrenderer.type");
    };
    const std::string own = "<!DOCTYPE qgis>\n<qgis><pipe><rasterrenderer type=\"singlebandgray\"/></pipe></qgis>";
    write_file_atomically(path("map.qml"), own, false);
    EXPECT_THAT(renderer(), ElementsAre("singlebandgray"));
    write_file_atomically(path("map.qml"), own.substr(0, own.size() - 12), true);
    EXPECT_THAT(renderer(), ElementsAre("paletted"));
}

TEST_F(QgisProjectTest, WithoutARasterThereIsNothingToOpenItOn) {
    write_points("samples.gpkg");
    EXPECT_EQ(qgis_project({.samples = path("samples.gpkg")}, path(""), "x"), std::nullopt);
}

} // namespace
} // namespace lcclass
