#include "assess_sample.h"

#include "lcclass/assess/map_pixels.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "stage_files.h"
#include "training_pixels.h"

namespace lcclass {

namespace {

/// How many of the pixels of `training` have both a map and a reference class.
std::int64_t compared_among(const TrainingPixels& training, const RasterFile& map, const RasterFile& reference,
                            Context& context) {
    const std::vector<std::int32_t> mapped = codes_at(*map.source, training.pixels, context.progress);
    const std::vector<std::int32_t> referenced = codes_at(*reference.source, training.pixels, context.progress);
    std::int64_t count = 0;
    for (std::size_t i = 0; i < mapped.size(); ++i) {
        count += mapped[i] != 0 && referenced[i] != 0 ? 1 : 0;
    }
    return count;
}

/// What covers the map holds its training pixels as it holds all others. What covers a part of it must not be those.
void check_part_of_map(const AssessArguments& arguments, const RasterFile& map, const RasterFile& reference,
                       const MapAccuracy& accuracy, Context& context) {
    if (is_burned(reference)) {
        refuse_training_labels(arguments.reference);
    }
    const std::string where = arguments.reference.string();
    const TrainingPixels training = recorded_training_pixels(map, arguments.map, context);
    const std::int64_t trained = compared_among(training, map, reference, context);
    const std::int64_t compared = accuracy.matrix.total();
    if (2 * trained > compared) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "pixels=" + std::to_string(trained) + " of " + std::to_string(compared),
                                      .problem = "are pixels of " + training.name +
                                                 ": the map has seen their answers, so it would be judged too well",
                                      .fix = "label a probability sample apart from training: assess --plan"});
    }
    context.warn(where + " leaves out " + with_thousands(accuracy.unreferenced_pixels) +
                 " mapped pixels: the figures hold for the others" +
                 (trained == 0 ? "" : ", " + with_thousands(trained) + " of which the map was trained on") +
                 "; if it is a sample, say how it was drawn (--design)");
}

} // namespace

bool is_burned(const RasterFile& raster) {
    return raster.metadata.contains("LCCLASS_ACCOUNTING");
}

void refuse_training_labels(const std::filesystem::path& path) {
    throw Error(ExitCode::input,
                {.where = path.string(),
                 .field = "kind=labels",
                 .problem = "holds training labels, which nobody drew by chance and the map may have learned from",
                 .fix = "label a probability sample apart from training (assess --plan), or burn a reference that "
                        "covers all of the map"});
}

const ClassLegend& require_legend(const RasterFile& map, const std::filesystem::path& path) {
    if (!map.legend) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = "legend",
                                      .problem = "is not in the file: it is no class map",
                                      .fix = "name a map that lcclass predict made"});
    }
    return *map.legend;
}

MapAccuracy assess_by_census(const AssessArguments& arguments, const RasterFile& map, Context& context) {
    const RasterFile reference = open_raster(arguments.reference);
    const std::string where = arguments.reference.string();
    require_same_grid(reference.source->grid(), where, map.source->grid(), arguments.map.string());
    const ClassLegend& mapped = require_legend(map, arguments.map);
    const ClassLegend legend = reference.legend ? merged_legend(mapped, *reference.legend, where) : mapped;
    MapAccuracy accuracy = compare_with_reference(*map.source, *reference.source, legend, context.progress);
    if (accuracy.unreferenced_pixels > 0) {
        check_part_of_map(arguments, map, reference, accuracy, context);
    }
    return accuracy;
}

} // namespace lcclass
