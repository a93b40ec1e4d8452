/// Completion of command lines in bash and zsh: commands, options, words of options, and files by their endings.
/// Pure functions; the thread that parses.
#pragma once

#include <string>

namespace lcclass {

class Parser;

std::string bash_completion(const Parser& parser);
std::string zsh_completion(const Parser& parser);

} // namespace lcclass
