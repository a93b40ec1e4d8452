/// The features of a label layer as pixels: read once, burned, eroded and ordered independently of their file.
/// A LabelFeatures is a value; reading belongs to one thread.
#pragma once

#include "geo/label_values.h"
#include "geo/polygon_spans.h"
#include "lcclass/core/grid_spec.h"
#include "lcclass/core/progress.h"
#include "lcclass/geo/rasterize.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace lcclass {

/// Why a feature has no pixel in the labels.
enum class SkipReason {
    none,
    no_class,
    dropped_class,
    no_geometry,
    invalid,
    outside,
    no_pixel_centre,
    eroded,
    covered
};

/// `outside the grid`, as it stands in the account.
std::string to_string(SkipReason reason);

struct LabelFeature {
    std::int64_t fid = 0;
    std::int32_t class_code = 0; ///< 0: none
    std::int32_t group = -1;     ///< index into LabelFeatures::groups
    Bounds bounds;               ///< CRS units of the grid; what has no geometry lies at infinity
    std::uint64_t digest = 0;    ///< of the coordinates
    std::int64_t first_span = 0;
    std::int32_t n_spans = 0;
    SkipReason skip = SkipReason::none;
    bool clipped = false; ///< reaches beyond the grid
};

struct LabelFeatures {
    /// In the order of their polygon_id, which is position + 1: by class code (none last), then from north to south,
    /// west to east, then by coordinates, group and FID. The order of features in the file does not matter.
    std::vector<LabelFeature> features;
    std::deque<PixelSpan> spans; ///< of all features; those of one feature lie together, by row
    std::vector<std::string> groups;
    ClassLegend legend;
    std::vector<std::string> notes;
    std::string where; ///< `file:layer`

    [[nodiscard]] const PixelSpan& span_at(const LabelFeature& feature, std::int32_t index) const {
        return spans[static_cast<std::size_t>(feature.first_span + index)];
    }
};

/// Throws Error(input) as `rasterize`.
LabelFeatures read_label_features(const RasterizeOptions& options, const GridSpec& grid, Progress& progress);

} // namespace lcclass
