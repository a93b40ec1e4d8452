/// Bands without the pixels that mask bands take out, and how much of each scene that leaves.
/// Sources may be read from several threads at once.
#pragma once

#include "lcclass/core/date.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// The name of the band that a rule such as `SCL=cloud-medium,cloud-high` looks at. Throws Error(command_line).
std::string mask_band_of(const std::string& rule);

/// `bands` with NaN where a rule masks, `dilation` pixels around it included. A mask band with a date masks the bands
/// of that date; one without masks all bands that were sensed, or all when none says so. Mask bands stay as they are.
/// Throws Error(command_line) for a rule that cannot be understood; the source throws Error(input) for values that the
/// band cannot have.
std::shared_ptr<const RasterSource> mask_bands(std::shared_ptr<const RasterSource> bands,
                                               const std::vector<std::string>& rules, std::int64_t dilation);

/// How many pixels of a scene have values.
struct SceneShare {
    struct Block {
        Window window;
        std::int64_t valid = 0;
    };
    std::optional<Acquisition> date; ///< nothing for bands without
    std::int64_t valid = 0;          ///< pixels with a value in every band of the date
    std::int64_t pixels = 0;
    std::vector<Block> blocks; ///< row by row

    [[nodiscard]] double share() const { return static_cast<double>(valid) / static_cast<double>(pixels); }
};

/// One entry per date of `bands`, ascending; one without date when none has any. Bands without date are left aside
/// where others have one.
std::vector<SceneShare> valid_shares(const RasterSource& bands, std::int64_t block_size, Progress& progress);

} // namespace lcclass
