#include "geo/polygon_geometry.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/geo/raster_file.h"

#include <cpl_error.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

/// Beyond any place on Earth in any unit that maps use.
constexpr double absurd_coordinate = 1e10;

[[noreturn]] void refuse(const std::string& where, std::int64_t fid, std::string field, std::string problem,
                         std::string fix) {
    throw Error(ExitCode::input, {.where = where + ":fid " + std::to_string(fid),
                                  .field = std::move(field),
                                  .problem = std::move(problem),
                                  .fix = std::move(fix)});
}

bool is_usable(double coordinate) {
    return std::isfinite(coordinate) && std::abs(coordinate) <= absurd_coordinate;
}

/// GDAL's own text for why GEOS finds a geometry invalid, empty when it is valid.
std::string invalid_reason(OGRGeometryH geometry) {
    CPLErrorReset();
    if (OGR_G_IsValid(geometry) != FALSE) {
        return {};
    }
    const std::string reason = CPLGetLastErrorMsg();
    return reason.empty() ? "invalid by the rules of OGC simple features" : reason;
}

bool is_polygonal(OGRwkbGeometryType type) {
    return type == wkbPolygon || type == wkbMultiPolygon;
}

/// First coordinate that cannot be used, as text; empty when all can.
std::string unusable_coordinate(OGRGeometryH geometry) {
    for (int i = 0; i < OGR_G_GetPointCount(geometry); ++i) {
        const double x = OGR_G_GetX(geometry, i);
        const double y = OGR_G_GetY(geometry, i);
        if (!is_usable(x) || !is_usable(y)) {
            return std::to_string(x) + " " + std::to_string(y);
        }
    }
    for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) {
        std::string text = unusable_coordinate(OGR_G_GetGeometryRef(geometry, i));
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

/// A flat copy without curves.
GeometryHandle linear_copy(OGRGeometryH geometry) {
    GeometryHandle copy(OGR_G_HasCurveGeometry(geometry, TRUE) != FALSE ? OGR_G_GetLinearGeometry(geometry, 0, nullptr)
                                                                        : OGR_G_Clone(geometry));
    if (copy) {
        OGR_G_FlattenTo2D(copy.get());
    }
    return copy;
}

/// GDAL's inverse geotransform, operation by operation, so that ties fall as in GDALRasterizeGeometries.
PixelPoint to_pixel(const GridSpec& grid, double x, double y) {
    return {.x = -grid.origin_x / grid.pixel_width + x * (1.0 / grid.pixel_width),
            .y = -grid.origin_y / -grid.pixel_height + y * (1.0 / -grid.pixel_height)};
}

void extend(Bounds& bounds, double x, double y) {
    bounds.min_x = std::min(bounds.min_x, x);
    bounds.min_y = std::min(bounds.min_y, y);
    bounds.max_x = std::max(bounds.max_x, x);
    bounds.max_y = std::max(bounds.max_y, y);
}

} // namespace

PointTransform::PointTransform(const std::string& from_wkt, const std::string& to_wkt, const std::string& where) {
    if (!same_crs(from_wkt, to_wkt)) {
        m_transformation = make_transformation(from_wkt, to_wkt, where);
    }
}

bool PointTransform::apply(std::span<double> x, std::span<double> y) const {
    if (!m_transformation) {
        return true;
    }
    std::vector<int> placed(x.size(), TRUE);
    OCTTransformEx(m_transformation.get(), static_cast<int>(x.size()), x.data(), y.data(), nullptr, placed.data());
    bool all = true;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (placed[i] == FALSE || !is_usable(x[i]) || !is_usable(y[i])) {
            x[i] = y[i] = std::numeric_limits<double>::infinity();
            all = false;
        }
    }
    return all;
}

PolygonReader::PolygonReader(const GridSpec& grid, const std::string& layer_wkt, InvalidPolicy policy,
                             std::string where)
    : m_grid(grid), m_transform(layer_wkt, grid.crs_wkt, where), m_policy(policy), m_where(std::move(where)) {}

