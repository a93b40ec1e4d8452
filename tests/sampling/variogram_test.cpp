#include "lcclass/sampling/variogram.h"

#include "layouts.h"
#include "lcclass/core/error.h"
#include "sampling/variogram_model.h"

#include <gmock/gmock.h>

#include <cmath>

namespace lcclass {
namespace {

/// 60 places, each a polygon of `copies` samples at the same place and of the same value.
SampleTable sixty_places(int copies) {
    SampleTable table;
    table.legend = ClassLegend({{1, "water", {}}});
    table.feature_names = {"a"};
    table.features.resize(1);
    for (std::int32_t i = 0; i < 60; ++i) {
        table.group_names.push_back(std::to_string(i));
        for (int copy = 0; copy < (i == 0 ? copies : 1); ++copy) {
            table.x.push_back(10.0 * ((i * 37) % 101));
            table.y.push_back(10.0 * ((i * 53) % 97));
            table.features[0].push_back(
                static_cast<float>((i * 29) % 31 + table.x.back() / 100 + table.y.back() / 200));
            table.class_code.push_back(1);
            table.polygon_id.push_back(i + 1);
            table.group.push_back(i);
        }
    }
    return table;
}

/// `n` samples, each its own polygon, at random over `side` metres, of value `field(x, y, rng)`.
template <class Field>
SampleTable field_of(int n, double side, std::uint64_t seed, Field&& field) {
    Rng rng(seed, 1);
    SampleTable table;
    table.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}});
    table.feature_names = {"a"};
    table.features.resize(1);
    for (std::int32_t i = 0; i < n; ++i) {
        table.x.push_back(side * rng.uniform());
        table.y.push_back(side * rng.uniform());
        table.features[0].push_back(static_cast<float>(field(table.x.back(), table.y.back(), rng)));
        table.class_code.push_back(1 + i % 2);
        table.polygon_id.push_back(i + 1);
        table.group.push_back(i);
        table.group_names.push_back(std::to_string(i));
    }
    return table;
}

/// Patches of `width` metres, each of one random value: the variogram of a regular mosaic levels off at `width`
/// along the axes and at 1.41 of it across.
double mosaic(double x, double y, double width) {
    Rng patch(mix64(static_cast<std::uint64_t>(x / width), static_cast<std::uint64_t>(y / width)), 5);
    return patch.normal();
}

TEST(Variogram, IsMatheronsEstimatorBetweenPolygonsOfOneSample) {
    const Variogram variogram = variogram_of(sixty_places(1), sixty_places(1).features[0], "a", VariogramOptions{});
    // numpy: half the mean squared difference of all pairs by distance, 15 lags up to a third of the diagonal; the
    // first lag has no pair. Every pair of these 60 polygons is drawn 16 times.
    ASSERT_EQ(variogram.lags.size(), 14U);
    EXPECT_EQ(variogram.lags[2].pairs, 25 * 16);
    EXPECT_NEAR(variogram.lags[2].distance_m, 94.86832980505137, 1e-9);
    EXPECT_NEAR(variogram.lags[2].semivariance, 51.03724924564413, 1e-9);
    EXPECT_EQ(variogram.lags[6].pairs, 51 * 16);
    EXPECT_NEAR(variogram.lags[6].semivariance, 91.93296678113035, 1e-9);
    EXPECT_NEAR(variogram.lags[13].distance_m, 441.19757499442807, 1e-9);
    EXPECT_NEAR(variogram.lags[13].semivariance, 76.97225080299417, 1e-9);
    EXPECT_FALSE(variogram.within_groups);
    const VariogramSet set = feature_variograms(sixty_places(1), {});
    EXPECT_NEAR(set.cutoff_m, 455.20447176089027, 1e-9);
    EXPECT_NEAR(set.features.at(0).lags.at(6).semivariance, 0.976080216878235, 1e-9); // (value - mean) / sd
}

