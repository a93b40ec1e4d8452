#include "mapping/area_mapper.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/portable_log.h"
#include "mapping/packed_rows.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int32_t no_class = -1;
constexpr std::size_t pixels_per_task = 65536;

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

/// The lowest class on ties.
template <class T>
std::int32_t most_probable(std::span<const T> parts) {
    return static_cast<std::int32_t>(std::max_element(parts.begin(), parts.end()) - parts.begin());
}

} // namespace

AreaMapper::AreaMapper(const Model& model, const ProbabilityCorrection& correction, const Window& area,
                       const MapOutputs& outputs, const Applicability* applicability)
    : m_model(model), m_correction(correction), m_applicability(applicability), m_area(area),
      m_n_classes(static_cast<std::size_t>(model.forest.n_classes())),
      m_n_pixels(static_cast<std::size_t>(area.n_pixels())) {
    fill_nodata(m_out.map, area, 1);
    if (outputs.probabilities != nullptr) {
        fill_nodata(m_out.probabilities, area, static_cast<int>(m_n_classes));
    }
    if (outputs.uncertainty != nullptr) {
        fill_nodata(m_out.uncertainty, area, n_uncertainty_bands);
    }
    if (m_applicability != nullptr) {
        fill_nodata(m_out.applicability, area, n_applicability_bands);
    }
    m_classes.assign(m_n_pixels, no_class);
}

MappedBlock AreaMapper::run(const RasterSource& features, std::int64_t block_size) {
    classify(features, block_size);
    m_out.class_pixels = count_classes(m_classes);
    m_out.nodata_pixels = std::count(m_classes.begin(), m_classes.end(), no_class);
    m_out.class_pixels_without_priors = count_classes(m_classes_without_priors);
    m_out.class_pixels_outside = count_outside();
    return std::move(m_out);
}

void AreaMapper::classify(const RasterSource& features, std::int64_t block_size) {
    PredictionBatch batch(m_model.forest, m_n_pixels);
    std::optional<ApplicabilityBatch> places;
    if (m_applicability != nullptr) {
        places.emplace(m_applicability->space(), m_n_pixels);
    }
    read(features, block_size, batch, places);
    if (wants_sums()) {
        m_sums.resize(m_n_pixels * m_n_classes);
        batch.predict_sums(m_sums);
    } else {
        batch.predict_classes(m_classes);
    }
    if (places) {
        find_applicability(*places);
    }
    if (m_correction.has_priors()) {
        m_classes_without_priors = m_classes;
    }
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, m_n_pixels, pixels_per_task),
                      [&](const tbb::blocked_range<std::size_t>& range) { fill_pixels(range.begin(), range.end()); });
}

void AreaMapper::read(const RasterSource& features, std::int64_t block_size, PredictionBatch& batch,
                      std::optional<ApplicabilityBatch>& places) {
    const std::vector<Window> windows = block_windows(m_area, block_size, block_size);
    tbb::parallel_for(std::size_t{0}, windows.size(), [&](std::size_t i) {
        throw_if_stopped();
        PixelBlock block;
        features.read(windows[i], block);
        const PackedRows rows = pack_valid(block, m_area);
        batch.add(rows.view, rows.pixel);
        if (places) {
            places->add(rows.view, rows.pixel);
        }
        for (const std::uint32_t pixel : rows.pixel) {
            m_classes[pixel] = 0;
        }
    });
}

void AreaMapper::find_applicability(ApplicabilityBatch& places) {
    places.run({.dissimilarity = m_out.applicability.band(0),
                .inside = m_out.applicability.band(1),
                .local_point_density = m_out.applicability.band(2)});
}

bool AreaMapper::wants_sums() const {
    return m_out.probabilities.n_bands > 0 || m_out.uncertainty.n_bands > 0 || m_correction.has_calibration() ||
           m_correction.has_priors();
}

void AreaMapper::fill_pixels(std::size_t first, std::size_t end) {
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

void AreaMapper::correct_pixel(std::size_t pixel, std::span<double> votes, std::span<double> probabilities) {
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

template <class T>
void AreaMapper::fill_figures(std::size_t pixel, std::span<const T> parts, double whole) {
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

std::vector<std::int64_t> AreaMapper::count_classes(const std::vector<std::int32_t>& classes) const {
    std::vector<std::int64_t> pixels(classes.empty() ? 0 : m_n_classes);
    for (const std::int32_t index : classes) {
        if (index != no_class) {
            ++pixels[static_cast<std::size_t>(index)];
        }
    }
    return pixels;
}

/// Of each class, the pixels outside the area of applicability; empty when that is not wanted.
std::vector<std::int64_t> AreaMapper::count_outside() const {
    std::vector<std::int64_t> pixels(m_applicability == nullptr ? 0 : m_n_classes);
    if (m_applicability != nullptr) {
        const auto inside = m_out.applicability.band(1);
        for (std::size_t pixel = 0; pixel < m_n_pixels; ++pixel) {
            if (m_classes[pixel] != no_class && inside[pixel] == 0) {
                ++pixels[static_cast<std::size_t>(m_classes[pixel])];
            }
        }
    }
    return pixels;
}

std::span<const std::uint32_t> AreaMapper::sums_of(std::size_t pixel) const {
    return std::span<const std::uint32_t>(m_sums).subspan(pixel * m_n_classes, m_n_classes);
}

/// The sum of votes that means 1.
double AreaMapper::votes_one() const {
    return static_cast<double>(RandomForest::probability_one) * m_model.forest.n_trees();
}

} // namespace lcclass
