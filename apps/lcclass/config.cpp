#include "config.h"

#include "command_line.h"
#include "config_builder.h"
#include "config_text.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <utility>

namespace lcclass {

namespace {

constexpr std::uintmax_t largest_file = 1U << 20U;

using Kind = ConfigNode::Kind;

/// `train.max_depth=3.7`, for messages.
std::string field_of(const std::string& section, const std::string& key, const ConfigNode* value = nullptr) {
    std::string field = section.empty() ? key : section + "." + key;
    const bool scalar = value != nullptr && value->kind != Kind::list && value->kind != Kind::map;
    return scalar ? field + "=" + value->text : field;
}

/// What stands at one key, with what it takes to say where.
struct Place {
    const Config& config;
    const std::string& section;
    const ConfigEntry& entry;

    [[noreturn]] void refuse(const ConfigNode& value, const std::string& problem, const std::string& fix) const {
        refuse_config(config.file.string(), value.mark, field_of(section, entry.key, &value), problem, fix);
    }
};

std::string named(Kind kind) {
    switch (kind) {
    case Kind::null:
        return "has no value";
    case Kind::boolean:
        return "is true or false";
    case Kind::integer:
    case Kind::real:
        return "is a number";
    case Kind::text:
        return "is a text";
    case Kind::ambiguous:
        return "means different things to different readers of YAML";
    case Kind::list:
        return "is a list";
    case Kind::map:
        return "is a map";
    }
    return {};
}

void check_flag(const Place& place, const ConfigNode& value) {
    if (value.kind != Kind::boolean) {
        place.refuse(value, named(value.kind) + ", but a switch is wanted", "write true or false");
    }
}

void check_number(const Place& place, const ConfigNode& value, ValueType type) {
    const bool whole = type == ValueType::integer || type == ValueType::natural;
    if (value.kind != Kind::integer && (whole || value.kind != Kind::real)) {
        place.refuse(value,
                     named(value.kind) + ", but a " + (whole ? "whole number" : "number") +
                         " in decimal digits is wanted",
                     value.kind == Kind::text && !problem_with(type, value.text)
                         ? "remove the quotes"
                         : (whole ? "write digits only, such as 12" : "write it like 12 or 0.5"));
    }
    if (const auto problem = problem_with(type, value.text)) {
        place.refuse(value, *problem, "write a finite decimal number");
    }
}

std::string checked_scalar(const Place& place, const ConfigNode& value, ValueType type) {
    if (value.kind == Kind::null) {
        place.refuse(value, "has no value", "give one, or remove the key");
    }
    if (value.kind == Kind::list || value.kind == Kind::map) {
        place.refuse(value, named(value.kind) + ", but one value is wanted", "write a single value");
    }
    if (type == ValueType::flag || type == ValueType::boolean) {
        check_flag(place, value);
    } else if (type == ValueType::integer || type == ValueType::natural || type == ValueType::real) {
        check_number(place, value, type);
    } else {
        const bool number = value.kind == Kind::integer || value.kind == Kind::real;
        const bool numbers_welcome = type == ValueType::value || type == ValueType::map;
        if (value.kind != Kind::text && !(number && numbers_welcome)) {
            place.refuse(value, named(value.kind) + ", but a text is wanted", "put it in quotes if it is meant");
        }
    }
    return value.text;
}

/// `100,200` of a list, `sqrt` of a scalar: the right side of one assignment of a map option.
std::string map_item(const Place& place, const ConfigNode& value) {
    std::vector<std::string> texts;
    for (const ConfigNode& item : value.kind == Kind::list ? value.items : std::vector<ConfigNode>{value}) {
        std::string text = item.kind == Kind::boolean ? item.text : checked_scalar(place, item, ValueType::map);
        if (text.empty() || text.find_first_of(",;=") != std::string::npos) {
            place.refuse(item, "is empty or has one of , ; = in it", "write plain words or numbers");
        }
        texts.push_back(std::move(text));
    }
    if (texts.empty()) {
        place.refuse(value, "is an empty list", "give at least one value");
    }
    return join(texts, ",");
}

std::vector<std::string> map_values(const Place& place, const ConfigNode& value) {
    if (value.kind != Kind::map) {
        return {checked_scalar(place, value, ValueType::text)};
    }
    std::vector<std::string> parts;
    for (const ConfigEntry& part : value.entries) {
        parts.push_back(part.key + "=" + map_item(place, part.value));
    }
    return {join(parts, ";")};
}

/// Features have commas between the arguments of their functions: `FOCAL_MEAN(B08,7)` is one item.
bool is_several(const std::string& text, char delimiter) {
    int depth = 0;
    return delimiter != '\0' && std::ranges::any_of(text, [&](char c) {
               depth += c == '(' ? 1 : c == ')' ? -1 : 0;
               return c == delimiter && depth <= 0;
           });
}

std::vector<std::string> list_values(const Place& place, const ConfigNode& value, ValueType type, char delimiter) {
    std::vector<std::string> texts;
    if (value.kind != Kind::list) {
        // `features: B02,B03` is what the command line takes, too.
        const bool joined = value.kind == Kind::text && delimiter != '\0' && type == ValueType::text;
        return joined ? split(value.text, delimiter) : std::vector<std::string>{checked_scalar(place, value, type)};
    }
    for (const ConfigNode& item : value.items) {
        std::string text = checked_scalar(place, item, type);
        if (is_several(text, delimiter)) {
            place.refuse(item, "one item with a '" + std::string(1, delimiter) + "' in it", "write one item each");
        }
        texts.push_back(std::move(text));
    }
    if (texts.empty()) {
        place.refuse(value, "is an empty list", "give at least one value, or remove the key");
    }
    return texts;
}

/// The value as the texts that the command line would have given; paths resolved against the config's folder.
std::vector<std::string> texts_of(const Place& place, const CLI::Option& option) {
    const ValueType type = type_of(option);
    const ConfigNode& value = place.entry.value;
    std::vector<std::string> texts;
    if (type == ValueType::map) {
        texts = map_values(place, value);
    } else if (is_list(option)) {
        texts = list_values(place, value, type, option.get_delimiter());
    } else {
        texts = {checked_scalar(place, value, type)};
    }
    for (const std::string& text : texts) {
        if (const auto problem = problem_with_word(option, text)) {
            place.refuse(value, *problem, "use one of " + join(words_of(option), ", "));
        }
    }
    for (std::string& text : texts) {
        text = resolve_path_value(type, text, place.config.file.parent_path());
    }
    return texts;
}

std::vector<CLI::Option*> configurable_options(CLI::App& app) {
    std::vector<CLI::Option*> options = options_of(app);
    std::erase_if(options, [](const CLI::Option* option) { return !option->get_configurable(); });
    return options;
}

CLI::Option* find_option(CLI::App& app, const std::string& key) {
    const auto options = configurable_options(app);
    const auto found =
        std::find_if(options.begin(), options.end(), [&](auto* option) { return key_of(*option) == key; });
    return found == options.end() ? nullptr : *found;
}

std::vector<CLI::App*> sections_of(CLI::App& root) {
    return root.get_subcommands([](CLI::App* app) { return !app->get_name().empty(); });
}

CLI::App* find_section(CLI::App& root, const std::string& name) {
    const auto sections = sections_of(root);
    const auto found =
        std::find_if(sections.begin(), sections.end(), [&](auto* app) { return app->get_name() == name; });
    return found == sections.end() ? nullptr : *found;
}

void check_section(const Config& config, const ConfigEntry& section, CLI::App& app, CLI::App& root) {
    if (section.value.kind == Kind::null) {
        return;
    }
    if (section.value.kind != Kind::map) {
        refuse_config(config.file.string(), section.value.mark, section.key,
                      named(section.value.kind) + ", but a section of options is wanted",
                      "write '" + section.key + ":' and the options indented below it");
    }
    for (const ConfigEntry& entry : section.value.entries) {
        if (const CLI::Option* option = find_option(app, entry.key)) {
            texts_of({config, section.key, entry}, *option);
            continue;
        }
        std::vector<std::string> known;
        for (const CLI::Option* option : configurable_options(app)) {
            known.push_back(key_of(*option));
        }
        refuse_config(config.file.string(), entry.mark, field_of(section.key, entry.key),
                      "unknown key" + did_you_mean(entry.key, known),
                      find_option(root, entry.key) != nullptr
                          ? "it belongs at the top of the file, not in a section"
                          : "'lcclass " + section.key + " --help-all' lists the options");
    }
}

void apply_entry(const Config& config, const std::string& section, const ConfigEntry& entry, CLI::Option& option) {
    if (option.count() > 0) {
        return; // the command line wins
    }
    const Place place{config, section, entry};
    const std::vector<std::string> texts = texts_of(place, option);
    try {
        for (const std::string& text : texts) {
            option.add_result(text);
        }
        option.run_callback();
    } catch (const CLI::ValidationError& error) {
        const std::string what = error.what();
        const std::string prefix = option.get_name() + ": ";
        place.refuse(entry.value, what.starts_with(prefix) ? what.substr(prefix.size()) : what,
                     "see 'lcclass " + section + (section.empty() ? "" : " ") + "--help'");
    } catch (const CLI::ParseError&) {
        place.refuse(entry.value, "is out of range or has too few or too many values",
                     "see 'lcclass " + section + (section.empty() ? "" : " ") + "--help'");
    }
}

} // namespace

const ConfigEntry* ConfigNode::find(std::string_view key) const {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

bool same_content(const ConfigNode& a, const ConfigNode& b) {
    const auto same_entry = [](const ConfigEntry& x, const ConfigEntry& y) {
        return x.key == y.key && same_content(x.value, y.value);
    };
    return a.kind == b.kind && a.text == b.text &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_content) &&
           std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(), same_entry);
}

