#include "small_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass::report {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string markdown_of(const std::vector<Block>& blocks) {
    const std::string text =
        to_markdown({.title = "t", .summary = {}, .sections = {{.id = "one", .title = {}, .blocks = blocks}}}, "").text;
    return text.substr(std::string("# t\n\n").size());
}

TEST(ReportMarkdown, TellsTheSameAsThePage) {
    const MarkdownReport report = to_markdown(small_document(), "pictures");
    EXPECT_THAT(report.pictures, IsEmpty());
    EXPECT_EQ(report.text.substr(0, report.text.find("### F1")),
              "# Report\n\nWhat was found.\n\n## The map\n\nIt is new.\n\n- model: model.lcm\n\n"
              "Areas: not here. To have it: `lcclass assess --plan`\n\n");
    EXPECT_THAT(report.text, HasSubstr("### Why water\n\nThe strongest first.\n\n"
                                       "| step | change | probability of water |\n"
                                       "| --- | ---: | ---: |\n"
                                       "| base | NA | 0.250 |\n"
                                       "| B08 = 0.02 | 0.500 | 0.750 |\n"
                                       "| NDVI | -0.125 | 0.625 |\n"
                                       "| sum | NA | 0.625 |\n\n"));
    EXPECT_THAT(report.text, HasSubstr("| fold | samples | note, if any |\n| --- | ---: | --- |\n"
                                       "| one | 12,345 | a \"b\" |\n| two | NA | NA |\n"));
    EXPECT_TRUE(report.text.ends_with("Config (`lcclass.yml`):\n\n```text\nseed: 1\n```\n"));
}

TEST(ReportMarkdown, NamesFromDataAreShownAndNotObeyed) {
    EXPECT_EQ(
        markdown_of({Paragraph{"a|b <i>x</i> *y* _z_ `c` [l](u) ~~s~~ $m$ \\ &lt; :fire: @who http://x"}}),
        "a\\|b \\<i\\>x\\</i\\> \\*y\\* \\_z\\_ \\`c\\` \\[l\\](u) \\~\\~s\\~\\~ \\$m\\$ \\\\ \\&lt; \\:fire: \\@who "
        "http\\://x\n");
    EXPECT_EQ(markdown_of({Paragraph{"two\nlines\r\n| a |"}}), "two lines  \\| a \\|\n");
}

TEST(ReportMarkdown, ParagraphsDoNotBecomeListsOrHeadings) {
    EXPECT_EQ(markdown_of({Paragraph{"- x"}}), "\\- x\n");
    EXPECT_EQ(markdown_of({Paragraph{"+ x"}}), "\\+ x\n");
    EXPECT_EQ(markdown_of({Paragraph{"# x"}}), "\\# x\n");
    EXPECT_EQ(markdown_of({Paragraph{"12. x"}}), "12\\. x\n");
    EXPECT_EQ(markdown_of({Paragraph{"=== "}}), "\\===\n");
    EXPECT_EQ(markdown_of({Paragraph{"12.5 % - of 2. x"}}), "12.5 % - of 2. x\n");
}

TEST(ReportMarkdown, CodeIsFencedByMoreBackticksThanItHas) {
    EXPECT_EQ(markdown_of({Missing{"A", "echo `date`"}}), "A: not here. To have it: `` echo `date` ``\n");
    EXPECT_EQ(markdown_of({Listing{"T", "f", "a\n```\n# b"}}), "T (`f`):\n\n````text\na\n```\n# b\n````\n");
}

TEST(ReportMarkdown, BytesThatAreNoTextAreReplaced) {
    EXPECT_EQ(markdown_of({Paragraph{"caf\xE9"}}), "caf\uFFFD\n");
}

TEST(ReportMarkdown, TheSameDocumentGivesTheSameBytes) {
    EXPECT_EQ(to_markdown(small_document(), "p").text, to_markdown(small_document(), "p").text);
}

} // namespace
} // namespace lcclass::report
