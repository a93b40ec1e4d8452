#include "features/medoid.h"

#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

using Band = std::vector<std::vector<float>>; ///< [date][pixel]

/// Some bands on the same dates.
struct Scenes {
    std::vector<Band> values;
    std::vector<Date> dates;

    explicit Scenes(std::vector<Band> from) : values(std::move(from)) {
        for (std::size_t d = 0; d < values.front().size(); ++d) {
            dates.push_back({static_cast<int>(d) * 10});
        }
    }

    [[nodiscard]] std::vector<SeriesView> views(std::size_t first = 0) const {
        std::vector<SeriesView> result;
        for (const auto& band : values) {
            SeriesView& view = result.emplace_back(SeriesView{.dates = dates});
            for (const auto& plane : band) {
                view.planes.push_back(plane.data() + first);
                view.n_pixels = static_cast<std::int64_t>(plane.size() - first);
            }
        }
        return result;
    }

    [[nodiscard]] std::vector<std::int32_t> medoids(std::size_t first = 0) const {
        std::vector<std::int32_t> out(values.front().front().size() - first);
        find_medoids(views(first), out);
        return out;
    }
};

using Chosen = std::vector<std::int32_t>;

TEST(Medoid, IsTheDateNearestToAllOthers) {
    // (0,0), (3,4), (30,40) and (6,8): distances of (3,4) to the others 5 + 45 + 5 = 55, of (6,8) 10 + 5 + 40 = 55,
    // of (0,0) 5 + 50 + 10 = 65: the earlier of the two.
    EXPECT_EQ(Scenes({Band{{0}, {3}, {30}, {6}}, Band{{0}, {4}, {40}, {8}}}).medoids(), (Chosen{1}));
    // Three on a line: the one in the middle, wherever it stands.
    EXPECT_EQ(Scenes({Band{{1, 5, 9}, {5, 9, 5}, {9, 1, 1}}}).medoids(), (Chosen{1, 0, 1}));
}

TEST(Medoid, EqualOnesGoToTheEarliest) {
    EXPECT_EQ(Scenes({Band{{.2F}, {.7F}}}).medoids(), (Chosen{0}));
    EXPECT_EQ(Scenes({Band{{.9F}, {.3F}, {.1F}, {.3F}}}).medoids(), (Chosen{1}));
}

TEST(Medoid, DatesThatLackABandDoNotTakePart) {
    // Without date 1 (its second band is missing) 0 and 2 are as near to each other.
    EXPECT_EQ(Scenes({Band{{1}, {2}, {3}}, Band{{1}, {nan}, {1}}}).medoids(), (Chosen{0}));
    EXPECT_EQ(Scenes({Band{{nan}, {2}, {nan}}, Band{{1}, {5}, {1}}}).medoids(), (Chosen{1})) << "one is its own medoid";
    EXPECT_EQ(Scenes({Band{{nan}, {2}}, Band{{1}, {nan}}}).medoids(), (Chosen{no_date}));
}

Scenes random_scenes(std::size_t n_bands, std::size_t n_dates, std::size_t n_pixels) {
    Rng rng(3, 1);
    std::vector values(n_bands, std::vector(n_dates, std::vector<float>(n_pixels)));
    for (auto& band : values) {
        for (auto& plane : band) {
            for (float& value : plane) {
                value = rng.below(8) == 0 ? nan : static_cast<float>(rng.normal());
            }
        }
    }
    return Scenes(std::move(values));
}

/// Sum of distances of one date to all complete dates; NaN when it lacks a band.
double cost_of(const Scenes& scenes, std::size_t date, std::size_t pixel) {
    double sum = 0;
    for (std::size_t other = 0; other < scenes.dates.size(); ++other) {
        double square = 0;
        for (const auto& band : scenes.values) {
            square += std::pow(double(band[date][pixel]) - double(band[other][pixel]), 2);
        }
        if (other == date && std::isnan(square)) {
            return square;
        }
        sum += std::isnan(square) ? 0 : std::sqrt(square);
    }
    return sum;
}

TEST(Medoid, HasTheSmallestSumOfDistances) {
    const Scenes scenes = random_scenes(3, 9, 700);
    const Chosen chosen = scenes.medoids();
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t d = 0; d < scenes.dates.size(); ++d) {
            const double cost = cost_of(scenes, d, i);
            best = std::isnan(cost) ? best : std::min(best, cost);
        }
        ASSERT_NE(chosen[i], no_date);
        EXPECT_NEAR(cost_of(scenes, static_cast<std::size_t>(chosen[i]), i), best, 1e-12 * best);
    }
}

TEST(Medoid, DoesNotDependOnWhereTheWindowBegins) {
    const Scenes scenes = random_scenes(2, 6, 600);
    const Chosen all = scenes.medoids();
    EXPECT_EQ(scenes.medoids(77), Chosen(all.begin() + 77, all.end()));
}

TEST(Gather, TakesTheValueOfTheChosenDate) {
    const Scenes scenes({Band{{1, 2, 3}, {4, 5, 6}}});
    std::vector<float> out(3);
    gather(scenes.views().front(), Chosen{1, no_date, 0}, out);
    EXPECT_EQ(out[0], 4);
    EXPECT_TRUE(std::isnan(out[1]));
    EXPECT_EQ(out[2], 3);
}

} // namespace
} // namespace lcclass
