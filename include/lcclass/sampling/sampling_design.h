/// Which labelled pixels become samples: OTB's strategies, with caps per class and per polygon.
/// `draw_samples` is deterministic in the seed, whatever the block size and thread count.
#pragma once

#include "lcclass/core/label_info.h"
#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lcclass {

enum class SamplingStrategy { all, total, constant, smallest, percent };

std::string to_string(SamplingStrategy strategy);
/// Throws Error(command_line) listing the known words.
SamplingStrategy parse_sampling_strategy(const std::string& word);

struct SamplingDesign {
    SamplingStrategy strategy = SamplingStrategy::all;
    std::int64_t total = 0;       ///< `total`: samples in all, shared among classes in proportion to their pixels
    std::int64_t per_class = 0;   ///< `constant`: samples of each class; any other strategy: a cap, 0 = none
    double percent = 0;           ///< `percent`: of the pixels of each class, above 0 to 100, rounded, at least 1
    std::int64_t per_polygon = 0; ///< cap for each polygon, 0 = none; applied before the strategy
    std::uint64_t seed = 42;
};

struct SamplingReport {
    struct ClassCount {
        std::int32_t class_code = 0;
        std::int64_t polygons = 0; ///< with at least one sample taken
        std::int64_t labelled = 0; ///< pixels with this label
        std::int64_t nodata = 0;   ///< of these without a value in some feature
        std::int64_t asked = 0;    ///< by the strategy; more than `taken` when the class has too few (all are taken)
        std::int64_t taken = 0;
    };
    std::vector<ClassCount> classes; ///< in the order of the legend
};

struct SamplingResult {
    SampleTable samples; ///< ordered by row, then column of the pixel
    SamplingReport report;
};

/// Throws Error(configuration) naming option, value and range.
void check_design(const SamplingDesign& design);

/// Streams the stack over the labelled blocks. Every pixel carries a key made of the seed and its position; a cap
/// takes the smallest keys. Pixels count for the strategies when they have a label and a value in every feature, and
/// pass the polygon cap; classes without any are left out. Features in memory: those of the samples kept so far,
/// at most per_polygon of each polygon, or of each class per_class (any strategy) or total (`total`).
/// Requires: `labels` has the bands `class_code` and `polygon_id`. The result has no recipe: the caller knows it.
/// Throws: Error(configuration) as `check_design`; Error(input) when the grids differ, a label is not in the legend
/// or has no polygon, or nothing is left to sample.
SamplingResult draw_samples(const RasterSource& stack, const RasterSource& labels, const LabelInfo& info,
                            const SamplingDesign& design, Progress& progress);

} // namespace lcclass
