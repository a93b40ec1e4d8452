#include "geo/plan_file.h"

#include "geo/label_values.h"
#include "geo/vector_writer.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/reference_file.h"

#include <nlohmann/json.hpp>

namespace lcclass {

namespace {

VectorLayerLayout plan_layout(const std::string& crs_wkt) {
    const auto field = [](const char* name, OGRFieldType type) {
        return VectorField{.name = name, .type = type, .subtype = OFSTNone, .title = {}};
    };
    return {.name = "plan",
            .crs_wkt = crs_wkt,
            .geometry = wkbPoint,
            .fields = {field("id", OFTInteger64), field("stratum", OFTInteger), field("x", OFTReal),
                       field("y", OFTReal), field("class", OFTString)}};
}

} // namespace

std::map<std::string, std::int64_t> planned_strata(const VectorLayer& layer) {
    std::map<std::string, std::int64_t> strata;
    const auto kept = nlohmann::json::parse(layer.metadata("LCCLASS_STRATA"), nullptr, false);
    if (!kept.is_object()) {
        return strata;
    }
    for (const auto& [code, pixels] : kept.items()) {
        if (pixels.is_number_integer() && pixels.get<std::int64_t>() > 0) {
            strata[code] = pixels.get<std::int64_t>();
        }
    }
    return strata;
}

void check_plan_path(const std::filesystem::path& path) {
    if (path.extension() != ".gpkg") {
        throw Error(ExitCode::output, {.where = path.string(),
                                       .field = "extension=" + path.extension().string(),
                                       .problem = "points to be labelled are written as GeoPackage",
                                       .fix = "end the name in .gpkg"});
    }
}

void write_plan(const std::filesystem::path& path, const std::vector<PlannedUnit>& units,
                const std::map<std::int32_t, std::int64_t>& stratum_pixels, const std::string& crs_wkt, bool overwrite,
                const LayerStyles& styles) {
    check_plan_path(path);
    VectorWriter writer(path, overwrite);
    OGRLayerH layer = writer.add_layer(plan_layout(crs_wkt));
    nlohmann::ordered_json strata = nlohmann::ordered_json::object();
    for (const auto& [code, pixels] : stratum_pixels) {
        strata[std::to_string(code)] = pixels;
    }
    writer.set_metadata(layer, "LCCLASS_KIND", "plan");
    writer.set_metadata(layer, "LCCLASS_STRATA", strata.dump());
    for (const PlannedUnit& unit : units) {
        const FeatureHandle feature = writer.new_feature(layer);
        const GeometryHandle point(OGR_G_CreateGeometry(wkbPoint));
        OGR_G_SetPoint_2D(point.get(), 0, unit.x, unit.y);
        OGR_F_SetGeometry(feature.get(), point.get());
        OGR_F_SetFieldInteger64(feature.get(), 0, unit.id);
        OGR_F_SetFieldInteger(feature.get(), 1, unit.stratum);
        OGR_F_SetFieldDouble(feature.get(), 2, unit.x);
        OGR_F_SetFieldDouble(feature.get(), 3, unit.y);
        writer.add(layer, feature.get());
    }
    writer.add_styles(styles);
    writer.commit();
}

PlanSummary read_plan(const std::filesystem::path& path, const std::string& layer_name) {
    const VectorLayer layer(path, {.layer = layer_name, .where = {}});
    const int stratum_field = layer.field_index("stratum", "stratum-field");
    const int class_field = layer.field_index("class", "class-field");
    PlanSummary plan{.crs_wkt = layer.crs_wkt().value_or(""), .strata = {}};
    for (const auto& [code, pixels] : planned_strata(layer)) {
        plan.strata[code].pixels = pixels;
    }
    layer.for_each([&](OGRFeatureH feature) {
        PlanSummary::Stratum& stratum = plan.strata[class_text(feature, stratum_field, layer.where()).value_or("none")];
        ++stratum.points;
        stratum.labelled += class_text(feature, class_field, layer.where()).value_or("").empty() ? 0 : 1;
    });
    return plan;
}

} // namespace lcclass
