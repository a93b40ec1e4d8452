#include "lcclass/mapping/predict_map.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

/// One classified block, ready to be written.
struct MappedBlock {
    PixelBlock map;
    PixelBlock probabilities;
    PixelBlock uncertainty;
    std::int64_t nodata_pixels = 0;
    std::vector<std::int64_t> class_pixels;
};

/// The valid pixels of a block packed together, feature by feature.
struct PackedRows {
    std::vector<std::size_t> pixel; ///< position in the block of each row
    std::vector<float> values;
    FeatureView view;
};

PackedRows pack_valid(const PixelBlock& block) {
    PackedRows rows;
    for (std::size_t i = 0; i < block.valid.size(); ++i) {
        if (block.valid[i] != 0) {
            rows.pixel.push_back(i);
        }
    }
    const std::size_t n = rows.pixel.size();
    rows.values.resize(n * static_cast<std::size_t>(block.n_bands));
    rows.view.n_rows = static_cast<std::int64_t>(n);
    for (int b = 0; b < block.n_bands; ++b) {
        const auto plane = block.band(b);
        float* column = rows.values.data() + static_cast<std::size_t>(b) * n;
        for (std::size_t row = 0; row < n; ++row) {
            column[row] = plane[rows.pixel[row]];
        }
        rows.view.columns.push_back(column);
    }
    return rows;
}

void fill_nodata(PixelBlock& block, const Window& window, int n_bands) {
    block.reset(window, n_bands);
    std::fill(block.values.begin(), block.values.end(), no_value);
}

/// Largest probability, its lead over the second, and Shannon entropy in bits.
std::array<double, 3> uncertainty_of(std::span<const std::uint32_t> sums, double whole) {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    double entropy = 0;
    for (const std::uint32_t sum : sums) {
        second = std::max(second, std::min(first, sum));
        first = std::max(first, sum);
        if (sum > 0) {
            entropy -= x_log_x(sum / whole);
        }
    }
    return {first / whole, (first - second) / whole, entropy / std::numbers::ln2};
}

void write_classes(const Model& model, const PackedRows& rows, std::span<const std::int32_t> classes,
                   MappedBlock& out) {
    const auto plane = out.map.band(0);
    for (std::size_t row = 0; row < rows.pixel.size(); ++row) {
        plane[rows.pixel[row]] = static_cast<float>(model.legend.at(classes[row]).code);
        ++out.class_pixels[static_cast<std::size_t>(classes[row])];
    }
}

void write_sums(const PackedRows& rows, std::span<const std::uint32_t> sums, std::size_t n_classes, double whole,
                MappedBlock& out) {
    for (std::size_t row = 0; row < rows.pixel.size(); ++row) {
        const auto of_row = sums.subspan(row * n_classes, n_classes);
        if (out.probabilities.n_bands > 0) {
            for (std::size_t k = 0; k < n_classes; ++k) {
                out.probabilities.band(static_cast<int>(k))[rows.pixel[row]] = static_cast<float>(of_row[k] / whole);
            }
        }
        if (out.uncertainty.n_bands > 0) {
            const auto figures = uncertainty_of(of_row, whole);
            for (std::size_t b = 0; b < figures.size(); ++b) {
                out.uncertainty.band(static_cast<int>(b))[rows.pixel[row]] = static_cast<float>(figures[b]);
            }
        }
    }
}

MappedBlock map_block(const Model& model, const PixelBlock& features, const MapOutputs& outputs) {
    MappedBlock out;
    const auto n_classes = static_cast<std::size_t>(model.forest.n_classes());
    out.class_pixels.resize(n_classes);
    fill_nodata(out.map, features.window, 1);
    const PackedRows rows = pack_valid(features);
    out.nodata_pixels = features.n_pixels() - rows.view.n_rows;
    std::vector<std::int32_t> classes(rows.pixel.size());
    if (outputs.probabilities == nullptr && outputs.uncertainty == nullptr) {
        model.forest.predict_classes(rows.view, classes);
        write_classes(model, rows, classes, out);
        return out;
    }
    if (outputs.probabilities != nullptr) {
        fill_nodata(out.probabilities, features.window, static_cast<int>(n_classes));
    }
    if (outputs.uncertainty != nullptr) {
        fill_nodata(out.uncertainty, features.window, 3);
    }
    std::vector<std::uint32_t> sums(rows.pixel.size() * n_classes);
    model.forest.predict_sums(rows.view, sums);
    for (std::size_t row = 0; row < rows.pixel.size(); ++row) {
        const auto* begin = sums.data() + row * n_classes;
        classes[row] = static_cast<std::int32_t>(std::max_element(begin, begin + n_classes) - begin);
    }
    write_classes(model, rows, classes, out);
    const double whole = static_cast<double>(RandomForest::probability_one) * model.forest.n_trees();
    write_sums(rows, sums, n_classes, whole, out);
    return out;
}

} // namespace

MapReport predict_map(const Model& model, const RasterSource& features, const MapOutputs& outputs,
                      std::int64_t block_size, Progress& progress) {
    if (band_names(features) != model.feature_names) {
        throw Error(ExitCode::internal, {.where = "predict",
                                         .field = "features",
                                         .problem = "are not the model's features in the model's order",
                                         .fix = "report this as a bug"});
    }
    MapReport report;
    report.class_pixels.resize(static_cast<std::size_t>(model.legend.size()));
    const std::vector<Window> windows = block_windows(features.grid().extent(), block_size, block_size);
    stream_blocks(
        windows, "classify", progress,
        [&](const Window& window) {
            PixelBlock block;
            features.read(window, block);
            return map_block(model, block, outputs);
        },
        [&](MappedBlock&& block) {
            const std::array<std::pair<RasterSink*, const PixelBlock*>, 3> writes = {
                {{outputs.map, &block.map},
                 {outputs.probabilities, &block.probabilities},
                 {outputs.uncertainty, &block.uncertainty}}};
            for (const auto& [sink, pixels] : writes) {
                if (sink != nullptr) {
                    sink->write(*pixels);
                }
            }
            report.nodata_pixels += block.nodata_pixels;
            for (std::size_t k = 0; k < report.class_pixels.size(); ++k) {
                report.class_pixels[k] += block.class_pixels[k];
            }
        });
    return report;
}

} // namespace lcclass
