/// Where the commands come from: one function per command file.
/// Safe from any thread; the objects belong to whoever made them.
#pragma once

#include "command.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lcclass {

using CommandFactory = std::function<std::vector<std::unique_ptr<Command>>()>;

std::unique_ptr<Command> make_stack_command();
std::unique_ptr<Command> make_rasterize_command();
std::unique_ptr<Command> make_sample_command();
std::unique_ptr<Command> make_cv_command();
std::unique_ptr<Command> make_train_command();
std::unique_ptr<Command> make_predict_command();
std::unique_ptr<Command> make_explain_command();
std::unique_ptr<Command> make_assess_command();
std::unique_ptr<Command> make_report_command();
std::unique_ptr<Command> make_simulate_command();
/// `make_commands` gives the stages that a config's sections are run with.
std::unique_ptr<Command> make_run_command(CommandFactory make_commands);
std::unique_ptr<Command> make_info_command();
/// `make_commands` gives the commands that the manual is about.
std::unique_ptr<Command> make_manual_command(CommandFactory make_commands);

/// True for the commands that `run` executes; false for those that stand beside the pipeline.
bool is_stage(const std::string& command_name);

} // namespace lcclass