Config load_config(const std::filesystem::path& file) {
    const std::string ending = file.extension().string();
    const bool json = ending == ".json";
    if (!json && ending != ".yml" && ending != ".yaml") {
        throw Error(ExitCode::configuration, {.where = file.string(),
                                              .field = {},
                                              .problem = "its name ends in none of .yml, .yaml, .json",
                                              .fix = "rename it to what it is"});
    }
    std::string bytes;
    try {
        bytes = read_file(file, largest_file);
    } catch (const Error& error) {
        throw Error(ExitCode::configuration, error.fault());
    }
    const std::string name = file.string();
    const std::string text = clean_config_text(std::move(bytes), name, json);
    if (trim(text).empty()) {
        refuse_config(name, {}, {}, "is empty", "add a section per command, such as 'stack:'");
    }
    return {file, json ? parse_json(text, name) : parse_yaml(text, name)};
}

void check_config(const Config& config, CLI::App& root) {
    static const std::string top;
    for (const ConfigEntry& entry : config.root.entries) {
        if (CLI::App* section = find_section(root, entry.key)) {
            check_section(config, entry, *section, root);
            continue;
        }
        if (const CLI::Option* option = find_option(root, entry.key)) {
            texts_of({config, top, entry}, *option);
            continue;
        }
        std::vector<std::string> known;
        for (const CLI::Option* option : configurable_options(root)) {
            known.push_back(key_of(*option));
        }
        for (const CLI::App* section : sections_of(root)) {
            known.push_back(section->get_name());
        }
        refuse_config(config.file.string(), entry.mark, entry.key, "unknown key" + did_you_mean(entry.key, known),
                      "known keys: " + join(known, ", "));
    }
}

void apply_globals(const Config& config, CLI::App& root) {
    for (const ConfigEntry& entry : config.root.entries) {
        if (CLI::Option* option = find_option(root, entry.key)) {
            apply_entry(config, {}, entry, *option);
        }
    }
}

void apply_section(const Config& config, CLI::App& app) {
    const ConfigEntry* section = config.root.find(app.get_name());
    if (section == nullptr) {
        return;
    }
    for (const ConfigEntry& entry : section->value.entries) {
        if (CLI::Option* option = find_option(app, entry.key)) {
            apply_entry(config, section->key, entry, *option);
        }
    }
}

} // namespace lcclass
