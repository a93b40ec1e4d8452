/// From a scene to the features that are asked for, or that a model was trained with.
/// Free functions; one thread calls, reading uses all.
#pragma once

#include "command.h"
#include "lcclass/features/feature_source.h"
#include "lcclass/features/fit_recipe.h"
#include "lcclass/features/masked_bands.h"
#include "lcclass/geo/scene.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// Scenes of several dates that are mostly masked are left out.
struct SceneFilter {
    double min_valid = 0.8; ///< share of pixels with values, of the area that is mapped
};

struct SceneFeatures {
    std::shared_ptr<FeatureSource> source;
    std::vector<SceneShare> scenes; ///< of every date there is, when there are several
    std::vector<Acquisition> dropped;
};

/// Without features in the request: all bands of the scene that are of its pixels, then the definitions.
SceneFeatures make_features(SceneOptions options, FeatureRequest request, const SceneFilter& filter,
                            const FitOptions& fit, Context& context);

/// What `make_features` would ask for, as far as it is known without reading pixels: the number of features and the
/// grid.
struct FeatureOutline {
    GridSpec grid;
    int n_features = 0;
};
FeatureOutline outline_features(SceneOptions options, FeatureRequest request);

/// The features of `recipe` from another scene. Radiometry that is stated for the scene may have other numbers than
/// that of the training; `min_valid` is the recipe's unless given. Throws: Error(input), Error(model) naming what the
/// scene lacks or how it differs.
SceneFeatures remake_features(SceneOptions options, const FeatureRecipe& recipe, std::optional<double> min_valid,
                              bool radiometry_is_stated, Context& context);

} // namespace lcclass
