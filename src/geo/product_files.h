/// The files of a scene, below a folder or inside a zip that is read as it is and unpacked nowhere.
/// A file in a zip has a path of its own kind, which only these functions make and understand.
/// Functions are safe from any thread.
#pragma once

#include "geo/gdal_handles.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {

/// A regular file whose name ends on `.zip`.
bool is_zip(const std::filesystem::path& path);
/// The folder that stands for the content of `zip`.
std::filesystem::path inside_zip(const std::filesystem::path& zip);
/// Is it a path that `inside_zip` or `files_below` made?
bool is_in_zip(const std::filesystem::path& path);
/// A path for messages: `a.zip/B04.jp2` for a file in a zip, others as they are.
std::string shown(const std::filesystem::path& path);

/// All files below `folder` (of a disk or of a zip), sorted; hidden folders are left out.
/// Throws: Error(input) when it cannot be listed, and for a zip that is cut short or none.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);
/// The files in `folder` itself, sorted; none where it cannot be listed.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

/// Is it a file, on a disk or in a zip?
bool is_product_file(const std::filesystem::path& path);

/// Throws: Error(input) when the file cannot be read or is larger than `largest` bytes.
std::string read_product_text(const std::filesystem::path& file, std::uintmax_t largest);

/// As `open_raster_dataset`, for files in a zip too, and for virtual rasters if `allow_vrt`.
DatasetHandle open_scene_file(const std::filesystem::path& path, bool allow_vrt);

} // namespace lcclass
