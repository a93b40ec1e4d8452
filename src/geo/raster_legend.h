/// The classes of a map as a GeoTIFF and its neighbours keep them: our metadata, colour table, category names.
/// Functions are safe from any thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/core/class_legend.h"

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

/// GDAL's side file (`<raster>.aux.xml`) that names the categories 0..max_code of band 1: TIFF has no place for them.
std::string category_names_xml(const ClassLegend& legend);

} // namespace lcclass
