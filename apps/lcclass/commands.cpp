#include "commands.h"

namespace lcclass {

std::vector<std::unique_ptr<Command>> make_commands() {
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(make_stack_command());
    commands.push_back(make_rasterize_command());
    commands.push_back(make_sample_command());
    commands.push_back(make_cv_command());
    commands.push_back(make_train_command());
    commands.push_back(make_predict_command());
    commands.push_back(make_explain_command());
    commands.push_back(make_assess_command());
    commands.push_back(make_report_command());
    commands.push_back(make_simulate_command());
    commands.push_back(make_run_command(make_commands));
    commands.push_back(make_info_command());
    commands.push_back(make_manual_command(make_commands));
    return commands;
}

} // namespace lcclass
