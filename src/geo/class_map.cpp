#include "lcclass/geo/class_map.h"

#include "geo/builtin_class_maps.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/class_legend.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace lcclass {

namespace {

constexpr std::uintmax_t largest_file = 1U << 20U;
/// A class as far as the file has described it.
struct Description {
    std::string first_value;
    std::optional<std::string> name;
    std::optional<Rgb> color;
};

/// `value: code`, `value: drop` or `value: {code, name, color}`.
struct Entry {
    std::int32_t code = 0; ///< 0: drop
    std::optional<std::string> name;
    std::optional<Rgb> color;
};

struct Place {
    std::string file;
    int line = 0;

    [[nodiscard]] std::string text() const { return line > 0 ? file + ":" + std::to_string(line) : file; }
};

[[noreturn]] void refuse(const Place& place, std::string field, std::string problem, std::string fix) {
    throw Error(
        ExitCode::configuration,
        {.where = place.text(), .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

Place place_of(const YAML::Node& node, const std::string& file) {
    return {.file = file, .line = node.Mark().line + 1};
}

std::int32_t parse_code(const YAML::Node& node, const std::string& file) {
    const auto code = node.IsScalar() ? parse_int(node.Scalar()) : std::nullopt;
    if (!code || *code < 1 || *code > largest_class_code) {
        refuse(place_of(node, file), "code=" + (node.IsScalar() ? node.Scalar() : std::string("?")),
               "a class code is a whole number from 1 to 65535 (0 is nodata)",
               "number the classes from 1, or write 'drop' to leave the value out");
    }
    return static_cast<std::int32_t>(*code);
}

std::string parse_text(const YAML::Node& node, const std::string& key, const std::string& file) {
    if (!node.IsScalar() || trim(node.Scalar()).empty()) {
        refuse(place_of(node, file), key, "is not a text", "write " + key + ": some text");
    }
    return std::string(trim(node.Scalar()));
}

Rgb parse_color_at(const YAML::Node& node, const std::string& file) {
    const std::string text = parse_text(node, "color", file);
    try {
        return parse_color(text);
    } catch (const Error& error) {
        refuse(place_of(node, file), error.fault().field, error.fault().problem, error.fault().fix);
    }
}

Entry parse_described(const YAML::Node& node, const std::string& file) {
    static const std::vector<std::string> keys = {"code", "name", "color"};
    Entry entry;
    std::set<std::string> seen;
    for (const auto& item : node) {
        const std::string key = item.first.IsScalar() ? item.first.Scalar() : std::string();
        if (std::find(keys.begin(), keys.end(), key) == keys.end() || !seen.insert(key).second) {
            refuse(place_of(item.first, file), key,
                   "is not a key of a class, or occurs twice" + did_you_mean(key, keys),
                   "a class has code, name and color");
        }
        if (key == "code") {
            entry.code = parse_code(item.second, file);
        } else if (key == "name") {
            entry.name = parse_text(item.second, key, file);
        } else {
            entry.color = parse_color_at(item.second, file);
        }
    }
    if (!seen.contains("code")) {
        refuse(place_of(node, file), {}, "a class without a code", "write {code: 3, name: ..., color: \"#33a02c\"}");
    }
    return entry;
}

Entry parse_entry(const YAML::Node& node, const std::string& file) {
    if (node.IsMap()) {
        return parse_described(node, file);
    }
    if (node.IsScalar() && node.Scalar() == "drop") {
        return {};
    }
    return {.code = parse_code(node, file), .name = {}, .color = {}};
}

/// Adds what `entry` says about its class; contradictions are errors.
void describe_class(Description& known, const Entry& entry, const std::string& value, const Place& place) {
    if (known.first_value.empty()) {
        known.first_value = value;
    }
    const std::string field = "code=" + std::to_string(entry.code);
    if (entry.name && known.name && *entry.name != *known.name) {
        refuse(place, field, "has two names, '" + *known.name + "' and '" + *entry.name + "'", "name a class once");
    }
    if (entry.color && known.color && *entry.color != *known.color) {
        refuse(place, field, "has two colours, " + to_string(*known.color) + " and " + to_string(*entry.color),
               "give a class one colour");
    }
    known.name = entry.name ? entry.name : known.name;
    known.color = entry.color ? entry.color : known.color;
}

ClassLegend make_legend(const std::map<std::int32_t, Description>& classes, const std::string& file) {
    std::vector<LandCoverClass> list;
    for (const auto& [code, known] : classes) {
        list.push_back({.code = code,
                        .name = known.name.value_or(known.first_value),
                        .color = known.color.value_or(default_color(static_cast<int>(list.size())))});
    }
    try {
        return ClassLegend(std::move(list));
    } catch (const Error& error) {
        refuse({.file = file}, error.fault().field, error.fault().problem, error.fault().fix);
    }
}

YAML::Node parse_yaml(const std::string& text, const std::string& file) {
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(text);
        if (documents.size() == 1 && documents[0].IsMap() && documents[0].size() > 0) {
            return documents[0];
        }
    } catch (const YAML::Exception& error) {
        refuse({.file = file, .line = error.mark.line + 1}, {}, "is not YAML: " + error.msg,
               "write one 'value: code' per line");
    }
    refuse({.file = file}, {}, "is not a class map", "write one 'value: code' per line");
}

std::string class_map_text(const std::string& name_or_path) {
    std::vector<std::string> names;
    for (const BuiltinClassMap& map : builtin_class_maps()) {
        names.emplace_back(map.name);
        if (map.name == name_or_path) {
            return std::string(map.yaml);
        }
    }
    try {
        return read_file(name_or_path, largest_file);
    } catch (const Error& error) {
        refuse({.file = name_or_path}, "class-map", error.fault().problem + did_you_mean(name_or_path, names),
               "name a YAML file, or one of " + join(names, ", "));
    }
}

/// `#` in the key stands for one digit.
bool matches(const std::string& key, const std::string& value) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return key.size() == value.size() && std::equal(key.begin(), key.end(), value.begin(), [&](char k, char v) {
               return k == v || (k == '#' && is_digit(v));
           });
}

} // namespace

ClassMap ClassMap::load(const std::string& name_or_path) {
    const YAML::Node root = parse_yaml(class_map_text(name_or_path), name_or_path);
    ClassMap map;
    std::map<std::int32_t, Description> classes;
    for (const auto& item : root) {
        const Place place = place_of(item.first, name_or_path);
        if (!item.first.IsScalar() && !item.first.IsNull()) {
            refuse(place, {}, "the value on the left is not a text", "write 'value: code'");
        }
        const std::string value(item.first.IsNull() ? "" : trim(item.first.Scalar()));
        const Entry entry = parse_entry(item.second, name_or_path);
        if (!map.m_values.emplace(value, Lookup{.code = entry.code, .dropped = entry.code == 0}).second) {
            refuse(place, "value=" + value, "occurs twice", "keep one of the two lines");
        }
        if (entry.code != 0) {
            describe_class(classes[entry.code], entry, value, place);
        }
    }
    if (classes.empty()) {
        refuse({.file = name_or_path}, {}, "drops every value", "give at least one value a code");
    }
    map.m_legend = make_legend(classes, name_or_path);
    return map;
}

ClassMap ClassMap::from_values(std::vector<std::string> distinct_values) {
    std::sort(distinct_values.begin(), distinct_values.end());
    distinct_values.erase(std::unique(distinct_values.begin(), distinct_values.end()), distinct_values.end());
    ClassMap map;
    std::vector<LandCoverClass> classes;
    for (const std::string& value : distinct_values) {
        const auto code = static_cast<std::int32_t>(classes.size() + 1);
        classes.push_back({.code = code, .name = value, .color = default_color(code - 1)});
        map.m_values.emplace(value, Lookup{.code = code, .dropped = false});
    }
    map.m_legend = ClassLegend(std::move(classes));
    return map;
}

std::optional<ClassMap::Lookup> ClassMap::find(const std::string& value) const {
    if (const auto found = m_values.find(value); found != m_values.end()) {
        return found->second;
    }
    for (const auto& [key, lookup] : m_values) {
        if (matches(key, value)) {
            return lookup;
        }
    }
    return std::nullopt;
}

std::vector<std::string> ClassMap::known_values() const {
    std::vector<std::string> values;
    for (const auto& entry : m_values) {
        values.push_back(entry.first);
    }
    return values;
}

} // namespace lcclass
