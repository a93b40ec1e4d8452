/// What the bands of a scene are called once their files were opened: names, dates, and which bands are meant by them.
/// Functions are safe from any thread.
#pragma once

#include "geo/raster_dataset.h"
#include "geo/scene_inputs.h"

#include <string>
#include <vector>

namespace lcclass {

/// A band of a file that was opened, before its numbers have a meaning.
struct FoundBand {
    BandCandidate candidate;
    GridSpec grid;
    RasterBandInfo info;
    std::string base;                ///< name without date
    std::string own_base;            ///< `base` before SceneOptions::rename
    std::optional<Acquisition> when; ///< it was sensed
    bool keeps_date = false;         ///< the user or the file wrote the date into the name
    std::string name;                ///< set by `name_bands`: `base`, or `base@date`

    /// Is `text` its name, with or without the date?
    [[nodiscard]] bool is_called(const std::string& text) const { return text == base || text == name; }
    /// By the name of its file, or by its own before or after renaming: `B04=crop.tif`, a description `B04`.
    [[nodiscard]] bool is_sentinel2() const;
};

/// Those bands of the candidate's file that it means, with `base` and `when`.
/// Throws: Error(input) when the file has no such band, or several where one is meant.
std::vector<FoundBand> bands_of_candidate(const BandCandidate& candidate, const GridSpec& grid,
                                          std::vector<RasterBandInfo> infos);

/// Renames as SceneOptions::rename says and gives every band its name: with the date when there are several dates.
/// Throws: Error(command_line) for an entry that is not NEW=OLD; Error(configuration) for a band that is not there.
void name_bands(const std::vector<std::string>& rename, std::vector<FoundBand>& bands);

} // namespace lcclass
