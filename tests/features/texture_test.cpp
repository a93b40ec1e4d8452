#include "features/texture.h"

#include "features/plane_case.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

namespace lcclass {
namespace {

constexpr std::array all_statistics = {
    TextureStatistic::contrast,    TextureStatistic::dissimilarity, TextureStatistic::homogeneity,
    TextureStatistic::asm_,        TextureStatistic::energy,        TextureStatistic::entropy,
    TextureStatistic::correlation, TextureStatistic::mean,          TextureStatistic::variance};

Kernel texture_of(TextureStatistic statistic, const TextureOptions& options) {
    return [=](const PlaneView& in, const PlaneOut& out) {
        const std::array requests = {TextureRequest{statistic, out}};
        texture(options, in, requests);
    };
}

using Matrix = std::map<std::pair<int, int>, double>; ///< p(i, j)

std::optional<int> level_of(const PlaneCase& plane, std::int64_t x, std::int64_t y, const TextureOptions& options) {
    if (!plane.holds(x, y) || std::isnan(plane.at(x, y))) {
        return std::nullopt;
    }
    const double share = (static_cast<double>(plane.at(x, y)) - options.low) / (options.high - options.low);
    return static_cast<int>(std::clamp(std::floor(share * options.levels), 0.0, options.levels - 1.0));
}

/// Of the pairs `right` columns and `down` rows apart in the window around (x, y); empty without pairs.
Matrix matrix_around(const PlaneCase& plane, std::int64_t x, std::int64_t y, const TextureOptions& options, int right,
                     int down) {
    Matrix matrix;
    double n = 0;
    const int radius = options.size / 2;
    const auto is_inside = [&](std::int64_t i, std::int64_t j) {
        return std::abs(i - y) <= radius && std::abs(j - x) <= radius;
    };
    for (std::int64_t i = y - radius; i <= y + radius; ++i) {
        for (std::int64_t j = x - radius; j <= x + radius; ++j) {
            const auto a = level_of(plane, j, i, options);
            const auto b = level_of(plane, j + right, i + down, options);
            if (a && b && is_inside(i + down, j + right)) {
                matrix[{*a, *b}] += 1;
                matrix[{*b, *a}] += 1;
                n += 2;
            }
        }
    }
    for (auto& [cell, p] : matrix) {
        p /= n;
    }
    return matrix;
}

double sum_over(const Matrix& matrix, const std::function<double(int, int, double)>& term) {
    double sum = 0;
    for (const auto& [cell, p] : matrix) {
        sum += term(cell.first, cell.second, p);
    }
    return sum;
}

/// By the definitions of the header.
double statistic_of(TextureStatistic statistic, const Matrix& matrix) {
    const double mean = sum_over(matrix, [](int i, int, double p) { return p * i; });
    const double variance = sum_over(matrix, [=](int i, int, double p) { return p * (i - mean) * (i - mean); });
    switch (statistic) {
    case TextureStatistic::contrast:
        return sum_over(matrix, [](int i, int j, double p) { return p * (i - j) * (i - j); });
    case TextureStatistic::dissimilarity:
        return sum_over(matrix, [](int i, int j, double p) { return p * std::abs(i - j); });
    case TextureStatistic::homogeneity:
        return sum_over(matrix, [](int i, int j, double p) { return p / (1 + (i - j) * (i - j)); });
    case TextureStatistic::asm_:
        return sum_over(matrix, [](int, int, double p) { return p * p; });
    case TextureStatistic::energy:
        return std::sqrt(sum_over(matrix, [](int, int, double p) { return p * p; }));
    case TextureStatistic::entropy:
        return sum_over(matrix, [](int, int, double p) { return -p * std::log(p); });
    case TextureStatistic::correlation:
        return variance < 1e-12
                   ? 1
                   : sum_over(matrix, [=](int i, int j, double p) { return p * (i - mean) * (j - mean); }) / variance;
    case TextureStatistic::mean:
        return mean;
    case TextureStatistic::variance:
        return variance;
    }
    return 0;
}

/// Averaged over the directions that have pairs; nothing when none has, or the centre has no value.
std::optional<double> expected_value(TextureStatistic statistic, const PlaneCase& plane, std::int64_t x, std::int64_t y,
                                     const TextureOptions& options) {
    const int straight = options.distance;
    const int diagonal = static_cast<int>(std::lround(options.distance / std::sqrt(2.)));
    const std::array<std::pair<int, int>, 4> offsets = {
        {{straight, 0}, {diagonal, diagonal}, {0, straight}, {-diagonal, diagonal}}};
    double sum = 0;
    int n = 0;
    for (const auto& [right, down] : offsets) {
        const Matrix matrix = matrix_around(plane, x, y, options, right, down);
        if (!matrix.empty()) {
            sum += statistic_of(statistic, matrix);
            ++n;
        }
    }
    return n == 0 || std::isnan(plane.at(x, y)) ? std::nullopt : std::optional(sum / n);
}

void expect_defined_values(const PlaneCase& plane, const TextureOptions& options) {
    for (const TextureStatistic statistic : all_statistics) {
        const PlaneCase result = run(texture_of(statistic, options), plane);
        for (std::int64_t y = plane.window.y; y < plane.window.y + plane.window.height; ++y) {
            for (std::int64_t x = plane.window.x; x < plane.window.x + plane.window.width; ++x) {
                const auto expected = expected_value(statistic, plane, x, y, options);
                const auto value = static_cast<double>(result.at(x, y));
                ASSERT_EQ(std::isnan(value), !expected.has_value()) << x << ", " << y;
                if (expected) {
                    ASSERT_NEAR(value, *expected, 1e-7 * std::max(1., std::abs(*expected)))
                        << "statistic " << static_cast<int>(statistic) << " at " << x << ", " << y;
                }
            }
        }
    }
}

TEST(Texture, MatrixOfTheExampleOfScikitImageHasItsContrast) {
    // scikit-image 0.26, docstrings of graycomatrix and graycoprops: this image, levels 4; contrast .58333333 at
    // distance 1 and 0 degrees, 1 at 90. At 45 and 135 degrees the matrices printed there give 15/9 and 5/9.
    const PlaneCase image({0, 0, 4, 4}, {0, 0, 1, 1, 0, 0, 1, 1, 0, 2, 2, 2, 2, 2, 3, 3});
    const TextureOptions options{.size = 7, .levels = 4, .distance = 1, .low = 0, .high = 4};
    const double expected = (7. / 12 + 15. / 9 + 1 + 5. / 9) / 4;
    const PlaneCase contrast = run(texture_of(TextureStatistic::contrast, options), image);
    // The windows around the four pixels in the middle hold the whole image.
    for (const auto& [x, y] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}}) {
        EXPECT_NEAR(static_cast<double>(contrast.at(x, y)), expected, 1e-7);
    }
}

