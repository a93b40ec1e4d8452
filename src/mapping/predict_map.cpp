#include "lcclass/mapping/predict_map.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/forest/prediction_batch.h"
#include "lcclass/forest/probability_correction.h"
#include "mapping/applicability_batch.h"
#include "mapping/area_mapper.h"

#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t usual_memory = std::int64_t{400} << 20U; ///< for areas in flight, in bytes
constexpr std::int64_t fewest_areas = 2;                        ///< one is classified while another is written

/// Bytes that a pixel takes from the moment its features were read until it is written.
std::int64_t bytes_per_pixel(const Model& model, const MapExtras& extras) {
    const std::int64_t n_classes = model.forest.n_classes();
    const bool corrected = model.calibration.method != CalibrationMethod::none || extras.class_priors;
    const bool sums = extras.probabilities || extras.uncertainty || corrected;
    const std::int64_t bands = 1 + (extras.probabilities ? n_classes : 0) +
                               (extras.uncertainty ? n_uncertainty_bands : 0) +
                               (extras.applicability ? n_applicability_bands : 0);
    constexpr std::int64_t validity = 1;
    const auto batch = static_cast<std::int64_t>(PredictionBatch::bytes_per_pixel(model.forest.n_features()));
    const auto n_features = static_cast<std::size_t>(model.forest.n_features());
    const auto places =
        extras.applicability ? static_cast<std::int64_t>(ApplicabilityBatch::bytes_per_pixel(n_features)) : 0;
    const std::int64_t classes = extras.class_priors ? 8 : 4;
    return batch + places + classes + (sums ? 4 * n_classes : 0) + bands * 4 + 4 * validity;
}

std::int64_t n_threads() {
    return tbb::this_task_arena::max_concurrency();
}

/// Bytes of the blocks that are being read.
std::int64_t reading_memory(const Model& model, std::int64_t block_size) {
    constexpr std::int64_t positions = 12; // of valid pixels
    return n_threads() * (std::int64_t{2 * sizeof(float)} * model.forest.n_features() + positions) * block_size *
           block_size;
}

/// How a scene is cut: areas of several blocks, since pixels cost less the more are predicted at once.
struct AreaPlan {
    std::int64_t side = 0;      ///< of an area, in pixels
    std::int64_t in_flight = 0; ///< areas
};

AreaPlan plan_areas(const Model& model, const MapOutputs& outputs, const MapOptions& options) {
    const MapExtras extras{.probabilities = outputs.probabilities != nullptr,
                           .uncertainty = outputs.uncertainty != nullptr,
                           .class_priors = !options.class_priors.empty(),
                           .applicability = outputs.applicability != nullptr};
    const std::int64_t block = options.block_size * options.block_size * bytes_per_pixel(model, extras);
    // Blocks for twice the threads, so that all of them have something to read.
    std::int64_t memory = std::max(usual_memory, 2 * n_threads() * block);
    if (options.memory > 0) {
        memory = std::min(memory, options.memory - reading_memory(model, options.block_size));
    }
    const std::int64_t blocks = std::max(fewest_areas, memory / block);
    std::int64_t side = 1;
    while ((side + 1) * (side + 1) * fewest_areas <= blocks) {
        ++side;
    }
    return {.side = side * options.block_size, .in_flight = std::min(blocks / (side * side), 2 * n_threads())};
}

void add_to(std::vector<std::int64_t>& sums, const std::vector<std::int64_t>& more) {
    for (std::size_t k = 0; k < sums.size(); ++k) {
        sums[k] += more[k];
    }
}

} // namespace

std::int64_t least_map_memory(const Model& model, const MapExtras& extras, std::int64_t block_size) {
    return fewest_areas * block_size * block_size * bytes_per_pixel(model, extras) + reading_memory(model, block_size);
}

MapReport predict_map(const Model& model, const RasterSource& features, const MapOutputs& outputs,
                      const MapOptions& options, Progress& progress) {
    if (band_names(features) != model.feature_names) {
        throw Error(ExitCode::internal, {.where = "predict",
                                         .field = "features",
                                         .problem = "are not the model's features in the model's order",
                                         .fix = "report this as a bug"});
    }
    if ((outputs.applicability == nullptr) != (options.applicability == nullptr)) {
        throw Error(ExitCode::internal, {.where = "predict",
                                         .field = "applicability",
                                         .problem = "has a raster without figures, or figures without a raster",
                                         .fix = "report this as a bug"});
    }
    const auto n_classes = static_cast<std::size_t>(model.legend.size());
    const ProbabilityCorrection correction(
        model.calibration, {.training = model.training_priors, .mapped = options.class_priors}, n_classes);
    MapReport report;
    report.class_pixels.resize(n_classes);
    report.class_pixels_without_priors.resize(correction.has_priors() ? n_classes : 0);
    report.class_pixels_outside.resize(options.applicability != nullptr ? n_classes : 0);
    const AreaPlan plan = plan_areas(model, outputs, options);
    const std::vector<Window> areas = block_windows(features.grid().extent(), plan.side, plan.side);
    stream_blocks(
        areas, "classify", progress, static_cast<std::size_t>(plan.in_flight),
        [&](const Window& area) {
            return AreaMapper(model, correction, area, outputs, options.applicability)
                .run(features, options.block_size);
        },
        [&](MappedBlock&& block) {
            const std::array<std::pair<RasterSink*, const PixelBlock*>, 4> writes = {
                {{outputs.map, &block.map},
                 {outputs.probabilities, &block.probabilities},
                 {outputs.uncertainty, &block.uncertainty},
                 {outputs.applicability, &block.applicability}}};
            for (const auto& [sink, pixels] : writes) {
                if (sink != nullptr) {
                    sink->write(*pixels);
                }
            }
            report.nodata_pixels += block.nodata_pixels;
            add_to(report.class_pixels, block.class_pixels);
            add_to(report.class_pixels_without_priors, block.class_pixels_without_priors);
            add_to(report.class_pixels_outside, block.class_pixels_outside);
        });
    return report;
}

} // namespace lcclass
