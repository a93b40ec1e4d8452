/// What the values of a class raster mean, and its pixels as class codes: without edges of classes and small patches
/// when that is asked for.
/// Each object belongs to one thread.
#pragma once

#include "geo/class_patches.h"
#include "geo/warped_classes.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lcclass {

using ValueCounts = std::map<double, std::int64_t>;

/// Codes of the raster's values; 0 for what is no class.
class ValueCodes {
public:
    /// Requires: `counts` of all values of the raster. Throws Error(input) for values that are no class.
    ValueCodes(const RasterizeOptions& options, const ValueCounts& counts, const ClassLegend& raster_legend,
               bool zero_is_nodata);

    [[nodiscard]] std::vector<std::int32_t> of(const std::vector<double>& values) const;

    ClassLegend legend;
    std::vector<std::string> notes;

private:
    std::map<double, std::int32_t> m_code;
};

/// The pixels of a strip: as the raster has them, without what lies in small patches, and without the edges either.
struct ClassStrip {
    std::vector<std::int32_t> raster;
    std::vector<std::int32_t> in_large_patches;
    std::vector<std::int32_t> labels;
};

/// Reads the strips of a grid from the top down. Patches are those of the raster before erosion: an eroded pixel
/// counts, and what erosion leaves of a large patch stays. Both may be done in either order, with the same result.
class ClassStrips {
public:
    /// Keeps references. `large` is empty to keep patches of any size.
    ClassStrips(const WarpedClasses& classes, const ValueCodes& codes, const GridSpec& grid,
                const std::vector<bool>& large, int erode);

    /// Requires: `strip` is the one below the strip before.
    ClassStrip read(const Window& strip);

private:
    const WarpedClasses& m_classes;
    const ValueCodes& m_codes;
    GridSpec m_grid;
    bool m_any_patch;
    PatchFilter m_filter;
    int m_erode;
};

} // namespace lcclass
