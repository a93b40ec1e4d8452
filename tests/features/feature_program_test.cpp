#include "features/feature_case.h"

namespace lcclass {
namespace {

using test::features_of;
using test::no_value;

std::vector<float> wave(std::int64_t width, std::int64_t height, int seed) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < width * height; ++i) {
        const auto x = static_cast<float>(i % width);
        const auto y = static_cast<float>(i / width);
        values.push_back(.3F + .2F * std::sin(x * .7F + static_cast<float>(seed)) * std::cos(y * .4F) +
                         .01F * static_cast<float>((i * 7919 + seed) % 13));
    }
    values[static_cast<std::size_t>(seed + 5)] = no_value;
    return values;
}

std::shared_ptr<test::MemoryRaster> scene() {
    return test::raster(41, 37, {{"B04", wave(41, 37, 1)}, {"B08", wave(41, 37, 2)}, {"DEM", wave(41, 37, 3)}});
}

const FeatureRequest everything = {.features = {"B04", "NDVI", "FOCAL_MEAN(B08,5)", "FOCAL_SD(NDVI,3)",
                                                "FOCAL_MAX(FOCAL_MIN(B04,3),7)", "GLCM_CONTRAST(B08,7,8)",
                                                "GLCM_ENTROPY(B08,7,8)", "GLCM_MEAN(PC1,5,16)", "SLOPE(DEM)", "PC1",
                                                "PC2", "STANDARDIZE(B04)", "LOCAL=B08-FOCAL_MEAN(B08,15)"},
                                   .components = PrincipalComponents{.inputs = {"B04", "B08"}, .n_components = 2}};

TEST(FeatureProgram, WindowsGiveTheBytesOfTheWhole) {
    const auto bands = scene();
    const FeatureSource source(bands, test::recipe_of(everything, *bands));
    PixelBlock whole;
    source.read(source.grid().extent(), whole);
    for (const std::int64_t side : {1, 7, 16}) {
        for (const Window& window : block_windows(source.grid().extent(), side, side)) {
            PixelBlock part;
            source.read(window, part);
            for (int f = 0; f < part.n_bands; ++f) {
                for (std::int64_t i = 0; i < part.n_pixels(); ++i) {
                    const std::int64_t at = (window.y + i / window.width) * 41 + window.x + i % window.width;
                    const float expected = whole.band(f)[static_cast<std::size_t>(at)];
                    const float value = part.band(f)[static_cast<std::size_t>(i)];
                    ASSERT_TRUE(value == expected || (std::isnan(value) && std::isnan(expected)))
                        << source.bands()[static_cast<std::size_t>(f)].name << " at " << at << ", blocks of " << side;
                }
            }
        }
    }
}

TEST(FeatureProgram, NestedWindowsAddTheirMargins) {
    const auto bands = scene();
    const FeatureSource source(bands, test::recipe_of({.features = {"FOCAL_MAX(FOCAL_MIN(B04,3),7)"}}, *bands));
    EXPECT_EQ(source.margin(), 4);
}

TEST(FeatureProgram, FunctionsMayBePartsOfFormulas) {
    const std::vector<float> values = {1, 2, 6, 2, 9};
    const auto bands = test::raster(5, 1, {{"a", values}});
    const PixelBlock block = features_of({.features = {"a-FOCAL_MEAN(a,3)"}}, bands);
    EXPECT_FLOAT_EQ(block.band(0)[1], 2 - 3.F) << "mean of 1, 2, 6";
    EXPECT_FLOAT_EQ(block.band(0)[4], 9 - 5.5F) << "the window ends with the grid";
}

TEST(FeatureProgram, DefinitionsMayUseOneAnother) {
    const auto bands = test::raster(1, 1, {{"B04", {.1F}}, {"B08", {.3F}}});
    const PixelBlock block =
        features_of({.features = {"TWICE", "NDVI"}, .definitions = {"TWICE=2*HALF", "HALF=NDVI/2 [1]"}}, bands);
    EXPECT_FLOAT_EQ(block.band(0)[0], .5F);
    EXPECT_EQ(block.band(0)[0], block.band(1)[0]);
}

TEST(FeatureProgram, UnitsFollowFromWhatFeaturesAreMadeOf) {
    const auto bands = test::raster(1, 1, {{"B04", {.1F}}, {"DEM", {7}}});
    bands->mutable_bands()[0].unit = "reflectance";
    bands->mutable_bands()[1].unit = "m";
    const FeatureSource source(bands, test::recipe_of({.features = {"FOCAL_MEAN(B04,3)", "SLOPE(DEM)", "HILLSHADE(DEM)",
                                                                    "FOCAL_MAX(H,3)", "H"},
                                                       .definitions = {"H=DEM*10 [dm]"}},
                                                      *bands));
    std::vector<std::string> units;
    for (const BandSpec& band : source.bands()) {
        units.push_back(band.unit);
    }
    EXPECT_EQ(units, (std::vector<std::string>{"reflectance", "degree", "", "dm", "dm"}));
}

