#include "lcclass/mapping/class_priors.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "support/memory_raster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <atomic>
#include <limits>
#include <utility>

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
    const PriorEstimate estimate =
        estimate_priors(one_tree_model(), scene_of(300, 0.9), {.block_size = 64}, silent_progress());
    EXPECT_NEAR(estimate.priors[0], 0.9, 0.01);
    EXPECT_NEAR(static_cast<double>(estimate.n_pixels), 0.9 * 300 * 300, 400);
}

TEST(EstimatePriors, LooksAtALatticeOfLargeScenesWhateverTheBlocksAndThreads) {
    const test::MemoryRaster raster = scene_of(700, 0.2);
    const PriorEstimate expected = estimate_priors(one_tree_model(), raster, {.block_size = 1000}, silent_progress());
    EXPECT_NEAR(static_cast<double>(expected.n_pixels), 0.9 * 350 * 350, 800) << "every second pixel of 490,000";
    for (const std::size_t threads : {1U, 3U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        for (const std::int64_t block : {33, 128}) {
            EXPECT_EQ(estimate_priors(one_tree_model(), raster, {.block_size = block}, silent_progress()).priors,
                      expected.priors);
        }
    }
}

TEST(EstimatePriors, AreRefusedWithoutAnyValue) {
    const test::MemoryRaster raster(test::grid_of(4, 4), {{"x", std::vector<float>(16, nan)}});
    try {
        estimate_priors(one_tree_model(), raster, {.block_size = 16}, silent_progress());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
    }
}

/// Counts the pixels that are being read at once.
class WatchedRaster final : public RasterSource {
public:
    explicit WatchedRaster(test::MemoryRaster raster) : m_raster(std::move(raster)) {}

    [[nodiscard]] const GridSpec& grid() const override { return m_raster.grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_raster.bands(); }
    void read(const Window& window, PixelBlock& out) const override {
        const std::int64_t now = m_pixels += window.n_pixels();
        std::int64_t most = m_most;
        while (most < now && !m_most.compare_exchange_weak(most, now)) {
        }
        m_raster.read(window, out);
        m_pixels -= window.n_pixels();
    }
    [[nodiscard]] std::int64_t most_at_once() const { return m_most; }

private:
    test::MemoryRaster m_raster;
    mutable std::atomic<std::int64_t> m_pixels = 0;
    mutable std::atomic<std::int64_t> m_most = 0;
};

TEST(EstimatePriors, ReadsSmallBlocksWhereMemoryIsScarce) {
    const Model model = one_tree_model();
    const test::MemoryRaster raster = scene_of(400, 0.7);
    const std::int64_t least = least_prior_memory(model, raster.grid());
    EXPECT_GT(least, 400 * 400 * 2 * 8) << "two probabilities of every pixel";
    EXPECT_LT(least, 4 << 20);
    const WatchedRaster roomy(raster);
    const PriorEstimate expected = estimate_priors(model, roomy, {.block_size = 1000}, silent_progress());
    EXPECT_EQ(roomy.most_at_once(), 400 * 400);
    const WatchedRaster narrow(raster);
    const PriorEstimate estimate =
        estimate_priors(model, narrow, {.block_size = 1000, .memory = least}, silent_progress());
    EXPECT_LE(narrow.most_at_once(), 64 * 64);
    EXPECT_EQ(estimate.priors, expected.priors);
}

TEST(EstimatePriors, NeedLittleMemoryForTheLargestScenes) {
    EXPECT_LT(least_prior_memory(one_tree_model(), test::grid_of(100'000, 100'000)), 33 << 20);
}

std::string refusal_of(const PriorEstimate& estimate, const Model& model) {
    try {
        check_estimate(estimate, model);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        return error.what();
    }
    return {};
}

TEST(CheckEstimate, RefusesSharesThatTakeAwayAClassThePixelsAreMappedAs) {
    Model model = one_tree_model();
    PriorEstimate estimate{.priors = {1, 0}, .n_pixels = 1000, .pixels_won = {877, 123}, .converged = true};
    EXPECT_THAT(collapsed_classes(estimate), testing::ElementsAre(1));
    EXPECT_THAT(refusal_of(estimate, model),
                testing::AllOf(testing::HasSubstr("--class-priors-from=estimate"), testing::HasSubstr("2 (b, 12.3 %)"),
                               testing::HasSubstr("state the shares with --class-priors, or leave them out")));
    model.calibration.method = CalibrationMethod::isotonic;
    EXPECT_THAT(refusal_of(estimate, model), testing::HasSubstr("or use a model without --calibrate"));
    estimate.priors = {0.999, 0.001}; // a pixel, yet a hundred times fewer than it won
    EXPECT_THAT(collapsed_classes(estimate), testing::ElementsAre(1));
    estimate.priors = {0.998, 0.002};
    EXPECT_EQ(refusal_of(estimate, model), "");
}

TEST(CheckEstimate, LetsAClassGoThatHardlyAnyPixelIsMappedAs) {
    PriorEstimate estimate{.priors = {1, 0}, .n_pixels = 10'000, .pixels_won = {9'991, 9}, .converged = true};
    EXPECT_EQ(refusal_of(estimate, one_tree_model()), "");
    estimate.pixels_won = {9'990, 10};
    EXPECT_NE(refusal_of(estimate, one_tree_model()), "");
}

TEST(CheckEstimate, RefusesSharesThatStillMove) {
    const PriorEstimate estimate{
        .priors = {0.5, 0.5}, .n_pixels = 10, .pixels_won = {5, 5}, .iterations = 2000, .converged = false};
    EXPECT_THAT(refusal_of(estimate, one_tree_model()), testing::HasSubstr("still moves after 2,000 iterations"));
}

TEST(EstimatePriors, CountTheLowerClassAsTheWinnerOfATie) {
    const std::vector<double> probabilities = {0.5, 0.5, 0.4, 0.6, 0.9, 0.1};
    EXPECT_THAT(estimate_priors(probabilities, std::vector<double>{0.5, 0.5}).pixels_won, testing::ElementsAre(2, 1));
}

} // namespace
} // namespace lcclass
