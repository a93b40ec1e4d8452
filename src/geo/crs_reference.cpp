#include "geo/gdal_errors.h"
#include "geo/gdal_handles.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/raster_file.h"

#include <ogr_spatialref.h>

#include <array>

namespace lcclass {

namespace {

std::string authority_code(OGRSpatialReferenceH reference) {
    const char* authority = OSRGetAuthorityName(reference, nullptr);
    const char* code = OSRGetAuthorityCode(reference, nullptr);
    return authority == nullptr || code == nullptr ? std::string() : std::string(authority) + ":" + code;
}

} // namespace

bool same_crs(const std::string& wkt_a, const std::string& wkt_b) {
    if (wkt_a == wkt_b) {
        return true;
    }
    const SpatialReferenceHandle a = make_reference(wkt_a, "reference system");
    const SpatialReferenceHandle b = make_reference(wkt_b, "reference system");
    const std::array<const char*, 3> options = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                                                "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", nullptr};
    return OSRIsSameEx(a.get(), b.get(), options.data()) != 0;
}

bool is_geographic(const std::string& wkt) {
    return OSRIsGeographic(make_reference(wkt, "reference system").get()) != 0;
}

std::optional<double> metres_per_unit(const std::string& wkt) {
    const SpatialReferenceHandle reference = make_reference(wkt, "reference system");
    if (OSRIsGeographic(reference.get()) != 0) {
        return std::nullopt;
    }
    return OSRGetLinearUnits(reference.get(), nullptr);
}

std::string crs_label(const std::string& wkt) {
    const SpatialReferenceHandle reference = make_reference(wkt, "reference system");
    std::string label = authority_code(reference.get());
    if (label.empty()) {
        // Works on a copy: identification may rewrite the definition.
        const SpatialReferenceHandle copy = clone_reference(reference.get());
        if (OSRAutoIdentifyEPSG(copy.get()) == OGRERR_NONE) {
            label = authority_code(copy.get());
        }
    }
    if (label.empty()) {
        const char* name = OSRGetName(reference.get());
        label = name == nullptr ? "unnamed reference system" : name;
    }
    return label;
}

std::string parse_crs(const std::string& text) {
    const GdalErrorScope gdal;
    OGRSpatialReference reference;
    const OGRErr status =
        text.empty()
            ? OGRERR_FAILURE
            : reference.SetFromUserInput(text.c_str(), OGRSpatialReference::SET_FROM_USER_INPUT_LIMITATIONS_get());
    if (status != OGRERR_NONE) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "crs=" + text,
                                              .problem = gdal.explain("is not a reference system that PROJ knows"),
                                              .fix = "name it by its code, for example EPSG:3035"});
    }
    return wkt_of(OGRSpatialReference::ToHandle(&reference), text);
}

} // namespace lcclass