TEST(Variogram, PixelsOfOnePolygonDoNotDecideIt) {
    const Variogram one = variogram_of(sixty_places(1), sixty_places(1).features[0], "a", {});
    const Variogram many = variogram_of(sixty_places(500), sixty_places(500).features[0], "a", {});
    ASSERT_EQ(one.lags.size(), many.lags.size());
    for (std::size_t lag = 0; lag < one.lags.size(); ++lag) {
        EXPECT_EQ(one.lags[lag].pairs, many.lags[lag].pairs);
        EXPECT_NEAR(one.lags[lag].semivariance, many.lags[lag].semivariance, 1e-9);
    }
    EXPECT_EQ(many.within_groups, 0.0);
}

TEST(Variogram, WithinPolygonsIsTheirOwnVariance) {
    // Two samples of 0 and 2 in each polygon: half of the squared difference is 2.
    SampleTable table = field_of(40, 1000, 1, [](double, double, Rng&) { return 0; });
    const SampleTable once = table;
    for (std::size_t i = 0; i < 40; ++i) {
        table.x.push_back(once.x[i]);
        table.y.push_back(once.y[i]);
        table.features[0].push_back(2);
        table.class_code.push_back(1);
        table.polygon_id.push_back(once.polygon_id[i]);
        table.group.push_back(once.group[i]);
    }
    EXPECT_DOUBLE_EQ(variogram_of(table, table.features[0], "a", {}).within_groups.value_or(-1), 2);
}

TEST(Variogram, ModelIsThatOfTheSmallestWeightedCriterion) {
    Variogram variogram;
    const std::vector<double> semivariance = {.31, .42, .56, .61, .74, .79, .86, .84, .90, .88};
    const std::vector<std::int64_t> pairs = {100, 300, 500, 650, 800, 900, 1000, 1100, 1200, 1250};
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        variogram.lags.push_back({50.0 + 100.0 * static_cast<double>(i), semivariance[i], pairs[i]});
    }
    fit_model(variogram, 1000, 30);
    // scipy 1.17, differential evolution polished by Nelder-Mead, of sum N (semivariance / model - 1)^2: spherical
    // 5.287 at nugget 0.25557, sill 0.88025, range 806.06; exponential 8.114; constant 230.713.
    EXPECT_EQ(variogram.finding, VariogramFinding::range);
    EXPECT_EQ(variogram.model, "spherical");
    EXPECT_NEAR(*variogram.nugget, 0.25557, 2e-5);
    EXPECT_NEAR(*variogram.sill, 0.88025, 2e-5);
    EXPECT_NEAR(*variogram.range_m, 806.064, 0.02);
    EXPECT_NEAR(*variogram.explained, 0.9792268, 1e-5); // numpy: R2 of that model, weighted by pairs
}

TEST(Variogram, ModelsThatMadeTheLagsAreFound) {
    using sampling::Curve;
    for (const Curve curve : {Curve::spherical, Curve::exponential}) {
        Variogram variogram;
        for (int i = 0; i < 15; ++i) {
            const double h = 50 + 100.0 * i;
            variogram.lags.push_back({h, 0.2 + 0.7 * sampling::rise(curve, h, 900), 1000});
        }
        fit_model(variogram, 1500, 30);
        EXPECT_EQ(variogram.model, curve == Curve::spherical ? "spherical" : "exponential");
        EXPECT_NEAR(variogram.range_m.value_or(0), 900, 0.5);
        EXPECT_NEAR(variogram.nugget.value_or(0), 0.2, 1e-3);
        EXPECT_NEAR(variogram.sill.value_or(0), 0.9, 1e-3);
    }
}

