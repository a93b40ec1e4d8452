#include "lcclass/geo/point_file.h"

#include "geo/vector_writer.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace lcclass {

namespace {

constexpr std::size_t rows_between_looks = 4096;

void require_free_names(const std::filesystem::path& path, const PointTable& table) {
    std::set<std::string> taken = {"fid", "geom"};
    for (const PointColumn& column : table.columns) {
        std::string lower = column.name;
        std::ranges::transform(lower, lower.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (lower.empty() || !taken.insert(lower).second) {
            throw Error(ExitCode::output, {.where = path.string(),
                                           .field = "column=" + column.name,
                                           .problem = "cannot be a column: the name is taken",
                                           .fix = "write a .csv, or give the features names that differ"});
        }
    }
}

VectorField field_of(const PointColumn& column) {
    constexpr std::array<OGRFieldType, 3> types = {OFTInteger, OFTReal, OFTString};
    return {.name = column.name, .type = types[column.values.index()], .subtype = OFSTNone, .title = {}};
}

void set_field(OGRFeatureH feature, int field, const PointColumn& column, std::size_t row) {
    if (const auto* numbers = std::get_if<std::vector<std::int32_t>>(&column.values)) {
        OGR_F_SetFieldInteger(feature, field, (*numbers)[row]);
    } else if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) {
        OGR_F_SetFieldDouble(feature, field, (*reals)[row]);
    } else {
        OGR_F_SetFieldString(feature, field, std::get<std::vector<std::string>>(column.values)[row].c_str());
    }
}

} // namespace

void check_point_path(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    if (extension != ".gpkg" && extension != ".fgb") {
        throw Error(ExitCode::output, {.where = path.string(),
                                       .field = "extension=" + extension,
                                       .problem = "points are not written in this format",
                                       .fix = "end the name in .gpkg or .fgb"});
    }
}

void write_point_table(const std::filesystem::path& path, const PointTable& table, bool overwrite) {
    check_point_path(path);
    require_free_names(path, table);
    VectorWriter writer(path, overwrite);
    VectorLayerLayout layout{.name = table.kind, .crs_wkt = table.crs_wkt, .geometry = wkbPoint, .fields = {}};
    std::ranges::transform(table.columns, std::back_inserter(layout.fields), field_of);
    OGRLayerH layer = writer.add_layer(layout);
    if (writer.keeps_metadata()) {
        writer.set_metadata(layer, "LCCLASS_KIND", table.kind);
    }
    const FeatureHandle feature = writer.new_feature(layer);
    const GeometryHandle point(OGR_G_CreateGeometry(wkbPoint));
    for (std::size_t row = 0; row < table.x.size(); ++row) {
        if (row % rows_between_looks == 0) {
            throw_if_stopped();
        }
        OGR_G_SetPoint_2D(point.get(), 0, table.x[row], table.y[row]);
        OGR_F_SetGeometry(feature.get(), point.get());
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            set_field(feature.get(), static_cast<int>(c), table.columns[c], row);
        }
        writer.add(layer, feature.get());
    }
    if (!table.qml.empty()) {
        writer.add_styles({{.layer = table.kind, .qml = table.qml}});
    }
    writer.commit();
}

} // namespace lcclass
