/// The classes of a map as a GeoTIFF and its neighbours keep them: our metadata, colour table, category names.
/// Functions are safe from any thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/core/class_legend.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace lcclass {

/// Metadata key of the legend, as JSON.
inline constexpr const char* legend_key = "LCCLASS_LEGEND";

/// From our metadata, else from colour table and category names of a single-band integer raster; nothing when it has
/// neither. Throws Error(input) naming `where` for a legend of ours that cannot be read.
std::optional<ClassLegend> legend_of_dataset(GDALDatasetH dataset, const std::map<std::string, std::string>& metadata,
                                             const std::string& where);

/// Gives `band` the legend's colours; codes between them stay black.
void set_color_table(GDALRasterBandH band, const ClassLegend& legend);

/// Pixels by class code.
using CodeCounts = std::map<std::int32_t, std::int64_t>;

/// GDAL's side file (`<raster>.aux.xml`): names of the categories 0..max_code of band 1, and its raster attribute
/// table with code, name, colour, pixels and, where `pixel_hectares` is known, area of every class. TIFF has no place
/// for either.
std::string categories_xml(const ClassLegend& legend, const CodeCounts& pixels, std::optional<double> pixel_hectares);

} // namespace lcclass
