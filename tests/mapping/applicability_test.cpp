#include "lcclass/mapping/applicability.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/mapping/predict_map.h"
#include "support/memory_raster.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass {
namespace {

using Columns = std::vector<std::vector<float>>;

FeatureView view_of(const Columns& columns) {
    FeatureView view;
    view.n_rows = static_cast<std::int64_t>(columns.front().size());
    for (const auto& column : columns) {
        view.columns.push_back(column.data());
    }
    return view;
}

FoldAssignment folds_of(std::vector<std::int32_t> fold, int n_folds) {
    return {.scheme = FoldScheme::polygon, .n_folds = n_folds, .fold = std::move(fold), .blocks = {}};
}

struct Figures {
    std::vector<float> dissimilarity;
    std::vector<float> inside;
    std::vector<float> density;
    bool operator==(const Figures&) const = default;
};

Figures figures_of(const Applicability& applicability, const Columns& pixels) {
    const std::size_t n = pixels.front().size();
    Figures figures{std::vector<float>(n), std::vector<float>(n), std::vector<float>(n)};
    find_applicability(
        applicability, view_of(pixels),
        {.dissimilarity = figures.dissimilarity, .inside = figures.inside, .local_point_density = figures.density});
    return figures;
}

/// Values that depend on each other, as bands do; some of them equal.
Columns correlated(std::size_t n, std::size_t n_features, std::uint64_t stream) {
    Rng rng(7, stream);
    Columns columns(n_features, std::vector<float>(n));
    for (std::size_t i = 0; i < n; ++i) {
        const double a = rng.uniform();
        const double b = rng.uniform();
        for (std::size_t f = 0; f < n_features; ++f) {
            const double share = static_cast<double>(f) / static_cast<double>(n_features);
            columns[f][i] =
                static_cast<float>(std::round(200 * (share * a + (1 - share) * b * b + 0.05 * rng.uniform())) / 100 +
                                   static_cast<double>(f));
        }
    }
    return columns;
}

/// Every seeker beside every sample, in the words of the definition.
class BruteForce {
public:
    BruteForce(const Columns& samples, std::vector<double> weights) : m_weights(std::move(weights)) {
        const auto n = static_cast<double>(samples.front().size());
        for (std::size_t f = 0; f < samples.size(); ++f) {
            const auto& values = samples[f];
            const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
            double squares = 0;
            for (const float value : values) {
                squares += (value - mean) * (value - mean);
            }
            m_mean.push_back(mean);
            m_sd.push_back(std::sqrt(squares / (n - 1)));
        }
        for (std::size_t i = 0; i < samples.front().size(); ++i) {
            m_points.push_back(place(samples, i));
        }
    }

    [[nodiscard]] std::vector<double> place(const Columns& columns, std::size_t row) const {
        std::vector<double> point;
        for (std::size_t f = 0; f < columns.size(); ++f) {
            if (m_weights[f] > 0) {
                point.push_back((columns[f][row] - m_mean[f]) / m_sd[f] * m_weights[f]);
            }
        }
        return point;
    }
    [[nodiscard]] double distance(const std::vector<double>& point, std::size_t sample) const {
        double squares = 0;
        for (std::size_t d = 0; d < point.size(); ++d) {
            squares += (point[d] - m_points[sample][d]) * (point[d] - m_points[sample][d]);
        }
        return std::sqrt(squares);
    }
    [[nodiscard]] double mean_distance() const {
        double sum = 0;
        for (std::size_t i = 0; i < m_points.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                sum += distance(m_points[i], j);
            }
        }
        const auto n = static_cast<double>(m_points.size());
        return sum / (n * (n - 1) / 2);
    }
    [[nodiscard]] double training_distance(const FoldAssignment& folds, std::size_t sample) const {
        double nearest = std::numeric_limits<double>::infinity();
        for (const std::int64_t other : rows_of_fold(folds, folds.fold[sample]).train) {
            nearest = std::min(nearest, distance(m_points[sample], static_cast<std::size_t>(other)));
        }
        return nearest;
    }
    [[nodiscard]] Figures figures(const Columns& pixels, double mean_distance, double threshold) const {
        Figures figures;
        for (std::size_t i = 0; i < pixels.front().size(); ++i) {
            const auto point = place(pixels, i);
            float nearest = std::numeric_limits<float>::infinity();
            int within = 0;
            for (std::size_t sample = 0; sample < m_points.size(); ++sample) {
                const auto dissimilarity = static_cast<float>(distance(point, sample) / mean_distance);
                nearest = std::min(nearest, dissimilarity);
                within += dissimilarity <= threshold ? 1 : 0;
            }
            figures.dissimilarity.push_back(nearest);
            figures.inside.push_back(nearest <= threshold ? 1.0F : 0.0F);
            figures.density.push_back(static_cast<float>(within));
        }
        return figures;
    }

private:
    std::vector<double> m_weights;
    std::vector<double> m_mean;
    std::vector<double> m_sd;
    std::vector<std::vector<double>> m_points;
};

