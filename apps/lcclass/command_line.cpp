#include "command_line.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

CLI::Option* path_option(CLI::App& app, const std::string& names, fs::path& target, const std::string& help) {
    return app
        .add_option_function<std::string>(
            names, [&target](const std::string& value) { target = value; }, help)
        ->default_function([&target] { return target.string(); })
        ->capture_default_str()
        ->type_name("PATH");
}

CLI::Option* path_or_word_option(CLI::App& app, const std::string& names, std::string& target,
                                 const std::string& help) {
    return app.add_option(names, target, help)->type_name("PATH_OR_WORD");
}

CLI::Option* inputs_option(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                           const std::string& help) {
    return app.add_option(names, target, help)->type_name("INPUT");
}

CLI::Option* value_option(CLI::App& app, const std::string& names, std::string& target, const std::string& help) {
    return app.add_option(names, target, help)->type_name("VALUE");
}

CLI::Option* map_option(CLI::App& app, const std::string& names, std::string& target, const std::string& help) {
    return app.add_option(names, target, help)->type_name("MAP");
}

std::vector<std::string> whole_items(const std::vector<std::string>& pieces) {
    std::vector<std::string> whole;
    int depth = 0;
    for (const std::string& piece : pieces) {
        if (depth > 0) {
            whole.back() += "," + piece;
        } else {
            whole.push_back(piece);
        }
        depth += static_cast<int>(std::count(piece.begin(), piece.end(), '(')) -
                 static_cast<int>(std::count(piece.begin(), piece.end(), ')'));
    }
    return whole;
}

void require_given(bool given, const std::string& option, const std::string& fix) {
    if (!given) {
        throw Error(ExitCode::command_line,
                    {.where = {}, .field = option, .problem = "is needed", .fix = "add " + fix});
    }
}

namespace {

/// `INT` for `INT:INT in [1 - 9]` and for `[INT,INT]`.
std::string base_type_name(const CLI::Option& option) {
    std::string name;
    for (const char c : option.get_type_name()) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0 || c == '_') {
            name += c;
        } else if (!name.empty()) {
            break;
        }
    }
    return name;
}

// CLI11's options have no place for what else we know of them: it stands behind the type name.
constexpr std::string_view less_common_mark = " less-common";
constexpr std::string_view only_mark = " only{";
constexpr std::string_view some_mark = " some{";

CLI::Option* mark_words(CLI::Option* option, std::string_view mark, const std::vector<std::string>& words) {
    return option->type_name(base_type_name(*option) + std::string(mark) + join(words, ",") + "}");
}

/// The words behind `mark`, or none.
std::vector<std::string> marked_words(const CLI::Option& option, std::string_view mark) {
    const std::string type = option.get_type_name();
    const std::size_t start = type.find(mark);
    if (start == std::string::npos) {
        return {};
    }
    const std::size_t first = start + mark.size();
    return split(std::string_view(type).substr(first, type.find('}', first) - first), ',');
}

/// Decimal digits without leading zeros that fit into 64 bits.
template <class Integer>
bool is_decimal(std::string_view text) {
    Integer value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    return status == std::errc{} && end == text.data() + text.size() && (digits.size() == 1 || digits[0] != '0');
}

/// Where the path in `value` begins: after the `=` of `NAME=PATH`.
std::size_t path_start(ValueType type, const std::string& value) {
    const std::size_t equals = value.find('=');
    if (type != ValueType::input || equals == std::string::npos || equals == 0) {
        return 0;
    }
    const bool named = std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    return named ? equals + 1 : 0;
}

bool holds_path(ValueType type) {
    return type == ValueType::path || type == ValueType::path_or_word || type == ValueType::input;
}

std::string portable_value(ValueType type, const std::string& value, const fs::path& base) {
    const bool plain_word = type == ValueType::path_or_word && !fs::exists(value);
    if (!holds_path(type) || plain_word || value.empty()) {
        return value;
    }
    const std::size_t start = path_start(type, value);
    return value.substr(0, start) + portable_path(value.substr(start), base);
}

/// The values that `option` stands at: given ones, or the default as it is now.
std::vector<std::string> values_of(CLI::Option& option) {
    if (option.count() > 0) {
        return option.reduced_results();
    }
    if (type_of(option) == ValueType::flag) {
        return {"false"};
    }
    std::string text = option.capture_default_str()->get_default_str();
    if (!is_list(option)) {
        return {text};
    }
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
    }
    return text.empty() ? std::vector<std::string>() : split(text, ',');
}

Json json_value(ValueType type, const std::string& text, const fs::path& base) {
    switch (type) {
    case ValueType::flag:
    case ValueType::boolean:
        return text == "true" || text == "1";
    case ValueType::integer:
    case ValueType::natural:
    case ValueType::real:
        if (text.empty()) {
            return nullptr;
        }
        return Json::accept(text) ? Json::parse(text) : Json(text);
    default:
        return portable_value(type, text, base);
    }
}

std::string shell_quoted(const std::string& text) {
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("_-./=:,+@%").find(c) != std::string_view::npos;
    });
    if (plain) {
        return text;
    }
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

} // namespace

