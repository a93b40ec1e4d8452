/// One-time set-up of GDAL for the process: drivers, caches, error handling, no side files, no network.
/// Call once at the start of main, before any other function of this layer.
#pragma once

#include <cstdint>

namespace lcclass {

/// Registers drivers, sets GDAL_PAM_ENABLED=NO, GDAL_DISABLE_READDIR_ON_OPEN, the block cache size in bytes and an
/// error handler that keeps GDAL's texts for our own messages instead of printing them.
void set_up_gdal(std::int64_t cache_bytes);

} // namespace lcclass
