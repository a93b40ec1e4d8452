#include "lcclass/core/words.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

enum class Tree { oak, spruce };
constexpr WordTable<Tree, 2> trees = {{{Tree::oak, "oak"}, {Tree::spruce, "spruce-tree"}}};

TEST(Words, ReadBack) {
    EXPECT_THAT(words_of(trees), testing::ElementsAre("oak", "spruce-tree"));
    EXPECT_EQ(parse_word(trees, "tree", "spruce-tree", "a tree"), Tree::spruce);
    EXPECT_EQ(word_of(trees, Tree::oak), "oak");
}

TEST(Words, UnknownOnesAreRefusedWithTheKnown) {
    try {
        (void)parse_word(trees, "--tree", "oka", "a tree");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        EXPECT_STREQ(error.what(), "--tree=oka: is not a tree (did you mean 'oak'?); fix: use one of oak, spruce-tree");
    }
}

} // namespace
} // namespace lcclass