ValueType type_of(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0) {
        return ValueType::flag;
    }
    static const std::map<std::string, ValueType> types = {
        {"INT", ValueType::integer},
        {"UINT", ValueType::natural},
        {"BOOLEAN", ValueType::boolean},
        {"FLOAT", ValueType::real},
        {"VALUE", ValueType::value},
        {"PATH", ValueType::path},
        {"PATH_OR_WORD", ValueType::path_or_word},
        {"INPUT", ValueType::input},
        {"MAP", ValueType::map},
    };
    const auto found = types.find(base_type_name(option));
    return found == types.end() ? ValueType::text : found->second;
}

bool is_list(const CLI::Option& option) {
    return option.get_items_expected_max() > 1;
}

std::string key_of(const CLI::Option& option) {
    std::string key = option.get_lnames().empty() ? option.get_name(true) : option.get_lnames().front();
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

std::string display_name(const CLI::Option& option) {
    return option.get_lnames().empty() ? option.get_name(true) : "--" + option.get_lnames().front();
}

std::vector<CLI::Option*> options_of(CLI::App& app) {
    return app.get_options([](const CLI::Option*) { return true; });
}

CLI::Option* only_words(CLI::Option* option, const std::vector<std::string>& words) {
    return mark_words(option, only_mark, words);
}

CLI::Option* some_words(CLI::Option* option, const std::vector<std::string>& words) {
    return mark_words(option, some_mark, words);
}

std::vector<std::string> class_map_words() {
    return {"lucas-level1",  "lucas-level2",  "worldcover",   "esri-land-cover",
            "corine-level1", "corine-level2", "corine-level3"};
}

std::vector<std::string> words_of(const CLI::Option& option) {
    const std::vector<std::string> only = marked_words(option, only_mark);
    return only.empty() ? marked_words(option, some_mark) : only;
}

std::optional<std::string> problem_with_word(const CLI::Option& option, const std::string& text) {
    const std::vector<std::string> words = marked_words(option, only_mark);
    if (words.empty() || std::ranges::find(words, text) != words.end()) {
        return std::nullopt;
    }
    return "is not one of its words" + did_you_mean(text, words);
}

void main_options(CLI::App& app, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        static_cast<void>(app.get_option(name)); // throws for a name that is not there
    }
    for (CLI::Option* option : options_of(app)) {
        if (std::ranges::find(names, display_name(*option)) == names.end()) {
            const std::string type = option->get_type_name();
            const std::size_t marks = type.find(' ');
            const std::string words = !words_of(*option).empty() ? type.substr(marks, type.find('}') + 1 - marks) : "";
            option->type_name(base_type_name(*option) + words + std::string(less_common_mark));
        }
    }
}

bool is_main_option(const CLI::Option& option) {
    return option.get_type_name().find(less_common_mark) == std::string::npos;
}

std::optional<std::string> problem_with(ValueType type, const std::string& text) {
    if (type == ValueType::integer && !is_decimal<std::int64_t>(text)) {
        return "is not a whole number in decimal digits, or too large";
    }
    if (type == ValueType::natural && !is_decimal<std::uint64_t>(text)) {
        return "is not a whole number from 0 in decimal digits, or too large";
    }
    if (type == ValueType::boolean && text != "true" && text != "false") {
        return "is neither true nor false";
    }
    if (type == ValueType::real) {
        const auto number = parse_double(text);
        if (!number) {
            return "is not a number";
        }
        if (!std::isfinite(*number)) {
            return "is not a finite number";
        }
    }
    return std::nullopt;
}

std::string portable_path(const fs::path& path, const fs::path& base) {
    if (base.empty() || path.empty()) {
        return path.string();
    }
    const fs::path relative =
        fs::absolute(path).lexically_normal().lexically_relative(fs::absolute(base).lexically_normal());
    return relative.empty() ? path.string() : relative.string();
}

std::string resolve_path_value(ValueType type, const std::string& value, const fs::path& folder) {
    if (!holds_path(type) || value.empty() || folder.empty()) {
        return value;
    }
    const std::size_t start = path_start(type, value);
    const fs::path resolved = folder / value.substr(start);
    const bool word =
        type == ValueType::path_or_word && !fs::exists(resolved) && value.find_first_of("/.") == std::string::npos;
    return word ? value : value.substr(0, start) + resolved.string();
}

std::string resolved_options_json(CLI::App& app, const fs::path& base) {
    Json result = Json::object();
    for (CLI::Option* option : options_of(app)) {
        const ValueType type = type_of(*option);
        const std::vector<std::string> values = values_of(*option);
        if (is_list(*option)) {
            Json& list = result[key_of(*option)] = Json::array();
            for (const std::string& value : values) {
                list.push_back(json_value(type, value, base));
            }
        } else {
            result[key_of(*option)] = json_value(type, values.empty() ? std::string() : values.back(), base);
        }
    }
    return result.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string equivalent_command_line(CLI::App& app, const fs::path& base) {
    std::string line = "lcclass " + app.get_name();
    for (CLI::Option* option : options_of(app)) {
        if (option->count() == 0) {
            continue;
        }
        const ValueType type = type_of(*option);
        std::vector<std::string> values = values_of(*option);
        if (type == ValueType::flag) {
            line += values.back() == "true" ? " " + display_name(*option) : std::string();
            continue;
        }
        for (std::string& value : values) {
            value = portable_value(type, value, base);
        }
        if (option->get_delimiter() != '\0') {
            values = {join(values, std::string(1, option->get_delimiter()))};
        }
        for (const std::string& value : values) {
            line += (option->get_lnames().empty() ? " " : " " + display_name(*option) + " ") + shell_quoted(value);
        }
    }
    return line;
}

} // namespace lcclass
