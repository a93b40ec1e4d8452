/// A raster that is written block by block and appears as a whole or not at all.
/// Not thread-safe: one writer at a time.
#pragma once

#include "lcclass/core/pixel_block.h"

namespace lcclass {

class RasterSink {
public:
    /// Without a `commit()` before it, destruction leaves nothing behind.
    virtual ~RasterSink() = default;
    /// Writes all bands of the block; NaN becomes the declared nodata value.
    /// Throws: Error(output) when the disk does not take it.
    virtual void write(const PixelBlock& block) = 0;
    /// Finishes, verifies and publishes the raster. Throws: Error(output); then nothing was published.
    virtual void commit() = 0;
};

} // namespace lcclass
