/// The bands that a folder, a product or a zip offers, found by the names of its files.
/// Functions are safe from any thread.
#pragma once

#include "geo/scene_inputs.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// The candidates below `folder`, which may stand for the inside of a zip. `product_file` is the metadata that the user
/// named, or else what lies in the folder or above it; `granule` as in SceneOptions.
/// Throws: Error(input) when there are none, for two files of one band and date, for several granules of one product
/// unless `granule` picks one, and for a `granule` that is not there.
std::vector<BandCandidate> candidates_of_folder(const std::filesystem::path& folder,
                                                const std::optional<std::filesystem::path>& product_file,
                                                const std::string& granule);

/// The candidate of one file with an ESA name.
BandCandidate candidate_of_esa_file(const std::filesystem::path& file, const EsaName& name);

} // namespace lcclass
