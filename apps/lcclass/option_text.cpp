#include "option_text.h"

#include "command_line.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lcclass {

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

std::string default_value(const CLI::Option& option) {
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
    return text;
}

std::string explanation(const CLI::Option& option) {
    const std::string& text = option.get_description();
    const std::vector<std::string> words = words_of(option);
    const bool named =
        std::ranges::all_of(words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
    return named ? text : text + ": " + join(words, ", ");
}

std::vector<std::string> names_of(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.get_snames()) {
        names.push_back("-" + name);
    }
    names.push_back(display_name(option));
    return names;
}

std::vector<OptionGroup> option_groups(CLI::App& app) {
    std::vector<OptionGroup> groups = {{"Options", {}}}; // CLI11's name for those of no group
    for (const CLI::Option* option : options_of(app)) {
        auto found = std::ranges::find(groups, option->get_group(), &OptionGroup::title);
        if (found == groups.end()) {
            found = groups.insert(groups.end(), {option->get_group(), {}});
        }
        found->options.push_back(option);
    }
    std::erase_if(groups, [](const OptionGroup& group) { return group.options.empty(); });
    return groups;
}

} // namespace lcclass
