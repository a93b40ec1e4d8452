/// A window of pixels in memory: one plane of floats per band and one validity mask, the unit everything streams in.
/// A value; not synchronised.
#pragma once

#include "lcclass/core/grid_spec.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Values are band-major. `valid[i]` is 1 when every band has a value at pixel i; nodata is decided by whoever
/// fills the block and is NaN in `values`, so that a band can be undefined where others are not.
struct PixelBlock {
    Window window;
    int n_bands = 0;
    std::vector<float> values;
    std::vector<std::uint8_t> valid;

    /// Takes the shape (all pixels valid, values unspecified); keeps allocated memory.
    void reset(const Window& new_window, int new_n_bands);
    [[nodiscard]] std::int64_t n_pixels() const { return window.n_pixels(); }
    [[nodiscard]] std::span<float> band(int index);
    [[nodiscard]] std::span<const float> band(int index) const;
    /// Sets `valid` from the values: 1 where every band is finite.
    void update_valid();
};

/// Read-only columns of features, one pointer per feature, `n_rows` values each: how algorithms see a PixelBlock
/// and a SampleTable alike.
struct FeatureView {
    std::vector<const float*> columns;
    std::int64_t n_rows = 0;

    [[nodiscard]] int n_features() const { return static_cast<int>(columns.size()); }
    /// Rows [first, first + n).
    [[nodiscard]] FeatureView part(std::int64_t first, std::int64_t n) const;
};

FeatureView view_of(const PixelBlock& block);

} // namespace lcclass
