#include "features/feature_case.h"
#include "lcclass/features/filled_features.h"
#include "lcclass/features/masked_bands.h"

namespace lcclass {
namespace {

using test::expect_error;
using test::features_of;
using test::no_value;
using test::raster;
using test::recipe_of;

/// Two pixels on three dates: the second is missing on the second date.
test::NamedBands three_dates() {
    return {{"B04@2018-05-06", {.1F, .2F}},
            {"B04@2018-06-05", {.3F, no_value}},
            {"B04@2018-07-05", {.2F, .4F}},
            {"B08@2018-05-06", {.5F, .6F}},
            {"B08@2018-06-05", {.7F, no_value}},
            {"B08@2018-07-05", {.6F, .8F}},
            {"DEM", {100, 200}}};
}

std::vector<float> row_of(const PixelBlock& block, int feature) {
    const auto plane = block.band(feature);
    return {plane.begin(), plane.end()};
}

TEST(DatedFeatures, AFeatureWithoutDateIsMadeForEveryDate) {
    const auto bands = raster(2, 1, three_dates());
    const FeatureRecipe recipe = recipe_of({.features = {"NDVI", "DEM"}}, *bands);
    EXPECT_EQ(recipe.feature_names(),
              (std::vector<std::string>{"NDVI@2018-05-06", "NDVI@2018-06-05", "NDVI@2018-07-05", "DEM"}));
    const PixelBlock block = features_of({.features = {"NDVI", "DEM"}}, bands);
    EXPECT_FLOAT_EQ(block.band(0)[0], .4F / .6F);
    EXPECT_TRUE(std::isnan(block.band(1)[1]));
    EXPECT_EQ(block.band(3)[1], 200);
}

TEST(DatedFeatures, CompositesAreOfTheObservationsThatAreThere) {
    const auto bands = raster(2, 1, three_dates());
    const PixelBlock block = features_of({.features = {"B04"}, .composite = "median"}, raster(2, 1, three_dates()));
    EXPECT_FLOAT_EQ(row_of(block, 0)[0], .2F);
    EXPECT_FLOAT_EQ(row_of(block, 0)[1], .3F) << "mean of the two middle ones, .2 and .4";
}

TEST(DatedFeatures, StatisticsOfIndicesAreOfTheIndexOfEveryDate) {
    const auto bands = raster(2, 1, three_dates());
    const PixelBlock block = features_of({.features = {"NDVI@max", "NDVI@count", "NDVI@mean:JJA"}}, bands);
    EXPECT_FLOAT_EQ(row_of(block, 0)[0], .4F / .6F);
    EXPECT_EQ(row_of(block, 1), (std::vector<float>{3, 2}));
}

TEST(DatedFeatures, PeriodsTakeTheirDatesAlone) {
    const auto bands = raster(2, 1, three_dates());
    const FeatureRequest monthly{.features = {"B04"}, .composite = "mean", .period = "month"};
    EXPECT_EQ(recipe_of(monthly, *bands).feature_names(),
              (std::vector<std::string>{"B04@mean:2018-05", "B04@mean:2018-06", "B04@mean:2018-07"}));
    const PixelBlock block = features_of({.features = {"B04@mean:JJA"}}, bands);
    EXPECT_FLOAT_EQ(row_of(block, 0)[0], .25F) << "June and July";
    expect_error([&] { recipe_of({.features = {"B04@mean:DJF"}}, *bands); }, ExitCode::configuration,
                 "no scene is of the period DJF");
}

TEST(DatedFeatures, MedoidTakesAllBandsOfOneDate) {
    const auto bands = raster(2, 1, three_dates());
    const PixelBlock block = features_of({.features = {"B04", "B08", "NDVI"}, .composite = "medoid"}, bands);
    EXPECT_EQ(row_of(block, 0)[0], .2F) << "(.2, .6) lies between (.1, .5) and (.3, .7)";
    EXPECT_EQ(row_of(block, 1)[0], .6F);
    EXPECT_FLOAT_EQ(row_of(block, 2)[0], .5F);
    EXPECT_EQ(row_of(block, 0)[1], .2F) << "of two the earlier";
}

TEST(DatedFeatures, GapsAreFilledOnRegularDates) {
    const auto bands = raster(2, 1, three_dates());
    const GapFilling filling{
        .dates = {*parse_date("2018-05-21"), *parse_date("2018-06-05"), *parse_date("2018-08-01")}};
    FeatureRequest request{.features = {"B04"}, .gap_fill = filling};
    const PixelBlock open = features_of(request, bands);
    EXPECT_FLOAT_EQ(row_of(open, 0)[0], .2F) << "15 of 30 days from .1 to .3";
    EXPECT_FLOAT_EQ(row_of(open, 1)[1], .3F) << "30 of 60 days from .2 to .4";
    EXPECT_TRUE(std::isnan(row_of(open, 2)[0])) << "after the last observation";
    request.gap_fill->hold_ends = true;
    EXPECT_EQ(row_of(features_of(request, bands), 2)[0], .2F);
}

TEST(DatedFeatures, AModelOfOneYearMapsAnother) {
    const auto trained = raster(2, 1, three_dates());
    const FeatureRecipe by_date = recipe_of({.features = {"B04"}}, *trained);
    const auto next = raster(1, 1, {{"B04@2020-05-16", {1}}, {"B04@2020-06-10", {2}}, {"B04@2020-06-30", {3}}});
    const FeatureSource source(next, by_date);
    PixelBlock block;
    source.read(source.grid().extent(), block);
    EXPECT_EQ(block.values, (std::vector<float>{1, 2, 3}));
    EXPECT_EQ(source.years_moved(), 2);
    EXPECT_EQ(source.bands()[0].name, "B04@2018-05-06") << "the model's name";
}

TEST(DatedFeatures, PeriodsMoveWithTheYear) {
    const auto trained = raster(2, 1, three_dates());
    const FeatureRecipe recipe = recipe_of({.features = {"B04@mean:2018-06"}}, *trained);
    const auto next = raster(1, 1, {{"B04@2019-06-01", {1}}, {"B04@2019-06-20", {3}}, {"B04@2019-08-01", {9}}});
    PixelBlock block;
    FeatureSource(next, recipe).read(next->grid().extent(), block);
    EXPECT_EQ(block.values, std::vector<float>{2});
}

TEST(DatedFeatures, ScenesOfOtherSeasonsOrNumberAreRefused) {
    const FeatureRecipe recipe = recipe_of({.features = {"B04"}}, *raster(2, 1, three_dates()));
    const auto two = raster(1, 1, {{"B04@2019-05-06", {1}}, {"B04@2019-06-05", {1}}});
    expect_error([&] { FeatureSource(two, recipe); }, ExitCode::model, "there are 2 (2019-05-06 2019-06-05)");
    const auto autumn = raster(1, 1, {{"B04@2018-05-06", {1}}, {"B04@2018-06-05", {1}}, {"B04@2018-10-05", {1}}});
    expect_error([&] { FeatureSource(autumn, recipe); }, ExitCode::model, "more than 30 days off");
}

TEST(DatedFeatures, DatesBehindNamesAndComponentsHaveRolesToo) {
    const auto trained = raster(2, 1, three_dates());
    const auto two = raster(1, 1, {{"B04@2019-05-06", {1}}, {"B04@2019-06-05", {1}}});
    const FeatureRecipe named = recipe_of(
        {.features = {"HALF"}, .definitions = {"RISE=B04@2018-07-05-B04@2018-05-06", "HALF=RISE/2"}}, *trained);
    expect_error([&] { FeatureSource(two, named); }, ExitCode::model, "there are 2");
    const FeatureRecipe components = recipe_of(
        {.features = {"PC1"}, .components = PrincipalComponents{.inputs = {"B04"}, .n_components = 1}},
        *raster(3, 1, {{"B04@2018-05-06", {1, 2, 4}}, {"B04@2018-06-05", {1, 3, 2}}, {"B04@2018-07-05", {5, 1, 2}}}));
    expect_error([&] { FeatureSource(two, components); }, ExitCode::model, "there are 2");
}

TEST(DatedFeatures, RangesOfSingleDatesAreTheirOwn) {
    const auto bands = raster(3, 1, {{"B08@2018-05-06", {1, 2, 3}}, {"B08@2018-06-05", {100, 250, 300}}});
    const std::vector<float> alone = row_of(features_of({.features = {"GLCM_MEAN(B08@2018-06-05,3,8)"}}, bands), 0);
    const PixelBlock both =
        features_of({.features = {"GLCM_MEAN(B08@2018-05-06,3,8)", "GLCM_MEAN(B08@2018-06-05,3,8)"}}, bands);
    EXPECT_EQ(row_of(both, 1), alone);
}

TEST(DatedFeatures, MedoidsOfOtherBandsAreRefused) {
    const auto bands = raster(2, 1, three_dates());
    const FeatureRecipe expected = recipe_of({.features = {"B04@medoid"}}, *bands);
    const FeatureRecipe other = recipe_of({.features = {"B04@medoid", "B08@medoid"}}, *bands);
    expect_error([&] { require_compatible(expected, other, "s"); }, ExitCode::model, "medoid{ B04 B08 }");
    EXPECT_EQ(narrow_recipe(other, {"B04@medoid"}, "s").bands.size(), 2U) << "both make the medoid";
}

TEST(DatedFeatures, WhatHoldsOfAFormulaHoldsBehindItsName) {
    const auto bands = raster(2, 1, three_dates());
    const FeatureRecipe recipe = recipe_of(
        {.features = {"XX", "T"}, .definitions = {"M=B04@median", "XX=M*2", "S=SLOPE(DEM)", "T=S/10"}}, *bands);
    EXPECT_TRUE(uses_time(recipe));
    EXPECT_TRUE(uses_terrain(recipe));
    const FeatureRecipe terrain = narrow_recipe(recipe, {"T"}, "s");
    EXPECT_FALSE(uses_time(terrain));
    EXPECT_TRUE(terrain.dates.empty()) << "heights have no date";
}

TEST(DatedFeatures, ASceneOfOneDateServesARecipeWithout) {
    const FeatureRecipe recipe = recipe_of({.features = {"B04"}}, *raster(1, 1, {{"B04", {1}}}));
    const auto scene = raster(1, 1, {{"B04@2018-05-06", {7}}});
    EXPECT_EQ(bands_to_read(recipe, band_names(*scene), "s"), std::vector<std::string>{"B04@2018-05-06"});
    FeatureRecipe described = recipe;
    describe_bands(described, *scene);
    PixelBlock block;
    FeatureSource(scene, described).read(scene->grid().extent(), block);
    EXPECT_EQ(block.values, std::vector<float>{7});
}

TEST(DatedFeatures, DatesOfOneBandMustMeanTheSame) {
    const auto bands = raster(1, 1, {{"R@2018-05-06", {1}}, {"R@2018-06-05", {2}}});
    bands->mutable_bands()[0].radiometry = {.scale = 1e-4, .offset = 0, .origin = "file"};
    expect_error([&] { recipe_of({.features = {"R@mean"}}, *bands); }, ExitCode::input,
                 "band=R@2018-06-05: has scale 1 offset 0, and R@2018-05-06 has scale 0.0001");
}

TEST(DatedFeatures, BrokenRecipesNameTheirFile) {
    const auto bands = raster(2, 1, three_dates());
    const FeatureRecipe good = recipe_of({.features = {"PC1", "FOCAL_MEAN(DEM,3)"},
                                          .components = PrincipalComponents{.inputs = {"DEM"}, .n_components = 1}},
                                         *bands);
    const auto refuses = [&](FeatureRecipe recipe) {
        expect_error([&] { FeatureRecipe::from_json(recipe.to_json(), "m.lcm"); }, ExitCode::input, "m.lcm");
    };
    FeatureRecipe bad = good;
    bad.components->inputs = {"PC1"};
    refuses(bad);
    bad = good;
    bad.features[1].formula = "FOCAL_MEAN(DEM,4)";
    refuses(bad);
    bad = good;
    bad.features[1].formula = "DEM+";
    refuses(bad);
    bad = good;
    bad.definitions = {{.name = "A", .formula = "B+1", .unit = {}}, {.name = "B", .formula = "A+1", .unit = {}}};
    bad.features[1].formula = "A";
    refuses(bad);
    bad = good;
    bad.masks = {"SCL=4"};
    bad.mask_dilation = -5;
    refuses(bad);
}

TEST(DatedFeatures, AFormulaOfDatedBandsNeedsANameToBeSpread) {
    const std::vector<std::string> bands = {"B04@2018-05-06", "B08@2018-05-06"};
    expect_error([&] { plan_recipe({.features = {"B08-B04"}}, bands); }, ExitCode::configuration, "has no name");
    EXPECT_EQ(plan_recipe({.features = {"D=B08-B04"}}, bands).feature_names(),
              std::vector<std::string>{"D@2018-05-06"});
    EXPECT_EQ(plan_recipe({.features = {"FOCAL_MEAN(B08,3)"}}, bands).feature_names(),
              std::vector<std::string>{"FOCAL_MEAN(B08,3)@2018-05-06"});
    expect_error([&] { plan_recipe({.features = {"D=NDVI@max@min"}}, bands); }, ExitCode::configuration, "@");
    expect_error([&] { plan_recipe({.features = {"D=FOCAL_MEAN(NDVI@max,3)@min"}}, bands); }, ExitCode::configuration,
                 "within another one");
    expect_error([&] { plan_recipe({.features = {"NDVI@medain"}}, bands); }, ExitCode::configuration,
                 "did you mean 'median'?");
}

TEST(DatedFeatures, ABandThatOneDateLacksIsNamed) {
    const std::vector<std::string> bands = {"B04@2018-05-06", "B08@2018-05-06", "B04@2018-06-05"};
    const FeatureRecipe recipe = plan_recipe({.features = {"NDVI"}, .composite = "median"}, bands);
    expect_error([&] { bands_to_read(recipe, bands, "scene"); }, ExitCode::input, "B08@2018-06-05");
}

TEST(DatedFeatures, RecipesKeepAllOfIt) {
    const auto bands = raster(2, 1, three_dates());
    FeatureRecipe recipe = recipe_of({.features = {"GREEN", "GLCM_MEAN(B08,3)", "STANDARDIZE(DEM)", "PC1"},
                                      .definitions = {"GREEN=(B08-B04)/B08 [1]"},
                                      .gap_fill = GapFilling{.dates = {*parse_date("2018-06-01")}, .hold_ends = true},
                                      .components = PrincipalComponents{.inputs = {"DEM"}, .n_components = 1}},
                                     *bands);
    recipe.masks = {"SCL=cloud-high"};
    recipe.mask_dilation = 3;
    const FeatureRecipe again = FeatureRecipe::from_json(recipe.to_json(), "x");
    EXPECT_EQ(again.to_json(), recipe.to_json());
    EXPECT_EQ(again.definitions, recipe.definitions);
    EXPECT_EQ(again.gap_fill, recipe.gap_fill);
    EXPECT_EQ(again.components, recipe.components);
    EXPECT_EQ(again.ranges, recipe.ranges);
    EXPECT_EQ(again.standards, recipe.standards);
    EXPECT_EQ(again.dates, recipe.dates);
    EXPECT_NO_THROW(require_compatible(recipe, again, "x"));
}

TEST(DatedFeatures, OtherMasksAndFittedNumbersAreRefused) {
    const auto bands = raster(2, 1, three_dates());
    const FeatureRecipe expected = recipe_of({.features = {"B04", "STANDARDIZE(DEM)"}, .composite = "median"}, *bands);
    FeatureRecipe other = expected;
    other.masks = {"SCL=cloud-high"};
    expect_error([&] { require_compatible(expected, other, "s"); }, ExitCode::model, "has SCL=cloud-high dilated by 0");
    other = expected;
    other.standards["DEM"].first += 1;
    expect_error([&] { require_compatible(expected, other, "s"); }, ExitCode::model, "STANDARDIZE(DEM)[151..50]");
}

TEST(MaskedBands, MasksTheBandsOfItsDateAlone) {
    const auto bands = raster(3, 1,
                              {{"B04@2018-05-06", {1, 2, 3}},
                               {"B04@2018-06-05", {4, 5, 6}},
                               {"SCL@2018-05-06", {4, 9, 4}},
                               {"SCL@2018-06-05", {4, 4, 4}},
                               {"DEM", {7, 8, 9}}});
    PixelBlock block;
    mask_bands(bands, {"SCL=cloud-high"}, 0)->read(bands->grid().extent(), block);
    EXPECT_TRUE(std::isnan(block.band(0)[1]));
    EXPECT_EQ(block.band(0)[2], 3);
    EXPECT_EQ(block.band(1)[1], 5);
    EXPECT_EQ(block.band(4)[1], 8) << "heights are not masked";
    EXPECT_EQ(block.band(2)[1], 9) << "the mask itself stays";
}

TEST(MaskedBands, DilationReachesAcrossWindows) {
    const auto bands = raster(6, 1, {{"B04", {1, 2, 3, 4, 5, 6}}, {"SCL", {4, 4, 4, 9, 4, 4}}});
    const auto masked = mask_bands(bands, {"SCL=cloud-high"}, 1);
    PixelBlock block;
    masked->read({.x = 0, .y = 0, .width = 3, .height = 1}, block);
    EXPECT_EQ(block.band(0)[1], 2);
    EXPECT_TRUE(std::isnan(block.band(0)[2]));
}

TEST(MaskedBands, RefusesWhatIsNoSceneClass) {
    const auto bands = raster(1, 1, {{"B04", {1}}, {"SCL", {12}}});
    PixelBlock block;
    expect_error([&] { mask_bands(bands, {"SCL=cloud-high"}, 0)->read(bands->grid().extent(), block); },
                 ExitCode::input, "12");
    expect_error([&] { mask_bands(bands, {"CLM=1"}, 0); }, ExitCode::input, "mask=CLM: is not there");
}

TEST(MaskedBands, SharesAreCountedPerDateAndBlock) {
    const auto bands = raster(4, 1, {{"B04@2018-05-06", {1, no_value, 3, 4}}, {"B04@2018-06-05", {1, 2, 3, 4}}});
    const auto shares = valid_shares(*bands, 2, silent_progress());
    ASSERT_EQ(shares.size(), 2U);
    EXPECT_EQ(shares[0].share(), .75);
    EXPECT_EQ(shares[0].blocks.at(0).valid, 1);
    EXPECT_EQ(shares[0].blocks.at(1).valid, 2);
    EXPECT_EQ(to_string(*shares[1].date), "2018-06-05");
}

TEST(FilledFeatures, HolesTakeTheValuesOfTheOtherRaster) {
    const auto holes = raster(3, 1, {{"a", {1, no_value, no_value}}, {"b", {no_value, 5, 6}}});
    const auto other = raster(3, 1, {{"a", {7, 8, no_value}}});
    const FilledFeatures filled(holes, other, "other.tif");
    PixelBlock block;
    filled.read(filled.grid().extent(), block);
    EXPECT_EQ(block.band(0)[0], 1);
    EXPECT_EQ(block.band(0)[1], 8);
    EXPECT_TRUE(std::isnan(block.band(0)[2]));
    EXPECT_EQ(filled.filled_counts(), (std::vector<std::int64_t>{1, 0}));
    EXPECT_EQ(block.valid, (std::vector<std::uint8_t>{0, 1, 0}));
    expect_error(
        [&] {
            FilledFeatures(holes, raster(3, 1, {{"c", {1, 2, 3}}}), "other.tif");
        },
        ExitCode::input, "none is one of the features");
}

} // namespace
} // namespace lcclass
