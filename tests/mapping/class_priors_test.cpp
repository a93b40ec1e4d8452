#include "lcclass/mapping/class_priors.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "support/memory_raster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <limits>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// Expected values: the iteration of Saerens et al. (2002) in numpy, until no share moves by more than 1e-15.
TEST(EstimatePriors, FindsTheSharesThatAreMostLikely) {
    const std::vector<double> probabilities = {0.7, 0.2, 0.1, 0.6, 0.3,  0.1,  0.1, 0.8,  0.1,  0.5, 0.1, 0.4,
                                               0.1, 0.1, 0.8, 0.9, 0.05, 0.05, 0.8, 0.15, 0.05, 0.1, 0.3, 0.6};
    const PriorEstimate estimate = estimate_priors(probabilities, std::vector<double>{0.5, 0.25, 0.25});
    ASSERT_TRUE(estimate.converged);
    EXPECT_EQ(estimate.n_pixels, 8);
    EXPECT_NEAR(estimate.priors[0], 0.4409559851085044, 1e-7);
    EXPECT_NEAR(estimate.priors[1], 0.24222374119527282, 1e-7);
    EXPECT_NEAR(estimate.priors[2], 0.31682027369622273, 1e-7);
}

TEST(EstimatePriors, AreCountsWhereEveryPixelIsCertain) {
    const std::vector<double> probabilities = {1, 0, 1, 0, 1, 0, 0, 1};
    const PriorEstimate estimate = estimate_priors(probabilities, std::vector<double>{0.5, 0.5});
    EXPECT_THAT(estimate.priors, testing::ElementsAre(0.75, 0.25));
}

/// One tree: 3 : 1 up to 0.5 and 1 : 3 above, which is true of classes in even shares.
Model one_tree_model() {
    const std::uint16_t most = 49151;
    const auto least = static_cast<std::uint16_t>(65535 - most);
    Model model{
        .forest = RandomForest(
            {.n_features = 1,
             .n_classes = 2,
             .thresholds = {{0.5F}},
             .distributions = {most, least, least, most},
             .trees = {{.nodes = {{.right = 2, .content = 0}, {.right = 0, .content = 0}, {.right = 0, .content = 1}},
                        .cover = {2, 1, 1}}}}),
        .feature_names = {"x"},
        .legend = ClassLegend({{.code = 1, .name = "a", .color = {}}, {.code = 2, .name = "b", .color = {}}}),
        .recipe_json = {},
        .training_json = {}};
    model.training_priors = {0.5, 0.5};
    return model;
}

/// A scene where class 1 has `share` of the area; a fourth of each class looks like the other.
test::MemoryRaster scene_of(std::int64_t side, double share) {
    std::vector<float> values;
    Rng rng(11, 0);
    for (std::int64_t i = 0; i < side * side; ++i) {
        const bool first = rng.uniform() < share;
        const bool looks_first = rng.uniform() < (first ? 0.75 : 0.25);
        values.push_back(rng.below(10) == 0 ? nan : looks_first ? 0.2F : 0.8F);
    }
    return {test::grid_of(side, side), {{"x", values}}};
}

TEST(EstimatePriors, FindsTheSharesOfASceneThatWasSampledEvenly) {
    const PriorEstimate estimate = estimate_priors(one_tree_model(), scene_of(300, 0.9), 64, silent_progress());
    EXPECT_NEAR(estimate.priors[0], 0.9, 0.01);
    EXPECT_NEAR(static_cast<double>(estimate.n_pixels), 0.9 * 300 * 300, 400);
}

TEST(EstimatePriors, LooksAtALatticeOfLargeScenesWhateverTheBlocksAndThreads) {
    const test::MemoryRaster raster = scene_of(700, 0.2);
    const PriorEstimate expected = estimate_priors(one_tree_model(), raster, 1000, silent_progress());
    EXPECT_NEAR(static_cast<double>(expected.n_pixels), 0.9 * 350 * 350, 800) << "every second pixel of 490,000";
    for (const std::size_t threads : {1U, 3U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        for (const std::int64_t block : {33, 128}) {
            EXPECT_EQ(estimate_priors(one_tree_model(), raster, block, silent_progress()).priors, expected.priors);
        }
    }
}

TEST(EstimatePriors, AreRefusedWithoutAnyValue) {
    const test::MemoryRaster raster(test::grid_of(4, 4), {{"x", std::vector<float>(16, nan)}});
    try {
        estimate_priors(one_tree_model(), raster, 16, silent_progress());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
    }
}

} // namespace
} // namespace lcclass