// One feature, samples at 0, 2, 4 and 10 in folds 1, 2, 1, 2; standardising divides all distances alike.
// Pairs: 2, 4, 10, 2, 8, 6; mean 32 / 6. Nearest of the other fold: 2, 2, 2, 6, in means 0.375 (three times), 1.125.
// Quartiles (type 7): 0.375 and 0.375 + 0.25 x 0.75 = 0.5625; the fence is 0.5625 + 1.5 x 0.1875 = 0.84375.
TEST(Applicability, OfFourSamplesOnALineIsAsComputedByHand) {
    const Columns samples = {{0, 2, 4, 10}};
    const std::vector<double> weights = {0.4};
    const Applicability applicability(view_of(samples), folds_of({1, 2, 1, 2}, 2), weights, silent_progress());
    const double sd = std::sqrt((16.0 + 4 + 0 + 36) / 3); // about the mean, 4
    EXPECT_NEAR(applicability.mean_distance(), 0.4 / sd * 32 / 6, 1e-14);
    const auto training = applicability.training_dissimilarity();
    EXPECT_NEAR(training[0], 0.375, 1e-14);
    EXPECT_NEAR(training[3], 1.125, 1e-14);
    EXPECT_NEAR(applicability.threshold(), 0.84375, 1e-7);
    // 5 is 1 from 4; within 0.84375 x 32 / 6 = 4.5 of it are 2 and 4. 15 is 5 from 10.
    const Figures figures = figures_of(applicability, {{5, 15, 10}});
    EXPECT_EQ(figures.dissimilarity[0], 0.1875F);
    EXPECT_EQ(figures.dissimilarity[1], 0.9375F);
    EXPECT_EQ(figures.dissimilarity[2], 0.0F);
    EXPECT_EQ(figures.inside, (std::vector<float>{1, 0, 1}));
    EXPECT_EQ(figures.density, (std::vector<float>{2, 0, 1}));
}

// Nearest of the other fold: 1, 1, 2, 2, so quartiles of 1 and 2 and a fence of 3.5; pairs have the mean 45 / 6 = 7.5.
TEST(Applicability, TheThresholdIsAtMostTheLargestDissimilarityOfASample) {
    const Columns samples = {{0, 1, 10, 12}};
    const std::vector<double> weights = {1};
    const Applicability applicability(view_of(samples), folds_of({1, 2, 1, 2}, 2), weights, silent_progress());
    EXPECT_NEAR(applicability.threshold(), 2 / 7.5, 1e-7);
}

