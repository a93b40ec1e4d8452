/// A part of a raster: a rectangle, the pixels inside polygons, or both.
/// What is returned may be read from several threads at once, as its source.
#pragma once

#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace lcclass {

struct Part {
    std::optional<Bounds> bounds;   ///< in the raster's CRS units, snapped outwards to pixel edges
    std::filesystem::path polygons; ///< any reference system; empty: none
    std::string layer = {};         ///< of these; empty: the only one
};

struct CutOut {
    std::shared_ptr<const RasterSource> source;
    std::int64_t n_pixels = 0;   ///< inside
    std::int64_t n_repaired = 0; ///< polygons that were invalid
};

/// The smallest grid that holds the part; pixels whose centre is in none of the polygons have no value.
/// Throws: Error(input) naming `where` or the polygons when nothing of the raster is in the part, and what
/// reading polygons throws.
CutOut cut_out(std::shared_ptr<const RasterSource> source, const Part& part, const std::string& where);

} // namespace lcclass
