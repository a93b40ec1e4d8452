#include "geo/vector_layer.h"

#include "geo/gdal_errors.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/vector_file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t shapefile_name_length = 10;

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

void require_local(const fs::path& path) {
    std::error_code status;
    if (!fs::exists(path, status)) {
        refuse(path.string(), {}, "does not exist", "check the path; only local files are read");
    }
    if (!fs::is_regular_file(path, status) && !fs::is_directory(path, status)) {
        refuse(path.string(), {}, "is neither a file nor a folder of shapefiles", "name a vector file");
    }
}

bool has_extension(const fs::path& path, const std::string& extension) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return ending == extension;
}

/// Immutable leaves no -wal or -shm behind, but does not see what a journal still holds.
bool may_be_immutable(const fs::path& path) {
    std::error_code missing;
    const auto journal_size = fs::file_size(path.string() + "-wal", missing);
    return missing || journal_size == 0;
}

bool is_writable_folder(const fs::path& path) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    return access(folder.c_str(), W_OK) == 0;
}

std::optional<std::string> crs_wkt_of(OGRLayerH layer, const std::string& where) {
    OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(layer);
    if (reference == nullptr) {
        return std::nullopt;
    }
    const char* name = OSRGetName(reference);
    if (name != nullptr && std::string_view(name).starts_with("Undefined ")) {
        return std::nullopt;
    }
    return wkt_of(reference, where);
}

/// The layers that have geometry, or all when none has (style tables travel in GeoPackages).
std::vector<OGRLayerH> candidate_layers(GDALDatasetH dataset) {
    std::vector<OGRLayerH> all;
    std::vector<OGRLayerH> spatial;
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); ++i) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        all.push_back(layer);
        if (OGR_L_GetGeomType(layer) != wkbNone) {
            spatial.push_back(layer);
        }
    }
    return spatial.empty() ? all : spatial;
}

OGRLayerH pick_layer(GDALDatasetH dataset, const VectorQuery& query, const std::string& file) {
    const std::string& wanted = query.layer;
    const std::vector<OGRLayerH> layers = candidate_layers(dataset);
    std::vector<std::string> names;
    for (OGRLayerH layer : layers) {
        names.emplace_back(OGR_L_GetName(layer));
        if (names.back() == wanted) {
            return layer;
        }
    }
    if (layers.empty()) {
        refuse(file, {}, "has no layer", "check that it is the right file");
    }
    if (!wanted.empty()) {
        refuse(file, "layer=" + wanted, "no such layer" + did_you_mean(wanted, names),
               "choose one of " + join(names, ", "));
    }
    if (layers.size() > 1) {
        refuse(file, {}, "has " + std::to_string(layers.size()) + " layers",
               "add " + query.layer_option + " with one of " + join(names, ", "));
    }
    return layers[0];
}

void set_filter(OGRLayerH layer, const std::string& where, const std::string& condition) {
    if (condition.empty()) {
        return;
    }
    const GdalErrorScope gdal;
    const bool accepted = OGR_L_SetAttributeFilter(layer, condition.c_str()) == OGRERR_NONE;
    if (accepted) {
        const FeatureHandle first(OGR_L_GetNextFeature(layer)); // GeoPackage looks at the condition only now
    }
    if (!accepted || gdal.n_own_failures() > 0) {
        refuse(where, "where=" + condition, gdal.explain("is not a condition on this layer's fields"),
               "write SQL such as \"obs_type = 1\"");
    }
}

std::vector<std::string> names_of_fields(OGRFeatureDefnH fields) {
    std::vector<std::string> names;
    for (int i = 0; i < OGR_FD_GetFieldCount(fields); ++i) {
        names.emplace_back(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(fields, i)));
    }
    return names;
}

} // namespace

DatasetHandle open_vector_file(const fs::path& path) {
    static constexpr std::array<const char*, 6> drivers = {"GPKG", "ESRI Shapefile", "FlatGeobuf", "GeoJSON",
                                                           "CSV",  nullptr};
    require_local(path);
    const bool geopackage = has_extension(path, ".gpkg");
    const bool csv = has_extension(path, ".csv");
    const bool immutable = geopackage && may_be_immutable(path);
    if (geopackage && !immutable && !is_writable_folder(path)) {
        refuse(path.string(), "journal=" + path.filename().string() + "-wal",
               "holds changes that were not yet written to the file, and its folder is read-only",
               "copy both files to a writable folder, or close the program that edits it");
    }
    std::vector<const char*> options;
    if (immutable) {
        options.push_back("IMMUTABLE=YES");
    }
    if (csv) {
        options.push_back("AUTODETECT_TYPE=YES");
    }
    options.push_back(nullptr);
    const GdalErrorScope gdal;
    DatasetHandle dataset(
        GDALOpenEx(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers.data(), options.data(), nullptr));
    if (!dataset) {
        refuse(path.string(), {}, gdal.explain("cannot be opened as GeoPackage, shapefile, FlatGeobuf, GeoJSON or CSV"),
               has_extension(path, ".shp")
                   ? "put .shx and .dbf beside it; ogrinfo --config SHAPE_RESTORE_SHX YES makes a "
                     "lost .shx"
                   : "check that the file is whole");
    }
    return dataset;
}

