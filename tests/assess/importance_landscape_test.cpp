// On a simulated landscape of which only two bands are known: what each kind of importance makes of them, of noise, and
// of a copy.

#include "lcclass/assess/fold_importance.h"
#include "lcclass/core/rng.h"
#include "lcclass/simulation/landscape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace lcclass {
namespace {

constexpr std::int64_t side = 480;
constexpr std::int64_t step = 8;   // pixels between samples
constexpr std::int64_t block = 24; // pixels on the side of a spatial block
constexpr std::int32_t blocks_per_row = side / block;

/// Red and near infrared of the landscape every 80 m, and four features of noise. A group is a block of 240 m.
SampleTable two_bands() {
    const Landscape landscape({.size = side, .n_classes = 5, .cloud_fraction = 0, .seed = 5});
    const LandscapeBlock seen = landscape.render({.x = 0, .y = 0, .width = side, .height = side});
    const std::vector<std::string> names = Landscape::names_10m();
    const auto band = [&](const char* name) {
        return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    const std::span<const float> red = seen.bands_10m.band(band("B04"));
    const std::span<const float> infrared = seen.bands_10m.band(band("B08"));
    std::vector<LandCoverClass> classes;
    for (const std::int32_t code : landscape.class_codes()) {
        classes.push_back({code, "class " + std::to_string(code), {}});
    }
    SampleTable samples;
    samples.legend = ClassLegend(classes);
    samples.feature_names = {"B04", "B08", "noise1", "noise2", "noise3", "noise4"};
    samples.features.resize(6);
    Rng rng(9, 0);
    for (std::int64_t row = 0; row < side; row += step) {
        for (std::int64_t column = 0; column < side; column += step) {
            const auto i = static_cast<std::size_t>(row * side + column);
            if (seen.bands_10m.valid[i] == 0) {
                continue;
            }
            samples.features[0].push_back(red[i]);
            samples.features[1].push_back(infrared[i]);
            for (std::size_t f = 2; f < 6; ++f) {
                samples.features[f].push_back(static_cast<float>(rng.normal()));
            }
            samples.class_code.push_back(static_cast<std::int32_t>(seen.truth.values[i]));
            samples.group.push_back(static_cast<std::int32_t>(row / block * blocks_per_row + column / block));
            samples.polygon_id.push_back(samples.group.back() + 1);
            samples.x.push_back(static_cast<double>(column) * 10);
            samples.y.push_back(static_cast<double>(row) * -10);
        }
    }
    for (int group = 0; group < blocks_per_row * blocks_per_row; ++group) {
        samples.group_names.push_back(std::to_string(group + 1));
    }
    return samples;
}

FoldAssignment blocks_of(const SampleTable& samples) {
    FoldAssignment folds{.scheme = FoldScheme::polygon, .n_folds = 5, .fold = {}, .blocks = {}};
    for (const std::int32_t group : samples.group) {
        folds.fold.push_back((group / blocks_per_row * 2 + group) % 5 + 1); // every fold is everywhere
    }
    return folds;
}

/// Column `feature` with some noise of its own, as another feature.
void add_copy(SampleTable& samples, std::size_t feature, const std::string& name, double noise) {
    Rng rng(10, feature);
    std::vector<float> copy;
    for (const float value : samples.features[feature]) {
        copy.push_back(value + static_cast<float>(noise * rng.normal()));
    }
    samples.feature_names.push_back(name);
    samples.features.push_back(std::move(copy));
}

constexpr double correlation = 0.5;

struct Importance {
    std::vector<FoldEstimate> permutation;
    std::vector<FoldEstimate> conditional;
    std::vector<FoldEstimate> grouped;
};

Importance importance_of(const SampleTable& samples, const std::vector<std::vector<int>>& groups) {
    std::vector<ShuffleTarget> conditional = single_features(samples.n_features());
    const auto conditions = correlated_features(view_of(samples), correlation, 42);
    for (std::size_t f = 0; f < conditional.size(); ++f) {
        conditional[f].conditions = conditions[f];
    }
    std::vector<ShuffleTarget> together;
    for (const std::vector<int>& group : groups) {
        together.push_back({.features = group});
    }
    const std::vector<std::vector<ShuffleTarget>> lists = {single_features(samples.n_features()), conditional,
                                                           together};
    FoldImportanceOptions options;
    options.forest.n_estimators = 40;
    const auto estimates = fold_importance(samples, blocks_of(samples), lists, options, silent_progress());
    return {.permutation = estimates[0], .conditional = estimates[1], .grouped = estimates[2]};
}

template <class Values>
void expect_first_two_lead(const Values& value, std::size_t n, const char* kind) {
    for (std::size_t f = 2; f < n; ++f) {
        EXPECT_GT(value(0), 3 * std::abs(value(f))) << kind << ", B04 and feature " << f;
        EXPECT_GT(value(1), 3 * std::abs(value(f))) << kind << ", B08 and feature " << f;
    }
}

TEST(ImportanceOnALandscape, BothBandsRankFirstInEveryKind) {
    const SampleTable samples = two_bands();
    const Importance in_folds = importance_of(samples, {{0}, {1}, {2, 3}, {4, 5}});
    expect_first_two_lead([&](std::size_t f) { return *in_folds.permutation[f].mean; }, 6, "permutation");
    expect_first_two_lead([&](std::size_t f) { return *in_folds.conditional[f].mean; }, 6, "conditional");
    expect_first_two_lead([&](std::size_t g) { return *in_folds.grouped[g].mean; }, 4, "grouped");
    for (std::size_t f = 2; f < 6; ++f) { // noise: 0 is in the interval, as it is not for the bands
        EXPECT_LT(*in_folds.permutation[f].low, 0.01);
    }
    EXPECT_GT(*in_folds.permutation[0].low, 0);
    EXPECT_GT(*in_folds.permutation[1].low, 0);

    const std::vector<std::int32_t> classes = class_positions(samples.class_code, samples.legend);
    const TrainingSet data{.features = view_of(samples), .class_index = classes, .n_classes = samples.legend.size()};
    const RandomForestOptions options{.n_estimators = 40};
    const TrainedForest trained = train_random_forest(data, options, silent_progress());
    const auto bags = out_of_bag_importance(trained.forest, data, options, 1, silent_progress());
    expect_first_two_lead([&](std::size_t f) { return bags.features[f].mean; }, 6, "out-of-bag");
    for (std::size_t f = 2; f < 6; ++f) { // impurity flatters noise: first, but by less
        EXPECT_GT(std::min(trained.impurity_importance[0], trained.impurity_importance[1]),
                  trained.impurity_importance[f]);
    }
}

TEST(ImportanceOnALandscape, ACopySharesTheCreditThatItsGroupHas) {
    const SampleTable alone = two_bands();
    SampleTable copied = alone;
    add_copy(copied, 1, "B08 again", 1e-4); // reflectances, whose noise is far larger
    const double before = *importance_of(alone, {{1}}).permutation[1].mean;
    const Importance after = importance_of(copied, {{1, 6}, {0, 6}});
    const double band = *after.permutation[1].mean;
    const double copy = *after.permutation[6].mean;
    // Either does for the other: each alone loses less than the band did without a copy ...
    EXPECT_LT(band, 0.75 * before);
    EXPECT_LT(copy, 0.75 * before);
    EXPECT_GT(std::min(band, copy), 0.1 * before);
    // ... and the credit is that of both together.
    EXPECT_NEAR(*after.grouped[0].mean, before, 0.1 * before);
    EXPECT_GT(*after.grouped[0].mean, band + copy - 0.02);
    // Given the other, neither has anything to add; the other band has, as before.
    EXPECT_LT(*after.conditional[1].mean, 0.1 * before);
    EXPECT_LT(*after.conditional[6].mean, 0.1 * before);
    EXPECT_GT(*after.conditional[0].mean, 0.5 * *after.permutation[0].mean);
}

TEST(ImportanceOnALandscape, WhatIsOnlyCorrelatedHasNoCreditOfItsOwn) {
    SampleTable samples = two_bands();
    add_copy(samples, 1, "B08 blurred", 0.03); // tells of the classes only what B08 tells better
    const Importance importance = importance_of(samples, {});
    const double blurred = *importance.permutation[6].mean;
    EXPECT_GT(blurred, 0.02);
    EXPECT_LT(*importance.conditional[6].mean, 0.3 * blurred);
    EXPECT_GT(*importance.conditional[1].mean, 10 * *importance.conditional[6].mean);
}

TEST(ImportanceOnALandscape, AShuffledCopyHasNoCredit) {
    SampleTable samples = two_bands();
    add_copy(samples, 1, "B08 shuffled", 0);
    Rng(11, 0).shuffle(std::span(samples.features[6]));
    const Importance importance = importance_of(samples, {{1, 6}});
    const double band = *importance.permutation[1].mean;
    EXPECT_LT(std::abs(*importance.permutation[6].mean), 0.05 * band);
    EXPECT_LT(std::abs(*importance.conditional[6].mean), 0.05 * band);
    EXPECT_NEAR(*importance.grouped[0].mean, band, 0.05 * band);
    EXPECT_NEAR(*importance.conditional[1].mean, band, 0.05 * band);
}

} // namespace
} // namespace lcclass
