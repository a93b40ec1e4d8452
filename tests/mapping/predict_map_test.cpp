#include "lcclass/mapping/predict_map.h"

#include "lcclass/core/rng.h"
#include "support/memory_raster.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// A forest of two trees: x <= 0.5 is class 2 (all), above it tree 1 says class 5, tree 2 splits 3 : 1.
Model two_tree_model() {
    const std::uint16_t one = RandomForest::probability_one;
    const std::uint16_t most = 49151;
    const std::vector<std::uint16_t> distributions = {one, 0, 0, one, static_cast<std::uint16_t>(one - most), most};
    const auto stump = [](std::uint32_t left, std::uint32_t right) {
        RandomForest::Tree tree;
        tree.nodes = {{.right = 2, .content = 0}, {.right = 0, .content = left}, {.right = 0, .content = right}};
        tree.cover = {2, 1, 1};
        return tree;
    };
    return {.forest = RandomForest({.n_features = 1,
                                    .n_classes = 2,
                                    .thresholds = {{0.5F}},
                                    .distributions = distributions,
                                    .trees = {stump(0, 1), stump(0, 2)}}),
            .feature_names = {"x"},
            .legend = ClassLegend({{.code = 2, .name = "low", .color = {}}, {.code = 5, .name = "high", .color = {}}}),
            .recipe_json = {},
            .training_json = {}};
}

TEST(PredictMap, ClassesProbabilitiesAndUncertaintyOfOnePassAgree) {
    const test::MemoryRaster raster(test::grid_of(3, 1), {{"x", {0.2F, nan, 0.9F}}});
    test::MemorySink map(raster.grid(), 1);
    test::MemorySink probabilities(raster.grid(), 2);
    test::MemorySink uncertainty(raster.grid(), 3);
    const MapReport report = predict_map(two_tree_model(), raster,
                                         {.map = &map, .probabilities = &probabilities, .uncertainty = &uncertainty},
                                         {.block_size = 2}, silent_progress());
    EXPECT_EQ(map.bands[0][0], 2);
    EXPECT_TRUE(std::isnan(map.bands[0][1])) << "nodata never becomes a class";
    EXPECT_EQ(map.bands[0][2], 5);
    const double p = (65535.0 + 49151.0) / (2 * 65535.0);
    EXPECT_FLOAT_EQ(probabilities.bands[1][2], static_cast<float>(p));
    EXPECT_TRUE(std::isnan(probabilities.bands[0][1]));
    EXPECT_FLOAT_EQ(uncertainty.bands[0][2], static_cast<float>(p));
    EXPECT_FLOAT_EQ(uncertainty.bands[1][2], static_cast<float>(2 * p - 1));
    EXPECT_FLOAT_EQ(uncertainty.bands[2][2], static_cast<float>(-p * std::log2(p) - (1 - p) * std::log2(1 - p)));
    EXPECT_EQ(uncertainty.bands[2][0], 0) << "certain";
    EXPECT_EQ(report.nodata_pixels, 1);
    EXPECT_EQ(report.class_pixels, (std::vector<std::int64_t>{1, 1}));
}