// R's table `trees` (31 black cherry trees), folds 1 to 5 in turn, in the steps of CAST's trainDI and aoa with R's own
// scale, dist, quantile and IQR (R 4.2.2).
TEST(Applicability, OfThirtyOneTreesIsThatOfCastInR) {
    const Columns samples = {
        {8.3F,  8.6F,  8.8F,  10.5F, 10.7F, 10.8F, 11.0F, 11.0F, 11.1F, 11.2F, 11.3F, 11.4F, 11.4F, 11.7F, 12.0F, 12.9F,
         12.9F, 13.3F, 13.7F, 13.8F, 14.0F, 14.2F, 14.5F, 16.0F, 16.3F, 17.3F, 17.5F, 17.9F, 18.0F, 18.0F, 20.6F},
        {70, 65, 63, 72, 81, 83, 66, 75, 80, 75, 79, 76, 76, 69, 75, 74,
         85, 86, 71, 64, 78, 80, 74, 72, 77, 81, 82, 80, 80, 80, 87},
        {10.3F, 10.3F, 10.2F, 16.4F, 18.8F, 19.7F, 15.6F, 18.2F, 22.6F, 19.9F, 24.2F, 21.0F, 21.4F, 21.3F, 19.1F, 22.2F,
         33.8F, 27.4F, 25.7F, 24.9F, 34.5F, 31.7F, 36.3F, 38.3F, 42.6F, 55.4F, 55.7F, 58.3F, 51.5F, 51.0F, 77.0F}};
    std::vector<std::int32_t> fold(31);
    for (std::size_t i = 0; i < fold.size(); ++i) {
        fold[i] = static_cast<std::int32_t>(i % 5) + 1;
    }
    const std::vector<double> weights = {0.5, 0.1, 0.4};
    const Applicability applicability(view_of(samples), folds_of(fold, 5), weights, silent_progress());
    EXPECT_NEAR(applicability.mean_distance(), 0.746106389765042, 1e-6);
    EXPECT_NEAR(applicability.threshold(), 0.300791241165487, 1e-6);
    const auto training = applicability.training_dissimilarity();
    EXPECT_NEAR(*std::max_element(training.begin(), training.end()), 0.852115208129295, 1e-6);
    const Figures figures = figures_of(applicability, {{10, 15, 25, 13}, {70, 90, 80, 75}, {12, 40, 80, 25}});
    const std::vector<double> expected = {0.1837506089233365, 0.3731387053447089, 0.9561013217158454,
                                          0.0961149262787308};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(figures.dissimilarity[i], expected[i], 1e-6);
    }
    EXPECT_EQ(figures.inside, (std::vector<float>{1, 0, 0, 1}));
    EXPECT_EQ(figures.density, (std::vector<float>{2, 0, 0, 5}));
}

class ApplicabilityOfManyPixels : public testing::Test {
protected:
    ApplicabilityOfManyPixels() {
        m_samples[3].assign(m_samples[3].size(), 4.0F); // never varies
        std::vector<std::int32_t> fold;
        for (std::size_t i = 0; i < m_samples.front().size(); ++i) {
            fold.push_back(static_cast<std::int32_t>(i / 7 % 5) + 1);
        }
        m_folds = folds_of(std::move(fold), 5);
        m_folds.excluded = {
            {{.first = 10, .end = 12}, {.first = 707, .end = 714}}, {}, {{.first = 0, .end = 7}}, {}, {}};
        // Some far off, some equal to each other and to samples.
        for (std::size_t f = 0; f < m_pixels.size(); ++f) {
            std::fill_n(m_pixels[f].begin(), 300, m_samples[f][5]);
            m_pixels[f][400] = 40;
            m_pixels[f][401] = -1e30F;
        }
    }

    [[nodiscard]] Applicability make() const { return {view_of(m_samples), m_folds, m_weights, silent_progress()}; }

    Columns m_samples = correlated(1003, 5, 1);
    Columns m_pixels = correlated(3000, 5, 2);
    std::vector<double> m_weights = {0.3, 0.05, -0.1, 0.2, 0.6};
    FoldAssignment m_folds;
};

TEST_F(ApplicabilityOfManyPixels, IsThatOfBruteForceToTheLastBit) {
    const Applicability applicability = make();
    BruteForce brute(m_samples, {0.3, 0.05, 0, 0, 0.6});
    EXPECT_NEAR(applicability.mean_distance(), brute.mean_distance(), 1e-12);
    const auto training = applicability.training_dissimilarity();
    for (std::size_t i = 0; i < training.size(); ++i) {
        ASSERT_EQ(training[i], brute.training_distance(m_folds, i) / applicability.mean_distance()) << i;
    }
    const Figures expected = brute.figures(m_pixels, applicability.mean_distance(), applicability.threshold());
    const Figures figures = figures_of(applicability, m_pixels);
    EXPECT_EQ(figures.dissimilarity, expected.dissimilarity);
    EXPECT_EQ(figures.inside, expected.inside);
    EXPECT_EQ(figures.density, expected.density);
    EXPECT_GT(std::count(figures.inside.begin(), figures.inside.end(), 0.0F), 2);
    EXPECT_GT(*std::max_element(figures.density.begin(), figures.density.end()), 10);
}

