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

std::string program_help(CLI::App& root, const std::vector<std::unique_ptr<Command>>& commands);
std::string command_help(CLI::App& app, const Command& command);

} // namespace lcclass
