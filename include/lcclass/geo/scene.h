/// Bands from products, folders and files, brought to one grid and to reflectance: what `stack` and `predict` read.
/// The source that `open_scene` returns may be read from several threads at once.
#pragma once

#include "lcclass/core/raster_source.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

enum class Resampling { nearest, bilinear, cubic, average };

std::string to_string(Resampling resampling);
/// Throws Error(command_line) listing the known words.
Resampling parse_resampling(const std::string& word);

/// What is known about one band before the grid is chosen.
struct SceneBand {
    std::string name;
    std::string path;   ///< file, for messages
    int band_index = 1; ///< within the file
    GridSpec grid;
    Radiometry radiometry;
};

struct SceneOptions {
    /// `NAME=PATH[:BAND]`, a folder or .SAFE with ESA-named bands, MTD_MSIL*.xml, an ESA-named band file, or a raster
    /// whose band descriptions are the names.
    std::vector<std::string> inputs;
    /// `auto` (product XML or band metadata; an error for Sentinel-2 band files that come without), `none` (numbers as
    /// stored), or `scale=S,offset=O` with value = DN x S + O. When a band of the scene has a Sentinel-2 name
    /// (B01..B12, B8A), a stated scale and offset hold for the bands with such names alone and the others get what
    /// `auto` gives them; when none has, they hold for all.
    std::string radiometry = "auto";
    std::optional<double> resolution; ///< CRS units; default: the finest of the bands that are used
    std::optional<Bounds> bounds;     ///< snapped outwards to the pixel edges of the finest band's grid
    std::string like;                 ///< a raster whose grid is taken as it is
    Resampling resampling = Resampling::bilinear;
    bool intersection = false; ///< extents differ: take what is common instead of an error
    bool reproject = false;    ///< CRS differ: warp to that of the grid instead of an error
};

/// The bands a scene offers, found by name and never by order. Opens every candidate once.
/// Throws: Error(input) for a band found twice, files that cannot be used, radiometry that nobody stated.
std::vector<SceneBand> list_bands(const SceneOptions& options);

/// The bands `names` of the scene on one grid, in that order; nodata, and DN 0 and 65535 of Sentinel-2 bands, masked
/// before offset and resampling. The grid is that of the finest band in the CRS of the first; coarser bands may stick
/// out of it by less than one of their pixels. Outside a band (`like` only, or after `reproject`) there is nodata.
/// Throws: Error(input) naming the band that is missing with the ones there are, bands whose grids do not nest, an
/// empty intersection, differing CRS.
std::shared_ptr<const RasterSource> open_scene(const SceneOptions& options, const std::vector<std::string>& names);

} // namespace lcclass
