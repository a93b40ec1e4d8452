#include "geo/vector_writer.h"

#include "lcclass/core/error.h"

#include <cpl_conv.h>
#include <cpl_string.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

/// No clock in the file, and no journal beside a file that nobody else sees yet.
constexpr std::array<std::pair<const char*, const char*>, 3> settings = {
    {{"OGR_CURRENT_DATE", "1970-01-01T00:00:00.000Z"},
     {"OGR_SQLITE_JOURNAL", "OFF"},
     {"OGR_SQLITE_SYNCHRONOUS", "OFF"}}};

void use_settings(bool on) {
    for (const auto& [key, value] : settings) {
        CPLSetThreadLocalConfigOption(key, on ? value : nullptr);
    }
}

} // namespace

VectorWriter::VectorWriter(const fs::path& path, bool overwrite)
    : m_geopackage(path.extension() == ".gpkg"), m_output(path, overwrite) {
    // The drivers create files, they do not fill empty ones.
    std::error_code ignored;
    fs::remove(m_output.temporary(), ignored);
    use_settings(true);
    GDALDriverH driver = GDALGetDriverByName(m_geopackage ? "GPKG" : "FlatGeobuf");
    m_dataset.reset(
        driver == nullptr ? nullptr : GDALCreate(driver, m_output.temporary().c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    if (!m_dataset) {
        use_settings(false);
        fail("cannot be created");
    }
    if (m_geopackage && GDALDatasetStartTransaction(m_dataset.get(), FALSE) != OGRERR_NONE) {
        use_settings(false);
        fail("cannot be written to");
    }
}

VectorWriter::~VectorWriter() {
    m_dataset.reset();
    use_settings(false);
}

void VectorWriter::fail(const std::string& problem) const {
    throw Error(ExitCode::output, {.where = m_output.path().string(),
                                   .field = {},
                                   .problem = m_gdal.explain(problem),
                                   .fix = "check free space, quota and permissions of its folder"});
}

OGRLayerH VectorWriter::add_layer(const VectorLayerLayout& layout) {
    const std::array<const char*, 2> flatgeobuf_options = {"SPATIAL_INDEX=NO", nullptr}; // would reorder the features
    const SpatialReferenceHandle reference =
        layout.crs_wkt.empty() ? nullptr : make_reference(layout.crs_wkt, m_output.path().string());
    OGRLayerH layer = GDALDatasetCreateLayer(m_dataset.get(), layout.name.c_str(), reference.get(), layout.geometry,
                                             m_geopackage ? nullptr : const_cast<char**>(flatgeobuf_options.data()));
    if (layer == nullptr) {
        fail("layer " + layout.name + " cannot be created");
    }
    for (const VectorField& field : layout.fields) {
        OGRFieldDefnH definition = OGR_Fld_Create(field.name.c_str(), field.type);
        OGR_Fld_SetSubType(definition, field.subtype);
        if (!m_geopackage && !field.title.empty()) {
            OGR_Fld_SetAlternativeName(definition, field.title.c_str());
        }
        const OGRErr status = OGR_L_CreateField(layer, definition, FALSE);
        OGR_Fld_Destroy(definition);
        if (status != OGRERR_NONE) {
            fail("field " + field.name + " cannot be created");
        }
    }
    m_counts.emplace_back(layout.name, 0);
    return layer;
}

void VectorWriter::set_metadata(OGRLayerH layer, const std::string& key, const std::string& value) {
    if (GDALSetMetadataItem(layer, key.c_str(), value.c_str(), nullptr) != CE_None) {
        fail("metadata " + key + " cannot be written");
    }
}

FeatureHandle VectorWriter::new_feature(OGRLayerH layer) const {
    return FeatureHandle(OGR_F_Create(OGR_L_GetLayerDefn(layer)));
}

void VectorWriter::add(OGRLayerH layer, OGRFeatureH feature) {
    OGR_F_SetFID(feature, OGRNullFID);
    if (OGR_L_CreateFeature(layer, feature) != OGRERR_NONE) {
        fail("a feature cannot be written");
    }
    const std::string name = OGR_L_GetName(layer);
    for (auto& [layer_name, count] : m_counts) {
        count += layer_name == name ? 1 : 0;
    }
}

void VectorWriter::add_styles(const LayerStyles& styles) {
    std::vector<const LayerStyle*> known;
    for (const LayerStyle& style : styles) {
        if (std::ranges::any_of(m_counts, [&](const auto& layer) { return layer.first == style.layer; })) {
            known.push_back(&style);
        }
    }
    if (!m_geopackage || known.empty()) {
        return;
    }
    const auto field = [](const char* name, OGRFieldType type, OGRFieldSubType subtype = OFSTNone) {
        return VectorField{.name = name, .type = type, .subtype = subtype, .title = {}};
    };
    // The columns that QGIS 3 makes and asks for.
    OGRLayerH table =
        add_layer({.name = "layer_styles",
                   .crs_wkt = {},
                   .geometry = wkbNone,
                   .fields = {field("f_table_catalog", OFTString), field("f_table_schema", OFTString),
                              field("f_table_name", OFTString), field("f_geometry_column", OFTString),
                              field("styleName", OFTString), field("styleQML", OFTString), field("styleSLD", OFTString),
                              field("useAsDefault", OFTInteger, OFSTBoolean), field("description", OFTString),
                              field("owner", OFTString), field("ui", OFTString), field("update_time", OFTDateTime)}});
    for (const LayerStyle* style : known) {
        OGRLayerH layer = GDALDatasetGetLayerByName(m_dataset.get(), style->layer.c_str());
        add_style(table, *style, OGR_L_GetGeometryColumn(layer));
    }
}

void VectorWriter::add_style(OGRLayerH table, const LayerStyle& style, const char* geometry_column) {
    const FeatureHandle row = new_feature(table);
    const std::array<const char*, 7> texts = {
        "", "", style.layer.c_str(), geometry_column, "lcclass", style.qml.c_str(), ""};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        OGR_F_SetFieldString(row.get(), static_cast<int>(i), texts[i]);
    }
    OGR_F_SetFieldInteger(row.get(), 7, 1);
    OGR_F_SetFieldString(row.get(), 8, "made by lcclass");
    OGR_F_SetFieldString(row.get(), 9, "");
    OGR_F_SetFieldDateTime(row.get(), 11, 1970, 1, 1, 0, 0, 0, 100); // as all dates in the file: no clock
    add(table, row.get());
}

void VectorWriter::verify() const {
    const DatasetHandle written(
        GDALOpenEx(m_output.temporary().c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    for (const auto& [name, count] : m_counts) {
        OGRLayerH layer = written ? GDALDatasetGetLayerByName(written.get(), name.c_str()) : nullptr;
        if (layer == nullptr || OGR_L_GetFeatureCount(layer, TRUE) != count) {
            fail("what was written cannot be read back");
        }
    }
}

void VectorWriter::commit() {
    if (m_geopackage && GDALDatasetCommitTransaction(m_dataset.get()) != OGRERR_NONE) {
        fail("the last changes cannot be written");
    }
    m_dataset.reset();
    if (m_gdal.n_own_failures() > 0) {
        fail("cannot be written");
    }
    verify();
    m_output.commit();
}

} // namespace lcclass
