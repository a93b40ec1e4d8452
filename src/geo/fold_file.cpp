#include "geo/sample_file_ogr.h"
#include "geo/vector_writer.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/sample_file.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace lcclass {

namespace {

std::string fold_column(const FoldAssignment& assignment) {
    std::string name = "fold_" + to_string(assignment.scheme);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

void require_whole(const SampleTable& samples, const std::vector<FoldAssignment>& assignments) {
    std::set<std::string> columns;
    for (const FoldAssignment& assignment : assignments) {
        if (assignment.fold.size() != samples.class_code.size() || !columns.insert(fold_column(assignment)).second) {
            throw Error(ExitCode::internal, {.where = "folds",
                                             .field = "scheme=" + to_string(assignment.scheme),
                                             .problem = "does not give every sample one fold, or is there twice",
                                             .fix = "report this"});
        }
    }
}

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

void write_blocks(VectorWriter& writer, const std::string& crs_wkt, const std::vector<FoldAssignment>& assignments) {
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

void write_folds(const std::filesystem::path& path, const SampleTable& samples,
                 const std::vector<FoldAssignment>& assignments, bool overwrite) {
    if (path.extension() != ".gpkg") {
        throw Error(ExitCode::output, {.where = path.string(),
                                       .field = "extension=" + path.extension().string(),
                                       .problem = "folds are written as GeoPackage",
                                       .fix = "end the name in .gpkg"});
    }
    require_whole(samples, assignments);
    VectorWriter writer(path, overwrite);
    write_blocks(writer, samples.crs_wkt, assignments);
    VectorLayerLayout layout{
        .name = "samples", .crs_wkt = samples.crs_wkt, .geometry = wkbPoint, .fields = common_sample_fields()};
    const int first_fold = static_cast<int>(layout.fields.size());
    for (const FoldAssignment& assignment : assignments) {
        layout.fields.push_back(
            {.name = fold_column(assignment), .type = OFTInteger, .subtype = OFSTNone, .title = {}});
    }
    OGRLayerH layer = writer.add_layer(layout);
    write_points(writer, layer, samples, [&](OGRFeatureH feature, std::size_t row) {
        for (std::size_t i = 0; i < assignments.size(); ++i) {
            OGR_F_SetFieldInteger(feature, first_fold + static_cast<int>(i), assignments[i].fold[row]);
        }
    });
    writer.commit();
}

} // namespace lcclass
