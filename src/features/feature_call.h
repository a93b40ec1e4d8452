/// The arguments of the functions in features: `FOCAL_MEAN(B08,7)`, `GLCM_CONTRAST(B08,7,32)`, `SLOPE(DEM)`.
/// Values; safe from any thread.
#pragma once

#include "features/feature_expression.h"
#include "features/focal.h"
#include "features/terrain.h"
#include "features/texture.h"

#include <variant>

namespace lcclass {

struct FocalCall {
    FocalStatistic statistic = FocalStatistic::mean;
    int size = 3;
};

struct TextureCall {
    TextureStatistic statistic = TextureStatistic::contrast;
    TextureOptions options;
    bool has_range = false; ///< low and high are stated; otherwise they are fitted
};

struct TerrainCall {
    TerrainKind kind = TerrainKind::slope;
};

struct StandardizeCall {};

using FeatureCall = std::variant<FocalCall, TextureCall, TerrainCall, StandardizeCall>;

/// Requires: a call that `parse_feature` has made. Throws Error(configuration) naming the call and the number that it
/// cannot have.
FeatureCall read_call(const FeatureExpression& call);

} // namespace lcclass
