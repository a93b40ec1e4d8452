#include "lcclass/core/text.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

const std::vector<std::string> words = {"n_estimators", "max_depth", "max_features"};

TEST(Text, NearestWordForgivesASlipAndNotAGuess) {
    EXPECT_EQ(nearest_word("n_estimator", words), "n_estimators");
    EXPECT_EQ(nearest_word("MAX_DEPTH", words), "max_depth");
    EXPECT_EQ(nearest_word("colour", words), std::nullopt);
    EXPECT_EQ(did_you_mean("max_dept", words), " (did you mean 'max_depth'?)");
    EXPECT_EQ(did_you_mean("zzz", words), "");
}

TEST(Text, NumbersAreReadWholeOrNotAtAll) {
    EXPECT_EQ(parse_int("12"), 12);
    EXPECT_EQ(parse_int("12abc"), std::nullopt);
    EXPECT_EQ(parse_int(""), std::nullopt);
    EXPECT_EQ(parse_int("99999999999999999999"), std::nullopt);
    EXPECT_EQ(parse_double("-0.25"), -0.25);
    EXPECT_EQ(parse_double("0,5"), std::nullopt);
}

TEST(Text, NumbersAreWrittenShortAndReadBackTheSame) {
    EXPECT_EQ(format_number(5822040), "5822040");
    EXPECT_EQ(format_number(0.1), "0.1");
    EXPECT_EQ(format_number(-1e-9), "-1e-09");
    EXPECT_EQ(parse_double(format_number(9.9948)), 9.9948);
}

TEST(Text, ThousandsAreSeparated) {
    EXPECT_EQ(with_thousands(0), "0");
    EXPECT_EQ(with_thousands(999), "999");
    EXPECT_EQ(with_thousands(1234567), "1,234,567");
    EXPECT_EQ(with_thousands(-123456), "-123,456");
}

TEST(Text, PairsAreSplitAtTheFirstEqualsSign) {
    const std::vector<TextPair> pairs = split_pairs("a=1; b = x=y ;c;;d=");
    ASSERT_EQ(pairs.size(), 5U);
    EXPECT_EQ(pairs[0].name, "a");
    EXPECT_EQ(pairs[0].value, "1");
    EXPECT_EQ(pairs[1].text, " b = x=y ");
    EXPECT_EQ(pairs[1].name, "b");
    EXPECT_EQ(pairs[1].value, "x=y");
    EXPECT_EQ(pairs[2].name, "c");
    EXPECT_EQ(pairs[2].value, std::nullopt);
    EXPECT_EQ(pairs[3].name, "");
    EXPECT_EQ(pairs[3].value, std::nullopt);
    EXPECT_EQ(pairs[4].value, "");
    EXPECT_EQ(split_pairs("a=1,b=2", ',').size(), 2U);
}

TEST(Text, SplitAndJoinAreInverse) {
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(join(split("a,,b", ','), ","), "a,,b");
    EXPECT_EQ(trim(" \t x y\r\n"), "x y");
}

} // namespace
} // namespace lcclass
