#include "command_line.h"
#include "commands.h"
#include "help.h"
#include "parser.h"
#include "program.h"
#include "test_commands.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <CLI/App.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <regex>
#include <set>

namespace lcclass {
namespace {

std::string page_of(const std::string& command) {
    return read_file(std::filesystem::path(LCCLASS_SOURCE_DIR) / "docs" / "commands" / (command + ".md"));
}

/// The `--long-option` words of a text.
std::set<std::string> options_in(const std::string& text) {
    static const std::regex option("--[a-z][a-z-]+");
    return {std::sregex_token_iterator(text.begin(), text.end(), option), std::sregex_token_iterator()};
}

TEST(Manual, EveryOptionOfEveryCommandIsOnItsPage) {
    for (const auto& command : make_commands()) {
        CLI::App app;
        command->add_options(app);
        const std::set<std::string> documented = options_in(page_of(command->name()));
        for (const CLI::Option* option : options_of(app)) {
            const std::string name = display_name(*option);
            if (name.starts_with("--") && name != "--help") {
                EXPECT_TRUE(documented.contains(name)) << command->name() << " " << name;
            }
        }
    }
}

TEST(Manual, NoPageTellsOfAnOptionThatIsNotThere) {
    std::set<std::string> known = {"--config",   "--output-dir", "--threads", "--memory",  "--seed",
                                   "--quiet",    "--verbose",    "--help",    "--version", "--overwrite",
                                   "--help-all", "--log-file",   "--json-log"};
    for (const auto& command : make_commands()) {
        CLI::App app;
        command->add_options(app);
        for (const CLI::Option* option : options_of(app)) {
            known.insert(display_name(*option));
        }
    }
    for (const auto& command : make_commands()) {
        for (const std::string& option : options_in(page_of(command->name()))) {
            EXPECT_TRUE(known.contains(option)) << command->name() << ".md: " << option;
        }
    }
}

TEST(Manual, HelpListsEveryOptionOnce) {
    for (const auto& command : make_commands()) {
        CLI::App app;
        command->add_options(app);
        const std::string help = command_help(app, *command, HelpLength::all);
        for (const CLI::Option* option : options_of(app)) {
            const std::regex row("\n  (-[a-zA-Z], )?" + display_name(*option) + "( |\n)");
            EXPECT_EQ(std::distance(std::sregex_iterator(help.begin(), help.end(), row), std::sregex_iterator()), 1)
                << command->name() << " " << display_name(*option);
        }
    }
}

TEST(Manual, HelpOfEveryCommandFitsAScreenAndBeginsWithAnExample) {
    for (const auto& command : make_commands()) {
        const auto app = make_app(*command);
        const std::string help = command_help(*app, *command, HelpLength::screen);
        EXPECT_TRUE(help.starts_with("Example:\n  lcclass " + command->name())) << help;
        EXPECT_LE(std::ranges::count(help, '\n'), 40) << help;
        for (const std::string& line : split(help, '\n')) {
            EXPECT_LE(n_characters(line), 100U) << line;
        }
    }
}

TEST(Manual, ShortHelpSaysHowManyOptionsItLeavesOut) {
    CLI::App app;
    app.set_help_flag();
    std::string first;
    std::string second;
    std::string third;
    app.add_option("--output", first, "file");
    only_words(app.add_option("--mode", second, "a way"), {"quick", "exact"});
    app.add_option("--rare", third, "seldom");
    main_options(app, {"--output"});
    const std::string help = command_help(app, *make_info_command(), HelpLength::screen);
    EXPECT_THAT(help, testing::HasSubstr("--output"));
    EXPECT_THAT(help, testing::Not(testing::HasSubstr("--rare")));
    EXPECT_THAT(help, testing::HasSubstr("2 more options: lcclass info --help-all, or man lcclass-info\n"));
    EXPECT_THAT(command_help(app, *make_info_command(), HelpLength::all),
                testing::HasSubstr("--mode TEXT    a way: quick, exact\n"));
}

TEST(Manual, ShortHelpOfACommandWithFewOptionsIsWhole) {
    const auto command = make_info_command();
    const auto app = make_app(*command);
    EXPECT_EQ(command_help(*app, *command, HelpLength::screen), command_help(*app, *command, HelpLength::all));
}

TEST(Manual, HelpPutsOptionsUnderTheirHeadings) {
    CLI::App app;
    app.set_help_flag();
    std::string first;
    std::string second;
    app.add_option("--dilate", first, "pixels")->group("Masks");
    app.add_option("--output", second, "file");
    EXPECT_THAT(command_help(app, *make_info_command(), HelpLength::all),
                testing::HasSubstr("Options:\n"
                                   "  --output TEXT  file\n"
                                   "\n"
                                   "Masks:\n"
                                   "  --dilate TEXT  pixels\n"));
}

/// A run of any command checks all sections of its config.
TEST(Manual, EveryConfigUnderConfigsIsUnderstood) {
    const test::TemporaryFolder folder;
    const auto file = folder.write("explain.json", R"({"importance":{"impurity":{"NDVI":1.0}},"shap":{}})");
    int n_configs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LCCLASS_SOURCE_DIR "/configs")) {
        EXPECT_EQ(run_program({"-c", entry.path().string(), "info", file.string()}, make_commands), 0) << entry.path();
        ++n_configs;
    }
    EXPECT_GE(n_configs, 4);
}

} // namespace
} // namespace lcclass
