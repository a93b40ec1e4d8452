#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <limits>

// Rows B of the catalogue of faults that end in a refusal of `lcclass rasterize`.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::box;
using test::CaseFeature;
using test::CaseLayer;
using test::CliFault;
using test::TinyScene;

const std::string bowtie = "POLYGON((600000 5100000,600100 5100100,600100 5100000,600000 5100100,600000 5100000))";

CaseLayer layer_of(std::vector<CaseFeature> features) {
    CaseLayer layer;
    layer.features = std::move(features);
    return layer;
}

Arguments rasterize(const fs::path& file, const Arguments& more = {}) {
    Arguments arguments = {"rasterize",     "-i", file.string(), "--like", TinyScene::get().stack(),
                           "--class-field", "cid"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::function<Arguments(const fs::path&)> layer(CaseLayer content, const std::string& name = "labels.gpkg",
                                                const Arguments& more = {}) {
    return [content = std::move(content), name, more](const fs::path& folder) {
        test::write_case(folder / name, {content});
        return rasterize(name, more);
    };
}

/// Two squares, the second with the cell `value` in a field of type `type`.
std::function<Arguments(const fs::path&)> second_label(const std::string& value, OGRFieldType type = OFTInteger) {
    CaseLayer content = layer_of({{box(0, 0, 40, 40), {"1"}}, {box(50, 0, 90, 40), {value}}});
    content.fields = {{"cid", type}};
    return layer(content);
}

/// Two squares; a corner of the second is at x = `value`.
std::function<Arguments(const fs::path&)> second_corner(double value) {
    return [value](const fs::path& folder) {
        test::write_case(folder / "labels.gpkg", {layer_of({{box(0, 0, 40, 40), {"1"}}, {box(50, 0, 90, 40), {"1"}}})});
        const DatasetHandle dataset(
            GDALOpenEx((folder / "labels.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
        OGRLayerH handle = GDALDatasetGetLayer(dataset.get(), 0);
        const FeatureHandle feature(OGR_L_GetFeature(handle, 2));
        OGRGeometryH ring = OGR_G_GetGeometryRef(OGR_F_GetGeometryRef(feature.get()), 0);
        OGR_G_SetPoint_2D(ring, 2, value, 5100040);
        EXPECT_EQ(OGR_L_SetFeature(handle, feature.get()), OGRERR_NONE);
        return rasterize("labels.gpkg");
    };
}

/// A shapefile of one square, less the part that ends in `without`.
std::function<Arguments(const fs::path&)> shapefile(const std::string& without) {
    return [without](const fs::path& folder) {
        CaseLayer content = layer_of({{box(0, 0, 40, 40), {"1"}}});
        content.geometry = wkbPolygon;
        test::write_case(folder / "labels.shp", {content});
        fs::remove(folder / ("labels" + without));
        return rasterize("labels.shp");
    };
}

std::vector<CliFault> geometries() {
    CaseLayer adrift = layer_of({{box(0, 0, 40, 40), {"1"}}});
    adrift.crs.clear();
    CaseLayer beyond = layer_of({{"POLYGON((15 46,15.1 46,500 95,15 46))", {"1"}}});
    beyond.crs = "EPSG:4326";
    CaseLayer points = layer_of({{"POINT(600005 5100005)", {"1"}}});
    points.geometry = wkbPoint;
    const std::string line = "LINESTRING(600005 5100005,600050 5100005)";
    return {
        {.name = "B01_NoReferenceSystem", .words = {"labels.gpkg", "--assume-crs"}, .arrange = layer(adrift)},
        {.name = "B01_MissingPrj", .words = {"labels.shp", "--assume-crs"}, .arrange = shapefile(".prj")},
        {.name = "B03_VertexThatCannotBeProjected", .words = {"fid 1", "vertex=500"}, .arrange = layer(beyond)},
        {.name = "B04_NoOverlap",
         .words = {"605000 5100000 605040 5100040", "600000 5100000 600400 5100400"},
         .arrange = layer(layer_of({{box(5000, 0, 5040, 40), {"1"}}}))},
        {.name = "B06_Bowtie",
         .words = {"fid 1", "Self-intersection", "--invalid"},
         .arrange = layer(layer_of({{bowtie, {"1"}}}))},
        {.name = "B08_OnlyNullGeometries",
         .words = {"labels.gpkg", "2 no geometry"},
         .arrange = layer(layer_of({{"", {"1"}}, {"POLYGON EMPTY", {"1"}}}))},
        {.name = "B09_ClassWithoutAPixel",
         .words = {"class=7", "no pixel centre inside"},
         .arrange = layer(layer_of({{box(0, 0, 40, 40), {"1"}}, {box(51, 51, 54, 54), {"7"}}}))},
        {.name = "B10_Overlap",
         .words = {"4 pixels", "FID 1", "FID 2", "--overlap"},
         .arrange = layer(layer_of({{box(0, 0, 40, 40), {"2"}}, {box(20, 20, 60, 60), {"4"}}}))},
        {.name = "B19_Points", .words = {"Point", "no polygons"}, .arrange = layer(points)},
        {.name = "B19_LineAmongPolygons",
         .words = {"fid 2", "Line String"},
         .arrange = layer(layer_of({{box(0, 0, 40, 40), {"1"}}, {line, {"1"}}}))},
        {.name = "B21_NanCoordinate",
         .words = {"fid 2", "not a coordinate"},
         .arrange = second_corner(std::numeric_limits<double>::quiet_NaN())},
        {.name = "B21_HugeCoordinate", .words = {"fid 2", "not a coordinate"}, .arrange = second_corner(1e300)},
    };
}

std::vector<CliFault> values() {
    CaseLayer latin = layer_of({{box(0, 0, 40, 40), {"Grunland"}}});
    latin.geometry = wkbPolygon;
    latin.fields = {{"cid", OFTString}};
    const auto not_utf8 = [latin](const fs::path& folder) {
        test::write_case(folder / "labels.shp", {latin});
        std::string bytes = read_file(folder / "labels.dbf");
        bytes[bytes.find("Grunland") + 2] = '\xFC';
        test::write_text(folder / "labels.dbf", bytes);
        test::write_text(folder / "labels.cpg", "UTF-8");
        return rasterize("labels.shp");
    };
    const auto with_map = [](const std::string& map) {
        return [map](const fs::path& folder) {
            CaseLayer content = layer_of({{box(0, 0, 40, 40), {"forest"}}, {box(50, 0, 90, 40), {"heath"}}});
            content.fields = {{"cid", OFTString}};
            test::write_case(folder / "labels.gpkg", {content});
            test::write_text(folder / "classes.yml", map);
            return rasterize("labels.gpkg", {"--class-map", "classes.yml"});
        };
    };
    return {
        {.name = "B12_UnknownText",
         .words = {"cid=heath", "forest", "water"},
         .arrange = with_map("forest: {code: 1, name: forest}\nwater: {code: 2, name: water}\n")},
        {.name = "B13_Fraction", .words = {"fid 2", "cid=2.7"}, .arrange = second_label("2.7", OFTReal)},
        {.name = "B14_Zero", .words = {"fid 2", "cid=0", "--class-map"}, .arrange = second_label("0")},
        {.name = "B14_Negative", .words = {"fid 2", "cid=-1", "--class-map"}, .arrange = second_label("-1")},
        {.name = "B14_Above65535", .words = {"fid 2", "cid=65536"}, .arrange = second_label("65536")},
        {.name = "B15_OnlyNullLabels",
         .words = {"labels.gpkg", "no class"},
         .arrange = layer(layer_of({{box(0, 0, 40, 40), {std::nullopt}}}))},
        {.name = "B16_FieldInOtherCase",
         .words = {"class-field=CID_CODE", "cid_code"},
         .arrange =
             [](const fs::path& folder) {
                 CaseLayer content = layer_of({{box(0, 0, 40, 40), {"1"}}});
                 content.fields = {{"cid_code", OFTInteger}};
                 test::write_case(folder / "labels.gpkg", {content});
                 return Arguments{"rasterize",     "-i",      "labels.gpkg", "--like", TinyScene::get().stack(),
                                  "--class-field", "CID_CODE"};
             }},
        {.name = "B16_FieldCutByShapefile",
         .words = {"landcover_code", "10 characters", "'landcover_'"},
         .arrange =
             [](const fs::path& folder) {
                 CaseLayer content = layer_of({{box(0, 0, 40, 40), {"1"}}});
                 content.fields = {{"landcover_code", OFTInteger}};
                 content.geometry = wkbPolygon;
                 test::write_case(folder / "labels.shp", {content});
                 return Arguments{
                     "rasterize",     "-i", "labels.shp", "--like", TinyScene::get().stack(), "--class-field",
                     "landcover_code"};
             }},
        {.name = "B17_MissingDbf", .words = {"labels.shp", ".dbf"}, .arrange = shapefile(".dbf")},
        {.name = "B17_MissingShx", .words = {"labels.shp", ".shx"}, .arrange = shapefile(".shx")},
        {.name = "B17_WrongCpg", .words = {"fid 0", "not UTF-8"}, .arrange = not_utf8},
        {.name = "B20_EmptyLayer", .words = {"labels.gpkg", "no feature"}, .arrange = layer(layer_of({}))},
        {.name = "B20_AbsentLayer",
         .words = {"layer=label", "did you mean 'labels'?"},
         .arrange = layer(layer_of({{box(0, 0, 40, 40), {"1"}}}), "labels.gpkg", {"--layer", "label"})},
        {.name = "B20_TwoLayers",
         .words = {"2 layers", "fields, forests"},
         .arrange =
             [](const fs::path& folder) {
                 CaseLayer fields = layer_of({{box(0, 0, 40, 40), {"1"}}});
                 CaseLayer forests = fields;
                 fields.name = "fields";
                 forests.name = "forests";
                 test::write_case(folder / "labels.gpkg", {fields, forests});
                 return rasterize("labels.gpkg");
             }},
        {.name = "B24_ClassMapLacksTheClass",
         .words = {"cid=forest", "water"},
         .arrange = with_map("water: {code: 2, name: water}\n")},
    };
}

using LabelFault = test::FaultRow;

TEST_P(LabelFault, IsRefusedAndLeavesTheOldFile) {
    check();
}

INSTANTIATE_TEST_SUITE_P(Geometry, LabelFault, testing::ValuesIn(geometries()), test::name_of_fault);
INSTANTIATE_TEST_SUITE_P(Value, LabelFault, testing::ValuesIn(values()), test::name_of_fault);

} // namespace
} // namespace lcclass
