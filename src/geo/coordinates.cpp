#include "lcclass/geo/coordinates.h"

#include "geo/gdal_errors.h"
#include "geo/gdal_handles.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <cmath>

namespace lcclass {

Coordinates transform_coordinates(const Coordinates& place, const std::string& from_wkt, const std::string& to_wkt) {
    if (same_crs(from_wkt, to_wkt)) {
        return place;
    }
    const std::string name = format_number(place.x) + "," + format_number(place.y);
    const TransformationHandle transformation = make_transformation(from_wkt, to_wkt, name);
    const GdalErrorScope gdal;
    Coordinates moved = place;
    if (OCTTransform(transformation.get(), 1, &moved.x, &moved.y, nullptr) == 0 || !std::isfinite(moved.x) ||
        !std::isfinite(moved.y)) {
        throw Error(ExitCode::input, {.where = name,
                                      .field = {},
                                      .problem = gdal.explain("is no place that can be brought from " +
                                                              crs_label(from_wkt) + " to " + crs_label(to_wkt)),
                                      .fix = "give x (easting, longitude) first, in the reference system it is of"});
    }
    return moved;
}

} // namespace lcclass
