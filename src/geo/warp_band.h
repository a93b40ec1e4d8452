/// A band brought to another grid by GDAL's own warper, as a dataset that is computed while it is read.
/// Functions are safe from any thread.
#pragma once

#include "geo/masked_numbers.h"
#include "geo/raster_band_reader.h"
#include "lcclass/core/grid_spec.h"
#include "lcclass/geo/scene.h"

namespace lcclass {

struct WarpSpec {
    BandToRead file;
    GridSpec from;
    GridSpec to;
    Resampling resampling = Resampling::bilinear;
    MaskedNumbers masked; ///< stored numbers that are nodata besides the file's own
};

/// One float band on the grid `to`, NaN where no valid pixel contributes; nodata is masked before resampling.
/// Throws: Error(input) naming the file.
PooledDataset open_warped(const WarpSpec& spec);

/// What a reader of the warped dataset must know: band 1, NaN is nodata, messages name the file behind it.
BandToRead warped_band(const WarpSpec& spec);

} // namespace lcclass
