#include "lcclass/assess/design_estimates.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass {
namespace {

/// One single-pixel unit per count, in the stratum of its map class.
DesignSample of_counts(const std::vector<std::vector<int>>& map_by_reference, const std::vector<double>& sizes) {
    DesignSample sample{.n_classes = static_cast<int>(sizes.size()), .strata = {}, .elements = {}};
    for (std::size_t map = 0; map < sizes.size(); ++map) {
        sample.strata.push_back({.name = std::to_string(map), .size = sizes[map], .finite = false});
        for (std::size_t reference = 0; reference < sizes.size(); ++reference) {
            for (int i = 0; i < map_by_reference[map][reference]; ++i) {
                sample.elements.push_back({.map_class = static_cast<int>(map),
                                           .reference_class = static_cast<int>(reference),
                                           .stratum = static_cast<int>(map),
                                           .cluster = static_cast<std::int32_t>(sample.elements.size())});
            }
        }
    }
    return sample;
}

/// Deforestation, forest gain, stable forest, stable non-forest: Olofsson et al. 2014, table 8 (rows map, columns
/// reference; 10,000,000 pixels of 30 m).
DesignSample olofsson() {
    return of_counts({{66, 0, 5, 4}, {0, 55, 8, 12}, {1, 0, 153, 11}, {2, 1, 9, 313}},
                     {200000, 150000, 3200000, 6450000});
}

double rounded(double value, int digits) {
    const double scale = std::pow(10.0, digits);
    return std::round(value * scale) / scale;
}

double margin(const DesignFigure& figure) {
    return 1.96 * *figure.se;
}

TEST(DesignEstimates, OlofssonsAreasToThePrintedHectare) {
    const DesignEstimates estimates = estimate_design(olofsson());
    constexpr double hectares = 10000000 * 0.09;
    const std::vector<double> printed = {21158, 11686, 285770, 581386};
    const std::vector<double> printed_margins = {6158, 3756, 15510, 16282};
    for (std::size_t k = 0; k < printed.size(); ++k) {
        EXPECT_EQ(std::round(*estimates.classes[k].area.value * hectares), printed[k]) << k;
        EXPECT_EQ(std::round(margin(estimates.classes[k].area) * hectares), printed_margins[k]) << k;
    }
    EXPECT_EQ(rounded(*estimates.classes[0].area.value, 4), 0.0235);
    EXPECT_EQ(rounded(*estimates.classes[0].area.se, 4), 0.0035);
}

TEST(DesignEstimates, OlofssonsAccuraciesToThePrintedDigit) {
    const DesignEstimates estimates = estimate_design(olofsson());
    EXPECT_EQ(rounded(*estimates.overall_accuracy.value, 2), 0.95);
    EXPECT_EQ(rounded(margin(estimates.overall_accuracy), 2), 0.02);
    const std::vector<double> users = {0.88, 0.73, 0.93, 0.96};
    const std::vector<double> users_margins = {0.07, 0.10, 0.04, 0.02};
    const std::vector<double> producers = {0.75, 0.85, 0.93, 0.96};
    // Printed 0.21, 0.23, 0.03, 0.01: the paper's own eq. 7, written out by hand in numpy, gives 0.254 for forest gain
    // and 0.018 for stable non-forest, as other implementations of it do.
    const std::vector<double> producers_margins = {0.2133, 0.2544, 0.0343, 0.0184};
    for (std::size_t k = 0; k < users.size(); ++k) {
        const DesignClassFigures& figures = estimates.classes[k];
        EXPECT_EQ(rounded(*figures.users_accuracy.value, 2), users[k]) << k;
        EXPECT_EQ(rounded(margin(figures.users_accuracy), 2), users_margins[k]) << k;
        EXPECT_EQ(rounded(*figures.producers_accuracy.value, 2), producers[k]) << k;
        EXPECT_EQ(rounded(margin(figures.producers_accuracy), 4), producers_margins[k]) << k;
    }
}

TEST(DesignEstimates, OlofssonsTableOfProportions) {
    // Table 9, here with rows reference and columns map.
    const auto proportions = estimate_design(olofsson()).proportions;
    EXPECT_EQ(rounded(proportions[0][0], 4), 0.0176);
    EXPECT_EQ(rounded(proportions[3][0], 4), 0.0011);
    EXPECT_EQ(rounded(proportions[0][2], 4), 0.0019);
    EXPECT_EQ(rounded(proportions[2][3], 4), 0.0179);
    EXPECT_EQ(rounded(proportions[3][3], 4), 0.6212);
    EXPECT_EQ(proportions[1][0], 0);
}

/// Stehman 2014, table 2: strata A to D of 40,000, 30,000, 20,000 and 10,000 pixels, 10 units each.
DesignSample stehman() {
    const std::string map = "AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD";
    const std::string reference = "AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB";
    DesignSample sample{.n_classes = 4, .strata = {}, .elements = {}};
    for (const double size : {40000, 30000, 20000, 10000}) {
        sample.strata.push_back(
            {.name = std::string(1, static_cast<char>('A' + sample.strata.size())), .size = size, .finite = true});
    }
    for (std::size_t i = 0; i < map.size(); ++i) {
        sample.elements.push_back({.map_class = map[i] - 'A',
                                   .reference_class = reference[i] - 'A',
                                   .stratum = static_cast<int>(i / 10),
                                   .cluster = static_cast<std::int32_t>(i)});
    }
    return sample;
}

TEST(DesignEstimates, StehmansExampleWithStrataThatAreNotTheClasses) {
    const DesignEstimates estimates = estimate_design(stehman());
    EXPECT_NEAR(*estimates.classes[0].area.value, 0.35, 1e-12);
    EXPECT_NEAR(*estimates.classes[2].area.value, 0.20, 1e-12);
    EXPECT_NEAR(*estimates.overall_accuracy.value, 0.63, 1e-12);
    EXPECT_EQ(rounded(*estimates.classes[1].users_accuracy.value, 3), 0.574);
    EXPECT_EQ(rounded(*estimates.classes[1].producers_accuracy.value, 3), 0.794);
    EXPECT_NEAR(estimates.proportions[2][1], 0.08, 1e-12) << "mapped as B, is C";
    EXPECT_EQ(rounded(*estimates.classes[0].area.se, 3), 0.082);
    EXPECT_EQ(rounded(*estimates.classes[2].area.se, 3), 0.064);
    EXPECT_EQ(rounded(*estimates.overall_accuracy.se, 3), 0.085);
    EXPECT_EQ(rounded(*estimates.classes[1].users_accuracy.se, 3), 0.125);
    // The paper is quoted with 0.114; its eq. 28 in numpy and in R's mapaccuracy gives this.
    EXPECT_NEAR(*estimates.classes[1].producers_accuracy.se, 0.11654791, 1e-8);
}

TEST(DesignEstimates, F1IsTheHarmonicMeanAndItsErrorThatOfResampling) {
    const DesignSample sample = olofsson();
    const DesignClassFigures figures = estimate_design(sample).classes[0];
    const double u = *figures.users_accuracy.value;
    const double p = *figures.producers_accuracy.value;
    EXPECT_NEAR(*figures.f1.value, 2 * u * p / (u + p), 1e-12);
    // The spread of 2,000 stratified bootstrap samples.
    Rng rng(7, 1);
    std::vector<double> values;
    for (int repeat = 0; repeat < 2000; ++repeat) {
        DesignSample drawn{.n_classes = 4, .strata = sample.strata, .elements = {}};
        std::size_t begin = 0;
        for (const std::size_t n : {75U, 75U, 165U, 325U}) {
            for (std::size_t i = 0; i < n; ++i) {
                drawn.elements.push_back(sample.elements[begin + rng.below(n)]);
                drawn.elements.back().cluster = static_cast<std::int32_t>(drawn.elements.size());
            }
            begin += n;
        }
        values.push_back(*estimate_design(drawn).classes[0].f1.value);
    }
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 2000;
    double squares = 0;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    EXPECT_NEAR(*figures.f1.se, std::sqrt(squares / 1999), 0.08 * *figures.f1.se);
}

TEST(DesignEstimates, ASimpleSampleHasTheBinomialError) {
    // 80 of 100 right: sqrt(0.8 x 0.2 / 99), whatever the weight that all share.
    DesignSample sample{.n_classes = 2, .strata = {{.name = "all", .size = 1e6, .finite = false}}, .elements = {}};
    for (int i = 0; i < 100; ++i) {
        sample.elements.push_back({.map_class = 0, .reference_class = i < 80 ? 0 : 1, .stratum = 0, .cluster = i});
    }
    EXPECT_NEAR(*estimate_design(sample).overall_accuracy.se, std::sqrt(0.16 / 99), 1e-12);
    sample.strata[0].size = std::nullopt;
    for (DesignElement& element : sample.elements) {
        element.weight = 12.5;
    }
    EXPECT_NEAR(*estimate_design(sample).overall_accuracy.se, std::sqrt(0.16 / 99), 1e-12);
    const auto interval = estimate_design(sample).overall_accuracy.interval95();
    EXPECT_NEAR((*interval)[1] - (*interval)[0], 2 * 1.96 * std::sqrt(0.16 / 99), 1e-12);
}

TEST(DesignEstimates, ACensusOfAStratumHasNoError) {
    DesignSample sample{.n_classes = 2, .strata = {{.name = "all", .size = 4, .finite = true}}, .elements = {}};
    for (int i = 0; i < 4; ++i) {
        sample.elements.push_back({.map_class = 0, .reference_class = i < 3 ? 0 : 1, .stratum = 0, .cluster = i});
    }
    EXPECT_EQ(*estimate_design(sample).overall_accuracy.value, 0.75);
    EXPECT_EQ(*estimate_design(sample).overall_accuracy.se, 0);
}

/// `n` units of class 0 that are mapped as it, drawn from `size`.
DesignSample without_error(int n, double size) {
    DesignSample sample{.n_classes = 2, .strata = {{.name = "all", .size = size, .finite = true}}, .elements = {}};
    for (int i = 0; i < n; ++i) {
        sample.elements.push_back({.map_class = 0, .reference_class = 0, .stratum = 0, .cluster = i});
    }
    return sample;
}

TEST(DesignEstimates, ASampleWithoutAnErrorDoesNotProveThatThereIsNone) {
    // One more unit, half of class 0 and half of class 1: 99.5 of 100 right, and nearly all of the stratum is unseen.
    const DesignEstimates estimates = estimate_design(without_error(99, 99e6));
    const double margin = 1.96 * std::sqrt(0.995 * 0.005 / 99);
    for (const DesignFigure& figure :
         {estimates.overall_accuracy, estimates.classes[0].users_accuracy, estimates.classes[0].area}) {
        EXPECT_EQ(*figure.value, 1);
        EXPECT_EQ(*figure.se, 0);
        EXPECT_NEAR(*figure.margin95, margin, 1e-7);
        EXPECT_NEAR((*figure.interval95())[0], 1 - margin, 1e-7);
        EXPECT_EQ((*figure.interval95())[1], 1);
    }
    EXPECT_EQ(*estimates.classes[1].area.value, 0);
    EXPECT_NEAR((*estimates.classes[1].area.interval95())[1], margin, 1e-7);
    EXPECT_FALSE(estimates.classes[1].producers_accuracy.interval95().has_value()) << "no unit of the class: NA";
}

TEST(DesignEstimates, ACensusWithoutAnErrorProvesThatThereIsNone) {
    EXPECT_EQ(*estimate_design(without_error(99, 99)).overall_accuracy.margin95, 0);
}

TEST(DesignEstimates, AnErrorInOneStratumSaysEnoughOfTheFigure) {
    // The second stratum has no error, but the first has: the interval is 1.96 standard errors, as published.
    DesignSample sample = without_error(50, 5000);
    sample.elements.push_back({.map_class = 0, .reference_class = 1, .stratum = 0, .cluster = 50});
    sample.strata.push_back({.name = "b", .size = 5000, .finite = true});
    for (int i = 51; i < 99; ++i) {
        sample.elements.push_back({.map_class = 1, .reference_class = 1, .stratum = 1, .cluster = i});
    }
    const DesignEstimates estimates = estimate_design(sample);
    EXPECT_EQ(*estimates.overall_accuracy.margin95, 1.96 * *estimates.overall_accuracy.se);
    EXPECT_EQ(*estimates.classes[1].users_accuracy.se, 0);
    EXPECT_NEAR(*estimates.classes[1].users_accuracy.margin95,
                1.96 * std::sqrt(48.5 / 49 * (0.5 / 49) / 48 * (1 - 48.0 / 5000)), 1e-12);
}

TEST(DesignEstimates, PixelsOfOneClusterAreNotIndependent) {
    // 10 clusters of 20 equal pixels, 8 of them right: the error of 10 units, not of 200.
    DesignSample sample{
        .n_classes = 2, .strata = {{.name = "all", .size = std::nullopt, .finite = false}}, .elements = {}};
    for (int i = 0; i < 200; ++i) {
        sample.elements.push_back(
            {.map_class = 0, .reference_class = i / 20 < 8 ? 0 : 1, .stratum = 0, .cluster = i / 20});
    }
    EXPECT_NEAR(*estimate_design(sample).overall_accuracy.se, std::sqrt(0.16 / 9), 1e-12);
    EXPECT_EQ(estimate_design(sample).clusters, std::vector<std::int64_t>{10});
}

TEST(DesignEstimates, WeightsSayWhatAnElementStandsFor) {
    // One right element standing for 3, one wrong for 1: 3 / 4 right. Linearised residuals 3 x 0.25 / 4 and
    // -0.75 / 4, so the variance is 2 / 1 x 2 x 0.1875^2.
    DesignSample sample{
        .n_classes = 2, .strata = {{.name = "all", .size = std::nullopt, .finite = false}}, .elements = {}};
    sample.elements.push_back({.map_class = 0, .reference_class = 0, .stratum = 0, .cluster = 0, .weight = 3});
    sample.elements.push_back({.map_class = 0, .reference_class = 1, .stratum = 0, .cluster = 1, .weight = 1});
    const DesignFigure overall = estimate_design(sample).overall_accuracy;
    EXPECT_NEAR(*overall.value, 0.75, 1e-12);
    EXPECT_NEAR(*overall.se, 2 * 0.1875, 1e-12);
}

TEST(DesignEstimates, WhatCannotBeKnownIsNotZero) {
    DesignSample sample{
        .n_classes = 3,
        .strata = {{.name = "a", .size = 50, .finite = true}, {.name = "b", .size = 50, .finite = true}},
        .elements = {}};
    sample.elements.push_back({.map_class = 0, .reference_class = 0, .stratum = 0, .cluster = 0});
    sample.elements.push_back({.map_class = 1, .reference_class = 1, .stratum = 1, .cluster = 1});
    sample.elements.push_back({.map_class = 1, .reference_class = 0, .stratum = 1, .cluster = 2});
    const DesignEstimates estimates = estimate_design(sample);
    EXPECT_TRUE(estimates.overall_accuracy.value.has_value());
    EXPECT_FALSE(estimates.overall_accuracy.se.has_value()) << "stratum a has one unit";
    EXPECT_FALSE(estimates.overall_accuracy.interval95().has_value());
    EXPECT_FALSE(estimates.classes[2].users_accuracy.value.has_value());
    EXPECT_FALSE(estimates.classes[2].producers_accuracy.value.has_value());
    EXPECT_EQ(*estimates.classes[2].area.value, 0);
}

TEST(DesignEstimates, AStratumWithoutUnitsIsNamed) {
    DesignSample sample = olofsson();
    sample.strata.push_back({.name = "wetland", .size = 1000, .finite = false});
    try {
        estimate_design(sample);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_NE(std::string(error.what()).find("stratum=wetland"), std::string::npos) << error.what();
    }
}

/// A map of 60,000 pixels: pixels of class i are of class j in `truth[i][j]` cases.
struct Population {
    std::vector<std::vector<int>> truth = {{4500, 300, 1200}, {400, 16000, 1600}, {900, 1500, 33600}};