TEST(Applicability, OfManyFeaturesIsThatOfBruteForceToTheLastBit) {
    const Columns samples = correlated(400, 21, 8);
    const Columns pixels = correlated(700, 21, 9);
    std::vector<std::int32_t> fold(400);
    for (std::size_t i = 0; i < fold.size(); ++i) {
        fold[i] = static_cast<std::int32_t>(i % 4) + 1;
    }
    const std::vector<double> weights(21, 1.0);
    const Applicability applicability(view_of(samples), folds_of(fold, 4), weights, silent_progress());
    const BruteForce brute(samples, weights);
    EXPECT_NEAR(applicability.mean_distance(), brute.mean_distance(), 1e-12);
    const Figures expected = brute.figures(pixels, applicability.mean_distance(), applicability.threshold());
    EXPECT_EQ(figures_of(applicability, pixels), expected);
    EXPECT_GT(*std::max_element(expected.density.begin(), expected.density.end()), 10);
    EXPECT_GT(std::count(expected.inside.begin(), expected.inside.end(), 0.0F), 0);
}

TEST_F(ApplicabilityOfManyPixels, IsTheSameWithVectorsOfAnyWidthAndAnyThreads) {
    const Applicability usual = make();
    const Figures expected = figures_of(usual, m_pixels);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        SCOPED_TRACE(hwy::TargetName(target));
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, target % 3 == 0 ? 1 : 3);
        const Applicability applicability = make();
        EXPECT_EQ(applicability.mean_distance(), usual.mean_distance());
        EXPECT_EQ(applicability.threshold(), usual.threshold());
        EXPECT_EQ(figures_of(applicability, m_pixels), expected);
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST_F(ApplicabilityOfManyPixels, InsideMeansThatASampleIsWithinTheThreshold) {
    const Figures figures = figures_of(make(), m_pixels);
    for (std::size_t i = 0; i < figures.inside.size(); ++i) {
        ASSERT_EQ(figures.inside[i] == 1, figures.density[i] >= 1) << i;
    }
}

TEST_F(ApplicabilityOfManyPixels, DoesNotDependOnTheUnitOfTheWeights) {
    const Figures expected = figures_of(make(), m_pixels);
    for (double& weight : m_weights) {
        weight *= 4; // a power of two changes no digit
    }
    EXPECT_EQ(figures_of(make(), m_pixels), expected);
}

TEST_F(ApplicabilityOfManyPixels, FeaturesWithoutWeightOrVariationDoNotCount) {
    const Applicability applicability = make();
    EXPECT_EQ(std::vector<double>(applicability.weights().begin(), applicability.weights().end()),
              (std::vector<double>{0.3, 0.05, 0, 0, 0.6}));
    const Figures expected = figures_of(applicability, m_pixels);
    m_pixels[2].assign(m_pixels[2].size(), 1e6F);
    m_pixels[3].assign(m_pixels[3].size(), -1e6F);
    EXPECT_EQ(figures_of(applicability, m_pixels), expected);
}

TEST(Applicability, RefusesSamplesThatHaveNoDistances) {
    const std::vector<double> weights = {1, 0};
    const auto make = [&](const Columns& samples) {
        std::vector<std::int32_t> fold(samples.front().size(), 1);
        fold.back() = 2;
        return Applicability(view_of(samples), folds_of(fold, 2), weights, silent_progress());
    };
    EXPECT_THROW(make({{1}, {1}}), Error);
    EXPECT_THROW(make({{1, 1, 1}, {1, 2, 3}}), Error) << "only the feature without weight varies";
    EXPECT_NO_THROW(make({{1, 1, 2}, {1, 2, 3}}));
}

TEST(Applicability, RefusesAFoldThatIsTrainedOnNothing) {
    const Columns samples = {{1, 2, 3}};
    const std::vector<double> weights = {1};
    EXPECT_THROW(Applicability(view_of(samples), folds_of({1, 1, 1}, 1), weights, silent_progress()), Error);
}

