/// The pixel at a place, and the features it has.
/// Free functions; safe from any thread.
#pragma once

#include "lcclass/core/raster_source.h"
#include "lcclass/geo/coordinates.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lcclass {

struct PlacePixel {
    Coordinates place; ///< in the raster's reference system
    std::int64_t column = 0;
    std::int64_t row = 0;
    std::vector<float> values; ///< one per band, all finite
};

/// The pixel of `source` that holds `asked`, a place in the system `crs` (`EPSG:4326`; empty: the raster's own).
/// Throws: Error(configuration) for a system that is none; Error(input) naming the place and how far it is outside or
/// from the nearest pixel with values, when it has none.
PlacePixel find_pixel(const RasterSource& source, const std::string& source_name, const Coordinates& asked,
                      const std::string& crs);

} // namespace lcclass
