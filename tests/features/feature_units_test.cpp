#include "lcclass/features/feature_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using ::testing::ElementsAre;

TEST(FeatureUnits, FollowFromWhatAFeatureIsMadeOf) {
    FeatureRecipe recipe;
    BandSpec band{.name = "B08", .unit = "reflectance", .radiometry = {}, .resampling = {}};
    recipe.bands.push_back({.spec = band, .dated = false});
    band = {.name = "DEM", .unit = "m", .radiometry = {}, .resampling = {}};
    recipe.bands.push_back({.spec = band, .dated = false});
    recipe.definitions.push_back({.name = "HEIGHT", .formula = "DEM/1000", .unit = "km"});
    recipe.features = {{.name = "B08", .formula = "B08"},
                       {.name = "FOCAL_MEAN(DEM,3)", .formula = "FOCAL_MEAN(DEM,3)"},
                       {.name = "slope", .formula = "SLOPE(DEM)"},
                       {.name = "HEIGHT", .formula = "HEIGHT"},
                       {.name = "ratio", .formula = "B08/DEM"},
                       {.name = "B08@slope", .formula = "B08@slope"},
                       {.name = "B08@count", .formula = "B08@count"}};
    EXPECT_THAT(feature_units(recipe), ElementsAre("reflectance", "m", "degree", "km", "", "reflectance/year", ""));
}

} // namespace
} // namespace lcclass
