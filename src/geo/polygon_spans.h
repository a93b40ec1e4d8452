/// The pixels of one polygon as runs of columns: burning by pixel centre or touch, and erosion.
/// Pure functions; safe from any thread. Coordinates are pixel coordinates: x right, y down, a pixel is 1 x 1.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

struct PixelPoint {
    double x = 0;
    double y = 0;
};
using PixelRing = std::vector<PixelPoint>;

/// Shell and holes of one polygon, in any order and direction.
struct PixelPolygon {
    std::vector<PixelRing> rings;
};

/// Columns [first, last) of one row.
struct PixelSpan {
    std::int32_t row = 0;
    std::int32_t first = 0;
    std::int32_t last = 0;
    bool operator==(const PixelSpan&) const = default;
};

/// The raster that spans are clipped to.
struct PixelFrame {
    std::int32_t width = 0;
    std::int32_t height = 0;
};

/// Pixels whose centre lies inside one of `parts` (even-odd over the rings of a part, union over parts), exactly as
/// GDALRasterizeGeometries decides it, ties included: a centre on a right, upper or horizontal lower edge is inside.
/// With `all_touched` also every pixel whose interior a boundary crosses. Sorted by row and column, disjoint, not
/// adjacent. Takes time and memory proportional to vertices plus boundary rows (log-linear for sorting), unlike GDAL's,
/// whose time is vertices x rows. Requires: finite coordinates.
std::vector<PixelSpan> burn(std::span<const PixelPolygon> parts, const PixelFrame& frame, bool all_touched);

/// `spans` without the pixels that have one of their 4 neighbours outside the set; what lies outside the frame counts
/// as inside, so that the edge of the image does not erode a polygon that goes on beyond it.
/// Requires: spans as `burn` gives them.
std::vector<PixelSpan> erode_once(std::span<const PixelSpan> spans, const PixelFrame& frame);

std::int64_t count_pixels(std::span<const PixelSpan> spans);

} // namespace lcclass
