#include "mapping/packed_rows.h"

#include <algorithm>
#include <limits>

namespace lcclass {

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
    std::fill(block.values.begin(), block.values.end(), std::numeric_limits<float>::quiet_NaN());
}

} // namespace lcclass
