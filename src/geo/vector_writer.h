/// A vector file that is written whole or not at all, with the same bytes for the same content.
/// Belongs to one thread.
#pragma once

#include "geo/gdal_errors.h"
#include "geo/gdal_handles.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/geo/layer_styles.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace lcclass {

struct VectorField {
    std::string name;
    OGRFieldType type = OFTInteger;
    OGRFieldSubType subtype = OFSTNone;
    std::string title; ///< kept by FlatGeobuf only
};

struct VectorLayerLayout {
    std::string name;
    std::string crs_wkt; ///< empty: none
    OGRwkbGeometryType geometry = wkbPoint;
    std::vector<VectorField> fields;
};

class VectorWriter {
public:
    /// `.gpkg` or `.fgb`. Throws Error(output).
    VectorWriter(const std::filesystem::path& path, bool overwrite);
    ~VectorWriter();
    VectorWriter(const VectorWriter&) = delete;
    VectorWriter& operator=(const VectorWriter&) = delete;

    /// Field i of the layout is field i of the layer's features.
    OGRLayerH add_layer(const VectorLayerLayout& layout);
    void set_metadata(OGRLayerH layer, const std::string& key, const std::string& value);
    [[nodiscard]] bool keeps_metadata() const { return m_geopackage; }
    [[nodiscard]] FeatureHandle new_feature(OGRLayerH layer) const;
    /// Throws Error(output) when the file does not take it.
    void add(OGRLayerH layer, OGRFeatureH feature);
    /// Gives layers that are there the style that QGIS shows them in; FlatGeobuf takes none. After all other layers:
    /// the table of styles is a layer too, and some programs take the first one they find. Throws Error(output).
    void add_styles(const LayerStyles& styles);
    /// Closes, reopens and counts features, publishes. Throws Error(output).
    void commit();

private:
    [[noreturn]] void fail(const std::string& problem) const;
    void verify() const;
    void add_style(OGRLayerH table, const LayerStyle& style, const char* geometry_column);

    bool m_geopackage;
    AtomicOutput m_output;
    GdalErrorScope m_gdal;
    DatasetHandle m_dataset;
    std::vector<std::pair<std::string, std::int64_t>> m_counts; ///< features per layer
};

} // namespace lcclass
