/// Help texts: what fits a screen, beginning with a command line that works.
/// Pure functions.
#pragma once

#include "command.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

/// All options of a command, or those that a newcomer needs.
enum class HelpLength { screen, all };

std::string program_help(CLI::App& root, const std::vector<std::unique_ptr<Command>>& commands);
/// At most 100 columns; with `HelpLength::screen` at most 40 lines.
std::string command_help(CLI::App& app, const Command& command, HelpLength length);

} // namespace lcclass
