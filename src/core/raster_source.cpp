#include "lcclass/core/raster_source.h"

namespace lcclass {

std::vector<std::string> band_names(const RasterSource& source) {
    std::vector<std::string> names;
    for (const BandSpec& band : source.bands()) {
        names.push_back(band.name);
    }
    return names;
}

} // namespace lcclass