/// x above 0.5 is class 5, else class 2.
Model stump() {
    RandomForest::Tree tree;
    tree.nodes = {{.right = 2, .content = 0}, {.right = 0, .content = 0}, {.right = 0, .content = 1}};
    tree.cover = {2, 1, 1};
    const std::uint16_t one = RandomForest::probability_one;
    return {.forest = RandomForest({.n_features = 1,
                                    .n_classes = 2,
                                    .thresholds = {{0.5F}},
                                    .distributions = {one, 0, 0, one},
                                    .trees = {tree}}),
            .feature_names = {"x"},
            .legend = ClassLegend({{.code = 2, .name = "low", .color = {}}, {.code = 5, .name = "high", .color = {}}}),
            .recipe_json = {},
            .training_json = {}};
}

TEST(Applicability, JudgesSamplesAsPixels) {
    // Even distances: the threshold is the largest of the samples' own figures, rounded up or down to float.
    int n_rounded_down = 0;
    for (std::uint64_t stream = 0; stream < 20; ++stream) {
        Rng rng(3, stream);
        Columns samples(1);
        for (int i = 0; i < 12; ++i) {
            samples[0].push_back(static_cast<float>(i + 0.2 * rng.uniform()));
        }
        const Applicability applicability(view_of(samples), folds_of({1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, 2),
                                          std::vector<double>{1}, silent_progress());
        const auto figures = applicability.training_dissimilarity();
        const double largest = *std::max_element(figures.begin(), figures.end());
        if (applicability.threshold() == double{static_cast<float>(largest)}) {
            n_rounded_down += largest > applicability.threshold() ? 1 : 0;
            EXPECT_EQ(applicability.n_samples_outside(), 0);
        } else {
            EXPECT_GT(applicability.n_samples_outside(), 0);
        }
    }
    EXPECT_GT(n_rounded_down, 0);
}

TEST(PredictMapApplicability, ComesWithTheMapAndCountsWhatIsOutsidePerClass) {
    const Columns samples = {{0, 0.2F, 0.4F, 1}};
    const std::vector<double> weights = {1};
    const Applicability applicability(view_of(samples), folds_of({1, 2, 1, 2}, 2), weights, silent_progress());
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const test::MemoryRaster raster(test::grid_of(4, 1), {{"x", {0.5F, nan, 1.5F, 1}}});
    test::MemorySink map(raster.grid(), 1);
    test::MemorySink figures(raster.grid(), 3);
    MapOptions options{.block_size = 16};
    options.applicability = &applicability;
    const MapReport report =
        predict_map(stump(), raster, {.map = &map, .applicability = &figures}, options, silent_progress());
    EXPECT_NEAR(figures.bands[0][0], 0.1875F, 1e-6);
    EXPECT_TRUE(std::isnan(figures.bands[0][1]) && std::isnan(figures.bands[1][1]) && std::isnan(figures.bands[2][1]));
    EXPECT_EQ(figures.bands[1][0], 1);
    EXPECT_EQ(figures.bands[1][2], 0);
    EXPECT_EQ(figures.bands[2][2], 0);
    EXPECT_EQ(figures.bands[2][3], 1);
    EXPECT_EQ(report.class_pixels, (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(report.class_pixels_outside, (std::vector<std::int64_t>{0, 1}));
}

TEST(PredictMapApplicability, IsTheSameForAnyBlockSizeAndThreadCount) {
    const Columns samples = correlated(200, 1, 4);
    std::vector<std::int32_t> fold(200);
    for (std::size_t i = 0; i < fold.size(); ++i) {
        fold[i] = static_cast<std::int32_t>(i % 3) + 1;
    }
    const std::vector<double> weights = {1};
    const Applicability applicability(view_of(samples), folds_of(fold, 3), weights, silent_progress());
    const test::MemoryRaster raster(test::grid_of(97, 41), {{"x", correlated(97 * 41, 1, 5).front()}});
    const auto bands_of = [&](std::int64_t block, std::size_t threads) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        test::MemorySink map(raster.grid(), 1);
        test::MemorySink figures(raster.grid(), 3);
        MapOptions options{.block_size = block, .memory = 1};
        options.applicability = &applicability;
        predict_map(stump(), raster, {.map = &map, .applicability = &figures}, options, silent_progress());
        return figures.bands;
    };
    const auto expected = bands_of(1000, 1);
    EXPECT_EQ(bands_of(16, 2), expected);
    EXPECT_EQ(bands_of(33, 5), expected);
}

} // namespace
} // namespace lcclass
