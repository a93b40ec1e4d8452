/// Bands from products, folders and files, brought to one grid and to reflectance: what `stack` and `predict` read.
/// The source that `open_scene` returns may be read from several threads at once.
#pragma once

#include "lcclass/core/date.h"
#include "lcclass/core/raster_source.h"

#include <map>
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
    std::string name;   ///< with its date, `B04@2018-05-06`, when the scene holds several or the user wrote it
    std::string path;   ///< file, for messages
    int band_index = 1; ///< within the file
    GridSpec grid;
    Radiometry radiometry;
    std::optional<Date> date; ///< when it was sensed, also when its name does not say so
    std::string level;        ///< as `BandSpec::level`
    bool categorical = false; ///< codes, such as SCL: never scaled, resampled by nearest alone
    bool auxiliary = false;   ///< describes a product's pixels (SCL, CLDPRB, ...): no feature unless asked for by name
};

struct SceneOptions {
    /// `NAME=PATH[:BAND]`, a folder, .SAFE or .zip with ESA-named bands, MTD_MSIL*.xml, an ESA-named band file, or a
    /// raster whose band descriptions are the names. `NAME@DATE=PATH[:BAND]` and `@DATE=PATH` say when the band, or all
    /// bands of the input, were sensed; with `NAME@=PATH` the band descriptions are the dates.
    std::vector<std::string> inputs;
    /// `auto` (product XML or band metadata; an error for Sentinel-2 band files that come without), `none` (numbers as
    /// stored), or `scale=S,offset=O` with value = DN x S + O. When a band of the scene has a Sentinel-2 name
    /// (B01..B12, B8A), a stated scale and offset hold for the bands with such names alone and the others get what
    /// `auto` gives them; when none has, they hold for Landsat's reflectances, or else for all.
    std::string radiometry = "auto";
    std::optional<double> resolution; ///< CRS units; default: the finest of the bands that are used
    std::optional<Bounds> bounds;     ///< snapped outwards to the pixel edges of the finest band's grid
    std::string like;                 ///< a raster whose grid is taken as it is
    Resampling resampling = Resampling::bilinear;
    /// For single bands, by their name with or without date. Categorical bands are resampled by nearest whatever
    /// `resampling` is; to ask for anything else here is an error.
    std::map<std::string, Resampling> band_resampling;
    bool intersection = false;       ///< extents differ: take what is common instead of an error
    bool reproject = false;          ///< CRS differ: warp to that of the grid instead of an error
    std::string granule;             ///< tile or name of the granule to take where a product has several; empty: all
    std::string level;               ///< `L1C`, `L2A`: what Sentinel-2 bands must be; empty: anything, but not mixed
    std::int64_t min_valid_dn = 1;   ///< digital numbers from 0 to below it are nodata in Sentinel-2 and Landsat bands
    std::vector<std::string> rename; ///< `NEW=OLD`: bands called OLD, without their date, are called NEW
    bool allow_vrt = false;          ///< read GDAL's virtual rasters whose sources are plain files below their folder
    /// More bands with codes, by name with or without date: resampled by nearest, never scaled, every number is one.
    /// SCL, QA_PIXEL, QA_RADSAT and FMASK (in any case) always are. Names that the scene does not have are ignored.
    std::vector<std::string> masks;
};

/// The bands a scene offers, found by name and never by order. Opens every candidate once.
/// A band is called `B04@2018-05-06` when the bands of all inputs are of more than one date, or when the user or the
/// file said so; otherwise `B04`. Bands of no known date keep their plain name.
/// Throws: Error(input) for a band found twice, files that cannot be used, radiometry that nobody stated, another level
/// than asked for; Error(configuration) for a `rename` or `band_resampling` of a band that is not there.
std::vector<SceneBand> list_bands(const SceneOptions& options);

/// The bands `names` of the scene on one grid, in that order; nodata, and DN 0 and 65535 of Sentinel-2 bands, masked
/// before offset and resampling. The grid is that of the finest band in the CRS of the first; coarser bands may stick
/// out of it by less than one of their pixels. In bands that lie on the grid, saturated numbers and those below
/// `min_valid_dn` are NaN of their own kind (core/missing_value.h); the warper does not tell them apart. Outside a band
/// (`like` only, or after `reproject`) there is nodata. Throws: as `list_bands`; Error(input) naming the band that is
/// missing with the ones there are, bands whose grids do not nest, an empty intersection, differing CRS, bands of L1C
/// beside bands of L2A.
std::shared_ptr<const RasterSource> open_scene(const SceneOptions& options, const std::vector<std::string>& names);

} // namespace lcclass
