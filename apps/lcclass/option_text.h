/// What the help, the manual pages and the completion say of one option, and in which groups.
/// Pure functions; the thread that parses.
#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace lcclass {

/// `PATH`, `N`, `X,X..`; empty for a switch.
std::string metavar(const CLI::Option& option);
/// What stands when it is not given, or an empty text when there is nothing, or when the explanation says it itself.
std::string default_value(const CLI::Option& option);
/// What it is for, and the words it takes when the text does not name them already.
std::string explanation(const CLI::Option& option);
/// `-o`, `--output`; the bare name of a positional.
std::vector<std::string> names_of(const CLI::Option& option);

struct OptionGroup {
    std::string title;
    std::vector<const CLI::Option*> options;
};
/// In the order of their first options; those of no group come first, as `Options`. Empty ones are left out.
std::vector<OptionGroup> option_groups(CLI::App& app);

} // namespace lcclass
