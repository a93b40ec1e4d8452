#include "command_line.h"
#include "commands.h"

#include "lcclass/core/atomic_output.h"

#include <CLI/App.hpp>
#include <gtest/gtest.h>

#include <filesystem>
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
    std::set<std::string> known = {"--config", "--output-dir", "--threads", "--memory",  "--seed",
                                   "--quiet",  "--verbose",    "--help",    "--version", "--overwrite"};
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

} // namespace
} // namespace lcclass
