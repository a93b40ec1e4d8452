/// Features whose holes are filled from another raster of the same features, such as the mosaic of another season.
/// Safe to read from several threads at once.
#pragma once

#include "lcclass/core/raster_source.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace lcclass {

class FilledFeatures final : public RasterSource {
public:
    /// Takes the bands of `filling` by name. Requires: both have the same lattice. Throws Error(input) naming `where`
    /// when they share no band.
    FilledFeatures(std::shared_ptr<const RasterSource> features, std::shared_ptr<const RasterSource> filling,
                   const std::string& where);

    [[nodiscard]] const GridSpec& grid() const override { return m_features->grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_features->bands(); }
    void read(const Window& window, PixelBlock& out) const override;

    /// Values filled so far, per feature.
    [[nodiscard]] std::vector<std::int64_t> filled_counts() const;

private:
    std::shared_ptr<const RasterSource> m_features;
    std::shared_ptr<const RasterSource> m_filling;
    std::vector<int> m_band; ///< of the filling, per feature; -1: it has none
    mutable std::vector<std::atomic<std::int64_t>> m_filled;
};

} // namespace lcclass
