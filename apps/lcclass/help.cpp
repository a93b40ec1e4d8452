#include "help.h"

#include "command_line.h"
#include "option_text.h"
#include "stage_files.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <utility>

namespace lcclass {

namespace {

using Row = std::pair<std::string, std::string>;

constexpr const char* global_options =
    "Of every command (lcclass --help): -c -t --memory --seed --output-dir --overwrite -q -v --log-file\n";

Row row_of(const CLI::Option& option) {
    std::string left = join(names_of(option), ", ");
    if (!option.get_lnames().empty()) {
        left.append(" ").append(metavar(option));
    }
    const std::string standard = default_value(option);
    return {std::string(trim(left)), explanation(option) + (standard.empty() ? "" : " [" + standard + "]")};
}

std::string table(const std::vector<Row>& rows) {
    std::size_t width = 0;
    for (const Row& row : rows) {
        width = std::max(width, std::min<std::size_t>(row.first.size(), 34));
    }
    std::string text;
    for (const auto& [left, right] : rows) {
        const std::size_t used = std::max(left.size(), width) + 4;
        text.append("  ").append(to_left(left, width)).append("  ").append(wrap(right, width + 4, used));
    }
    return text;
}

std::string option_tables(CLI::App& app, HelpLength length) {
    std::string text;
    for (const OptionGroup& group : option_groups(app)) {
        std::vector<Row> rows;
        for (const CLI::Option* option : group.options) {
            if (length == HelpLength::all || is_main_option(*option)) {
                rows.push_back(row_of(*option));
            }
        }
        text += rows.empty() ? std::string() : group.title + ":\n" + table(rows) + "\n";
    }
    return text;
}

/// `12 more options: ...`, or nothing.
std::string rest_of_options(CLI::App& app, const std::string& command) {
    const auto hidden =
        std::ranges::count_if(options_of(app), [](const CLI::Option* option) { return !is_main_option(*option); });
    return hidden == 0 ? std::string()
                       : count_text(hidden, "more option") + ": lcclass " + command + " --help-all, or man lcclass-" +
                             command + "\n";
}

} // namespace

std::string program_help(CLI::App& root, const std::vector<std::unique_ptr<Command>>& commands) {
    std::vector<Row> rows;
    for (const auto& command : commands) {
        rows.emplace_back(command->name(), command->summary());
    }
    return "Example:\n  lcclass run -c experiment.yml\n\n" + root.get_description() +
           ".\n\nUsage: lcclass [options] COMMAND [options]\n\nCommands (lcclass COMMAND --help tells more):\n" +
           table(rows) + "\nOptions, before or after the command:\n" +
           option_tables(root, HelpLength::all).substr(std::string("Options:\n").size());
}

std::string command_help(CLI::App& app, const Command& command, HelpLength length) {
    return "Example:\n  " + command.example() + "\n\n" + command.summary() + "\n\nUsage: lcclass " + command.name() +
           " [options]\n\n" + option_tables(app, length) +
           (length == HelpLength::screen ? rest_of_options(app, command.name()) : std::string()) + global_options;
}

} // namespace lcclass
