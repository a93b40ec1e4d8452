/// Which pixels of a map it was trained on, as far as that can be found out.
/// Free functions; safe from any thread.
#pragma once

#include "command.h"
#include "lcclass/forest/model.h"
#include "lcclass/geo/raster_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {

/// What a model's training record says of its sample table, for the metadata of maps: `{"name", "sha256"}`; empty when
/// it says nothing.
std::string training_samples_of(const Model& model);

/// Name and hash of the table that a record of `training_samples_of` is of; empty where it says neither.
struct RecordedSamples {
    std::string name; ///< a name alone: what a file says must not lead to other folders
    std::string sha256;
};
RecordedSamples recorded_samples(const std::string& record);

/// Files of the recorded name beside `file` and in the output folder, as far as there are any.
std::vector<std::filesystem::path> files_of(const RecordedSamples& recorded, const std::filesystem::path& file,
                                            const GlobalOptions& globals);

struct TrainingPixels {
    std::string name;                 ///< of the file; empty: none was found
    std::vector<std::int64_t> pixels; ///< sorted
};

/// From the table that the map's training record names, looked for beside the map and in the output folder. Warns when
/// it has changed since or has no sample on the map; without a word none when there is no such table.
TrainingPixels recorded_training_pixels(const RasterFile& map, const std::filesystem::path& map_path, Context& context);

/// From `samples` when given, or else as recorded. Warns when there is none.
TrainingPixels find_training_pixels(const std::filesystem::path& samples, const RasterFile& map,
                                    const std::filesystem::path& map_path, Context& context);

} // namespace lcclass
