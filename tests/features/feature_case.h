/// Small rasters, and the features that are made of them.
#pragma once

#include "lcclass/core/error.h"
#include "lcclass/core/progress.h"
#include "lcclass/features/feature_source.h"
#include "lcclass/features/fit_recipe.h"
#include "support/memory_raster.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lcclass::test {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

using NamedBands = std::vector<std::pair<std::string, std::vector<float>>>;

inline std::shared_ptr<MemoryRaster> raster(std::int64_t width, std::int64_t height, NamedBands bands) {
    return std::make_shared<MemoryRaster>(grid_of(width, height), std::move(bands));
}

inline FeatureRecipe recipe_of(const FeatureRequest& request, const RasterSource& bands) {
    FeatureRecipe recipe = plan_recipe(request, band_names(bands));
    describe_bands(recipe, bands);
    fit_recipe(recipe, bands, {.n_pixels = 1'000'000, .seed = 1}, silent_progress());
    return recipe;
}

inline PixelBlock features_of(const FeatureRequest& request, const std::shared_ptr<const RasterSource>& bands) {
    const FeatureSource source(bands, recipe_of(request, *bands));
    PixelBlock block;
    source.read(source.grid().extent(), block);
    return block;
}

/// One feature of one row of pixels.
inline std::vector<float> feature_of(const std::string& feature, const NamedBands& bands) {
    const auto width = static_cast<std::int64_t>(bands.front().second.size());
    return features_of({.features = {feature}}, raster(width, 1, bands)).values;
}

inline void expect_error(const std::function<void()>& call, ExitCode code, const std::string& text) {
    try {
        call();
        ADD_FAILURE() << "no error: " << text;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), code) << error.what();
        EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    }
}

} // namespace lcclass::test
