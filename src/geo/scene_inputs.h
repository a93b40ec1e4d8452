/// From what the user names as inputs to the files that may be bands of the scene.
/// Functions are safe from any thread.
#pragma once

#include "geo/sentinel2_names.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// A file and a band in it, before it is opened.
struct BandCandidate {
    std::string name; ///< empty: the description of every band in the file is a name
    std::filesystem::path path;
    std::optional<int> band_index;                     ///< nothing: the only band of the file
    std::optional<EsaName> esa;                        ///< set when the file bears an ESA name
    std::optional<std::filesystem::path> product_file; ///< metadata of the product that the file belongs to
};

/// The candidates of all inputs, sorted within a folder. Of a band that a product offers at several resolutions only
/// the finest is kept. Throws: Error(input) for an input that does not exist, a folder without bands, two files for
/// one band.
std::vector<BandCandidate> find_candidates(const std::vector<std::string>& inputs);

/// Throws Error(input) naming both files. `first` and `second` are texts for messages, `file:band n`.
[[noreturn]] void refuse_two_candidates(const std::string& band, const std::string& first, const std::string& second);

} // namespace lcclass
