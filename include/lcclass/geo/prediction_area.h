/// Points that stand for the area a map will cover: valid pixels of a raster, or places inside polygons.
/// Each call is self-contained; safe from any thread.
#pragma once

#include "lcclass/core/point_set.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace lcclass {

enum class PointLayout { regular, random };

std::string to_string(PointLayout layout);
/// Throws Error(command_line) listing the known words.
PointLayout parse_point_layout(const std::string& word);

struct PredictionAreaOptions {
    std::int64_t n_points = 1000; ///< regular: about so many, as a square lattice gives them; random: exactly
    PointLayout layout = PointLayout::regular;
    std::uint64_t seed = 42; ///< random only
    std::string crs_wkt;     ///< of the points; empty: that of the area
};

/// Raster (GeoTIFF, JPEG 2000; a pixel is inside when every band has a value) or polygon layer. The lattice is square
/// in the CRS of a raster, and in that of the points for polygons; random points of polygons are drawn from a lattice
/// of 1024 cells along the longer side and moved at random within their cell.
/// Throws: Error(input) naming the file when it cannot be read, says no reference system, or holds no valid pixel or no
/// polygon; Error(configuration) for fewer than 10 or more than 10,000,000 points.
PointSet prediction_points(const std::filesystem::path& path, const PredictionAreaOptions& options);

} // namespace lcclass
