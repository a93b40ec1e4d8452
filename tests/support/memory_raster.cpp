#include "support/memory_raster.h"

#include <cmath>
#include <limits>

namespace lcclass::test {

GridSpec grid_of(std::int64_t width, std::int64_t height) {
    return {.width = width,
            .height = height,
            .origin_x = 600000,
            .origin_y = 5100000,
            .pixel_width = 10,
            .pixel_height = 10,
            .crs_wkt = "LOCAL"};
}

MemoryRaster::MemoryRaster(GridSpec grid, std::vector<std::pair<std::string, std::vector<float>>> bands)
    : m_grid(std::move(grid)) {
    for (auto& [name, values] : bands) {
        m_bands.push_back({.name = name, .unit = {}, .radiometry = {}, .resampling = {}});
        values.resize(static_cast<std::size_t>(m_grid.n_pixels()), std::numeric_limits<float>::quiet_NaN());
        m_values.push_back(std::move(values));
    }
}

void MemoryRaster::read(const Window& window, PixelBlock& out) const {
    out.reset(window, static_cast<int>(m_bands.size()));
    for (int b = 0; b < out.n_bands; ++b) {
        auto plane = out.band(b);
        std::size_t to = 0;
        for (std::int64_t row = window.y; row < window.y + window.height; ++row) {
            for (std::int64_t col = window.x; col < window.x + window.width; ++col) {
                plane[to++] = m_values[static_cast<std::size_t>(b)][static_cast<std::size_t>(row * m_grid.width + col)];
            }
        }
    }
    out.update_valid();
}

MemorySink::MemorySink(const GridSpec& grid, int n_bands)
    : bands(static_cast<std::size_t>(n_bands),
            std::vector<float>(static_cast<std::size_t>(grid.n_pixels()), std::numeric_limits<float>::quiet_NaN())),
      m_width(grid.width) {}

void MemorySink::write(const PixelBlock& block) {
    for (int b = 0; b < block.n_bands; ++b) {
        const auto plane = block.band(b);
        std::size_t from = 0;
        for (std::int64_t row = block.window.y; row < block.window.y + block.window.height; ++row) {
            for (std::int64_t col = block.window.x; col < block.window.x + block.window.width; ++col) {
                bands[static_cast<std::size_t>(b)][static_cast<std::size_t>(row * m_width + col)] = plane[from++];
            }
        }
    }
}

} // namespace lcclass::test
