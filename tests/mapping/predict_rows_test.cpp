#include "lcclass/mapping/predict_rows.h"

#include "lcclass/mapping/predict_map.h"
#include "support/memory_raster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

/// x <= 0.5 has all votes for the first class, above it a third of them.
Model stump() {
    return {
        .forest = RandomForest(
            {.n_features = 1,
             .n_classes = 2,
             .thresholds = {{0.5F}},
             .distributions = {65535, 0, 21845, 43690},
             .trees = {{.nodes = {{.right = 2, .content = 0}, {.right = 0, .content = 0}, {.right = 0, .content = 1}},
                        .cover = {2, 1, 1}}}}),
        .feature_names = {"x"},
        .legend = ClassLegend({{.code = 2, .name = "low", .color = {}}, {.code = 5, .name = "high", .color = {}}}),
        .recipe_json = {},
        .training_json = {}};
}

TEST(PredictRows, VotesAreProbabilitiesWithoutCalibration) {
    const std::vector<float> x = {0.2F, 0.9F};
    const RowPredictions result = predict_rows(stump(), {.columns = {x.data()}, .n_rows = 2});
    const auto third = DoubleNear(1.0 / 3, 1e-15);
    EXPECT_THAT(result.votes, ElementsAre(1, 0, third, DoubleNear(2.0 / 3, 1e-15)));
    EXPECT_EQ(result.probabilities, result.votes);
    EXPECT_THAT(result.class_index, ElementsAre(0, 1));
}

TEST(PredictRows, CalibrationDecidesAsInTheMap) {
    Model model = stump();
    // A third of the votes means 0.9 for the first class; two thirds mean 0.1 for the second.
    model.calibration.method = CalibrationMethod::isotonic;
    model.calibration.curves = {{.votes = {0, 1.0 / 3, 1}, .probability = {0, 0.9, 1}},
                                {.votes = {0, 2.0 / 3, 1}, .probability = {0, 0.1, 1}}};
    const std::vector<float> x = {0.9F};
    const RowPredictions result = predict_rows(model, {.columns = {x.data()}, .n_rows = 1});
    EXPECT_THAT(result.votes[0], DoubleNear(1.0 / 3, 1e-15));
    EXPECT_THAT(result.probabilities[0], DoubleNear(0.9, 1e-12));
    EXPECT_THAT(result.class_index, ElementsAre(0));

    const test::MemoryRaster raster(test::grid_of(1, 1), {{"x", x}});
    test::MemorySink map(raster.grid(), 1);
    test::MemorySink probabilities(raster.grid(), 2);
    predict_map(model, raster, {.map = &map, .probabilities = &probabilities}, {.block_size = 16}, silent_progress());
    EXPECT_EQ(map.bands[0][0], 2);
    EXPECT_EQ(probabilities.bands[0][0], static_cast<float>(result.probabilities[0]));
    EXPECT_EQ(probabilities.bands[1][0], static_cast<float>(result.probabilities[1]));
}

TEST(PredictRows, TiesGoToTheLowestClass) {
    Model model = stump();
    model.forest = RandomForest({.n_features = 1,
                                 .n_classes = 3,
                                 .thresholds = {{}},
                                 .distributions = {21845, 21845, 21845},
                                 .trees = {{.nodes = {{.right = 0, .content = 0}}, .cover = {3}}}});
    const std::vector<float> x = {0.9F};
    EXPECT_THAT(predict_rows(model, {.columns = {x.data()}, .n_rows = 1}).class_index, ElementsAre(0));
}

} // namespace
} // namespace lcclass
