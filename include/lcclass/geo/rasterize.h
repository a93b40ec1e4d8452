/// Labelled polygons, or a class raster, burned onto a grid with an account of every feature and pixel.
/// The result does not depend on the thread count or on the order of features in the file: polygons are numbered by
/// class code, then from north to south and west to east, then by their coordinates and group.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/label_info.h"
#include "lcclass/core/progress.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lcclass {

/// What happens to pixels in polygons of different classes: an error with count and FIDs; no label; the class with the
/// lowest code; the class with the highest code (class maps number classes by precedence).
/// Between polygons of the same class the one with the lowest polygon_id keeps the pixel under every policy.
enum class OverlapPolicy { error, drop, first, last };
/// Polygons that GEOS finds invalid: an error with FID and reason; repaired (GEOS MakeValid); left out and counted.
enum class InvalidPolicy { error, fix, skip };

std::string to_string(OverlapPolicy policy);
std::string to_string(InvalidPolicy policy);
/// Throw Error(command_line) listing the known words.
OverlapPolicy parse_overlap_policy(const std::string& word);
InvalidPolicy parse_invalid_policy(const std::string& word);

struct RasterizeOptions {
    std::string input;          ///< any OGR vector, or a class raster
    std::string layer;          ///< empty: the only one
    std::string class_field;    ///< vectors: integer codes, or texts for the class map
    std::string class_map;      ///< file or built-in name; empty: integer codes as they are, or sorted distinct texts
    std::string group_field;    ///< empty: every polygon is its own group
    std::string where;          ///< SQL condition on features
    std::string assume_crs;     ///< for layers that do not say
    int erode = 0;              ///< pixels taken off the edge of every polygon or class (4-neighbours, repeated)
    std::int64_t min_patch = 0; ///< class rasters: patches of one class with fewer pixels get no label
    bool all_touched = false;
    OverlapPolicy overlap = OverlapPolicy::error; ///< for pixels claimed by polygons of different classes
    InvalidPolicy invalid = InvalidPolicy::error;
    std::string resampling = "nearest"; ///< class rasters: nearest or mode
    bool overwrite = false;
};

/// features = burned + sum of skipped. Kept as JSON in the label file (LCCLASS_ACCOUNTING).
struct LabelAccounting {
    struct ClassCount {
        std::int32_t class_code = 0;
        std::int64_t polygons = 0; ///< with at least one pixel
        std::int64_t pixels = 0;
        std::int64_t without_pixel = 0; ///< polygons of the class that gave none
        std::int64_t clipped = 0;       ///< of `polygons`: partly outside the grid
    };
    std::int64_t features = 0;
    std::int64_t burned = 0;
    std::map<std::string, std::int64_t> skipped; ///< by reason: `outside the grid`, `no pixel centre inside`, ...
    std::int64_t clipped = 0;                    ///< of the burned: partly outside the grid
    std::int64_t conflicting_pixels = 0;         ///< claimed by polygons of different classes
    std::vector<ClassCount> classes;             ///< in the order of the legend
    std::vector<std::string> notes;              ///< one line each, for the user

    [[nodiscard]] std::string to_json() const;
    [[nodiscard]] std::string to_table(const ClassLegend& legend) const;
};

struct RasterizeResult {
    LabelInfo info;
    LabelAccounting accounting;
};

/// Writes bands `class_code` and `polygon_id` to `output`: int32, nodata 0, with legend, groups and account in the
/// metadata (LCCLASS_KIND=labels, LCCLASS_LEGEND, LCCLASS_GROUPS, LCCLASS_ACCOUNTING). Features number from 1 in the
/// order above, the skipped ones included. The pixels of a polygon are those that GDALRasterizeGeometries burns.
///
/// A class raster (GeoTIFF, JPEG 2000) is resampled onto the grid, its band `class_code` or else its first; its
/// polygon ids are those of cells of 16 x 16 grid pixels, row by row from the upper left. Classes that erosion and
/// minimum patch leave no pixel are not in the legend.
/// Throws: Error(input) for labels that cannot be used as they are: no reference system, no overlap with the grid,
/// unknown or impossible classes, invalid polygons, conflicting pixels, a class without a pixel. Nothing is written
/// then.
RasterizeResult rasterize(const RasterizeOptions& options, const GridSpec& grid, const std::filesystem::path& output,
                          Progress& progress);

/// The legend and groups of a label raster that `rasterize` wrote. Throws Error(input) when it is none.
LabelInfo read_label_info(const std::map<std::string, std::string>& metadata, const std::string& where);

} // namespace lcclass