TEST(Texture, TwoHalvesHaveValuesThatAHandCanCompute) {
    // Columns 0 0 1: across, three pairs (0, 0) and three (0, 1); down, four (0, 0) and two (1, 1);
    // diagonally, two (0, 0) and two (0, 1).
    const PlaneCase image({0, 0, 3, 3}, {0, 0, 1, 0, 0, 1, 0, 0, 1});
    const TextureOptions options{.size = 3, .levels = 2, .distance = 1, .low = 0, .high = 2};
    const auto center = [&](TextureStatistic statistic) {
        return static_cast<double>(run(texture_of(statistic, options), image).at(1, 1));
    };
    EXPECT_NEAR(center(TextureStatistic::contrast), (.5 + .5 + 0 + .5) / 4, 1e-7);
    EXPECT_NEAR(center(TextureStatistic::homogeneity), (.75 + .75 + 1 + .75) / 4, 1e-7);
    // p of (0, 0), (0, 1), (1, 0): 1/2, 1/4, 1/4; down: 2/3 and 1/3.
    const double asm_across = .25 + 2 * .0625;
    EXPECT_NEAR(center(TextureStatistic::asm_), (3 * asm_across + 5. / 9) / 4, 1e-7);
    EXPECT_NEAR(center(TextureStatistic::energy), (3 * std::sqrt(asm_across) + std::sqrt(5. / 9)) / 4, 1e-7);
    const double entropy_across = .5 * std::log(2.) + .5 * std::log(4.);
    const double entropy_down = 2. / 3 * std::log(1.5) + 1. / 3 * std::log(3.);
    EXPECT_NEAR(center(TextureStatistic::entropy), (3 * entropy_across + entropy_down) / 4, 1e-7);
    // Mean 1/4, variance 3/16, covariance -1/16; down: 1/3, 2/9, correlation 1.
    EXPECT_NEAR(center(TextureStatistic::mean), (3 * .25 + 1. / 3) / 4, 1e-7);
    EXPECT_NEAR(center(TextureStatistic::variance), (3 * 3. / 16 + 2. / 9) / 4, 1e-7);
    EXPECT_NEAR(center(TextureStatistic::correlation), (-3 / 3. + 1) / 4, 1e-7);
}

