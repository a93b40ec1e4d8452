#include "features/feature_program.h"

#include "lcclass/core/missing_value.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace lcclass {

namespace {

/// No step is the last to use a plane that is a feature, or that tells where one is undefined.
constexpr int kept = -1;
/// Planes of one thread at once; windows that would take more are computed strip by strip.
constexpr std::int64_t strip_memory = std::int64_t{48} << 20U;

void count_values(const PlaneView& band, const Window& strip, BandTally& tally) {
    constexpr float lowest_plausible = -0.02F; // of a reflectance
    for (std::int64_t y = strip.y; y < strip.y + strip.height; ++y) {
        const auto row = band.row(y).subspan(static_cast<std::size_t>(strip.x - band.window.x),
                                             static_cast<std::size_t>(strip.width));
        for (const float value : row) {
            if (!std::isnan(value)) {
                ++tally.valid;
                tally.negative += value < lowest_plausible ? 1 : 0;
                continue;
            }
            const Missing kind = missing_kind(value);
            tally.saturated += kind == Missing::saturated ? 1 : 0;
            tally.below_minimum += kind == Missing::below_minimum ? 1 : 0;
        }
    }
}

} // namespace

/// The planes of a strip while it is computed: views of the bands as they were read, or of what steps put out.
struct FeatureProgram::Planes {
    std::vector<PixelBlock> blocks;         ///< of the bands
    std::vector<std::vector<float>> values; ///< of the steps
    std::vector<PlaneView> views;

    [[nodiscard]] const PlaneView& view(int plane) const { return views[static_cast<std::size_t>(plane)]; }
};

FeatureProgram::FeatureProgram(int n_bands, int n_planes, std::vector<Instruction> instructions,
                               std::vector<int> results)
    : m_n_bands(n_bands), m_instructions(std::move(instructions)), m_results(std::move(results)),
      m_margins(static_cast<std::size_t>(n_planes)), m_last_use(static_cast<std::size_t>(n_planes), kept) {
    find_margins();
    find_formulas();
    find_last_uses();
    for (int band = 0; band < m_n_bands; ++band) {
        m_bands_by_margin[m_margins[static_cast<std::size_t>(band)]].push_back(band);
    }
}

void FeatureProgram::find_margins() {
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
}

/// Which features are formulas of bands, pixel by pixel, and of which.
void FeatureProgram::find_formulas() {
    std::vector<std::set<int>> bands_of(m_margins.size());
    std::vector<bool> is_formula(m_margins.size(), false);
    for (int band = 0; band < m_n_bands; ++band) {
        bands_of[static_cast<std::size_t>(band)].insert(band);
    }
    for (const Instruction& instruction : m_instructions) {
        bool pointwise = instruction.step->may_be_undefined();
        std::set<int> bands;
        for (const int input : instruction.inputs) {
            const auto p = static_cast<std::size_t>(input);
            pointwise = pointwise && (input < m_n_bands || is_formula[p]);
            bands.insert(bands_of[p].begin(), bands_of[p].end());
        }
        for (const int output : instruction.outputs) {
            is_formula[static_cast<std::size_t>(output)] = pointwise;
            bands_of[static_cast<std::size_t>(output)] = bands;
        }
    }
    for (const int result : m_results) {
        const auto p = static_cast<std::size_t>(result);
        m_formula_bands.emplace_back(is_formula[p] ? std::vector<int>(bands_of[p].begin(), bands_of[p].end())
                                                   : std::vector<int>());
    }
}

