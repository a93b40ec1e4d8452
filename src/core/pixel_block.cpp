#include "lcclass/core/pixel_block.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

void PixelBlock::reset(const Window& new_window, int new_n_bands) {
    window = new_window;
    n_bands = new_n_bands;
    const auto pixels = static_cast<std::size_t>(n_pixels());
    values.resize(pixels * static_cast<std::size_t>(n_bands));
    valid.assign(pixels, 1);
}

std::span<float> PixelBlock::band(int index) {
    const auto pixels = static_cast<std::size_t>(n_pixels());
    return {values.data() + static_cast<std::size_t>(index) * pixels, pixels};
}

std::span<const float> PixelBlock::band(int index) const {
    const auto pixels = static_cast<std::size_t>(n_pixels());
    return {values.data() + static_cast<std::size_t>(index) * pixels, pixels};
}

void PixelBlock::update_valid() {
    std::fill(valid.begin(), valid.end(), std::uint8_t{1});
    for (int b = 0; b < n_bands; ++b) {
        const auto plane = band(b);
        for (std::size_t i = 0; i < plane.size(); ++i) {
            valid[i] = static_cast<std::uint8_t>(valid[i] & static_cast<std::uint8_t>(std::isfinite(plane[i])));
        }
    }
}

FeatureView FeatureView::part(std::int64_t first, std::int64_t n) const {
    FeatureView rows{.columns = columns, .n_rows = n};
    for (const float*& column : rows.columns) {
        column += first;
    }
    return rows;
}

FeatureView view_of(const PixelBlock& block) {
    FeatureView view;
    view.n_rows = block.n_pixels();
    for (int b = 0; b < block.n_bands; ++b) {
        view.columns.push_back(block.band(b).data());
    }
    return view;
}

} // namespace lcclass
