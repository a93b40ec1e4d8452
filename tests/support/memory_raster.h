/// Rasters in memory: what tests feed algorithms with and let them write to.
/// MemoryRaster may be read from several threads; MemorySink belongs to one.
#pragma once

#include "lcclass/core/raster_sink.h"
#include "lcclass/core/raster_source.h"

#include <string>
#include <utility>
#include <vector>

namespace lcclass::test {

/// A 10 m grid in EPSG:32633's plane with its upper-left corner at (600000, 5100000); the CRS text is `LOCAL`.
GridSpec grid_of(std::int64_t width, std::int64_t height);

class MemoryRaster final : public RasterSource {
public:
    MemoryRaster(GridSpec grid, std::vector<std::pair<std::string, std::vector<float>>> bands);

    [[nodiscard]] const GridSpec& grid() const override { return m_grid; }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_bands; }
    void read(const Window& window, PixelBlock& out) const override;

    std::vector<BandSpec>& mutable_bands() { return m_bands; }

private:
    GridSpec m_grid;
    std::vector<BandSpec> m_bands;
    std::vector<std::vector<float>> m_values;
};

/// Keeps what is written; `committed` tells whether the writer finished.
class MemorySink final : public RasterSink {
public:
    MemorySink(const GridSpec& grid, int n_bands);

    void write(const PixelBlock& block) override;
    void commit() override { committed = true; }

    std::vector<std::vector<float>> bands; ///< full planes
    bool committed = false;

private:
    std::int64_t m_width;
};

} // namespace lcclass::test
