#include "lcclass/assess/map_accuracy.h"

#include "assess/accuracy_json.h"
#include "assess/cv_figures.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <cmath>

namespace lcclass {

namespace {

constexpr std::int64_t block_side = 1024;

struct Counts {
    explicit Counts(int n_classes) : matrix(n_classes) {}
    ConfusionMatrix matrix;
    std::int64_t unmapped = 0;
    std::int64_t unreferenced = 0;
};

int index_in(const ClassLegend& legend, float value, const char* raster) {
    const auto index = value == std::floor(value) ? legend.index_of(static_cast<std::int32_t>(std::lround(value)))
                                                  : std::optional<int>();
    if (!index) {
        throw Error(ExitCode::input, {.where = raster,
                                      .field = "class_code=" + format_number(static_cast<double>(value)),
                                      .problem = "is not in the legend",
                                      .fix = "compare a map and a reference of the same classes"});
    }
    return *index;
}

Counts compare_block(const RasterSource& map, const RasterSource& reference, const ClassLegend& legend,
                     const Window& window) {
    PixelBlock mapped;
    PixelBlock truth;
    map.read(window, mapped);
    reference.read(window, truth);
    Counts counts(legend.size());
    const auto map_values = std::as_const(mapped).band(0);
    const auto truth_values = std::as_const(truth).band(0);
    for (std::size_t i = 0; i < map_values.size(); ++i) {
        const bool has_map = !std::isnan(map_values[i]);
        const bool has_truth = !std::isnan(truth_values[i]);
        if (has_map && has_truth) {
            counts.matrix.add(index_in(legend, truth_values[i], "reference"), index_in(legend, map_values[i], "map"));
        } else {
            counts.unmapped += has_truth ? 1 : 0;
            counts.unreferenced += has_map ? 1 : 0;
        }
    }
    return counts;
}

std::string figure(const std::optional<double>& value) {
    return value ? fixed_digits(*value, 4) : "NA";
}

} // namespace

MapAccuracy compare_with_reference(const RasterSource& map, const RasterSource& reference, const ClassLegend& legend,
                                   Progress& progress) {
    if (!same_lattice(map.grid(), reference.grid())) {
        throw Error(ExitCode::input, {.where = "reference",
                                      .field = "grid=" + describe(reference.grid()),
                                      .problem = "differs from the map's " + describe(map.grid()),
                                      .fix = "bring the reference onto the map's grid: rasterize --like MAP"});
    }
    Counts total(legend.size());
    stream_blocks(
        block_windows(map.grid().extent(), block_side, block_side), "compare", progress,
        [&](const Window& window) { return compare_block(map, reference, legend, window); },
        [&](Counts&& block) {
            total.matrix += block.matrix;
            total.unmapped += block.unmapped;
            total.unreferenced += block.unreferenced;
        });
    if (total.matrix.total() == 0) {
        throw Error(ExitCode::input, {.where = "reference",
                                      .field = "pixels=0",
                                      .problem = "no pixel has both a map and a reference class",
                                      .fix = "check that the two cover the same place"});
    }
    const AccuracyReport report = accuracy_of(total.matrix);
    return {.legend = legend,
            .matrix = std::move(total.matrix),
            .report = report,
            .unmapped_pixels = total.unmapped,
            .unreferenced_pixels = total.unreferenced};
}

std::string to_json(const MapAccuracy& accuracy) {
    std::vector<std::int32_t> codes;
    for (const LandCoverClass& entry : accuracy.legend.classes()) {
        codes.push_back(entry.code);
    }
    nlohmann::ordered_json json = {{"mode", "census"}};
    json.update(assess::accuracy_json(accuracy.report, codes, accuracy.legend));
    json["pixels"] = accuracy.matrix.total();
    json["unmapped_pixels"] = accuracy.unmapped_pixels;
    json["unreferenced_pixels"] = accuracy.unreferenced_pixels;
    json["confusion"] = assess::confusion_json(accuracy.matrix, codes, accuracy.legend);
    return json.dump(2) + "\n";
}

std::string to_table(const MapAccuracy& accuracy) {
    std::string table;
    for (const auto& entry : assess::overall_figures) {
        table += to_left(entry.label, 19) + figure(accuracy.report.*entry.value) + "\n";
    }
    table += "\ncode  class                     precision   recall       F1       pixels\n";
    for (int k = 0; k < accuracy.legend.size(); ++k) {
        const ClassAccuracy& of_class = accuracy.report.per_class[static_cast<std::size_t>(k)];
        table += to_right(std::to_string(accuracy.legend.at(k).code), 4) + "  " +
                 name_cell(accuracy.legend.at(k).name, 24) + to_right(figure(of_class.precision), 11) +
                 to_right(figure(of_class.recall), 9) + to_right(figure(of_class.f1), 9) +
                 to_right(with_thousands(of_class.support), 13) + "\n";
    }
    return table + "over " + with_thousands(accuracy.matrix.total()) + " pixels that map and reference both cover";
}

} // namespace lcclass
