#include "lcclass/geo/layer_styles.h"

#include "geo/gdal_errors.h"
#include "geo/gdal_handles.h"
#include "geo/vector_layer.h"

#include <cpl_minixml.h>

#include <memory>

namespace lcclass {

namespace {

std::string text_at(OGRFeatureH row, const char* field) {
    const int index = OGR_F_GetFieldIndex(row, field);
    return index < 0 ? std::string() : OGR_F_GetFieldAsString(row, index);
}

bool is_default(OGRFeatureH row) {
    const int index = OGR_F_GetFieldIndex(row, "useAsDefault");
    return index >= 0 && OGR_F_GetFieldAsInteger(row, index) != 0;
}

} // namespace

LayerStyles read_layer_styles(const std::filesystem::path& path) {
    const DatasetHandle dataset = open_vector_file(path);
    OGRLayerH table = GDALDatasetGetLayerByName(dataset.get(), "layer_styles");
    LayerStyles styles;
    if (table == nullptr) {
        return styles;
    }
    const GdalErrorScope gdal;
    OGR_L_ResetReading(table);
    for (FeatureHandle row(OGR_L_GetNextFeature(table)); row; row.reset(OGR_L_GetNextFeature(table))) {
        if (is_default(row.get())) {
            styles.push_back({.layer = text_at(row.get(), "f_table_name"), .qml = text_at(row.get(), "styleQML")});
        }
    }
    return styles;
}

bool is_whole_style(const std::string& qml) {
    struct DestroyTree {
        void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
    };
    const GdalErrorScope gdal; // what is wrong with it is nobody's business
    const std::unique_ptr<CPLXMLNode, DestroyTree> tree(CPLParseXMLString(qml.c_str()));
    return tree != nullptr && CPLGetXMLNode(tree.get(), "=qgis") != nullptr;
}

} // namespace lcclass
