/// The bands among files that are named as Landsat's are, or that share a stem and differ in what is behind it.
/// Functions are safe from any thread.
#pragma once

#include "geo/scene_inputs.h"

#include <filesystem>
#include <vector>

namespace lcclass {

/// Throws Error(input): `where`, a file or a folder, is of Level-1.
[[noreturn]] void refuse_landsat_level1(const std::filesystem::path& where);

/// Those of `files` that belong to Collection 2 Level-2 products, with their metadata.
std::vector<BandCandidate> landsat_candidates(const std::vector<std::filesystem::path>& files);

/// Those beside `metadata` (`..._MTL.xml`, `..._MTL.txt`) that belong to its product.
/// Throws: Error(input) when there are none.
std::vector<BandCandidate> candidates_of_landsat_metadata(const std::filesystem::path& metadata);

/// The candidate of one file of a Level-2 product.
BandCandidate candidate_of_landsat_file(const std::filesystem::path& file, const LandsatName& name);

/// Rasters called `STEM_SUFFIX`, where STEM is a Landsat scene id (several may be) or else the same for all: their
/// suffix is the name, as in `LE70350322008118EDC00_b3.tif`. Empty when the files are not like that.
std::vector<BandCandidate> suffix_candidates(const std::vector<std::filesystem::path>& files);

} // namespace lcclass
