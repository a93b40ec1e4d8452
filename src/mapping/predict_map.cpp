#include "lcclass/mapping/predict_map.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/portable_log.h"
#include "lcclass/forest/prediction_batch.h"
#include "lcclass/forest/probability_correction.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();
constexpr int n_uncertainty_bands = 3;
constexpr std::int64_t usual_memory = std::int64_t{400} << 20U; ///< for areas in flight, in bytes
constexpr std::int64_t fewest_areas = 2;                        ///< one is classified while another is written
constexpr std::size_t pixels_per_task = 65536;

/// One classified area, ready to be written.
struct MappedBlock {
    PixelBlock map;
    PixelBlock probabilities;
    PixelBlock uncertainty;
    std::int64_t nodata_pixels = 0;
    std::vector<std::int64_t> class_pixels;
    std::vector<std::int64_t> class_pixels_without_priors;
};

/// The valid pixels of a block packed together, feature by feature.
struct PackedRows {
    std::vector<std::uint32_t> pixel; ///< position in the area of each row
    std::vector<float> values;
    FeatureView view;
};

PackedRows pack_valid(const PixelBlock& block, const Window& area) {
    PackedRows rows;
    std::vector<std::uint32_t> valid;
    const auto n_valid = static_cast<std::size_t>(std::count(block.valid.begin(), block.valid.end(), 1));
    valid.reserve(n_valid);
    rows.pixel.reserve(n_valid);
    for (std::uint32_t i = 0; i < block.valid.size(); ++i) {
        if (block.valid[i] != 0) {
            valid.push_back(i);
            const auto x = i % block.window.width + block.window.x - area.x;
            const auto y = i / block.window.width + block.window.y - area.y;
            rows.pixel.push_back(static_cast<std::uint32_t>(y * area.width + x));
        }
    }
    const std::size_t n = valid.size();
    rows.view.n_rows = static_cast<std::int64_t>(n);
    if (n < block.valid.size()) {
        rows.values.resize(n * static_cast<std::size_t>(block.n_bands));
    }
    for (int b = 0; b < block.n_bands; ++b) {
        const auto plane = block.band(b);
        if (n == block.valid.size()) {
            rows.view.columns.push_back(plane.data());
            continue;
        }
        float* column = rows.values.data() + static_cast<std::size_t>(b) * n;
        for (std::size_t row = 0; row < n; ++row) {
            column[row] = plane[valid[row]];
        }
        rows.view.columns.push_back(column);
    }
    return rows;
}

void fill_nodata(PixelBlock& block, const Window& window, int n_bands) {
    block.reset(window, n_bands);
    std::fill(block.values.begin(), block.values.end(), no_value);
}

/// Largest probability, its lead over the second, and Shannon entropy in bits, of parts of `whole`.
template <class T>
std::array<double, 3> uncertainty_of(std::span<const T> parts, double whole) {
    T first = 0;
    T second = 0;
    double entropy = 0;
    for (const T part : parts) {
        second = std::max(second, std::min(first, part));
        first = std::max(first, part);
        if (part > 0) {
            entropy -= x_log_x(part / whole);
        }
    }
    return {first / whole, (first - second) / whole, entropy / std::numbers::ln2};
}

/// An area on its way from features to what is written of it.
class AreaMapper {
public:
    AreaMapper(const Model& model, const ProbabilityCorrection& correction, const Window& area,
               const MapOutputs& outputs)
        : m_model(model), m_correction(correction), m_area(area),
          m_n_classes(static_cast<std::size_t>(model.forest.n_classes())),
          m_n_pixels(static_cast<std::size_t>(area.n_pixels())) {
        fill_nodata(m_out.map, area, 1);
        if (outputs.probabilities != nullptr) {
            fill_nodata(m_out.probabilities, area, static_cast<int>(m_n_classes));
        }
        if (outputs.uncertainty != nullptr) {
            fill_nodata(m_out.uncertainty, area, n_uncertainty_bands);
        }
        m_classes.assign(m_n_pixels, no_class);
    }

    MappedBlock run(const RasterSource& features, std::int64_t block_size) {
        classify(features, block_size);
        m_out.class_pixels = count_classes(m_classes);
        m_out.nodata_pixels = std::count(m_classes.begin(), m_classes.end(), no_class);
        m_out.class_pixels_without_priors = count_classes(m_classes_without_priors);
        return std::move(m_out);
    }

private:
    static constexpr std::int32_t no_class = -1;

    [[nodiscard]] std::vector<std::int64_t> count_classes(const std::vector<std::int32_t>& classes) const {
        std::vector<std::int64_t> pixels(classes.empty() ? 0 : m_n_classes);
        for (const std::int32_t index : classes) {
            if (index != no_class) {
                ++pixels[static_cast<std::size_t>(index)];
            }
        }
        return pixels;
    }