TEST(FeatureProgram, ComponentsAreThoseOfTheCovariance) {
    // Points on the line b = 2 a, off it by e = +-0.5 at right angles: covariance of (a, b) has the axes (1, 2) and
    // (2, -1) over root 5.
    std::vector<float> a;
    std::vector<float> b;
    for (int i = -10; i <= 10; ++i) {
        const float e = i % 2 == 0 ? .5F : -.5F;
        a.push_back(static_cast<float>(i) + 2 * e);
        b.push_back(2 * static_cast<float>(i) - e);
    }
    const auto bands = test::raster(21, 1, {{"a", a}, {"b", b}});
    const FeatureRecipe recipe = test::recipe_of(
        {.features = {"PC1", "PC2"}, .components = PrincipalComponents{.inputs = {"a", "b"}, .n_components = 2}},
        *bands);
    const PrincipalComponents& fitted = *recipe.components;
    EXPECT_NEAR(fitted.loadings[0][0], 1 / std::sqrt(5.0), 1e-3);
    EXPECT_NEAR(fitted.loadings[0][1], 2 / std::sqrt(5.0), 1e-3);
    EXPECT_NEAR(fitted.explained_variance_ratio[0] + fitted.explained_variance_ratio[1], 1, 1e-12);
    EXPECT_GT(fitted.explained_variance_ratio[0], .9);
    PixelBlock block;
    FeatureSource(bands, recipe).read(bands->grid().extent(), block);
    double sum = 0;
    for (const float value : block.band(0)) {
        sum += static_cast<double>(value) * static_cast<double>(value);
    }
    EXPECT_NEAR(sum / 20, fitted.explained_variance[0], 1e-4) << "variance of the scores";
    EXPECT_EQ(fitted.n_pixels, 21);
}

TEST(FeatureProgram, StandardizedBandsOfOtherScenesKeepTheFittedNumbers) {
    const auto trained = test::raster(4, 1, {{"a", {1, 2, 3, 4}}});
    const FeatureRecipe recipe = test::recipe_of({.features = {"STANDARDIZE(a)"}}, *trained);
    const auto other = test::raster(1, 1, {{"a", {5}}});
    PixelBlock block;
    FeatureSource(other, FeatureRecipe::from_json(recipe.to_json(), "m")).read(other->grid().extent(), block);
    EXPECT_FLOAT_EQ(block.band(0)[0], 2.5F / std::sqrt(1.25F)) << "mean 2.5, variance 1.25";
}

TEST(FeatureProgram, FittingNeedsAPixelWithAValue) {
    const auto bands = test::raster(2, 1, {{"a", {no_value, no_value}}});
    test::expect_error([&] { test::recipe_of({.features = {"STANDARDIZE(a)"}}, *bands); }, ExitCode::input,
                       "none of the pixels drawn has a value");
}

TEST(FeatureProgram, BandsAreCountedOnceWhateverTheWindows) {
    const auto bands = test::raster(40, 30, {{"B04", std::vector<float>(1200, -.1F)}});
    const FeatureSource source(bands, test::recipe_of({.features = {"FOCAL_MEAN(B04,5)"}}, *bands));
    PixelBlock block;
    for (const Window& window : block_windows(source.grid().extent(), 7, 9)) {
        source.read(window, block);
    }
    EXPECT_EQ(source.band_tallies().at(0).valid, 1200);
    EXPECT_EQ(source.band_tallies().at(0).negative, 1200);
}

TEST(PlanRecipe, CirclesAreRefused) {
    test::expect_error([] { plan_recipe({.features = {"NDVI"}, .definitions = {"B08=NDVI*2"}}, {"B04"}); },
                       ExitCode::configuration, "is defined by itself");
    test::expect_error(
        [] {
            plan_recipe(
                {.features = {"PC1"}, .components = PrincipalComponents{.inputs = {"PC1", "B04"}, .n_components = 1}},
                {"B04"});
        },
        ExitCode::configuration, "PC1");
}

TEST(PlanRecipe, NamesWhatAFormulaLacks) {
    const auto refuses = [](FeatureRequest request, const std::string& problem) {
        test::expect_error([&] { plan_recipe(request, {"B04", "B08"}); }, ExitCode::configuration, problem);
    };
    refuses({.features = {"NDTI2=(B11-B12)/(B11+B12)"}}, "features=NDTI2=(B11-B12)/(B11+B12): B11 is neither");
    refuses({.features = {"FOCAL_MEAN(B8,7)"}}, "B8 is neither");
    refuses({.features = {"FOCAL_MEAN(B08,6)"}}, "no pixel in its middle");
    refuses({.features = {"FOCAL_MEAN(B08)"}}, "does not say the size");
    refuses({.features = {"GLCM_MEAN(B08,7,1)"}}, "number of levels 1");
    refuses({.features = {"GLCM_MEAN(B08,7,8,3,2)"}}, "range of values is empty");
    refuses({.features = {"PC1"}}, "component of bands that were not named");
    refuses({.features = {"A"}, .definitions = {"A=B+1", "B=A+1"}}, "is defined by itself");
    refuses({.features = {"B08"}, .definitions = {"B04=B08*2"}}, "is the name of a band");
    refuses({.features = {"NDVI@median"}}, "no band has a date");
    refuses({.features = {"B08"}, .definitions = {"nonsense"}}, "is not NAME=FORMULA");
}

} // namespace
} // namespace lcclass
