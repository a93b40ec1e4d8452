/// Slope, aspect and shading of a plane of heights, as GDAL's gdaldem computes them.
/// Pure functions; safe from any thread.
#pragma once

#include "features/plane.h"

namespace lcclass {

/// slope      degrees, 0 to 90
/// aspect     the direction that the slope faces: degrees clockwise from north, 0 to below 360; NaN where flat
/// northness  cosine of the aspect; 0 where flat
/// eastness   sine of the aspect; 0 where flat
/// hillshade  light from azimuth 315, altitude 45 degrees: 1 (in shadow) to 255, not rounded; 180.6 where flat
enum class TerrainKind { slope, aspect, northness, eastness, hillshade };

/// Pixel size in the unit of the heights: metres per pixel of a grid in degrees are for the caller to say. Both > 0.
struct TerrainScale {
    double pixel_width = 1;
    double pixel_height = 1;
};

/// Horn's gradient (Horn 1981, Proc. IEEE 69(1)) over 3 x 3 pixels, with the rules of `gdaldem -compute_edges` (GDAL
/// 3.6): a neighbour without a value counts as high as the centre; beyond the grid's edge heights go on linearly, in
/// the corners as those beside them; a pixel without a value is NaN, as is a whole grid of one row or column. Like
/// there, the aspect takes pixels as square. Slope and aspect are gdaldem's to the last bit but for differences of
/// atan; rounded hillshade is gdaldem's byte but where it lies within 1e-4 of a half, which gdaldem gets from an
/// approximate root.
///
/// Requires: `in.window` holds `out.window` and one pixel around it, as far as the grid reaches.
void terrain(TerrainKind kind, const TerrainScale& scale, const PlaneView& in, const PlaneOut& out);

} // namespace lcclass
