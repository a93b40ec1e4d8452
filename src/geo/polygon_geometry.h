/// From an OGR geometry to checked polygons in pixel coordinates of a grid.
/// A PolygonReader belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"
#include "geo/polygon_spans.h"
#include "lcclass/core/grid_spec.h"
#include "lcclass/geo/rasterize.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// Points of one reference system in another, x before y in both; nothing is changed when both mean the same.
class PointTransform {
public:
    PointTransform(const std::string& from_wkt, const std::string& to_wkt, const std::string& where);

    /// False when a point has no place in the other system; it is not finite then.
    bool apply(std::span<double> x, std::span<double> y) const;

private:
    TransformationHandle m_transformation; ///< null: same system
};

/// The polygons of one feature. Bounds are in CRS units of the grid.
struct FeaturePolygons {
    std::vector<PixelPolygon> parts;
    Bounds bounds;
    std::uint64_t digest = 0; ///< of all coordinates in order, to order features independently of their file
    bool repaired = false;
};

class PolygonReader {
public:
    /// `where` is the layer, for messages.
    PolygonReader(const GridSpec& grid, const std::string& layer_wkt, InvalidPolicy policy, std::string where);

    /// Nothing when the geometry is invalid and skipped, or nothing polygonal is left of it after the repair.
    /// Requires: not null, not empty.
    /// Throws Error(input) naming the FID: points or lines, coordinates that are not finite or have no place in the
    /// grid's CRS, invalid polygons (with the reason that GEOS gives).
    [[nodiscard]] std::optional<FeaturePolygons> read(OGRGeometryH geometry, std::int64_t fid) const;

private:
    [[nodiscard]] GeometryHandle make_valid(GeometryHandle geometry, std::int64_t fid, bool& repaired) const;
    void add_ring(OGRGeometryH ring, std::int64_t fid, PixelPolygon& part, FeaturePolygons& out) const;
    void add_polygons(OGRGeometryH geometry, std::int64_t fid, FeaturePolygons& out) const;

    GridSpec m_grid;
    PointTransform m_transform;
    InvalidPolicy m_policy;
    std::string m_where;
};

} // namespace lcclass
