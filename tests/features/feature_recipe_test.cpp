#include "lcclass/features/feature_recipe.h"

#include "features/feature_case.h"

#include <algorithm>

namespace lcclass {
namespace {

using test::expect_error;
using test::recipe_of;

FeatureRecipe ndvi_recipe() {
    test::MemoryRaster bands(test::grid_of(2, 2), {{"B04", {}}, {"B08", {}}});
    for (BandSpec& band : bands.mutable_bands()) {
        band.radiometry = {.scale = 1e-4, .offset = -0.1, .origin = "stated"};
    }
    return recipe_of({.features = {"B08", "NDVI"}}, bands);
}

std::vector<std::string> names_of(const std::vector<FeatureRecipe::Band>& bands) {
    std::vector<std::string> names;
    for (const FeatureRecipe::Band& band : bands) {
        names.push_back(band.spec.name);
    }
    return names;
}

std::vector<std::string> bands_of(const std::vector<std::string>& features, const std::vector<std::string>& available) {
    return names_of(plan_recipe({.features = features}, available).bands);
}

TEST(FeatureRecipe, JsonRoundTripKeepsEverything) {
    const FeatureRecipe recipe = ndvi_recipe();
    const FeatureRecipe again = FeatureRecipe::from_json(recipe.to_json(), "x");
    EXPECT_EQ(again.to_json(), recipe.to_json());
    EXPECT_EQ(again.features, recipe.features);
    EXPECT_EQ(again.bands.at(0).spec.radiometry, recipe.bands.at(0).spec.radiometry);
}

TEST(FeatureRecipe, BandsComeOnceInOrderOfFirstUse) {
    EXPECT_EQ(bands_of({"NDVI", "B02", "NDWI"}, {"B02", "B03", "B04", "B08"}),
              (std::vector<std::string>{"B08", "B04", "B02", "B03"}));
}

TEST(FeatureRecipe, UnknownFeaturesNameTheNearest) {
    expect_error([] { bands_of({"NDVL"}, {"B04", "B08"}); }, ExitCode::configuration, "did you mean 'NDVI'?");
    expect_error([] { bands_of({"B04", "B04"}, {"B04"}); }, ExitCode::configuration, "asked for twice");
    expect_error([] { bands_of({"NDBI"}, {"B08"}); }, ExitCode::configuration, "needs B11");
}

TEST(FeatureRecipe, ABandOfAnIndexNameIsTheBand) {
    const test::MemoryRaster bands(test::grid_of(1, 1), {{"NDVI", {}}});
    EXPECT_EQ(recipe_of({.features = {"NDVI"}}, bands).features.at(0).formula, "NDVI");
}

TEST(FeatureRecipe, OrderAndAdditionalFeaturesDoNotMatter) {
    const FeatureRecipe expected = ndvi_recipe();
    FeatureRecipe offered = expected;
    std::reverse(offered.features.begin(), offered.features.end());
    offered.features.push_back({.name = "X", .formula = "X"});
    EXPECT_NO_THROW(require_compatible(expected, offered, "s.tif"));
}

TEST(FeatureRecipe, DifferencesThatChangeTheMeaningAreNamed) {
    const FeatureRecipe expected = ndvi_recipe();
    FeatureRecipe other = expected;
    other.features.pop_back();
    expect_error([&] { require_compatible(expected, other, "s.tif"); }, ExitCode::model, "lacks NDVI");
    other = expected;
    other.features[1].formula = "(B08-B04)/(B08+B04+0.5)";
    expect_error([&] { require_compatible(expected, other, "s.tif"); }, ExitCode::model,
                 "trained with (B08-B04)/(B08+B04)");
    other = expected;
    other.bands[0].spec.radiometry.offset = 0;
    expect_error([&] { require_compatible(expected, other, "s.tif"); }, ExitCode::model, "offset -0.1");
    other = expected;
    other.bands[1].spec.radiometry.scale = 1;
    expect_error([&] { require_compatible(expected, other, "s.tif"); }, ExitCode::model, "scale 1");
    other = expected;
    other.pixel_width = 20;
    expect_error([&] { require_compatible(expected, other, "s.tif"); }, ExitCode::model, "pixels of 10");
}

TEST(FeatureRecipe, NarrowingKeepsOrderAskedForAndOnlyTheBandsNeeded) {
    const test::MemoryRaster bands(test::grid_of(1, 1), {{"B02", {}}, {"B03", {}}, {"B04", {}}, {"B08", {}}});
    const FeatureRecipe recipe = recipe_of({.features = {"B02", "NDVI", "NDWI"}}, bands);
    const FeatureRecipe narrow = narrow_recipe(recipe, {"NDWI", "NDVI"}, "s.gpkg");
    EXPECT_EQ(narrow.feature_names(), (std::vector<std::string>{"NDWI", "NDVI"}));
    EXPECT_EQ(names_of(narrow.bands), (std::vector<std::string>{"B08", "B04", "B03"})) << "B02 is not needed";
    expect_error([&] { narrow_recipe(recipe, {"EVI"}, "s.gpkg"); }, ExitCode::input, "feature=EVI");
}

TEST(FeatureRecipe, ProductsOfDifferentBaselinesAreCompatible) {
    FeatureRecipe expected = ndvi_recipe();
    for (FeatureRecipe::Band& band : expected.bands) {
        band.spec.radiometry.origin = "product";
    }
    FeatureRecipe other = expected;
    for (FeatureRecipe::Band& band : other.bands) {
        band.spec.radiometry.offset = 0;
    }
    EXPECT_NO_THROW(require_compatible(expected, other, "s.tif"));
}

TEST(FeatureRecipe, BrokenTextsNameTheirFile) {
    for (const char* text : {"", "{}", "[]", R"({"version":2})"}) {
        expect_error([&] { FeatureRecipe::from_json(text, "m.lcm"); }, ExitCode::input, "m.lcm");
    }
    expect_error([] { FeatureRecipe::from_json(R"({"version":1})", "m.lcm"); }, ExitCode::input, "version=1");
}

} // namespace
} // namespace lcclass
