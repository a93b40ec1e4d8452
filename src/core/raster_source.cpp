#include "lcclass/core/raster_source.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lcclass {

void RasterSource::read_bands(const Window& window, std::span<const int> chosen, PixelBlock& out) const {
    PixelBlock all;
    read(window, all);
    out.reset(window, static_cast<int>(chosen.size()));
    for (std::size_t b = 0; b < chosen.size(); ++b) {
        std::ranges::copy(std::as_const(all).band(chosen[b]), out.band(static_cast<int>(b)).begin());
    }
    out.update_valid();
}

std::vector<int> all_bands(const RasterSource& source) {
    std::vector<int> positions(source.bands().size());
    std::iota(positions.begin(), positions.end(), 0);
    return positions;
}

std::vector<std::string> band_names(const RasterSource& source) {
    std::vector<std::string> names;
    for (const BandSpec& band : source.bands()) {
        names.push_back(band.name);
    }
    return names;
}

} // namespace lcclass
