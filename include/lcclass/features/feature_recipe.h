/// How the features of a stack are made: from which bands, by which formulas, with which radiometry and pixel size.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/raster_source.h"

#include <string>
#include <vector>

namespace lcclass {

struct FeatureRecipe {
    struct Feature {
        std::string name;
        std::string formula; ///< the band's own name, or the formula of an index
        bool operator==(const Feature&) const = default;
    };
    std::vector<BandSpec> bands;   ///< the bands the features need, once each
    std::vector<Feature> features; ///< in the order of the stack
    double pixel_width = 0;        ///< CRS units
    double pixel_height = 0;

    [[nodiscard]] std::vector<std::string> feature_names() const;
    [[nodiscard]] std::string to_json() const;
    /// Throws Error(input) naming `where` when the text is not a recipe of this version.
    static FeatureRecipe from_json(const std::string& text, const std::string& where);
};

/// The part of `recipe` that makes `features`, in their order. Throws Error(input) naming `where` and the first
/// feature that the recipe does not make.
FeatureRecipe narrow_recipe(const FeatureRecipe& recipe, const std::vector<std::string>& features,
                            const std::string& where);

/// The names of the bands that `features` (bands and indices) need, in order of first use. `available` lists what the
/// scene offers. Throws Error(configuration) naming a feature that is neither a band nor an index (with the nearest
/// name), one that is asked for twice, or an index with the bands that it lacks.
std::vector<std::string> bands_needed(const std::vector<std::string>& features,
                                      const std::vector<std::string>& available);

/// The recipe of `features` computed from `bands`. Throws as `bands_needed`.
FeatureRecipe make_recipe(const std::vector<std::string>& features, const RasterSource& bands);

/// Throws Error(model) naming what differs when features made by `offered` would not mean what the ones made by
/// `expected` mean: a feature that is missing, another formula, another pixel size, another radiometry (unless both
/// come from product metadata). Order and additional features do not matter.
void require_compatible(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where);

} // namespace lcclass
