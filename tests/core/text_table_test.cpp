#include "lcclass/core/text_table.h"

#include <gtest/gtest.h>

#include <limits>

namespace lcclass {
namespace {

TEST(TextTable, WidthsCountCharactersAndNotBytes) {
    EXPECT_EQ(n_characters("Gewässer und Moore"), 18U);
    EXPECT_EQ(to_left("Gewässer", 10), "Gewässer  ");
    EXPECT_EQ(to_right("Gewässer", 10), "  Gewässer");
    EXPECT_EQ(to_left("Gewässer und Moore", 4), "Gewässer und Moore");
}

TEST(TextTable, ACutIsMarkedAndNeverInsideACharacter) {
    EXPECT_EQ(shorten("Gewässer und Moore", 18), "Gewässer und Moore");
    EXPECT_EQ(shorten("Gewässer und Moore", 16), "Gewässer und Mo~");
    EXPECT_EQ(shorten("Gewässer und Moore", 5), "Gewä~");
    EXPECT_EQ(shorten("Gewässer und Moore", 4), "Gew~");
    EXPECT_EQ(shorten("水域と湿地", 3), "水域~");
    EXPECT_EQ(shorten("ab", 1), "~");
}

TEST(TextTable, NamesFromFilesFillTheirCellAndDriveNoTerminal) {
    EXPECT_EQ(name_cell("Gewässer und Moore", 20), "Gewässer und Moore  ");
    EXPECT_EQ(name_cell("Gewässer und Moore", 16), "Gewässer und Mo~");
    EXPECT_EQ(name_cell("a\x1b[2J", 10), "a\\x1b[2J  ");
    EXPECT_EQ(name_cell("", 3), "   ");
}

TEST(TextTable, ChangesHaveTheirSign) {
    EXPECT_EQ(signed_digits(0.125, 3), "+0.125");
    EXPECT_EQ(signed_digits(-0.06, 1), "-0.1");
    EXPECT_EQ(signed_digits(-0.04, 1), "+0.0");
    EXPECT_EQ(signed_digits(0, 4), "+0.0000");
}

TEST(TextTable, DigitsAreFixedAndZeroHasNoSign) {
    EXPECT_EQ(fixed_digits(0.125, 2), "0.12") << "half to even, as the nearest double has it";
    EXPECT_EQ(fixed_digits(99.96, 1), "100.0");
    EXPECT_EQ(fixed_digits(-0.04, 1), "0.0");
    EXPECT_EQ(fixed_digits(-0.06, 1), "-0.1");
    EXPECT_EQ(fixed_digits(12, 0), "12");
    EXPECT_EQ(fixed_digits(std::numeric_limits<double>::max(), 1).size(), 311U);
    EXPECT_EQ(three_digits(-0.0001), "0.000");
    EXPECT_EQ(three_digits(std::nullopt), "NA");
}

TEST(TextTable, LinesBreakAtSpacesAfterAHundredCharacters) {
    const std::string word(40, 'x');
    EXPECT_EQ(wrap(word + " " + word), word + " " + word + "\n");
    EXPECT_EQ(wrap(word + " " + word + " " + word), word + " " + word + "\n" + word + "\n");
    const std::string indented = word + "\n" + std::string(30, ' ') + word + "\n";
    EXPECT_EQ(wrap(word + " " + word, 30, 30), indented);
    EXPECT_EQ(wrap(word + " " + word, 30, 20), indented);
    EXPECT_EQ(wrap(word + " " + word + " " + word, 30), word + " " + indented);
    std::string wide;
    for (int i = 0; i < 40; ++i) {
        wide += "ä"; // two bytes each
    }
    EXPECT_EQ(wrap(wide + " " + wide), wide + " " + wide + "\n");
}

TEST(TextTable, SpacesBeforeALineBreakGo) {
    EXPECT_EQ(without_trailing_spaces("a  \n b \n"), "a\n b\n");
}

} // namespace
} // namespace lcclass