TEST(Texture, EveryPixelAgreesWithItsMatrixAsDefined) {
    const PlaneCase plane = random_plane({5, 9, 17, 14}, -.05, .55, .2, 1);
    expect_defined_values(plane, {.size = 7, .levels = 32, .distance = 1, .low = 0, .high = .5});
    expect_defined_values(plane, {.size = 3, .levels = 2, .distance = 2, .low = .1, .high = .4});
    expect_defined_values(plane, {.size = 9, .levels = 5, .distance = 5, .low = 0, .high = .5});
    expect_defined_values(plane, {.size = 11, .levels = 256, .distance = 3, .low = 0, .high = .5});
    expect_defined_values(random_plane({0, 0, 12, 9}, 0, 1, 0, 2), {.size = 63, .levels = 3});
}

TEST(Texture, SparsePixelsAreDefinedWhereThereIsAPair) {
    expect_defined_values(random_plane({0, 0, 20, 20}, 0, 1, .85, 3), {.size = 3, .levels = 8});
}

TEST(Texture, GridOfOneRowHasThePairsAlongIt) {
    expect_defined_values(random_plane({0, 0, 20, 1}, 0, 1, .1, 4), {.size = 5, .levels = 8});
    expect_defined_values(random_plane({0, 0, 1, 20}, 0, 1, .1, 5), {.size = 5, .levels = 8});
}

TEST(Texture, ConstantWindowIsOrderAndNothingElse) {
    const PlaneCase plane({3, 3, 9, 9}, std::vector<float>(81, .3F));
    const std::map<TextureStatistic, float> expected = {
        {TextureStatistic::contrast, 0.F},    {TextureStatistic::dissimilarity, 0.F},
        {TextureStatistic::homogeneity, 1.F}, {TextureStatistic::asm_, 1.F},
        {TextureStatistic::energy, 1.F},      {TextureStatistic::entropy, 0.F},
        {TextureStatistic::correlation, 1.F}, {TextureStatistic::mean, 9.F},
        {TextureStatistic::variance, 0.F}};
    for (const auto& [statistic, value] : expected) {
        const PlaneCase result = run(texture_of(statistic, {}), plane);
        EXPECT_EQ(result.values, std::vector<float>(81, value)) << static_cast<int>(statistic);
    }
}

TEST(Texture, LargestWindowsAndLevelsDoNotOverflow) {
    // Levels 0 and 255 in turn: every pair across or down is (0, 255), every diagonal one of equal levels.
    PlaneCase plane({0, 0, 140, 90});
    for (std::int64_t y = 0; y < 90; ++y) {
        for (std::int64_t x = 0; x < 140; ++x) {
            plane.at(x, y) = static_cast<float>((x + y) % 2);
        }
    }
    const TextureOptions options{.size = largest_texture_size, .levels = largest_texture_levels};
    const auto center = [&](TextureStatistic statistic) {
        return run(texture_of(statistic, options), plane).at(70, 45);
    };
    EXPECT_FLOAT_EQ(center(TextureStatistic::contrast), 255.F * 255 / 2);
    EXPECT_FLOAT_EQ(center(TextureStatistic::asm_), .5F);
    EXPECT_FLOAT_EQ(center(TextureStatistic::entropy), std::log(2.F));
    EXPECT_NEAR(center(TextureStatistic::correlation), 0, 1e-7);
    EXPECT_FLOAT_EQ(center(TextureStatistic::mean), 127.5F);
    EXPECT_FLOAT_EQ(center(TextureStatistic::variance), 127.5F * 127.5F);
}

TEST(Texture, StatisticsAskedTogetherAreThoseAskedAlone) {
    const PlaneCase plane = random_plane({0, 0, 40, 30}, 0, 1, .1, 6);
    std::vector<PlaneCase> together(all_statistics.size(), PlaneCase(plane.window));
    std::vector<TextureRequest> requests;
    for (std::size_t i = 0; i < all_statistics.size(); ++i) {
        requests.push_back({all_statistics[i], together[i].out()});
    }
    texture({}, plane.view(), requests);
    for (std::size_t i = 0; i < all_statistics.size(); ++i) {
        const PlaneCase alone = run(texture_of(all_statistics[i], {}), plane);
        EXPECT_TRUE(std::ranges::equal(together[i].values, alone.values, same_bits)) << i;
    }
}

TEST(Texture, ValuesDoNotDependOnTheWindowAsked) {
    const PlaneCase plane = random_plane({0, 0, 60, 50}, 0, 1, .1, 7);
    for (const TextureStatistic statistic : all_statistics) {
        for (const TextureOptions& options :
             {TextureOptions{}, TextureOptions{.size = 21, .levels = 64, .distance = 4}}) {
            expect_same_in_windows(texture_of(statistic, options), plane, options.size / 2);
        }
    }
}

} // namespace
} // namespace lcclass
