#include "help.h"

#include "command_line.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lcclass {

namespace {

using Row = std::pair<std::string, std::string>;

std::string metavar(const CLI::Option& option) {
    static const std::map<ValueType, std::string> words = {
        {ValueType::flag, ""},         {ValueType::integer, "N"},
        {ValueType::real, "X"},        {ValueType::text, "TEXT"},
        {ValueType::value, "VALUE"},   {ValueType::path, "PATH"},
        {ValueType::map, "K=V;.."},    {ValueType::boolean, "true|false"},
        {ValueType::natural, "N"},     {ValueType::path_or_word, "PATH"},
        {ValueType::input, "INPUT.."},
    };
    std::string word = words.at(type_of(option));
    if (!is_list(option) || type_of(option) == ValueType::input) {
        return word;
    }
    const char delimiter = option.get_delimiter(); // none: the option is given again for every value
    return delimiter == '\0' ? word : word + delimiter + word + "..";
}

std::string default_of(const CLI::Option& option) {
    std::string text = option.get_default_str();
    if (type_of(option) == ValueType::boolean) {
        text = text == "1" || text == "true" ? "true" : "false";
    }
    if (type_of(option) == ValueType::flag || text.empty() || text == "[]" || text == "\"\"") {
        return {};
    }
    if (option.get_description().ends_with(']')) {
        return {}; // the text says what stands for "not given"
    }
    if (text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(" [").append(text).append("]");
}

Row row_of(const CLI::Option& option) {
    std::string left;
    for (const std::string& name : option.get_snames()) {
        left.append("-").append(name).append(", ");
    }
    left += display_name(option);
    if (!option.get_lnames().empty()) {
        left.append(" ").append(metavar(option));
    }
    return {std::string(trim(left)), option.get_description() + default_of(option)};
}

std::string table(const std::vector<Row>& rows) {
    std::size_t width = 0;
    for (const Row& row : rows) {
        width = std::max(width, std::min<std::size_t>(row.first.size(), 34));
    }
    std::string text;
    for (const auto& [left, right] : rows) {
        const std::size_t pad = left.size() < width ? width - left.size() : 0;
        text.append("  ").append(left).append(pad + 2, ' ').append(wrap(right, width + 4, width + 4));
    }
    return text;
}

std::vector<Row> option_rows(CLI::App& app) {
    std::vector<Row> rows;
    for (const CLI::Option* option : options_of(app)) {
        rows.push_back(row_of(*option));
    }
    return rows;
}

/// A table per group of options, in the order of their first options; those of no group come first.
std::string option_tables(CLI::App& app) {
    std::vector<std::pair<std::string, std::vector<Row>>> groups = {
        {"Options", {}}}; // CLI11's name for those of no group
    for (const CLI::Option* option : options_of(app)) {
        const std::string& group = option->get_group();
        auto found = std::ranges::find(groups, group, &std::pair<std::string, std::vector<Row>>::first);
        if (found == groups.end()) {
            found = groups.insert(groups.end(), {group, {}});
        }
        found->second.push_back(row_of(*option));
    }
    std::string text;
    for (const auto& [group, rows] : groups) {
        text += rows.empty() ? std::string() : group + ":\n" + table(rows) + "\n";
    }
    return text;
}

} // namespace

std::string program_help(CLI::App& root, const std::vector<std::unique_ptr<Command>>& commands) {
    std::vector<Row> rows;
    for (const auto& command : commands) {
        rows.emplace_back(command->name(), command->summary());
    }
    return "Example:\n  lcclass run -c experiment.yml\n\n" + root.get_description() +
           ".\n\nUsage: lcclass [options] COMMAND [options]\n\nCommands (lcclass COMMAND --help tells more):\n" +
           table(rows) + "\nOptions, before or after the command:\n" + table(option_rows(root));
}

std::string command_help(CLI::App& app, const Command& command) {
    return "Example:\n  " + command.example() + "\n\n" + command.summary() + "\n\nUsage: lcclass " + command.name() +
           " [options]\n\n" + option_tables(app) +
           "Options of every command (lcclass --help): -c -t --memory --seed --output-dir --overwrite -q -v\n";
}

} // namespace lcclass
