/// A raster that can be read window by window: a file, a scene brought to one grid, or features computed on the fly.
/// Every function may be called from several threads at once.
#pragma once

#include "lcclass/core/date.h"
#include "lcclass/core/pixel_block.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// How stored numbers became values: value = stored x scale + offset (GDAL's convention).
struct Radiometry {
    double scale = 1;
    double offset = 0;
    /// Who said so: `none` (numbers as stored), `stated` (by the user), `file` (band metadata), `product` (scene XML).
    std::string origin = "none";
    bool operator==(const Radiometry&) const = default;
};

struct BandSpec {
    std::string name;       ///< unique within its raster: `B02`, `NDVI`, `class_code`
    std::string unit;       ///< `reflectance`, `nm`, `m`; empty when it has none
    Radiometry radiometry;  ///< already applied to the values that `read` gives
    std::string resampling; ///< `bilinear`, ... when the band was brought to this grid; empty when it lay on it
    std::string level = {}; ///< processing level of its product: `L1C`, `L2A`, `L2SP`; empty when it is not known
    std::optional<Date> sensed = {}; ///< when, if the scene says so
};

class RasterSource {
public:
    virtual ~RasterSource() = default;
    [[nodiscard]] virtual const GridSpec& grid() const = 0;
    [[nodiscard]] virtual const std::vector<BandSpec>& bands() const = 0;
    /// Fills `out` with `window` of all bands. Requires: `window` lies within `grid()`.
    /// Throws: Error(input) naming file, band and window when pixels cannot be read.
    virtual void read(const Window& window, PixelBlock& out) const = 0;
    /// The same for some of the bands, in the order of their positions `chosen`. Sources that can leave the others
    /// unread override it.
    virtual void read_bands(const Window& window, std::span<const int> chosen, PixelBlock& out) const;
};

/// The positions of all bands.
std::vector<int> all_bands(const RasterSource& source);

/// Names of the bands, in order.
std::vector<std::string> band_names(const RasterSource& source);

} // namespace lcclass
