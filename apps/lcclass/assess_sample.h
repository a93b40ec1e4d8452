/// The ways of `assess`: judge a map by a reference sample or by one that covers it, and draw a sample to be labelled.
/// Free functions; each belongs to one thread and uses all.
#pragma once

#include "assess_arguments.h"
#include "command.h"
#include "lcclass/assess/map_accuracy.h"
#include "lcclass/assess/sample_accuracy.h"
#include "lcclass/geo/raster_file.h"

#include <filesystem>

namespace lcclass {

/// Estimates from the reference sample; the caller writes them. Throws: Error of every kind.
SampleAccuracy assess_by_sample(const AssessArguments& arguments, const RasterFile& map, Context& context);

/// Pixel by pixel with a reference raster. Warns when that leaves out mapped pixels. Throws: Error(input), also for
/// what the map was trained on.
MapAccuracy assess_by_census(const AssessArguments& arguments, const RasterFile& map, Context& context);

/// Writes the points to be labelled and prints how many there are of each class, and why.
void plan_sample_of(const AssessArguments& arguments, const RasterFile& map, Context& context);

/// The legend of a class map. Throws Error(input) naming `path` when it has none.
const ClassLegend& require_legend(const RasterFile& map, const std::filesystem::path& path);

/// True for what `rasterize` made.
bool is_burned(const RasterFile& raster);

/// Throws Error(input): the raster at `path` holds the labels that maps are trained on.
[[noreturn]] void refuse_training_labels(const std::filesystem::path& path);

} // namespace lcclass
