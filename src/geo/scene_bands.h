/// The bands of a scene once their files were opened: what they are called, where they lie, how their numbers are
/// meant and which numbers mean nothing.
/// Functions are safe from any thread.
#pragma once

#include "geo/masked_numbers.h"
#include "geo/raster_band_reader.h"
#include "lcclass/geo/scene.h"

#include <string>
#include <vector>

namespace lcclass {

struct OpenedBand {
    SceneBand band;
    BandToRead file;
    std::string unit;
    MaskedNumbers masked;                         ///< stored numbers that are nodata besides the file's own
    Resampling resampling = Resampling::bilinear; ///< should it not lie on the grid
};

/// Every band that the inputs offer. Throws as `list_bands`.
std::vector<OpenedBand> open_bands(const SceneOptions& options);

/// The bands `names`, in that order. Throws Error(input) naming the band that is missing, where it was looked for and
/// what is there.
std::vector<OpenedBand> select_bands(std::vector<OpenedBand> bands, const std::vector<std::string>& names,
                                     const std::vector<std::string>& inputs);

/// Throws Error(input) naming two files when some of `bands` are of level L1C and others are not: reflectance at the
/// top of the atmosphere does not compare with that of the surface.
void require_one_level(const std::vector<OpenedBand>& bands);

/// Throws Error(input) naming two files when one band number of Landsat, under one name, is of OLI here and of TM or
/// ETM+ there: red is SR_B4 of the first and SR_B3 of the others.
void require_one_sensor(const std::vector<OpenedBand>& bands);

} // namespace lcclass
