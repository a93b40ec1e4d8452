/// What label rasters from polygons and from class rasters share: the file they are written to.
/// Belongs to one thread.
#pragma once

#include "lcclass/core/pixel_block.h"
#include "lcclass/core/raster_sink.h"
#include "lcclass/geo/rasterize.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace lcclass {

/// Strips of whole rows over the grid, about four million pixels each.
std::vector<Window> label_strips(const GridSpec& grid);

/// Fills the planes `class_code` and `polygon_id` (0 = none) of a strip.
using FillStrip = std::function<void(const Window& strip, std::span<float> class_code, std::span<float> polygon_id)>;

/// Writes the label raster with legend, groups and account in its metadata.
void write_labels(const std::filesystem::path& output, const GridSpec& grid, const RasterizeResult& result,
                  bool overwrite, Progress& progress, const FillStrip& fill);

/// Throws Error(input) when `output` is a file that is read.
void require_other_file(const std::filesystem::path& output, const std::string& input);

/// The class raster branch of `rasterize`.
RasterizeResult rasterize_class_raster(const RasterizeOptions& options, const GridSpec& grid,
                                       const std::filesystem::path& output, Progress& progress);

/// The polygon branch of `rasterize`.
RasterizeResult rasterize_polygons(const RasterizeOptions& options, const GridSpec& grid,
                                   const std::filesystem::path& output, Progress& progress);

} // namespace lcclass