void FeatureProgram::find_last_uses() {
    for (std::size_t i = 0; i < m_instructions.size(); ++i) {
        for (const int input : m_instructions[i].inputs) {
            m_last_use[static_cast<std::size_t>(input)] = static_cast<int>(i);
        }
    }
    for (std::size_t f = 0; f < m_results.size(); ++f) {
        m_last_use[static_cast<std::size_t>(m_results[f])] = kept;
        for (const int band : m_formula_bands[f]) {
            m_last_use[static_cast<std::size_t>(band)] = kept;
        }
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
    const std::int64_t most = std::max(least, strip_memory / std::max<std::int64_t>(1, row) - around);
    const std::int64_t n_strips = (window.height + most - 1) / most;
    return (window.height + n_strips - 1) / n_strips;
}

std::int64_t FeatureProgram::memory(const Window& window) const {
    const std::int64_t around = 2 * margin();
    const auto n_planes = static_cast<std::int64_t>(m_margins.size());
    return static_cast<std::int64_t>(sizeof(float)) * n_planes * (strip_height(window) + around) *
           (window.width + around);
}

void FeatureProgram::run(const RasterSource& bands, const Window& window, PixelBlock& out,
                         std::span<std::int64_t> undefined) const {
    run(bands, window, out, undefined, {});
}

void FeatureProgram::run(const RasterSource& bands, const Window& window, PixelBlock& out,
                         std::span<std::int64_t> undefined, std::span<BandTally> tallies) const {
    out.reset(window, static_cast<int>(m_results.size()));
    const std::int64_t height = strip_height(window);
    for (const Window& strip : block_windows(window, window.width, height)) {
        run_strip(bands, strip, out, undefined, tallies);
    }
    out.update_valid();
}

void FeatureProgram::run_strip(const RasterSource& bands, const Window& strip, PixelBlock& out,
                               std::span<std::int64_t> undefined, std::span<BandTally> tallies) const {
    Planes planes;
    planes.values.resize(m_margins.size());
    planes.views.resize(m_margins.size());
    read_bands(bands, strip, planes);
    for (std::size_t band = 0; band < tallies.size(); ++band) {
        count_values(planes.views[band], strip, tallies[band]);
    }
    run_steps(bands, strip, planes);
    for (std::size_t f = 0; f < m_results.size(); ++f) {
        copy_result(f, strip, planes, out);
        undefined[f] += m_formula_bands[f].empty() ? 0 : count_undefined(f, strip, planes);
    }
}

/// Bands that nothing looks around in are read without margins: every pixel of a margin may be one more tile to decode.
void FeatureProgram::read_bands(const RasterSource& bands, const Window& strip, Planes& planes) const {
    for (const auto& [margin, chosen] : m_bands_by_margin) {
        PixelBlock block;
        bands.read_bands(widened(strip, margin, bands.grid()), chosen, block);
        planes.blocks.push_back(std::move(block));
        const PixelBlock& kept_block = planes.blocks.back();
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            planes.views[static_cast<std::size_t>(chosen[i])] = {.window = kept_block.window,
                                                                 .values = kept_block.band(static_cast<int>(i))};
        }
    }
}

void FeatureProgram::run_steps(const RasterSource& bands, const Window& strip, Planes& planes) const {
    for (std::size_t i = 0; i < m_instructions.size(); ++i) {
        const Instruction& instruction = m_instructions[i];
        std::vector<PlaneView> inputs;
        std::vector<PlaneOut> outputs;
        for (const int input : instruction.inputs) {
            inputs.push_back(planes.view(input));
        }
        for (const int output : instruction.outputs) {
            const auto p = static_cast<std::size_t>(output);
            const Window window = widened(strip, m_margins[p], bands.grid());
            planes.values[p].resize(static_cast<std::size_t>(window.n_pixels()));
            planes.views[p] = {.window = window, .values = planes.values[p]};
            outputs.push_back({.window = window, .values = planes.values[p]});
        }
        instruction.step->run(inputs, outputs);
        for (const int input : instruction.inputs) {
            const auto p = static_cast<std::size_t>(input);
            if (m_last_use[p] == static_cast<int>(i)) {
                std::vector<float>().swap(planes.values[p]);
            }
        }
    }
}

void FeatureProgram::copy_result(std::size_t feature, const Window& strip, const Planes& planes,
                                 PixelBlock& out) const {
    const PlaneView result = planes.view(m_results[feature]);
    const auto target = out.band(static_cast<int>(feature));
    for (std::int64_t y = strip.y; y < strip.y + strip.height; ++y) {
        const auto row = result.row(y).subspan(static_cast<std::size_t>(strip.x - result.window.x),
                                               static_cast<std::size_t>(strip.width));
        std::ranges::copy(row, target.begin() + (y - out.window.y) * out.window.width);
    }
}

std::int64_t FeatureProgram::count_undefined(std::size_t feature, const Window& strip, const Planes& planes) const {
    const PlaneView result = planes.view(m_results[feature]);
    const auto has_value = [&](const PlaneView& plane, std::int64_t x, std::int64_t y) {
        return !std::isnan(plane.row(y)[static_cast<std::size_t>(x - plane.window.x)]);
    };
    std::vector<PlaneView> bands;
    std::ranges::transform(m_formula_bands[feature], std::back_inserter(bands),
                           [&](int band) { return planes.view(band); });
    std::int64_t undefined = 0;
    for (std::int64_t y = strip.y; y < strip.y + strip.height; ++y) {
        for (std::int64_t x = strip.x; x < strip.x + strip.width; ++x) {
            const bool missing = !has_value(result, x, y) && std::ranges::all_of(bands, [&](const PlaneView& band) {
                return has_value(band, x, y);
            });
            undefined += missing ? 1 : 0;
        }
    }
    return undefined;
}

} // namespace lcclass
