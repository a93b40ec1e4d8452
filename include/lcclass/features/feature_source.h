/// Features computed from bands while they are read: a RasterSource on top of a RasterSource.
/// Safe to read from several threads at once.
#pragma once

#include "lcclass/core/raster_source.h"
#include "lcclass/features/feature_recipe.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace lcclass {

class FeatureProgram;

/// What the pixels of a band were.
struct BandTally {
    std::int64_t valid = 0;
    std::int64_t negative = 0;      ///< of `valid`: below -0.02, which no reflectance is
    std::int64_t saturated = 0;     ///< without a value, as far as the source says why (core/missing_value.h)
    std::int64_t below_minimum = 0; ///< likewise

    BandTally& operator+=(const BandTally& other);
};

class FeatureSource final : public RasterSource {
public:
    /// Requires: `recipe` is fitted. Throws: Error(input) naming the first band of the recipe that `bands` lacks;
    /// Error(model) when dates of `bands` cannot play the parts of the recipe's.
    FeatureSource(std::shared_ptr<const RasterSource> bands, FeatureRecipe recipe);
    ~FeatureSource() override;

    [[nodiscard]] const GridSpec& grid() const override { return m_bands->grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_features; }
    void read(const Window& window, PixelBlock& out) const override;

    [[nodiscard]] const FeatureRecipe& recipe() const { return m_recipe; }
    /// Whole years that the dates were moved by to those of the scene.
    [[nodiscard]] int years_moved() const { return m_years_moved; }
    /// Pixels around a window that are read with it.
    [[nodiscard]] std::int64_t margin() const;
    /// Bytes that one thread takes to read `window`.
    [[nodiscard]] std::int64_t memory(const Window& window) const;
    /// The bands that are read, and what their pixels were so far; of single dates, before windows and composites.
    [[nodiscard]] const std::vector<BandSpec>& band_specs() const { return m_bands->bands(); }
    [[nodiscard]] std::vector<BandTally> band_tallies() const;
    /// Pixels so far whose bands were all valid but whose feature, a formula, was undefined, per feature.
    [[nodiscard]] std::vector<std::int64_t> undefined_counts() const;

private:
    std::shared_ptr<const RasterSource> m_bands;
    FeatureRecipe m_recipe;
    std::vector<BandSpec> m_features;
    std::unique_ptr<const FeatureProgram> m_program;
    int m_years_moved = 0;
    mutable std::mutex m_mutex; ///< of the counts
    mutable std::vector<std::int64_t> m_undefined;
    mutable std::vector<BandTally> m_tallies;
};

/// The bands of `source` picked and ordered by name: `source` itself when there is nothing to pick. Throws Error(model)
/// listing the names that `source` lacks.
std::shared_ptr<const RasterSource> select_bands(std::shared_ptr<const RasterSource> source,
                                                 const std::vector<std::string>& names, const std::string& where);

} // namespace lcclass
