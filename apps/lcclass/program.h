/// From arguments to exit code: parsing, merging, checks, the command, and every error as one line.
/// Call from one thread.
#pragma once

#include "commands.h"

#include <string>
#include <vector>

namespace lcclass {

/// Runs the command that `args` (without the program's name) ask for and returns the exit code of docs/errors.md.
int run_program(const std::vector<std::string>& args, const CommandFactory& make_commands);

} // namespace lcclass