std::vector<LayerSummary> list_layers(const fs::path& path) {
    const DatasetHandle dataset = open_vector_file(path);
    std::vector<LayerSummary> layers;
    for (OGRLayerH layer : candidate_layers(dataset.get())) {
        const char* kind = GDALGetMetadataItem(layer, "LCCLASS_KIND", nullptr);
        layers.push_back({.name = OGR_L_GetName(layer),
                          .kind = kind == nullptr ? "" : kind,
                          .fields = names_of_fields(OGR_L_GetLayerDefn(layer)),
                          .features = OGR_L_GetFeatureCount(layer, TRUE),
                          .crs_wkt = crs_wkt_of(layer, path.string()).value_or("")});
    }
    return layers;
}

VectorLayer::VectorLayer(const fs::path& path, const VectorQuery& query)
    : m_path(path), m_dataset(open_vector_file(path)), m_layer(pick_layer(m_dataset.get(), query, path.string())),
      m_where(path.string() + ":" + OGR_L_GetName(m_layer)) {
    m_fields = names_of_fields(definition());
    set_filter(m_layer, m_where, query.where);
}

std::string VectorLayer::driver() const {
    return GDALGetDriverShortName(GDALGetDatasetDriver(m_dataset.get()));
}

int VectorLayer::field_index(const std::string& name, const std::string& option) const {
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        if (m_fields[i] == name) {
            return static_cast<int>(i);
        }
    }
    std::string problem = "no such field";
    std::string fix = "choose one of " + join(m_fields, ", ");
    const bool shapefile = driver() == "ESRI Shapefile";
    const std::string cut = name.substr(0, shapefile_name_length);
    if (shapefile && name.size() > shapefile_name_length &&
        std::find(m_fields.begin(), m_fields.end(), cut) != m_fields.end()) {
        problem += "; shapefiles cut names to 10 characters (did you mean '" + cut + "'?)";
    } else {
        problem += did_you_mean(name, m_fields);
    }
    std::error_code status;
    if (m_fields.empty() || (shapefile && !fs::exists(fs::path(m_path).replace_extension(".dbf"), status))) {
        problem += "; the layer has no fields" + std::string(shapefile ? " (its .dbf is missing)" : "");
        fix = shapefile ? "put the .dbf beside the .shp" : "name a layer with a class field";
    }
    refuse(m_where, option + "=" + name, problem, fix);
}

std::optional<std::string> VectorLayer::crs_wkt() const {
    return crs_wkt_of(m_layer, m_where);
}

std::string VectorLayer::metadata(const std::string& key) const {
    const char* value = GDALGetMetadataItem(m_layer, key.c_str(), nullptr);
    return value == nullptr ? "" : value;
}

void VectorLayer::for_each(const std::function<void(OGRFeatureH)>& visit) const {
    constexpr std::int64_t features_between_looks = 4096;
    OGR_L_ResetReading(m_layer);
    std::int64_t n = 0;
    while (true) {
        const GdalErrorScope gdal;
        const FeatureHandle feature(OGR_L_GetNextFeature(m_layer));
        if (gdal.n_own_failures() > 0) {
            refuse(m_where, "feature=" + std::to_string(n + 1), gdal.explain("cannot be read"),
                   "check that the file is whole");
        }
        if (!feature) {
            return;
        }
        visit(feature.get());
        if (++n % features_between_looks == 0) {
            throw_if_stopped();
        }
    }
}

std::string text_of(OGRFeatureH feature, int field, const std::string& where) {
    const char* text = OGR_F_GetFieldAsString(feature, field);
    if (CPLIsUTF8(text, -1) == FALSE) {
        OGRFieldDefnH definition = OGR_F_GetFieldDefnRef(feature, field);
        refuse(where + ":fid " + std::to_string(OGR_F_GetFID(feature)), OGR_Fld_GetNameRef(definition),
               "is not UTF-8 text", "write the right encoding (ISO-8859-1, say) into the .cpg file beside it");
    }
    return std::string(trim(text));
}

} // namespace lcclass
