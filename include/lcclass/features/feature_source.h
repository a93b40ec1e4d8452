/// Features computed from bands while they are read: a RasterSource on top of a RasterSource.
/// Safe to read from several threads at once.
#pragma once

#include "lcclass/core/raster_source.h"
#include "lcclass/features/feature_recipe.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace lcclass {

class FeatureSource final : public RasterSource {
public:
    /// Requires: `bands` offers every band of `recipe` by name (throws Error(input) naming the first it lacks).
    FeatureSource(std::shared_ptr<const RasterSource> bands, FeatureRecipe recipe);
    ~FeatureSource() override;

    [[nodiscard]] const GridSpec& grid() const override { return m_bands->grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_features; }
    void read(const Window& window, PixelBlock& out) const override;

    [[nodiscard]] const FeatureRecipe& recipe() const { return m_recipe; }
    /// Pixels so far whose bands were all valid but whose feature was undefined, per feature.
    [[nodiscard]] std::vector<std::int64_t> undefined_counts() const;

private:
    struct Step; // one feature: a band to copy or an index with the planes it takes
    std::shared_ptr<const RasterSource> m_bands;
    FeatureRecipe m_recipe;
    std::vector<BandSpec> m_features;
    std::vector<Step> m_steps;
    mutable std::vector<std::atomic<std::int64_t>> m_undefined;
};

/// The bands of `source` picked and ordered by name: `source` itself when there is nothing to pick. Throws Error(model)
/// listing the names that `source` lacks.
std::shared_ptr<const RasterSource> select_bands(std::shared_ptr<const RasterSource> source,
                                                 const std::vector<std::string>& names, const std::string& where);

} // namespace lcclass
