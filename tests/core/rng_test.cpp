#include "lcclass/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace lcclass {
namespace {

TEST(Rng, SequenceIsFixedForEver) {
    // Golden values: a change here changes every model, fold and sample that users have published.
    Rng rng(42, 7);
    const std::uint64_t first = rng.next_u64();
    Rng again(42, 7);
    EXPECT_EQ(again.next_u64(), first);
    EXPECT_EQ(first, 3435873275195064707ULL);
    EXPECT_EQ(again.below(1000), 54U);
}

TEST(Rng, StreamsAndSeedsDiffer) {
    EXPECT_NE(Rng(42, 1).next_u64(), Rng(42, 2).next_u64());
    EXPECT_NE(Rng(42, 1).next_u64(), Rng(43, 1).next_u64());
    EXPECT_NE(Rng(1, 2).next_u64(), Rng(2, 1).next_u64());
}

TEST(Rng, BelowIsUniform) {
    Rng rng(1, 0);
    std::array<int, 6> counts{};
    constexpr int draws = 60000;
    for (int i = 0; i < draws; ++i) {
        ++counts[rng.below(6)];
    }
    double chi_square = 0;
    for (const int count : counts) {
        chi_square += (count - 10000.0) * (count - 10000.0) / 10000.0;
    }
    EXPECT_LT(chi_square, 20.5); // 5 degrees of freedom, p = 0.001
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
    Rng rng(3, 0);
    double sum = 0;
    double squares = 0;
    constexpr int draws = 100000;
    for (int i = 0; i < draws; ++i) {
        const double value = rng.normal();
        sum += value;
        squares += value * value;
    }
    EXPECT_NEAR(sum / draws, 0, 4 / std::sqrt(double{draws}));
    EXPECT_NEAR(squares / draws, 1, 4 * std::sqrt(2.0 / draws));
}

TEST(Rng, ShuffleIsAPermutation) {
    std::vector<int> items(100);
    std::iota(items.begin(), items.end(), 0);
    Rng(5, 0).shuffle(std::span<int>(items));
    EXPECT_FALSE(std::is_sorted(items.begin(), items.end()));
    std::sort(items.begin(), items.end());
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(items[static_cast<std::size_t>(i)], i);
    }
}

} // namespace
} // namespace lcclass