    void classify(const RasterSource& features, std::int64_t block_size) {
        PredictionBatch batch(m_model.forest, m_n_pixels);
        const std::vector<Window> windows = block_windows(m_area, block_size, block_size);
        tbb::parallel_for(std::size_t{0}, windows.size(), [&](std::size_t i) {
            throw_if_stopped();
            PixelBlock block;
            features.read(windows[i], block);
            const PackedRows rows = pack_valid(block, m_area);
            batch.add(rows.view, rows.pixel);
            for (const std::uint32_t pixel : rows.pixel) {
                m_classes[pixel] = 0;
            }
        });
        if (wants_sums()) {
            m_sums.resize(m_n_pixels * m_n_classes);
            batch.predict_sums(m_sums);
        } else {
            batch.predict_classes(m_classes);
        }
        if (m_correction.has_priors()) {
            m_classes_without_priors = m_classes;
        }
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, m_n_pixels, pixels_per_task),
            [&](const tbb::blocked_range<std::size_t>& range) { fill_pixels(range.begin(), range.end()); });
    }

    [[nodiscard]] bool wants_sums() const {
        return m_out.probabilities.n_bands > 0 || m_out.uncertainty.n_bands > 0 || m_correction.has_calibration() ||
               m_correction.has_priors();
    }

    void fill_pixels(std::size_t first, std::size_t end) {
        std::vector<double> votes(m_n_classes);
        std::vector<double> probabilities(m_n_classes);
        const bool corrected = m_correction.has_calibration() || m_correction.has_priors();
        for (std::size_t pixel = first; pixel < end; ++pixel) {
            if (m_classes[pixel] == no_class) {
                continue;
            }
            if (corrected) {
                correct_pixel(pixel, votes, probabilities);
            } else if (!m_sums.empty()) {
                m_classes[pixel] = most_probable(sums_of(pixel));
                fill_figures(pixel, sums_of(pixel), votes_one());
            }
            m_out.map.values[pixel] = static_cast<float>(m_model.legend.at(m_classes[pixel]).code);
        }
    }

    void correct_pixel(std::size_t pixel, std::span<double> votes, std::span<double> probabilities) {
        const auto sums = sums_of(pixel);
        std::transform(sums.begin(), sums.end(), votes.begin(), [&](std::uint32_t sum) { return sum / votes_one(); });
        m_correction.calibrate(votes, probabilities);
        if (m_correction.has_priors()) {
            m_classes_without_priors[pixel] = most_probable(std::span<const double>(probabilities));
            m_correction.correct_priors(probabilities);
        }
        m_classes[pixel] = most_probable(std::span<const double>(probabilities));
        fill_figures(pixel, std::span<const double>(probabilities), 1);
    }

    [[nodiscard]] std::span<const std::uint32_t> sums_of(std::size_t pixel) const {
        return std::span<const std::uint32_t>(m_sums).subspan(pixel * m_n_classes, m_n_classes);
    }

    /// The sum of votes that means 1.
    [[nodiscard]] double votes_one() const {
        return static_cast<double>(RandomForest::probability_one) * m_model.forest.n_trees();
    }

    /// The lowest class on ties.
    template <class T>
    static std::int32_t most_probable(std::span<const T> parts) {
        return static_cast<std::int32_t>(std::max_element(parts.begin(), parts.end()) - parts.begin());
    }

    template <class T>
    void fill_figures(std::size_t pixel, std::span<const T> parts, double whole) {
        if (m_out.probabilities.n_bands > 0) {
            for (std::size_t k = 0; k < m_n_classes; ++k) {
                m_out.probabilities.values[k * m_n_pixels + pixel] = static_cast<float>(parts[k] / whole);
            }
        }
        if (m_out.uncertainty.n_bands > 0) {
            const auto figures = uncertainty_of(parts, whole);
            for (std::size_t b = 0; b < figures.size(); ++b) {
                m_out.uncertainty.values[b * m_n_pixels + pixel] = static_cast<float>(figures[b]);
            }
        }
    }

    const Model& m_model;
    const ProbabilityCorrection& m_correction;
    Window m_area;
    std::size_t m_n_classes;
    std::size_t m_n_pixels;
    std::vector<std::int32_t> m_classes;                ///< per pixel of the area
    std::vector<std::int32_t> m_classes_without_priors; ///< empty without priors
    std::vector<std::uint32_t> m_sums; ///< empty when only the classes that the trees vote for are needed
    MappedBlock m_out;
};

/// Bytes that a pixel takes from the moment its features were read until it is written.
std::int64_t bytes_per_pixel(const Model& model, const MapExtras& extras) {
    const std::int64_t n_classes = model.forest.n_classes();
    const bool corrected = model.calibration.method != CalibrationMethod::none || extras.class_priors;
    const bool sums = extras.probabilities || extras.uncertainty || corrected;
    const std::int64_t bands =
        1 + (extras.probabilities ? n_classes : 0) + (extras.uncertainty ? n_uncertainty_bands : 0);
    constexpr std::int64_t validity = 1;
    const auto batch = static_cast<std::int64_t>(PredictionBatch::bytes_per_pixel(model.forest.n_features()));
    const std::int64_t classes = extras.class_priors ? 8 : 4;
    return batch + classes + (sums ? 4 * n_classes : 0) + bands * 4 + 3 * validity;
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
                           .class_priors = !options.class_priors.empty()};
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
    const auto n_classes = static_cast<std::size_t>(model.legend.size());
    const ProbabilityCorrection correction(
        model.calibration, {.training = model.training_priors, .mapped = options.class_priors}, n_classes);
    MapReport report;
    report.class_pixels.resize(n_classes);
    report.class_pixels_without_priors.resize(correction.has_priors() ? n_classes : 0);
    const AreaPlan plan = plan_areas(model, outputs, options);
    const std::vector<Window> areas = block_windows(features.grid().extent(), plan.side, plan.side);
    stream_blocks(
        areas, "classify", progress, static_cast<std::size_t>(plan.in_flight),
        [&](const Window& area) {
            return AreaMapper(model, correction, area, outputs).run(features, options.block_size);
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
            add_to(report.class_pixels, block.class_pixels);
            add_to(report.class_pixels_without_priors, block.class_pixels_without_priors);
        });
    return report;
}

} // namespace lcclass
