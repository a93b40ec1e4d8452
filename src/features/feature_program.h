/// Bands to features as a list of steps over planes, run window by window.
/// Const access is safe from any thread.
#pragma once

#include "features/feature_step.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/features/feature_source.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// Planes are numbered: those of the bands first, then what steps put out, in the order of the steps.
class FeatureProgram {
public:
    struct Instruction {
        std::unique_ptr<FeatureStep> step;
        std::vector<int> inputs;
        std::vector<int> outputs;
    };

    /// The planes 0, 1, ... are the bands of the source that `run` reads, `n_bands` of them; `n_planes` counts all.
    /// `results` are the planes of the features. Requires: every instruction comes after those whose outputs it takes.
    FeatureProgram(int n_bands, int n_planes, std::vector<Instruction> instructions, std::vector<int> results);

    /// Computes `window` of all features into `out`, and adds to `undefined[f]` the pixels whose bands all have a value
    /// but whose feature f, a formula, has none.
    void run(const RasterSource& bands, const Window& window, PixelBlock& out, std::span<std::int64_t> undefined) const;
    /// The same, adding to `tallies[b]` the pixels of `window` of band b.
    void run(const RasterSource& bands, const Window& window, PixelBlock& out, std::span<std::int64_t> undefined,
             std::span<BandTally> tallies) const;

    /// Pixels around a window that are read to compute it.
    [[nodiscard]] std::int64_t margin() const;
    /// Bytes that one thread takes for `window`, without its features.
    [[nodiscard]] std::int64_t memory(const Window& window) const;

private:
    struct Planes;
    void find_margins();
    void find_formulas();
    void find_last_uses();
    void run_strip(const RasterSource& bands, const Window& strip, PixelBlock& out, std::span<std::int64_t> undefined,
                   std::span<BandTally> tallies) const;
    void read_bands(const RasterSource& bands, const Window& strip, Planes& planes) const;
    void run_steps(const RasterSource& bands, const Window& strip, Planes& planes) const;
    void copy_result(std::size_t feature, const Window& strip, const Planes& planes, PixelBlock& out) const;
    [[nodiscard]] std::int64_t count_undefined(std::size_t feature, const Window& strip, const Planes& planes) const;
    [[nodiscard]] std::int64_t strip_height(const Window& window) const;

    int m_n_bands;
    std::vector<Instruction> m_instructions;
    std::vector<int> m_results;
    std::vector<std::int64_t> m_margins;           ///< per plane: pixels around the window that later steps need
    std::vector<int> m_last_use;                   ///< per plane: the last instruction that takes it; -1: kept
    std::vector<std::vector<int>> m_formula_bands; ///< per feature: the bands of a formula, empty for other features
    std::map<std::int64_t, std::vector<int>> m_bands_by_margin; ///< read together
};

} // namespace lcclass