    [[nodiscard]] int size(int map) const {
        const auto& row = truth[static_cast<std::size_t>(map)];
        return std::accumulate(row.begin(), row.end(), 0);
    }
    [[nodiscard]] int reference_of(int map, int pixel) const {
        const auto& row = truth[static_cast<std::size_t>(map)];
        int reference = 0;
        while (pixel >= row[static_cast<std::size_t>(reference)]) {
            pixel -= row[static_cast<std::size_t>(reference++)];
        }
        return reference;
    }
};

/// How often intervals hold the truth.
struct Coverage {
    void see(const DesignFigure& figure, double truth) {
        const auto interval = figure.interval95();
        ++seen;
        held += interval && (*interval)[0] <= truth && truth <= (*interval)[1] ? 1 : 0;
    }
    void expect_95() const {
        EXPECT_GE(static_cast<double>(held) / seen, 0.90);
        EXPECT_LE(static_cast<double>(held) / seen, 0.98);
    }
    int seen = 0;
    int held = 0;
};

struct PopulationTruth {
    double overall = 54100.0 / 60000;
    std::vector<double> area = {5800.0 / 60000, 17800.0 / 60000, 36400.0 / 60000};
    std::vector<double> users = {4500.0 / 6000, 16000.0 / 18000, 33600.0 / 36000};
    std::vector<double> producers = {4500.0 / 5800, 16000.0 / 17800, 33600.0 / 36400};
};

/// `n` distinct numbers below `bound`.
std::vector<int> draw(Rng& rng, int n, int bound) {
    std::vector<int> drawn;
    std::vector<bool> taken(static_cast<std::size_t>(bound), false);
    while (static_cast<int>(drawn.size()) < n) {
        const auto pixel = static_cast<int>(rng.below(static_cast<std::uint64_t>(bound)));
        if (!taken[static_cast<std::size_t>(pixel)]) {
            taken[static_cast<std::size_t>(pixel)] = true;
            drawn.push_back(pixel);
        }
    }
    return drawn;
}

struct AllCoverages {
    Coverage overall;
    std::vector<Coverage> area = std::vector<Coverage>(3);
    std::vector<Coverage> users = std::vector<Coverage>(3);
    std::vector<Coverage> producers = std::vector<Coverage>(3);

