#include "explain_map.h"

#include "class_choice.h"
#include "command_line.h"
#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/mapping/explain_map.h"
#include "shap_background.h"
#include "stage_files.h"
#include "style_files.h"
#include "training_pixels.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace lcclass {

namespace {

using Path = std::filesystem::path;

constexpr double worth_telling = 5; ///< seconds

/// Side of the square of pixels that the expected time is told from.
std::int64_t sampled_side(const TreeShap& shap) {
    return shap.background_rows() == 0 ? 128 : 32;
}

/// The pixels in the middle of a scene as a source of their own.
CutOut middle_of(const std::shared_ptr<const RasterSource>& features, std::int64_t side) {
    const GridSpec& grid = features->grid();
    const double x = grid.center_x(grid.width / 2);
    const double y = grid.center_y(grid.height / 2);
    const double half = static_cast<double>(side) / 2;
    return cut_out(features,
                   {.bounds = Bounds{.min_x = x - half * grid.pixel_width,
                                     .min_y = y - half * grid.pixel_height,
                                     .max_x = x + half * grid.pixel_width,
                                     .max_y = y + half * grid.pixel_height},
                    .polygons = {}},
                   "scene");
}

std::string in_words(double seconds) {
    if (seconds < 90) {
        return fixed_digits(std::max(seconds, 1.0), 0) + " s";
    }
    return seconds < 5400 ? fixed_digits(seconds / 60, 0) + " min" : fixed_digits(seconds / 3600, 1) + " h";
}

/// Tells how long the scene will take, by a small part of it.
void tell_expected_time(const ScenePart& part, const TreeShap& shap, Context& context) {
    const Model& model = part.task.model;
    const std::int64_t side = sampled_side(shap);
    if (part.cut.n_pixels <= 4 * side * side) {
        return; // as long as it would take to find out
    }
    const CutOut sample = middle_of(part.cut.source, side);
    const auto start = std::chrono::steady_clock::now();
    const ExplanationReport report =
        explain_map(model, shap, *sample.source, part.task.class_index, ExplanationOutputs{}, silent_progress());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::int64_t explained = sample.n_pixels - report.nodata_pixels;
    if (explained < sample.n_pixels / 10) {
        return; // no pixels to tell by
    }
    const double expected = expected_seconds(model, part.cut.n_pixels, explained, seconds);
    if (expected > worth_telling) {
        context.inform("explaining " + with_thousands(part.cut.n_pixels) + " pixels will take about " +
                       in_words(expected));
    }
}

/// Features as a legend: code = 1 + position.
ClassLegend feature_legend(const std::vector<std::string>& names) {
    std::vector<LandCoverClass> classes;
    for (std::size_t f = 0; f < names.size(); ++f) {
        const auto position = static_cast<int>(f);
        classes.push_back({.code = position + 1, .name = names[f], .color = default_color(position)});
    }
    return ClassLegend(std::move(classes));
}

void require_disk(const Path& path, std::int64_t bytes) {
    std::error_code error;
    const Path folder = path.parent_path().empty() ? Path(".") : path.parent_path();
    const auto space = std::filesystem::space(folder, error);
    if (!error && space.available < static_cast<std::uintmax_t>(bytes)) {
        throw Error(ExitCode::resources,
                    {.where = path.string(),
                     .field = "size=" + std::to_string(bytes >> 20) + " MiB",
                     .problem = "is more than the " + std::to_string(space.available >> 20) + " MiB that are free",
                     .fix = "explain a part of the scene (--bounds, --polygons), or write to another disk"});
    }
}

struct Sinks {
    std::unique_ptr<RasterSink> shap;
    std::unique_ptr<RasterSink> dominant;
};

Sinks create_sinks(const ScenePart& part, const TreeShap& shap, const MapArguments& arguments, const Context& context) {
    const MapTask& task = part.task;
    const std::vector<std::string>& names = task.model.feature_names;
    RasterLayout layout;
    layout.grid = part.cut.source->grid();
    layout.cloud_optimized = true;
    layout.statistics = true;
    layout.overwrite = context.globals.overwrite;
    layout.metadata["LCCLASS_MODEL_SHA256"] = sha256_of_file(task.model_path);
    layout.metadata["LCCLASS_SHAP"] = shap_kind(shap);
    layout.metadata["LCCLASS_SHAP_CLASS"] =
        task.class_index ? class_label(task.model.legend.at(*task.class_index)) : "most probable";
    if (const std::string samples = training_samples_of(task.model); !samples.empty()) {
        layout.metadata["LCCLASS_SAMPLES"] = samples;
    }
    const auto create = [&](const Path& path, const std::string& kind) -> std::unique_ptr<RasterSink> {
        if (path.empty()) {
            return nullptr;
        }
        layout.metadata.merge(provenance(kind));
        return create_raster(path, layout);
    };
    Sinks sinks;
    for (const std::string& name : names) {
        layout.bands.push_back({.name = name, .unit = "probability", .radiometry = {}, .resampling = {}});
    }
    layout.bands.push_back({.name = "base", .unit = "probability", .radiometry = {}, .resampling = {}});
    sinks.shap = create(arguments.shap, "shap");
    layout.bands = {{.name = "dominant_feature", .unit = {}, .radiometry = {}, .resampling = {}}};
    layout.type = names.size() <= 255 ? PixelType::uint8 : PixelType::uint16;
    layout.legend = feature_legend(names);
    for (const auto& item : provenance("dominant_feature")) {
        layout.metadata.erase(item.first);
    }
    sinks.dominant = create(arguments.dominant, "dominant_feature");
    return sinks;
}

void print_report(const Model& model, const ExplanationReport& report, Context& context) {
    std::vector<std::size_t> order(model.feature_names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return report.mean_abs[a] > report.mean_abs[b]; });
    const std::int64_t explained =
        std::accumulate(report.dominant_pixels.begin(), report.dominant_pixels.end(), std::int64_t{0});
    constexpr std::size_t most_lines = 20;
    context.print("feature                   mean |SHAP|   decides in");
    for (std::size_t i = 0; i < std::min(order.size(), most_lines); ++i) {
        const std::size_t f = order[i];
        const double share = static_cast<double>(report.dominant_pixels[f]) / static_cast<double>(explained);
        context.print(name_cell(model.feature_names[f], 24) + to_right(fixed_digits(report.mean_abs[f], 4), 13) +
                      to_right(percent(share), 13));
    }
    if (order.size() > most_lines) {
        context.print("and " + std::to_string(order.size() - most_lines) + " more features");
    }
    context.print("nodata " + with_thousands(report.nodata_pixels) + " of " +
                  with_thousands(report.nodata_pixels + explained) + " pixels");
}

} // namespace

