#include "features/feature_program.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace lcclass {

namespace {

/// Planes of one thread at once; windows that would take more are computed strip by strip.
constexpr std::int64_t strip_memory = std::int64_t{96} << 20U;

Window widened(const Window& window, std::int64_t margin, const GridSpec& grid) {
    const std::int64_t left = std::max<std::int64_t>(0, window.x - margin);
    const std::int64_t top = std::max<std::int64_t>(0, window.y - margin);
    return {.x = left,
            .y = top,
            .width = std::min(grid.width, window.x + window.width + margin) - left,
            .height = std::min(grid.height, window.y + window.height + margin) - top};
}

} // namespace

/// The planes of a window while it is computed.
struct FeatureProgram::Planes {
    PixelBlock bands;
    std::vector<std::vector<float>> values; ///< of what steps put out
    std::vector<Window> windows;

    [[nodiscard]] PlaneView view(int plane) const {
        const auto p = static_cast<std::size_t>(plane);
        return plane < bands.n_bands ? PlaneView{.window = bands.window, .values = bands.band(plane)}
                                     : PlaneView{.window = windows[p], .values = values[p]};
    }
};

FeatureProgram::FeatureProgram(int n_bands, int n_planes, std::vector<Instruction> instructions,
                               std::vector<int> results)
    : m_n_bands(n_bands), m_instructions(std::move(instructions)), m_results(std::move(results)),
      m_margins(static_cast<std::size_t>(n_planes)), m_last_use(static_cast<std::size_t>(n_planes), -1) {
    // Whether a plane is a formula of bands, pixel by pixel, and of which.
    std::vector<std::set<int>> bands_of(m_margins.size());
    std::vector<bool> is_formula(m_margins.size(), false);
    for (int band = 0; band < n_bands; ++band) {
        bands_of[static_cast<std::size_t>(band)].insert(band);
    }
    for (std::size_t i = 0; i < m_instructions.size(); ++i) {
        const Instruction& instruction = m_instructions[i];
        bool pointwise = instruction.step->may_be_undefined();
        std::set<int> bands;
        for (const int input : instruction.inputs) {
            const auto p = static_cast<std::size_t>(input);
            m_last_use[p] = static_cast<int>(i);
            pointwise = pointwise && (input < n_bands || is_formula[p]);
            bands.insert(bands_of[p].begin(), bands_of[p].end());
        }
        for (const int output : instruction.outputs) {
            is_formula[static_cast<std::size_t>(output)] = pointwise;
            bands_of[static_cast<std::size_t>(output)] = bands;
        }
    }
    for (auto instruction = m_instructions.rbegin(); instruction != m_instructions.rend(); ++instruction) {
        std::int64_t margin = 0; // the outputs of a step share one window
        for (const int output : instruction->outputs) {
            margin = std::max(margin, m_margins[static_cast<std::size_t>(output)]);
        }
        for (const int output : instruction->outputs) {
            m_margins[static_cast<std::size_t>(output)] = margin;
        }
        for (const int input : instruction->inputs) {
            auto& needed = m_margins[static_cast<std::size_t>(input)];
            needed = std::max(needed, margin + instruction->step->margin());
        }
    }
    for (const int result : m_results) {
        const auto p = static_cast<std::size_t>(result);
        m_formula_bands.emplace_back(is_formula[p] ? std::vector<int>(bands_of[p].begin(), bands_of[p].end())
                                                   : std::vector<int>());
    }
}

std::int64_t FeatureProgram::margin() const {
    return m_margins.empty() ? 0 : *std::max_element(m_margins.begin(), m_margins.end());
}

std::int64_t FeatureProgram::strip_height(const Window& window) const {
    const std::int64_t around = 2 * margin();
    const auto n_planes = static_cast<std::int64_t>(m_margins.size());
    const std::int64_t row = n_planes * (window.width + around) * static_cast<std::int64_t>(sizeof(float));
    // A strip much lower than its margins computes most of its rows for its neighbours.
    const std::int64_t least = std::max<std::int64_t>(16, around);
    return std::min(window.height, std::max(least, strip_memory / std::max<std::int64_t>(1, row) - around));
}

std::int64_t FeatureProgram::memory(const Window& window) const {
    const std::int64_t around = 2 * margin();
    const std::int64_t strip = (strip_height(window) + around) * (window.width + around);
    const auto n_planes = static_cast<std::int64_t>(m_margins.size());
    const auto n_features = static_cast<std::int64_t>(m_results.size());
    return static_cast<std::int64_t>(sizeof(float)) * (n_planes * strip + n_features * window.n_pixels());
}

void FeatureProgram::run(const RasterSource& bands, const Window& window, PixelBlock& out,
                         std::span<std::int64_t> undefined) const {
    out.reset(window, static_cast<int>(m_results.size()));
    const std::int64_t height = strip_height(window);
    for (const Window& strip : block_windows(window, window.width, height)) {
        run_strip(bands, strip, out, undefined);
    }
    out.update_valid();
}

void FeatureProgram::run_strip(const RasterSource& bands, const Window& strip, PixelBlock& out,
                               std::span<std::int64_t> undefined) const {
    Planes planes;
    planes.values.resize(m_margins.size());
    planes.windows.resize(m_margins.size());
    std::int64_t band_margin = 0;
    for (int band = 0; band < m_n_bands; ++band) {
        band_margin = std::max(band_margin, m_margins[static_cast<std::size_t>(band)]);
    }
    bands.read(widened(strip, band_margin, bands.grid()), planes.bands);
    for (std::size_t i = 0; i < m_instructions.size(); ++i) {
        const Instruction& instruction = m_instructions[i];
        std::vector<PlaneView> inputs;
        std::vector<PlaneOut> outputs;
        for (const int input : instruction.inputs) {
            inputs.push_back(planes.view(input));
        }
        for (const int output : instruction.outputs) {
            const auto p = static_cast<std::size_t>(output);
            planes.windows[p] = widened(strip, m_margins[p], bands.grid());
            planes.values[p].resize(static_cast<std::size_t>(planes.windows[p].n_pixels()));
            outputs.push_back({.window = planes.windows[p], .values = planes.values[p]});
        }
        instruction.step->run(inputs, outputs);
        for (const int input : instruction.inputs) {
            const auto p = static_cast<std::size_t>(input);
            const bool is_result = std::find(m_results.begin(), m_results.end(), input) != m_results.end();
            if (m_last_use[p] == static_cast<int>(i) && !is_result) {
                std::vector<float>().swap(planes.values[p]);
            }
        }
    }
    for (std::size_t f = 0; f < m_results.size(); ++f) {
        const PlaneView result = planes.view(m_results[f]);
        const auto target = out.band(static_cast<int>(f));
        for (std::int64_t y = strip.y; y < strip.y + strip.height; ++y) {
            const auto row = result.row(y).subspan(static_cast<std::size_t>(strip.x - result.window.x),
                                                   static_cast<std::size_t>(strip.width));
            std::ranges::copy(row, target.begin() + (y - out.window.y) * out.window.width);
            for (std::size_t x = 0; x < row.size() && !m_formula_bands[f].empty(); ++x) {
                const bool has_bands =
                    std::isnan(row[x]) && std::ranges::none_of(m_formula_bands[f], [&](int band) {
                        const PlaneView plane = planes.view(band);
                        return std::isnan(plane.row(y)[x + static_cast<std::size_t>(strip.x - plane.window.x)]);
                    });
                undefined[f] += has_bands ? 1 : 0;
            }
        }
    }
}

} // namespace lcclass
