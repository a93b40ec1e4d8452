/// Pictures as files in memory: PNG and JPEG, and bytes as base64.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lcclass::report {

/// 8 bits of grey, row by row. The same bytes for the same numbers. Requires: width x height numbers.
std::string grey_png(std::span<const std::uint8_t> cells, std::int64_t width, std::int64_t height);

/// 24 bits of colour. Requires: width x height pixels.
std::string color_png(std::span<const Rgb> pixels, std::int64_t width, std::int64_t height);

/// Baseline JPEG with halved colour. Requires: width x height pixels; a side below 65536; quality 1..100.
std::string color_jpeg(std::span<const Rgb> pixels, std::int64_t width, std::int64_t height, int quality);

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

} // namespace lcclass::report