TEST(PredictMap, IsTheSameForAnyBlockSizeThreadCountAndChoiceOfOutputs) {
    std::vector<float> values(97 * 41);
    Rng rng(1, 0);
    for (float& value : values) {
        value = rng.below(20) == 0 ? nan : static_cast<float>(rng.uniform());
    }
    const test::MemoryRaster raster(test::grid_of(97, 41), {{"x", values}});
    const Model model = two_tree_model();
    test::MemorySink expected(raster.grid(), 1);
    predict_map(model, raster, {.map = &expected}, {.block_size = 1000}, silent_progress());
    constexpr std::int64_t one_block_areas = 1; // so little that an area is one block
    for (const std::size_t threads : {1U, 2U, 5U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        for (const std::int64_t block : {16, 33}) {
            test::MemorySink map(raster.grid(), 1);
            test::MemorySink uncertainty(raster.grid(), 3);
            predict_map(model, raster, {.map = &map, .uncertainty = threads == 2 ? &uncertainty : nullptr},
                        {.block_size = block, .memory = one_block_areas}, silent_progress());
            for (std::size_t i = 0; i < values.size(); ++i) {
                ASSERT_EQ(std::isnan(map.bands[0][i]), std::isnan(expected.bands[0][i]));
                if (!std::isnan(map.bands[0][i])) {
                    ASSERT_EQ(map.bands[0][i], expected.bands[0][i]);
                }
            }
        }
    }
}

/// Votes 1 : 0 up to 0.5 and 1 : 7 above, from training in even shares.
Model model_with_priors() {
    Model model = two_tree_model();
    model.training_priors = {0.5, 0.5};
    return model;
}

TEST(PredictMap, ClassPriorsDecideMapProbabilitiesAndUncertaintyAlike) {
    const test::MemoryRaster raster(test::grid_of(3, 1), {{"x", {0.2F, nan, 0.9F}}});
    test::MemorySink map(raster.grid(), 1);
    test::MemorySink probabilities(raster.grid(), 2);
    test::MemorySink uncertainty(raster.grid(), 3);
    MapOptions options{.block_size = 2};
    options.class_priors = {0.9, 0.1};
    const MapReport report = predict_map(model_with_priors(), raster,
                                         {.map = &map, .probabilities = &probabilities, .uncertainty = &uncertainty},
                                         options, silent_progress());
    const double votes = 16384.0 / (2 * 65535.0);
    const double p = votes * 1.8 / (votes * 1.8 + (1 - votes) * 0.2);
    EXPECT_GT(p, 0.5);
    EXPECT_EQ(map.bands[0][0], 2);
    EXPECT_TRUE(std::isnan(map.bands[0][1]));
    EXPECT_EQ(map.bands[0][2], 2) << "the votes are for 5, the shares for 2";
    EXPECT_FLOAT_EQ(probabilities.bands[0][2], static_cast<float>(p));
    EXPECT_FLOAT_EQ(probabilities.bands[1][2], static_cast<float>(1 - p));
    EXPECT_FLOAT_EQ(uncertainty.bands[0][2], static_cast<float>(p));
    EXPECT_FLOAT_EQ(uncertainty.bands[1][2], static_cast<float>(2 * p - 1));
    EXPECT_FLOAT_EQ(uncertainty.bands[2][2], static_cast<float>(-p * std::log2(p) - (1 - p) * std::log2(1 - p)));
    EXPECT_EQ(report.class_pixels, (std::vector<std::int64_t>{2, 0}));
    EXPECT_EQ(report.class_pixels_without_priors, (std::vector<std::int64_t>{1, 1}));
    EXPECT_EQ(report.nodata_pixels, 1);
}

TEST(PredictMap, ClassPriorsOfTheTrainingChangeNoClass) {
    const test::MemoryRaster raster(test::grid_of(4, 1), {{"x", {0.2F, 0.4F, 0.9F, 0.6F}}});
    test::MemorySink map(raster.grid(), 1);
    MapOptions options{.block_size = 16};
    options.class_priors = {0.5, 0.5};
    const MapReport report = predict_map(model_with_priors(), raster, {.map = &map}, options, silent_progress());
    EXPECT_EQ(report.class_pixels, report.class_pixels_without_priors);
    EXPECT_EQ(report.class_pixels, (std::vector<std::int64_t>{2, 2}));
}

TEST(PredictMap, CalibrationDecidesTheMapAlsoWhenOnlyClassesAreWanted) {
    const test::MemoryRaster raster(test::grid_of(2, 1), {{"x", {0.2F, 0.9F}}});
    Model model = two_tree_model();
    // An eighth of the votes is worth 0.6 for class 2, seven eighths 0.2 for class 5.
    model.calibration = {.method = CalibrationMethod::isotonic,
                         .curves = {{.votes = {0, 0.125, 1}, .probability = {0, 0.6, 1}},
                                    {.votes = {0, 0.875}, .probability = {0, 0.2}}}};
    test::MemorySink map(raster.grid(), 1);
    const MapReport report = predict_map(model, raster, {.map = &map}, {.block_size = 16}, silent_progress());
    EXPECT_EQ(map.bands[0][1], 2);
    EXPECT_TRUE(report.class_pixels_without_priors.empty());
    test::MemorySink probabilities(raster.grid(), 2);
    predict_map(model, raster, {.map = &map, .probabilities = &probabilities}, {.block_size = 16}, silent_progress());
    EXPECT_NEAR(probabilities.bands[0][1], 0.75, 1e-5);
    EXPECT_EQ(map.bands[0][1], 2);
}

TEST(PredictMap, CorrectedMapsAreTheSameForAnyBlockSizeAndThreadCount) {
    std::vector<float> values(97 * 41);
    Rng rng(3, 0);
    for (float& value : values) {
        value = rng.below(20) == 0 ? nan : static_cast<float>(rng.uniform());
    }
    const test::MemoryRaster raster(test::grid_of(97, 41), {{"x", values}});
    Model model = model_with_priors();
    model.calibration = {.method = CalibrationMethod::sigmoid,
                         .curves = {{.slope = -5, .intercept = 2}, {.slope = -4, .intercept = 1}}};
    const auto probabilities_of = [&](std::int64_t block, std::size_t threads) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        test::MemorySink map(raster.grid(), 1);
        test::MemorySink probabilities(raster.grid(), 2);
        MapOptions options{.block_size = block, .memory = 1};
        options.class_priors = {0.3, 0.7};
        predict_map(model, raster, {.map = &map, .probabilities = &probabilities}, options, silent_progress());
        std::vector<float> all = probabilities.bands[0];
        all.insert(all.end(), map.bands[0].begin(), map.bands[0].end());
        std::replace_if(
            all.begin(), all.end(), [](float value) { return std::isnan(value); }, -1.0F);
        return all;
    };
    const std::vector<float> expected = probabilities_of(1000, 1);
    EXPECT_EQ(probabilities_of(16, 2), expected);
    EXPECT_EQ(probabilities_of(33, 5), expected);
}

TEST(PredictMap, ASceneWithoutAnyValidPixelIsAllNodata) {
    const test::MemoryRaster raster(test::grid_of(4, 4), {{"x", {}}});
    test::MemorySink map(raster.grid(), 1);
    const MapReport report =
        predict_map(two_tree_model(), raster, {.map = &map}, {.block_size = 16}, silent_progress());
    EXPECT_EQ(report.nodata_pixels, 16);
}

} // namespace
} // namespace lcclass
