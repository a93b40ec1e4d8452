#include "geo/gdal_handles.h"

#include "geo/gdal_errors.h"
#include "lcclass/core/error.h"

#include <cpl_conv.h>

#include <array>

namespace lcclass {

SpatialReferenceHandle make_reference(const std::string& wkt, const std::string& where) {
    const GdalErrorScope gdal;
    SpatialReferenceHandle reference(OSRNewSpatialReference(nullptr));
    if (wkt.empty() || OSRSetFromUserInput(reference.get(), wkt.c_str()) != OGRERR_NONE) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "crs",
                                      .problem = gdal.explain("its reference system cannot be understood"),
                                      .fix = "assign the right one, for example with gdal_edit.py -a_srs EPSG:32633"});
    }
    OSRSetAxisMappingStrategy(reference.get(), OAMS_TRADITIONAL_GIS_ORDER);
    return reference;
}

SpatialReferenceHandle clone_reference(OGRSpatialReferenceH reference) {
    SpatialReferenceHandle copy(OSRClone(reference));
    OSRSetAxisMappingStrategy(copy.get(), OAMS_TRADITIONAL_GIS_ORDER);
    return copy;
}

std::string wkt_of(OGRSpatialReferenceH reference, const std::string& where) {
    const GdalErrorScope gdal;
    const std::array<const char*, 2> options = {"FORMAT=WKT2_2018", nullptr};
    char* text = nullptr;
    const OGRErr status = reference == nullptr ? OGRERR_FAILURE : OSRExportToWktEx(reference, &text, options.data());
    std::string wkt = text == nullptr ? "" : text;
    CPLFree(text);
    if (status != OGRERR_NONE || wkt.empty()) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "crs",
                                      .problem = gdal.explain("its reference system cannot be written as WKT"),
                                      .fix = "assign one with a code, for example EPSG:32633"});
    }
    return wkt;
}

TransformationHandle make_transformation(const std::string& from_wkt, const std::string& to_wkt,
                                         const std::string& where) {
    const SpatialReferenceHandle from = make_reference(from_wkt, where);
    const SpatialReferenceHandle to = make_reference(to_wkt, where);
    const GdalErrorScope gdal;
    TransformationHandle transformation(OCTNewCoordinateTransformation(from.get(), to.get()));
    if (!transformation) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "crs",
                                      .problem = gdal.explain("no transformation to the other reference system"),
                                      .fix = "check both reference systems, and that proj.db is installed"});
    }
    return transformation;
}

} // namespace lcclass
