/// Blocks as areas are mapped: the pixels that have a value in every feature, and blocks of results that have none yet.
/// Values; not synchronised.
#pragma once

#include "lcclass/core/pixel_block.h"

#include <cstdint>
#include <vector>

namespace lcclass {

/// The valid pixels of a block packed together, feature by feature.
struct PackedRows {
    std::vector<std::uint32_t> pixel; ///< position in the area of each row
    std::vector<float> values;
    FeatureView view; ///< of `values`, or of the block when all of it is valid
};

/// Requires: a block within `area`, which outlives the rows.
PackedRows pack_valid(const PixelBlock& block, const Window& area);

/// Gives a block its shape, without a value anywhere.
void fill_nodata(PixelBlock& block, const Window& window, int n_bands);

} // namespace lcclass
