#include "lcclass/mapping/explain_map.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/mapping/predict_rows.h"
#include "mapping/packed_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lcclass {

namespace {

constexpr std::size_t areas_in_flight = 2; ///< one is explained while another is read or written
constexpr std::int64_t rows_together = 65536;

/// Side of the areas that are explained at once. What else is in an area decides the last digits of its values, so it
/// depends on the model alone, not on memory or threads.
std::int64_t area_side(const Model& model) {
    return model.forest.n_features() <= 24 ? 1024 : model.forest.n_features() <= 100 ? 512 : 256;
}

std::int64_t bytes_per_pixel(const Model& model) {
    const std::int64_t p = model.forest.n_features();
    constexpr std::int64_t validity = 3;            // of what is read and of two outputs
    const std::int64_t read = 2 * p * 4 + validity; // and packed without nodata
    const std::int64_t values = 8 * p + 8 + 4 + 8;  // doubles; position, class, and row by class
    const std::int64_t written = 4 * p + 8 + 4;     // and base, dominant feature twice
    return read + values + written +
           static_cast<std::int64_t>(TreeShap::bytes_per_row(static_cast<int>(p), model.forest.n_classes()));
}

struct ExplainedArea {
    PixelBlock shap;
    PixelBlock dominant;
    std::int64_t nodata_pixels = 0;
    std::vector<std::uint32_t> strongest; ///< per row: the feature whose contribution is the largest in size
    std::vector<std::int64_t> dominant_pixels;
    std::vector<double> sum_abs;
};

std::vector<std::int32_t> classes_of(const Model& model, const FeatureView& rows, std::optional<int> only_class) {
    if (only_class) {
        return std::vector<std::int32_t>(static_cast<std::size_t>(rows.n_rows), *only_class);
    }
    std::vector<std::int32_t> classes;
    for (std::int64_t first = 0; first < rows.n_rows; first += rows_together) {
        const FeatureView part = rows.part(first, std::min(rows_together, rows.n_rows - first));
        const std::vector<std::int32_t> found = predict_rows(model, part).class_index;
        classes.insert(classes.end(), found.begin(), found.end());
    }
    return classes;
}

/// What an area is explained with.
struct Explainer {
    const Model& model;
    const TreeShap& shap;
    const RasterSource& features;
    std::optional<int> only_class;
    ExplanationOutputs outputs;
    Progress& progress;

    [[nodiscard]] ExplainedArea run(const Window& area) const {
        PixelBlock block;
        features.read(area, block);
        const PackedRows rows = pack_valid(block, area);
        const std::vector<std::int32_t> classes = classes_of(model, rows.view, only_class);
        std::vector<double> values(rows.pixel.size() * n_features());
        shap.explain_classes(rows.view, classes, values, progress);
        ExplainedArea result;
        result.nodata_pixels = area.n_pixels() - rows.view.n_rows;
        progress.advance(result.nodata_pixels);
        count(values, result);
        if (outputs.shap != nullptr) {
            fill_shap(area, rows, classes, values, result.shap);
        }
        if (outputs.dominant != nullptr) {
            fill_nodata(result.dominant, area, 1);
            for (std::size_t row = 0; row < rows.pixel.size(); ++row) {
                result.dominant.values[rows.pixel[row]] = static_cast<float>(result.strongest[row] + 1);
            }
        }
        return result;
    }

private:
    [[nodiscard]] std::size_t n_features() const { return model.feature_names.size(); }

    /// The feature whose contribution to a row is the largest in size.
    [[nodiscard]] std::size_t strongest(const std::vector<double>& values, std::size_t row) const {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * n_features());
        const auto last = first + static_cast<std::ptrdiff_t>(n_features());
        return static_cast<std::size_t>(
            std::max_element(first, last, [](double a, double b) { return std::abs(a) < std::abs(b); }) - first);
    }

    void count(const std::vector<double>& values, ExplainedArea& result) const {
        result.dominant_pixels.resize(n_features());
        result.sum_abs.resize(n_features());
        for (std::size_t row = 0; row * n_features() < values.size(); ++row) {
            result.strongest.push_back(static_cast<std::uint32_t>(strongest(values, row)));
            ++result.dominant_pixels[result.strongest.back()];
            for (std::size_t f = 0; f < n_features(); ++f) {
                result.sum_abs[f] += std::abs(values[row * n_features() + f]);
            }
        }
    }

    void fill_shap(const Window& area, const PackedRows& rows, const std::vector<std::int32_t>& classes,
                   const std::vector<double>& values, PixelBlock& out) const {
        fill_nodata(out, area, static_cast<int>(n_features()) + 1);
        const auto n_pixels = static_cast<std::size_t>(area.n_pixels());
        for (std::size_t row = 0; row < rows.pixel.size(); ++row) {
            for (std::size_t f = 0; f < n_features(); ++f) {
                out.values[f * n_pixels + rows.pixel[row]] = static_cast<float>(values[row * n_features() + f]);
            }
            out.values[n_features() * n_pixels + rows.pixel[row]] =
                static_cast<float>(shap.base()[static_cast<std::size_t>(classes[row])]);
        }
    }
};

} // namespace

std::int64_t least_explanation_memory(const Model& model, const GridSpec& grid) {
    const std::int64_t area = std::min(area_side(model), grid.width) * std::min(area_side(model), grid.height);
    return static_cast<std::int64_t>(areas_in_flight) * area * bytes_per_pixel(model) +
           static_cast<std::int64_t>(areas_in_flight * TreeShap::fixed_bytes(model.forest, 1));
}

double expected_seconds(const Model& model, std::int64_t n_pixels, std::int64_t n_sampled, double sample_seconds) {
    const auto together = static_cast<double>(std::min(n_pixels, area_side(model) * area_side(model)));
    const auto sampled = static_cast<double>(n_sampled);
    return sample_seconds * static_cast<double>(n_pixels) / sampled *
           std::pow(std::max(1.0, together / sampled), -0.28);
}

ExplanationReport explain_map(const Model& model, const TreeShap& shap, const RasterSource& features,
                              std::optional<int> only_class, const ExplanationOutputs& outputs, Progress& progress) {
    const std::size_t p = model.feature_names.size();
    ExplanationReport report{
        .nodata_pixels = 0, .dominant_pixels = std::vector<std::int64_t>(p), .mean_abs = std::vector<double>(p)};
    const Explainer explainer{.model = model,
                              .shap = shap,
                              .features = features,
                              .only_class = only_class,
                              .outputs = outputs,
                              .progress = progress};
    const std::int64_t side = area_side(model);
    const std::vector<Window> areas = block_windows(features.grid().extent(), side, side);
    progress.begin("explain", features.grid().n_pixels());
    stream_blocks(
        areas, "explain", silent_progress(), areas_in_flight, [&](const Window& area) { return explainer.run(area); },
        [&](ExplainedArea&& area) {
            if (outputs.shap != nullptr) {
                outputs.shap->write(area.shap);
            }
            if (outputs.dominant != nullptr) {
                outputs.dominant->write(area.dominant);
            }
            report.nodata_pixels += area.nodata_pixels;
            for (std::size_t f = 0; f < p; ++f) {
                report.dominant_pixels[f] += area.dominant_pixels[f];
                report.mean_abs[f] += area.sum_abs[f];
            }
        });
    progress.end();
    const auto explained = static_cast<double>(features.grid().n_pixels() - report.nodata_pixels);
    for (double& value : report.mean_abs) {
        value = explained > 0 ? value / explained : std::numeric_limits<double>::quiet_NaN();
    }
    return report;
}

} // namespace lcclass
