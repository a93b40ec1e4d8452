#include "geo/sample_file_ogr.h"

#include "geo/sample_file_builder.h"
#include "geo/vector_layer.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

constexpr int n_common_fields = 3;
constexpr std::size_t rows_between_looks = 4096;

/// FlatGeobuf columns carry the texts that GeoPackage keeps as layer metadata.
std::string kept_text(const VectorLayer& layer, const std::string& key, const std::string& column) {
    std::string metadata = layer.metadata(key);
    const int field = OGR_FD_GetFieldIndex(layer.definition(), column.c_str());
    if (!metadata.empty() || field < 0 || layer.driver() != "FlatGeobuf") {
        return metadata;
    }
    const char* title = OGR_Fld_GetAlternativeNameRef(OGR_FD_GetFieldDefn(layer.definition(), field));
    return title == nullptr ? "" : title;
}

void require_numeric(const VectorLayer& layer, int field) {
    if (!is_numeric_field(layer.definition(), field)) {
        OGRFieldDefnH definition = OGR_FD_GetFieldDefn(layer.definition(), field);
        throw Error(ExitCode::input, {.where = layer.where(),
                                      .field = OGR_Fld_GetNameRef(definition),
                                      .problem = std::string("holds ") +
                                                 OGR_GetFieldTypeName(OGR_Fld_GetType(definition)) + ", not numbers",
                                      .fix = "name the feature columns with --features"});
    }
}

double number_at(OGRFeatureH feature, int field, const SampleBuilder& row) {
    if (OGR_F_IsFieldSetAndNotNull(feature, field) == FALSE) {
        row.refuse(OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, field)), "has no value",
                   "drop the row, or mask nodata before sampling");
    }
    return OGR_F_GetFieldAsDouble(feature, field);
}

std::int64_t polygon_at(OGRFeatureH feature, int field, const SampleBuilder& row) {
    const double number = number_at(feature, field, row);
    constexpr double largest = std::numeric_limits<std::int32_t>::max();
    if (!(std::abs(number) <= largest) || std::floor(number) != number) {
        row.refuse("polygon_id=" + format_number(number), "is not a whole number up to " + format_number(largest),
                   "number polygons from 1, or leave the column out");
    }
    return static_cast<std::int64_t>(number);
}

/// A point where it is, anything else at its centroid.
void add_position(OGRFeatureH feature, SampleBuilder& row) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (geometry == nullptr || OGR_G_IsEmpty(geometry) != FALSE) {
        row.refuse("geometry", "the row has no position", "drop the row");
    }
    if (OGR_GT_Flatten(OGR_G_GetGeometryType(geometry)) == wkbPoint) {
        row.set_position(OGR_G_GetX(geometry, 0), OGR_G_GetY(geometry, 0));
        return;
    }
    const GeometryHandle centre(OGR_G_CreateGeometry(wkbPoint));
    if (OGR_G_Centroid(geometry, centre.get()) != OGRERR_NONE || OGR_G_IsEmpty(centre.get()) != FALSE) {
        row.refuse("geometry", "has no centroid", "repair the geometry or drop the row");
    }
    row.set_position(OGR_G_GetX(centre.get(), 0), OGR_G_GetY(centre.get(), 0));
}

void add_row(OGRFeatureH feature, const SampleColumns& columns, bool has_geometry, const std::string& where,
             SampleBuilder& row) {
    for (std::size_t i = 0; i < columns.features.size(); ++i) {
        row.add_feature(i, static_cast<float>(number_at(feature, columns.features[i], row)));
    }
    if (columns.polygon_id >= 0) {
        row.set_polygon(polygon_at(feature, columns.polygon_id, row));
    }
    if (columns.group >= 0) {
        row.set_group(text_of(feature, columns.group, where));
    }
    if (has_geometry) {
        add_position(feature, row);
    }
    row.set_class(class_text(feature, columns.class_code, where).value_or(""));
    row.end_row();
}

} // namespace

