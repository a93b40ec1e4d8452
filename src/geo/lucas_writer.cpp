#include "lcclass/geo/lucas_writer.h"

#include "geo/gdal_handles.h"
#include "geo/vector_writer.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/raster_file.h"

#include <utility>

namespace lcclass {

namespace {

constexpr const char* lucas_crs = "EPSG:3035";

enum Field : int { point_id, survey_year, obs_type, lc1, lc1_h, parcel_area_ha };

VectorLayerLayout layer_layout() {
    return {.name = "polygons",
            .crs_wkt = parse_crs(lucas_crs),
            .geometry = wkbPolygon,
            .fields = {{.name = "point_id", .type = OFTInteger64},
                       {.name = "survey_year", .type = OFTInteger},
                       {.name = "obs_type", .type = OFTInteger},
                       {.name = "lc1", .type = OFTString},
                       {.name = "lc1_h", .type = OFTString},
                       {.name = "parcel_area_ha", .type = OFTReal}}};
}

GeometryHandle make_polygon(const LucasPolygon& polygon, OGRCoordinateTransformationH transformation) {
    GeometryHandle ring(OGR_G_CreateGeometry(wkbLinearRing));
    for (const auto& [x, y] : polygon.ring) {
        OGR_G_AddPoint_2D(ring.get(), x, y);
    }
    GeometryHandle geometry(OGR_G_CreateGeometry(wkbPolygon));
    OGR_G_AddGeometryDirectly(geometry.get(), ring.release());
    if (OGR_G_Transform(geometry.get(), transformation) != OGRERR_NONE) {
        throw Error(ExitCode::input, {.where = "polygons",
                                      .field = "point_id=" + std::to_string(polygon.point_id),
                                      .problem = std::string("has no place in ") + lucas_crs,
                                      .fix = "check the CRS of the scene"});
    }
    return geometry;
}

} // namespace

void write_lucas_polygons(const std::filesystem::path& path, const LucasLayer& content) {
    const TransformationHandle transformation =
        make_transformation(content.crs_wkt, parse_crs(lucas_crs), path.string());
    VectorWriter writer(path, /*overwrite=*/false);
    OGRLayerH layer = writer.add_layer(layer_layout());
    writer.set_metadata(layer, "LCCLASS_SIMULATED", content.remark);
    for (const LucasPolygon& polygon : content.polygons) {
        const FeatureHandle feature = writer.new_feature(layer);
        OGR_F_SetFieldInteger64(feature.get(), point_id, polygon.point_id);
        OGR_F_SetFieldInteger(feature.get(), survey_year, content.survey_year);
        OGR_F_SetFieldInteger(feature.get(), obs_type, 1);
        OGR_F_SetFieldString(feature.get(), lc1, polygon.lc1.c_str());
        OGR_F_SetFieldString(feature.get(), lc1_h, polygon.lc1.c_str());
        OGR_F_SetFieldDouble(feature.get(), parcel_area_ha, polygon.area_ha);
        OGR_F_SetGeometryDirectly(feature.get(), make_polygon(polygon, transformation.get()).release());
        writer.add(layer, feature.get());
    }
    writer.commit();
}

} // namespace lcclass
