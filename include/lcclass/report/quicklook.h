/// Rasters at the size of a report: the pixels that the cells of a coarse grid show, photos of means, and how many
/// pixels have which code, all of them in one pass.
/// Free functions; reading uses all threads, the rest is pure.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/report/map_view.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace lcclass::report {

/// What to read of a raster; bands by their positions.
struct QuicklookPlan {
    /// Bands of which every cell of a grid takes the very pixel that it shows.
    struct Exact {
        QuicklookGrid grid;
        std::vector<int> bands;
    };
    std::vector<Exact> exact = {};
    /// Red, green and blue, as the means over the pixels of a cell that have all three.
    std::vector<std::array<int, 3>> photos = {};
    QuicklookGrid photo_grid = {};
    std::vector<int> counted = {};    ///< bands of codes 0..65535 of which every pixel is counted
    std::int64_t block_pixels = 1024; ///< side of the blocks, about; results do not depend on it
};

struct Quicklook {
    std::vector<std::vector<std::vector<float>>> exact;       ///< [part][band of it][cell]; NaN: nodata
    std::vector<std::array<std::vector<float>, 3>> photos;    ///< [photo][red, green, blue][cell]; NaN: no valid pixel
    std::vector<std::map<std::int32_t, std::int64_t>> counts; ///< [counted band]: pixels of each code but 0
};

/// Streams the whole of `source` once. The same values for any number of threads and any `block_pixels`.
/// Requires: the grids of the plan are of `source`. Throws: as `source.read_bands`.
Quicklook read_quicklook(const RasterSource& source, const QuicklookPlan& plan, Progress& progress);

/// Position + 1 of each value in `codes`, 0 for nodata and for what is not among them. Requires: 255 codes at most.
std::vector<std::uint8_t> class_cells(std::span<const float> values, std::span<const std::int32_t> codes);

/// 1 at `low` or below to 255 at `high` or above, 0 for nodata. Requires: low < high.
std::vector<std::uint8_t> scale_cells(std::span<const float> values, double low, double high);

/// The value that a cell of `scale_cells` stands for. Requires: cell > 0.
double scale_value(std::uint8_t cell, double low, double high);

/// What is below a `share` of the values that are there; nothing when none is.
std::optional<double> share_below(std::span<const float> values, double share);

/// Pixels and `valid` of a photo: every band stretched from what 2 % of its cells are below to what 2 % are above, and
/// brightened by the gamma 1.2.
void stretch_photo(const std::array<std::vector<float>, 3>& bands, PhotoLayer& photo);

} // namespace lcclass::report