SampleTable read_ogr_samples(const std::filesystem::path& path, const SampleFileOptions& options) {
    const VectorLayer layer(path, {.layer = options.layer, .where = {}});
    SampleColumns columns = find_columns(layer.field_names(), options, layer.where());
    columns.x = columns.y = -1; // positions are geometry here
    for (const int field : columns.features) {
        require_numeric(layer, field);
    }
    if (columns.polygon_id >= 0) {
        require_numeric(layer, columns.polygon_id);
    }
    const bool has_geometry = OGR_L_GetGeomType(layer.handle()) != wkbNone;
    SampleBuilder rows(layer.field_names(), columns, options, layer.where());
    layer.for_each([&](OGRFeatureH feature) { add_row(feature, columns, has_geometry, layer.where(), rows); });
    return rows.finish({.crs_wkt = has_geometry ? layer.crs_wkt().value_or("") : std::string(),
                        .legend_json = kept_text(layer, "LCCLASS_LEGEND", "class_code"),
                        .recipe_json = kept_text(layer, "LCCLASS_RECIPE", "polygon_id")});
}

std::vector<VectorField> common_sample_fields() {
    return {{.name = "class_code", .type = OFTInteger, .subtype = OFSTNone, .title = {}},
            {.name = "polygon_id", .type = OFTInteger, .subtype = OFSTNone, .title = {}},
            {.name = "group", .type = OFTString, .subtype = OFSTNone, .title = {}}};
}

void write_points(VectorWriter& writer, OGRLayerH layer, const SampleTable& samples,
                  const std::function<void(OGRFeatureH, std::size_t)>& fill) {
    const FeatureHandle feature = writer.new_feature(layer);
    const GeometryHandle point(OGR_G_CreateGeometry(wkbPoint));
    for (std::size_t row = 0; row < samples.class_code.size(); ++row) {
        if (row % rows_between_looks == 0) {
            throw_if_stopped();
        }
        OGR_G_SetPoint_2D(point.get(), 0, samples.x[row], samples.y[row]);
        OGR_F_SetGeometry(feature.get(), point.get());
        OGR_F_SetFieldInteger(feature.get(), 0, samples.class_code[row]);
        OGR_F_SetFieldInteger(feature.get(), 1, samples.polygon_id[row]);
        OGR_F_SetFieldString(feature.get(), 2,
                             samples.group_names[static_cast<std::size_t>(samples.group[row])].c_str());
        fill(feature.get(), row);
        writer.add(layer, feature.get());
    }
}

void write_ogr_samples(const std::filesystem::path& path, const SampleTable& samples,
                       const std::vector<ExtraColumn>& extra, bool overwrite, const LayerStyles& styles) {
    VectorWriter writer(path, overwrite);
    VectorLayerLayout layout{
        .name = "samples", .crs_wkt = samples.crs_wkt, .geometry = wkbPoint, .fields = common_sample_fields()};
    layout.fields[0].title = samples.legend.to_json();
    layout.fields[1].title = samples.recipe_json;
    for (const std::string& name : samples.feature_names) {
        layout.fields.push_back({.name = name, .type = OFTReal, .subtype = OFSTFloat32, .title = {}});
    }
    const int first_extra = static_cast<int>(layout.fields.size());
    std::ranges::copy(fields_of(extra), std::back_inserter(layout.fields));
    OGRLayerH layer = writer.add_layer(layout);
    if (writer.keeps_metadata()) {
        writer.set_metadata(layer, "LCCLASS_KIND", "samples");
        writer.set_metadata(layer, "LCCLASS_LEGEND", samples.legend.to_json());
        if (!samples.recipe_json.empty()) {
            writer.set_metadata(layer, "LCCLASS_RECIPE", samples.recipe_json);
        }
    }
    write_points(writer, layer, samples, [&](OGRFeatureH feature, std::size_t row) {
        for (std::size_t i = 0; i < samples.features.size(); ++i) {
            OGR_F_SetFieldDouble(feature, n_common_fields + static_cast<int>(i),
                                 static_cast<double>(samples.features[i][row]));
        }
        fill_columns(feature, first_extra, extra, row);
    });
    writer.add_styles(styles);
    writer.commit();
}

} // namespace lcclass
