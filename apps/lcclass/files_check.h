/// Checks of a command's files that are made before it starts to work.
/// Pure functions of the file system.
#pragma once

#include "command.h"

namespace lcclass {

/// Throws Error(command_line) when an output is also an input (by device and inode, or by name), or is named twice.
void check_outputs_are_apart(const Command& command);

/// Throws Error(command_line) when a log file is also an input or an output: it would be lost, or damage the input.
void check_logs_are_apart(const Command& command, const GlobalOptions& globals);

/// Throws Error(output) when an output exists and `overwrite` is false, or cannot be written where it shall be.
void check_outputs_writable(const Command& command, bool overwrite);

/// Makes the folder of default file names. Throws Error(output).
void make_output_dir(const GlobalOptions& globals);

} // namespace lcclass