TEST(Variogram, StructureThatNoCurveFitsWellIsStructureStill) {
    // Nearly alike up to 300 m, nothing in common beyond 1 km: steeper than either model at the start.
    Variogram variogram;
    const std::vector<double> semivariance = {.11, .75, .92, 1.0, 1.01, .95, .93, .95, .96, .95};
    for (std::size_t i = 0; i < semivariance.size(); ++i) {
        variogram.lags.push_back(
            {300.0 + 300.0 * static_cast<double>(i), semivariance[i], 2500 + 4000 * static_cast<std::int64_t>(i)});
    }
    fit_model(variogram, 4700, 30);
    EXPECT_EQ(variogram.finding, VariogramFinding::range);
    EXPECT_GT(variogram.range_m.value_or(0), 500);
    EXPECT_LT(variogram.range_m.value_or(0), 1300);
}

TEST(Variogram, CurvesAreThoseOfTheBooks) {
    using sampling::Curve;
    EXPECT_DOUBLE_EQ(sampling::rise(Curve::spherical, 50, 100), 0.6875);
    EXPECT_DOUBLE_EQ(sampling::rise(Curve::spherical, 150, 100), 1);
    for (const double h : {0.0, 1e-9, 0.1, 1.0, 30.0, 100.0, 1e6}) {
        EXPECT_NEAR(sampling::rise(Curve::exponential, h, 10), 1 - std::exp(-0.3 * h), 1e-12) << h;
    }
}

TEST(Variogram, NoiseIsAPureNugget) {
    int n_ranges = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const SampleTable table = field_of(400, 10000, seed, [](double, double, Rng& rng) { return rng.normal(); });
        const Variogram variogram = feature_variograms(table, {}).features.at(0);
        n_ranges += variogram.finding == VariogramFinding::pure_nugget ? 0 : 1;
    }
    EXPECT_LE(n_ranges, 1);
}

TEST(Variogram, PatchesGiveTheirWidth) {
    for (const double width : {600.0, 1500.0}) {
        const SampleTable table =
            field_of(1500, 10000, 3, [&](double x, double y, Rng&) { return mosaic(x, y, width); });
        const Variogram variogram = feature_variograms(table, {}).features.at(0);
        ASSERT_EQ(variogram.finding, VariogramFinding::range) << width;
        EXPECT_GT(*variogram.range_m, 0.8 * width);
        EXPECT_LT(*variogram.range_m, 1.6 * width);
        EXPECT_LT(*variogram.nugget, 0.25);
        EXPECT_NEAR(*variogram.sill, 1, 0.15);
    }
}

TEST(Variogram, ATrendIsBeyondTheDistancesLookedAt) {
    const SampleTable table = field_of(500, 10000, 4, [](double x, double, Rng&) { return x; });
    const VariogramSet set = feature_variograms(table, {});
    EXPECT_EQ(set.features.at(0).finding, VariogramFinding::beyond_cutoff);
    EXPECT_FALSE(set.features[0].range_m);
    EXPECT_DOUBLE_EQ(median_range(set).value_or(0), set.cutoff_m);
}

TEST(Variogram, ConstantFeaturesAndFewPolygonsHaveNoModel) {
    const SampleTable flat = field_of(100, 1000, 5, [](double, double, Rng&) { return 7; });
    EXPECT_EQ(feature_variograms(flat, {}).features.at(0).finding, VariogramFinding::constant);
    EXPECT_FALSE(median_range(feature_variograms(flat, {})));
    const SampleTable few = field_of(6, 1000, 5, [](double, double, Rng& rng) { return rng.normal(); });
    EXPECT_EQ(feature_variograms(few, {}).features.at(0).finding, VariogramFinding::too_few_pairs);
}

TEST(Variogram, MeanOfFeaturesLeavesConstantOnesOut) {
    SampleTable table = field_of(300, 10000, 6, [](double x, double y, Rng&) { return mosaic(x, y, 1000); });
    table.feature_names = {"a", "flat", "ten times a"};
    table.features.push_back(std::vector<float>(300, 3));
    table.features.push_back(table.features[0]);
    for (float& value : table.features[2]) {
        value *= 10;
    }
    const VariogramSet set = feature_variograms(table, {});
    ASSERT_TRUE(set.mean);
    for (std::size_t lag = 0; lag < set.mean->lags.size(); ++lag) {
        EXPECT_NEAR(set.mean->lags[lag].semivariance, set.features[0].lags[lag].semivariance, 1e-5);
    }
}

