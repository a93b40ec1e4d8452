#include "lcclass/report/qgis_project.h"

#include "lcclass/core/text.h"
#include "report/qgis_qml.h"
#include "report/xml_text.h"

namespace lcclass::report {

namespace {

std::string element(const std::string& name, const std::string& text) {
    return "<" + name + ">" + xml_text(text) + "</" + name + ">";
}

std::string corners(const Bounds& bounds) {
    return element("xmin", format_number(bounds.min_x)) + element("ymin", format_number(bounds.min_y)) +
           element("xmax", format_number(bounds.max_x)) + element("ymax", format_number(bounds.max_y));
}

std::string reference_system(const QgisCrs& crs) {
    const std::size_t colon = crs.code.rfind(':');
    const std::string number = colon == std::string::npos ? "0" : crs.code.substr(colon + 1);
    // QGIS looks at the code when there is a number of its own list of systems; it does not matter which.
    return "<spatialrefsys nativeFormat=\"Wkt\">" + element("wkt", crs.wkt) + "<proj4></proj4>" +
           element("srsid", crs.code.empty() ? "0" : "1") + element("srid", parse_int(number) ? number : "0") +
           element("authid", crs.code) + element("description", crs.name) + "<projectionacronym></projectionacronym>" +
           "<ellipsoidacronym></ellipsoidacronym>" + element("geographicflag", crs.geographic ? "true" : "false") +
           "</spatialrefsys>";
}

/// Ids must be unique and the same every time.
std::string id_of(std::size_t index) {
    return "lcclass_layer_" + std::to_string(index + 1);
}

std::string source_of(const QgisLayer& layer) {
    const bool anchored = layer.path.starts_with("/") || layer.path.starts_with("../");
    const std::string path = anchored ? layer.path : "./" + layer.path;
    return layer.layer_name.empty() ? path : path + "|layername=" + layer.layer_name;
}

std::string provider_of(const QgisLayer& layer) {
    return layer.kind == QgisLayer::Kind::raster ? "gdal" : "ogr";
}

std::string tree_layer(const QgisLayer& layer, std::size_t index) {
    return "<layer-tree-layer id=\"" + id_of(index) + "\" name=\"" + xml_text(layer.name) + "\" source=\"" +
           xml_text(source_of(layer)) + "\" providerKey=\"" + provider_of(layer) + "\" checked=\"" +
           (layer.shown ? "Qt::Checked" : "Qt::Unchecked") + "\" expanded=\"" + (layer.shown ? "1" : "0") +
           "\"><customproperties/></layer-tree-layer>\n";
}

std::string layer_tree(const std::vector<QgisLayer>& layers) {
    std::string xml = "<layer-tree-group>\n<customproperties/>\n";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string& group = layers[i].group;
        const bool opens = !group.empty() && (i == 0 || layers[i - 1].group != group);
        const bool closes = !group.empty() && (i + 1 == layers.size() || layers[i + 1].group != group);
        if (opens) {
            xml += "<layer-tree-group name=\"" + xml_text(group) +
                   "\" checked=\"Qt::Checked\" expanded=\"1\"><customproperties/>\n";
        }
        xml += tree_layer(layers[i], i) + (closes ? "</layer-tree-group>\n" : "");
    }
    return xml + "<custom-order enabled=\"0\"/>\n</layer-tree-group>\n";
}

/// What is inside `<qgis>` of a style file.
std::string style_content(const std::string& qml) {
    const std::size_t root = qml.find("<qgis");
    const std::size_t start = root == std::string::npos ? root : qml.find('>', root);
    const std::size_t end = qml.rfind("</qgis>");
    return start == std::string::npos || end == std::string::npos || end < start
               ? std::string()
               : qml.substr(start + 1, end - start - 1);
}

std::string map_layer(const QgisLayer& layer, std::size_t index) {
    std::string attributes = "type=\"raster\"";
    if (layer.kind != QgisLayer::Kind::raster) {
        attributes = layer.kind == QgisLayer::Kind::points ? "type=\"vector\" geometry=\"Point\""
                                                           : "type=\"vector\" geometry=\"Polygon\"";
    }
    return "<maplayer " + attributes +
           " autoRefreshEnabled=\"0\" hasScaleBasedVisibilityFlag=\"0\" styleCategories=\"AllStyleCategories\">\n" +
           element("id", id_of(index)) + element("datasource", source_of(layer)) + element("layername", layer.name) +
           (layer.extent ? "<extent>" + corners(*layer.extent) + "</extent>" : std::string()) +
           (layer.crs ? "<srs>" + reference_system(*layer.crs) + "</srs>" : std::string()) +
           (layer.kind == QgisLayer::Kind::raster ? "<provider>gdal</provider>"
                                                  : "<provider encoding=\"UTF-8\">ogr</provider>") +
           "\n" + style_content(layer.qml) + "</maplayer>\n";
}

} // namespace

std::string to_qgs(const QgisProject& project) {
    const std::string crs = reference_system(project.crs);
    std::string xml = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis projectname=\"" +
                      xml_text(project.title) + "\" version=\"" + qgis_version + "\">\n<homePath path=\"\"/>\n" +
                      element("title", project.title) + "\n<projectCrs>" + crs + "</projectCrs>\n" +
                      layer_tree(project.layers);
    xml += "<mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\">" +
           element("units", project.crs.geographic ? "degrees" : "meters") + "<extent>" + corners(project.view) +
           "</extent><rotation>0</rotation><destinationsrs>" + crs +
           "</destinationsrs><rendermaptile>0</rendermaptile></mapcanvas>\n<projectlayers>\n";
    std::string order;
    for (std::size_t i = 0; i < project.layers.size(); ++i) {
        xml += map_layer(project.layers[i], i);
        order += "<layer id=\"" + id_of(i) + "\"/>";
    }
    return xml + "</projectlayers>\n<layerorder>" + order +
           "</layerorder>\n<properties>"
           "<SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>"
           "<Paths><Absolute type=\"bool\">false</Absolute></Paths></properties>\n"
           "<ProjectViewSettings UseProjectScales=\"0\"><Scales/><DefaultViewExtent xmin=\"" +
           format_number(project.view.min_x) + "\" ymin=\"" + format_number(project.view.min_y) + "\" xmax=\"" +
           format_number(project.view.max_x) + "\" ymax=\"" + format_number(project.view.max_y) + "\">" + crs +
           "</DefaultViewExtent></ProjectViewSettings>\n</qgis>\n";
}

} // namespace lcclass::report