GeometryHandle PolygonReader::make_valid(GeometryHandle geometry, std::int64_t fid, bool& repaired) const {
    const std::string reason = invalid_reason(geometry.get());
    if (reason.empty()) {
        return geometry;
    }
    if (m_policy == InvalidPolicy::error) {
        refuse(m_where, fid, "geometry", "invalid polygon: " + reason, "repair it, or use --invalid fix or skip");
    }
    if (m_policy == InvalidPolicy::skip) {
        return nullptr;
    }
    OGR_G_CloseRings(geometry.get());
    repaired = true;
    return GeometryHandle(OGR_G_MakeValid(geometry.get()));
}

void PolygonReader::add_ring(OGRGeometryH ring, std::int64_t fid, PixelPolygon& part, FeaturePolygons& out) const {
    const auto n = static_cast<std::size_t>(OGR_G_GetPointCount(ring));
    std::vector<double> x(n);
    std::vector<double> y(n);
    OGR_G_GetPoints(ring, x.data(), sizeof(double), y.data(), sizeof(double), nullptr, 0);
    if (!m_transform.apply(x, y)) {
        const auto bad =
            static_cast<int>(std::find_if(x.begin(), x.end(), [](double v) { return !std::isfinite(v); }) - x.begin());
        refuse(m_where, fid,
               "vertex=" + std::to_string(OGR_G_GetX(ring, bad)) + " " + std::to_string(OGR_G_GetY(ring, bad)),
               "has no place in the reference system of the grid, " + crs_label(m_grid.crs_wkt),
               "check the layer's reference system, or leave the feature out with --where");
    }
    PixelRing pixels;
    pixels.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
        extend(out.bounds, x[i], y[i]);
        out.digest = mix64(out.digest, std::bit_cast<std::uint64_t>(x[i]));
        out.digest = mix64(out.digest, std::bit_cast<std::uint64_t>(y[i]));
        pixels.push_back(to_pixel(m_grid, x[i], y[i]));
    }
    part.rings.push_back(std::move(pixels));
}

void PolygonReader::add_polygons(OGRGeometryH geometry, std::int64_t fid, FeaturePolygons& out) const {
    const OGRwkbGeometryType type = OGR_GT_Flatten(OGR_G_GetGeometryType(geometry));
    if (type == wkbMultiPolygon || type == wkbGeometryCollection) {
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) {
            add_polygons(OGR_G_GetGeometryRef(geometry, i), fid, out);
        }
    } else if (type == wkbPolygon && OGR_G_IsEmpty(geometry) == FALSE) {
        PixelPolygon part;
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) {
            add_ring(OGR_G_GetGeometryRef(geometry, i), fid, part, out);
        }
        out.parts.push_back(std::move(part));
    }
}

std::optional<FeaturePolygons> PolygonReader::read(OGRGeometryH geometry, std::int64_t fid) const {
    const std::string bad = unusable_coordinate(geometry);
    if (!bad.empty()) {
        refuse(m_where, fid, "vertex=" + bad, "is not a coordinate",
               "repair the feature, or leave it out with --where");
    }
    GeometryHandle linear = linear_copy(geometry);
    const OGRwkbGeometryType type =
        linear ? OGR_GT_Flatten(OGR_G_GetGeometryType(linear.get())) : OGR_GT_Flatten(OGR_G_GetGeometryType(geometry));
    if (!linear || !is_polygonal(type)) {
        refuse(m_where, fid, std::string("geometry=") + OGRGeometryTypeToName(type), "is not a polygon",
               "labels are polygons: buffer points and lines, or leave the feature out with --where");
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    FeaturePolygons out{
        .parts = {}, .bounds = {infinity, infinity, -infinity, -infinity}, .digest = 0, .repaired = false};
    linear = make_valid(std::move(linear), fid, out.repaired);
    if (linear) {
        add_polygons(linear.get(), fid, out);
    }
    return out.parts.empty() ? std::nullopt : std::optional(std::move(out));
}

} // namespace lcclass
