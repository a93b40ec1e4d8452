/// One layer of a vector file, opened read-only by an allowed driver, and what is asked of its fields.
/// Belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// Drivers: GPKG, ESRI Shapefile, FlatGeobuf, GeoJSON, CSV (with a WKT column). A GeoPackage without a journal is
/// opened as immutable, so that nothing appears beside it. Throws Error(input).
DatasetHandle open_vector_file(const std::filesystem::path& path);

struct VectorQuery {
    std::string layer;                    ///< empty: the only one
    std::string where;                    ///< SQL condition, empty: all features
    std::string layer_option = "--layer"; ///< that names it, for messages
};

class VectorLayer {
public:
    /// Throws Error(input): not a local file, no such layer (with those there are), no layer given among several, a
    /// condition that is none.
    VectorLayer(const std::filesystem::path& path, const VectorQuery& query);

    [[nodiscard]] OGRLayerH handle() const { return m_layer; }
    [[nodiscard]] OGRFeatureDefnH definition() const { return OGR_L_GetLayerDefn(m_layer); }
    /// `file:layer`, for messages.
    [[nodiscard]] const std::string& where() const { return m_where; }
    [[nodiscard]] std::string name() const { return OGR_L_GetName(m_layer); }
    [[nodiscard]] std::string driver() const;
    [[nodiscard]] const std::vector<std::string>& field_names() const { return m_fields; }
    /// Throws Error(input) with all fields and the nearest; notes the 10 characters of shapefile names.
    [[nodiscard]] int field_index(const std::string& name, const std::string& option) const;
    /// WKT2 of the layer, or nothing when it does not say (GeoPackage's undefined systems included).
    [[nodiscard]] std::optional<std::string> crs_wkt() const;
    /// Metadata item of the layer, empty when there is none.
    [[nodiscard]] std::string metadata(const std::string& key) const;
    /// Calls `visit` for every feature. Throws Error(input) when the file breaks off.
    void for_each(const std::function<void(OGRFeatureH)>& visit) const;

private:
    std::filesystem::path m_path;
    DatasetHandle m_dataset;
    OGRLayerH m_layer = nullptr;
    std::string m_where;
    std::vector<std::string> m_fields;
};

/// A text field without surrounding blanks. Throws Error(input) naming the feature when it is not UTF-8 (a shapefile
/// whose .cpg is wrong).
std::string text_of(OGRFeatureH feature, int field, const std::string& where);

} // namespace lcclass