    void see(const DesignEstimates& estimates) {
        const PopulationTruth truth;
        overall.see(estimates.overall_accuracy, truth.overall);
        for (std::size_t k = 0; k < 3; ++k) {
            area[k].see(estimates.classes[k].area, truth.area[k]);
            users[k].see(estimates.classes[k].users_accuracy, truth.users[k]);
            producers[k].see(estimates.classes[k].producers_accuracy, truth.producers[k]);
        }
    }
    void expect_95() const {
        overall.expect_95();
        for (std::size_t k = 0; k < 3; ++k) {
            SCOPED_TRACE(k);
            area[k].expect_95();
            users[k].expect_95();
            producers[k].expect_95();
        }
    }
};

TEST(DesignCoverage, IntervalsOfStratifiedSamplesHoldTheTruth) {
    const Population population;
    AllCoverages coverages;
    for (std::uint64_t repeat = 0; repeat < 800; ++repeat) {
        Rng rng(11, repeat);
        DesignSample sample{.n_classes = 3, .strata = {}, .elements = {}};
        for (int map = 0; map < 3; ++map) {
            sample.strata.push_back(
                {.name = std::to_string(map), .size = static_cast<double>(population.size(map)), .finite = true});
            for (const int pixel :
                 draw(rng, std::vector{75, 150, 300}[static_cast<std::size_t>(map)], population.size(map))) {
                sample.elements.push_back({.map_class = map,
                                           .reference_class = population.reference_of(map, pixel),
                                           .stratum = map,
                                           .cluster = static_cast<std::int32_t>(sample.elements.size())});
            }
        }
        coverages.see(estimate_design(sample));
    }
    coverages.expect_95();
}

TEST(DesignCoverage, IntervalsOfSimpleSamplesHoldTheTruth) {
    const Population population;
    AllCoverages coverages;
    for (std::uint64_t repeat = 0; repeat < 800; ++repeat) {
        Rng rng(12, repeat);
        DesignSample sample{.n_classes = 3, .strata = {{.name = "all", .size = 60000, .finite = true}}, .elements = {}};
        for (int pixel : draw(rng, 600, 60000)) {
            int map = 0;
            while (pixel >= population.size(map)) {
                pixel -= population.size(map++);
            }
            sample.elements.push_back({.map_class = map,
                                       .reference_class = population.reference_of(map, pixel),
                                       .stratum = 0,
                                       .cluster = static_cast<std::int32_t>(sample.elements.size())});
        }
        coverages.see(estimate_design(sample));
    }
    coverages.expect_95();
}

TEST(DesignCoverage, IntervalsOfTwoStageSamplesHoldTheTruth) {
    // 1,000 blocks of 60 pixels, of which block b has errors and a rare class in its own measure; 60 blocks are drawn
    // and 15 pixels of each. Weights: 1,000 / 60 x 60 / 15.
    std::vector<std::vector<std::pair<int, int>>> blocks(1000); // map and reference class of every pixel
    Rng landscape(13, 0);
    double right = 0;
    double first_class = 0;
    for (auto& block : blocks) {
        const double error = 0.3 * landscape.uniform();
        const double share = landscape.uniform();
        for (int i = 0; i < 60; ++i) {
            const int reference = landscape.uniform() < share ? 0 : 1;
            const int map = landscape.uniform() < error ? 1 - reference : reference;
            block.emplace_back(map, reference);
            right += map == reference ? 1 : 0;
            first_class += reference == 0 ? 1 : 0;
        }
    }
    Coverage overall;
    Coverage area;
    for (std::uint64_t repeat = 0; repeat < 600; ++repeat) {
        Rng rng(14, repeat);
        DesignSample sample{
            .n_classes = 2, .strata = {{.name = "all", .size = std::nullopt, .finite = false}}, .elements = {}};
        for (const int b : draw(rng, 60, 1000)) {
            for (const int i : draw(rng, 15, 60)) {
                const auto [map, reference] = blocks[static_cast<std::size_t>(b)][static_cast<std::size_t>(i)];
                sample.elements.push_back(
                    {.map_class = map, .reference_class = reference, .stratum = 0, .cluster = b, .weight = 66.7});
            }
        }
        const DesignEstimates estimates = estimate_design(sample);
        overall.see(estimates.overall_accuracy, right / 60000);
        area.see(estimates.classes[0].area, first_class / 60000);
    }
    overall.expect_95();
    area.expect_95();
}

} // namespace
} // namespace lcclass
