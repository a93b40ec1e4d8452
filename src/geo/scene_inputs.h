/// From what the user names as inputs to the files that may be bands of the scene.
/// Functions are safe from any thread.
#pragma once

#include "geo/landsat_product.h"
#include "geo/sentinel2_names.h"
#include "lcclass/geo/scene.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// A file and a band in it, before it is opened.
struct BandCandidate {
    std::string name = {}; ///< without its date; empty: the description of every band in the file is a name
    std::filesystem::path path = {};
    std::optional<int> band_index = {};                     ///< nothing: the only band of the file
    std::optional<EsaName> esa = {};                        ///< set when the file bears the ESA name of a spectral band
    std::optional<LandsatName> landsat = {};                ///< set when it is part of a Landsat Level-2 product
    std::optional<std::filesystem::path> product_file = {}; ///< metadata of the product that the file belongs to
    std::string scene = {};                                 ///< the granule, or what else belongs together
    std::string level = {};                                 ///< as `BandSpec::level`
    int resolution = 0;                                     ///< metres that name or folder state, 0: neither does
    std::optional<Acquisition> when = {};                   ///< it was sensed
    bool date_was_stated = false;                           ///< by the user, so that the band's name keeps it
    bool descriptions_are_dates = false;                    ///< `NAME@=PATH`
    bool auxiliary = false;                                 ///< as `SceneBand::auxiliary`
};

/// The candidates of all inputs, sorted within a folder. Of a band that a product offers at several resolutions only
/// the finest is kept. Throws: Error(input) for an input that does not exist, a folder without bands, two files for
/// one band of one date, several granules when none is chosen.
std::vector<BandCandidate> find_candidates(const SceneOptions& options);

/// Throws Error(input) naming both files. `first` and `second` are texts for messages, `file:band n`.
[[noreturn]] void refuse_two_candidates(const std::string& band, const std::string& first, const std::string& second);

} // namespace lcclass