void add_map_options(CLI::App& app, MapArguments& arguments) {
    path_option(app, "--shap-raster", arguments.shap,
                "explain a scene: a raster of the contributions to each pixel's class, a band per feature and base");
    path_option(app, "--dominant-feature", arguments.dominant, "a raster of the feature that decides each pixel most");
    path_option(app, "--polygons", arguments.polygons, "of a scene, only the pixels inside the polygons of a layer");
    app.add_option("--polygons-layer", arguments.polygons_layer, "layer of the polygons, when the file has several");
}

void check_map_options(const MapArguments& arguments) {
    if (!arguments.given() && !(arguments.polygons.empty() && arguments.polygons_layer.empty())) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--polygons",
                                             .problem = "are for rasters of SHAP values",
                                             .fix = "add --shap-raster FILE or --dominant-feature FILE"});
    }
    if (arguments.polygons.empty() && !arguments.polygons_layer.empty()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--polygons-layer",
                                             .problem = "has no effect without polygons",
                                             .fix = "add --polygons FILE or leave it out"});
    }
    for (const Path& path : {arguments.shap, arguments.dominant}) {
        const std::string ending = path.extension().string();
        if (!path.empty() && ending != ".tif" && ending != ".tiff" && ending != ".TIF") {
            throw Error(ExitCode::output, {.where = path.string(),
                                           .field = "format",
                                           .problem = "rasters are GeoTIFF files",
                                           .fix = "give it a name that ends in .tif"});
        }
    }
}

ScenePart open_scene_part(const MapTask& task, const MapArguments& arguments, Context& context) {
    ScenePart part{
        .task = task,
        .cut = cut_out(task.features,
                       {.bounds = task.bounds, .polygons = arguments.polygons, .layer = arguments.polygons_layer},
                       task.source_name)};
    if (part.cut.n_repaired > 0) {
        context.warn(arguments.polygons.string() + ": " + std::to_string(part.cut.n_repaired) +
                     " invalid polygons were repaired; check what they hold");
    }
    const GridSpec& grid = part.cut.source->grid();
    require_memory(program_memory + least_explanation_memory(task.model, grid), context.globals,
                   "allow more memory, or explain a smaller part (--bounds)");
    if (!arguments.shap.empty()) {
        const auto bands = static_cast<std::int64_t>(task.model.feature_names.size()) + 1;
        require_disk(arguments.shap, grid.n_pixels() * bands * 4);
    }
    return part;
}

void explain_scene(const ScenePart& part, const TreeShap& shap, const MapArguments& arguments, Context& context) {
    const GridSpec& grid = part.cut.source->grid();
    const Sinks sinks = create_sinks(part, shap, arguments, context);
    tell_expected_time(part, shap, context);
    const ExplanationReport report =
        explain_map(part.task.model, shap, *part.cut.source, part.task.class_index,
                    {.shap = sinks.shap.get(), .dominant = sinks.dominant.get()}, context.progress);
    if (report.nodata_pixels == grid.n_pixels()) {
        throw Error(ExitCode::input, {.where = part.task.source_name,
                                      .field = "pixels",
                                      .problem = "none has a value in every feature: there is nothing to explain",
                                      .fix = "name another part of the scene"});
    }
    if (sinks.shap != nullptr) {
        commit_with_style(
            *sinks.shap, arguments.shap, [&] { return shap_raster_style(*open_raster(arguments.shap).source); },
            context);
        context.print(arguments.shap.string() + ": " + describe(grid));
    }
    if (sinks.dominant != nullptr) {
        const ClassLegend legend = feature_legend(part.task.model.feature_names);
        commit_with_style(
            *sinks.dominant, arguments.dominant, [&] { return report::class_style(legend); }, context);
        context.print(arguments.dominant.string() + ": " + describe(grid));
    }
    print_report(part.task.model, report, context);
}

} // namespace lcclass
