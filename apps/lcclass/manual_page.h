/// Manual pages in roff's man macros, made of what the commands say of themselves: the same input, the same bytes.
/// Pure functions; the thread that parses.
#pragma once

#include <string>

namespace lcclass {

class Command;
class Parser;

/// `lcclass.1`: the commands, the options of all, exit codes.
std::string program_page(const Parser& parser);
/// `lcclass-COMMAND.1` with all options.
std::string command_page(const Parser& parser, const Command& command);

} // namespace lcclass
