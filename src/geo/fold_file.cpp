#include "geo/excluded_layer.h"
#include "geo/fold_columns.h"
#include "geo/sample_file_ogr.h"
#include "geo/vector_writer.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/sample_file.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace lcclass {

namespace {

GeometryHandle polygon_of(const std::vector<std::pair<double, double>>& corners) {
    GeometryHandle polygon(OGR_G_CreateGeometry(wkbPolygon));
    OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
    for (const auto& [x, y] : corners) {
        OGR_G_AddPoint_2D(ring, x, y);
    }
    OGR_G_AddPoint_2D(ring, corners.front().first, corners.front().second);
    OGR_G_AddGeometryDirectly(polygon.get(), ring);
    return polygon;
}

GeometryHandle outline(const FoldBlock& block) {
    const Bounds& b = block.bounds;
    if (block.shape == BlockShape::square) {
        return polygon_of({{b.min_x, b.min_y}, {b.max_x, b.min_y}, {b.max_x, b.max_y}, {b.min_x, b.max_y}});
    }
    const double middle = b.min_x + (b.max_x - b.min_x) / 2;
    const double quarter = (b.max_y - b.min_y) / 4;
    return polygon_of({{middle, b.min_y},
                       {b.max_x, b.min_y + quarter},
                       {b.max_x, b.max_y - quarter},
                       {middle, b.max_y},
                       {b.min_x, b.max_y - quarter},
                       {b.min_x, b.min_y + quarter}});
}

void write_blocks(VectorWriter& writer, const std::string& crs_wkt, std::span<const FoldAssignment> assignments) {
    OGRLayerH layer =
        writer.add_layer({.name = "blocks",
                          .crs_wkt = crs_wkt,
                          .geometry = wkbPolygon,
                          .fields = {{.name = "fold", .type = OFTInteger, .subtype = OFSTNone, .title = {}},
                                     {.name = "scheme", .type = OFTString, .subtype = OFSTNone, .title = {}}}});
    const FeatureHandle feature = writer.new_feature(layer);
    for (const FoldAssignment& assignment : assignments) {
        for (const FoldBlock& block : assignment.blocks) {
            OGR_F_SetFieldInteger(feature.get(), 0, block.fold);
            OGR_F_SetFieldString(feature.get(), 1, to_string(assignment.scheme).c_str());
            OGR_F_SetGeometry(feature.get(), outline(block).get());
            writer.add(layer, feature.get());
        }
    }
}

} // namespace

void check_folds_path(const std::filesystem::path& path) {
    if (path.extension() != ".gpkg") {
        throw Error(ExitCode::output, {.where = path.string(),
                                       .field = "extension=" + path.extension().string(),
                                       .problem = "folds are written as GeoPackage",
                                       .fix = "end the name in .gpkg"});
    }
}

void write_folds(const std::filesystem::path& path, const SampleTable& samples, const FoldColumns& columns,
                 bool overwrite, const LayerStyles& styles) {
    check_folds_path(path);
    const std::vector<ExtraColumn> extra = extra_columns(samples, columns);
    VectorWriter writer(path, overwrite);
    write_blocks(writer, samples.crs_wkt, columns.assignments);
    write_excluded(writer, samples, columns.assignments);
    VectorLayerLayout layout{
        .name = "samples", .crs_wkt = samples.crs_wkt, .geometry = wkbPoint, .fields = common_sample_fields()};
    const int first_extra = static_cast<int>(layout.fields.size());
    std::ranges::copy(fields_of(extra), std::back_inserter(layout.fields));
    OGRLayerH layer = writer.add_layer(layout);
    write_points(writer, layer, samples,
                 [&](OGRFeatureH feature, std::size_t row) { fill_columns(feature, first_extra, extra, row); });
    writer.add_styles(styles);
    writer.commit();
}

} // namespace lcclass
