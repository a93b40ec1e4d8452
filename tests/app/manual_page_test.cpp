#include "manual_page.h"

#include "command_line.h"
#include "commands.h"
#include "parser.h"
#include "program.h"
#include "support/process.h"
#include "test_commands.h"

#include "lcclass/core/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

/// The page as a reader has it, without the typewriter's bold.
std::string rendered(const fs::path& page, const fs::path& folder) {
    const auto result = test::run_process({"groff", "-man", "-Tascii", "-ww", "-P-c", "-P-bou", page.string()}, folder);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.errors, "") << page;
    return result.output;
}

TEST(ManualPage, EveryPageIsCleanRoffAndTellsEveryOption) {
    if (test::run_process({"sh", "-c", "command -v groff"}, ".").exit_code != 0) {
        GTEST_SKIP() << "no groff";
    }
    const TemporaryFolder folder;
    const Parser parser(make_commands());
    for (const auto& command : parser.commands()) {
        const auto page = folder.write(command->name() + ".1", command_page(parser, *command));
        const std::string text = rendered(page, folder.path());
        for (const CLI::Option* option : options_of(*parser.root().get_subcommand(command->name()))) {
            EXPECT_THAT(text, testing::HasSubstr(display_name(*option))) << command->name();
            for (const std::string& word : words_of(*option)) {
                EXPECT_THAT(text, testing::HasSubstr(word)) << command->name() << " " << display_name(*option);
            }
        }
        for (const char* section :
             {"NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLE", "OPTIONS", "EXIT STATUS", "SEE ALSO"}) {
            EXPECT_THAT(text, testing::HasSubstr("\n" + std::string(section) + "\n")) << command->name();
        }
        EXPECT_THAT(text, testing::HasSubstr(command->example().substr(0, 40)));
    }
    const std::string text = rendered(folder.write("lcclass.1", program_page(parser)), folder.path());
    for (const CLI::Option* option : options_of(parser.root())) {
        EXPECT_THAT(text, testing::HasSubstr(display_name(*option)));
    }
}

TEST(ManualPage, DefaultFilesAndDefaultsAreTold) {
    const Parser parser(make_commands());
    for (const auto& command : parser.commands()) {
        if (command->name() == "train") {
            const std::string page = command_page(parser, *command);
            EXPECT_THAT(page, testing::HasSubstr(".SH FILES\n.TP\n\\fIsamples.gpkg\\fR\n"));
            EXPECT_THAT(page, testing::HasSubstr("Default: gini\n"));
            EXPECT_THAT(page, testing::HasSubstr("Words: gini, entropy\n"));
        }
    }
}

TEST(ManualPage, TheCommandWritesTheSameFilesAgainAndKeepsOthers) {
    const TemporaryFolder folder;
    const fs::path share = folder.path() / "share";
    testing::internal::CaptureStdout();
    ASSERT_EQ(run_program({"manual", "-o", share.string()}, make_commands), 0);
    const std::string first = folder.read("share/man/man1/lcclass-stack.1");
    const std::string bash = folder.read("share/bash-completion/completions/lcclass");
    folder.write("share/man/man1/other.1", "kept");
    testing::internal::CaptureStderr();
    EXPECT_EQ(run_program({"manual", "-o", share.string()}, make_commands), 6) << "files of before";
    EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("--overwrite"));
    EXPECT_EQ(run_program({"manual", "--overwrite", "-o", share.string()}, make_commands), 0);
    testing::internal::GetCapturedStdout();
    EXPECT_EQ(folder.read("share/man/man1/lcclass-stack.1"), first);
    EXPECT_EQ(folder.read("share/bash-completion/completions/lcclass"), bash);
    EXPECT_EQ(folder.read("share/man/man1/other.1"), "kept");
    EXPECT_EQ(first.find(folder.path().string()), std::string::npos);
    const auto n_pages = std::distance(fs::directory_iterator(share / "man/man1"), fs::directory_iterator());
    EXPECT_EQ(n_pages, static_cast<long>(make_commands().size()) + 2);
}

} // namespace
} // namespace lcclass