TEST(Variogram, DrawsSoManyGroupsBySeed) {
    const SampleTable table = field_of(500, 10000, 7, [](double x, double, Rng&) { return x; });
    const auto first_lag = [&](std::uint64_t seed) {
        const VariogramSet set = feature_variograms(table, {.most_groups = 100, .seed = seed});
        EXPECT_EQ(set.n_groups, 100);
        return set.features.at(0).lags.at(0).semivariance;
    };
    EXPECT_EQ(first_lag(1), first_lag(1));
    EXPECT_NE(first_lag(1), first_lag(2));
}

TEST(BlockSize, IsTheMedianRangeToTwoDigits) {
    const SampleTable table = field_of(800, 10000, 8, [](double x, double y, Rng&) { return mosaic(x, y, 1000); });
    VariogramSet set = feature_variograms(table, {});
    set.features[0].range_m = 1278.4;
    const BlockSize size = choose_block_size(table, set, {}, 20);
    EXPECT_EQ(size.size_m, 1200);
    EXPECT_EQ(size.from, "median range of 1 of 1 features, 1,278 m");
}

TEST(BlockSize, ShrinksUntilThereAreTwoBlocksPerFold) {
    const SampleTable table = field_of(300, 10000, 9, [](double x, double, Rng&) { return x; });
    const VariogramSet set = feature_variograms(table, {});
    const BlockSize size = choose_block_size(table, set, {.n_folds = 10}, 20); // 4.7 km would make 9 blocks
    EXPECT_LT(size.size_m, 4700);
    EXPECT_THAT(size.from, testing::HasSubstr("reduced"));
    const FoldAssignment folds =
        assign_folds(table, {.scheme = FoldScheme::spatial_block, .n_folds = 10, .block_size_m = size.size_m});
    EXPECT_GE(folds.blocks.size(), 20U);
    EXPECT_LE(folds.blocks.size(), 36U);
}

TEST(BlockSize, NeverGoesBelowTheSmallest) {
    const SampleTable table = field_of(300, 10000, 9, [](double x, double, Rng&) { return x; });
    const VariogramSet set = feature_variograms(table, {});
    EXPECT_THROW(choose_block_size(table, set, {.n_folds = 10}, 4000), Error);
}

TEST(BlockSize, SaysWhenItIsTheSmallest) {
    const SampleTable table = field_of(300, 10000, 9, [](double x, double, Rng&) { return x; });
    VariogramSet set = feature_variograms(table, {});
    set.features[0].finding = VariogramFinding::range;
    set.features[0].range_m = 123;
    const BlockSize size = choose_block_size(table, set, {}, 1000);
    EXPECT_EQ(size.size_m, 1000);
    EXPECT_EQ(size.from, "median range of 1 of 1 features, 123 m, raised to 1000 m, the smallest size");
}

TEST(BlockSize, IsNotInvented) {
    const auto refusal = [](const SampleTable& table) -> std::string {
        try {
            choose_block_size(table, feature_variograms(table, {}), {}, 20);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::configuration);
            return error.what();
        }
        return {};
    };
    const auto noise = [](double, double, Rng& rng) { return rng.normal(); };
    EXPECT_THAT(refusal(field_of(100, 1000, 5, [](double, double, Rng&) { return 7; })),
                testing::HasSubstr("no feature varies"));
    EXPECT_THAT(refusal(field_of(6, 1000, 5, noise)), testing::HasSubstr("6 polygons are too few"));
    EXPECT_THAT(refusal(field_of(800, 10000, 5, noise)), testing::HasSubstr("no feature has a range up to"));
}

} // namespace
} // namespace lcclass
