/// Names of stage files and small things that several commands do with them.
/// Free functions; safe from any thread.
#pragma once

#include "command.h"
#include "lcclass/geo/raster_file.h"

#include <filesystem>
#include <string>

namespace lcclass {

/// `given`, or else `name` in the output folder. Throws Error(command_line) asking for `option` when there is neither.
std::filesystem::path path_or_default(const std::filesystem::path& given, const GlobalOptions& globals,
                                      const std::string& name, const std::string& option);

/// Throws Error(input) when the two rasters do not share CRS and lattice.
void require_same_grid(const GridSpec& grid, const std::string& name, const GridSpec& expected,
                       const std::string& expected_name);

/// The metadata every raster of ours carries: what it is, the version and how it was made.
std::map<std::string, std::string> provenance(const std::string& kind);

/// `metadata[key]`, or Error(input) saying that `path` was not made by the command named.
const std::string& require_metadata(const RasterFile& file, const std::string& key, const std::filesystem::path& path,
                                    const std::string& made_by);

/// A share of 0 to 1 as `12.3 %`.
std::string percent(double share);

/// `1,098 x 1,098 px`.
std::string size_text(const GridSpec& grid);
/// `1 tree`, `1,200 trees`.
std::string count_text(std::int64_t count, const std::string& unit);

/// Side of the square blocks a raster is streamed in, pixels: one JPEG 2000 tile, two of our own.
constexpr std::int64_t default_block_size = 1024;

/// Memory of the blocks in flight for `n_bands` bands read and as many written, bytes, GDAL's cache included.
constexpr std::int64_t program_memory = 200LL << 20U; ///< of GDAL and the program itself
std::int64_t block_memory(int n_bands, std::int64_t block_size = default_block_size);

/// Throws Error(resources) when `needed` is more than --memory allows.
void require_memory(std::int64_t needed, const GlobalOptions& globals,
                    const std::string& fix = "allow more memory, or fewer threads (-t 1)");

} // namespace lcclass
