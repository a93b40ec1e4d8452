/// Outlines to draw over a raster, in pixels of its grid (x to the right, y down, from its outer corner): labelled
/// polygons as they were burned, the blocks of folds, and where models of folds were wrong.
/// Each call is self-contained; tracing reads on all threads.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

using OutlineRing = std::vector<std::pair<double, double>>;

/// The pixels of one polygon: rings without a repeated last corner, outer ones with the polygon to their right as they
/// go (x right, y down), holes the other way round. Pixels that touch at a corner only are in rings of their own.
struct LabelOutline {
    std::vector<OutlineRing> rings;
    std::int32_t class_code = 0;
    std::int32_t polygon_id = 0;
};

struct OutlineOptions {
    std::string where = "labels";        ///< the file that errors name
    std::int64_t most_corners = 60'000;  ///< of all rings; beyond, outlines are made simpler
    std::int64_t most_runs = 10'000'000; ///< runs of pixels along rows that are kept in memory (32 bytes each)
    std::int64_t block_pixels = 1024;    ///< side of the blocks; results do not depend on it
};

struct LabelOutlines {
    std::vector<LabelOutline> shapes; ///< by polygon id
    double tolerance = 0;             ///< pixels that corners may be off from the burned polygon, 0: exact
    std::int64_t n_left_out = 0;      ///< the smallest polygons, when even simple outlines have too many corners
    bool too_many_runs = false;       ///< nothing was traced
};

/// Traces a label raster: bands `class_code` and `polygon_id`. Seconds for a full tile with thousands of polygons. The
/// same outlines for any number of threads and any size of blocks. Throws: Error(input) naming
/// `where` when a band is missing.
LabelOutlines trace_labels(const RasterSource& labels, const OutlineOptions& options, Progress& progress);

/// `ring` with only corners that matter: none that is left out is further than `tolerance` from the new outline
/// (Douglas & Peucker 1973). Empty when fewer than three would be left.
OutlineRing simplified(const OutlineRing& ring, double tolerance);

struct BlockOutline {
    OutlineRing ring;
    int fold = 0;
    std::string scheme;
};

/// The layer `blocks` of a folds.gpkg, in the grid's reference system. Empty when it has none.
/// Throws: Error(input) naming file and layer.
std::vector<BlockOutline> read_fold_blocks(const std::filesystem::path& folds, const GridSpec& grid);

/// Samples of one polygon or group, as the fold models that did not see them judged them.
struct GroupJudgement {
    double x = 0; ///< mean position
    double y = 0;
    std::string group;
    std::int32_t class_code = 0; ///< of most samples
    std::int64_t n_samples = 0;
    std::int64_t n_right = 0;
};

struct SchemeJudgement {
    std::string scheme; ///< `spatial_block`, as in the columns
    std::vector<GroupJudgement> groups;
};

/// The layer `samples` of a folds.gpkg, per group (or polygon, where there is no group), for every scheme with a column
/// `<scheme>_right`. Throws: Error(input) naming file and layer.
std::vector<SchemeJudgement> read_fold_judgements(const std::filesystem::path& folds, const GridSpec& grid);

} // namespace lcclass
