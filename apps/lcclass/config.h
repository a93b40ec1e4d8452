/// One experiment as a YAML or JSON file: read into a tree that knows where every value stands, checked against the
/// options of the commands, and applied to those that the command line left open.
/// Values; const access is safe from any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

/// Position in the file, from 1.
struct ConfigMark {
    int line = 1;
    int column = 1;
};

struct ConfigEntry;

/// A value of a config file. Equal texts in YAML and JSON give equal nodes.
struct ConfigNode {
    /// `ambiguous`: YAML that readers understand differently (`010`, `yes`, `0x1F`, `1_000`, `.nan`).
    enum class Kind { null, boolean, integer, real, text, ambiguous, list, map };
    Kind kind = Kind::null;
    std::string text; ///< of scalars, as it stands in the file
    std::vector<ConfigNode> items;
    std::vector<ConfigEntry> entries; ///< of maps, in the order of the file
    ConfigMark mark;

    /// The value under `key`, or null.
    [[nodiscard]] const ConfigEntry* find(std::string_view key) const;
};

struct ConfigEntry {
    std::string key;
    ConfigMark mark;
    ConfigNode value;
};

/// True when both trees hold the same, wherever it stands.
bool same_content(const ConfigNode& a, const ConfigNode& b);

struct Config {
    std::filesystem::path file;
    ConfigNode root; ///< a map
};

/// Reads a .yml, .yaml or .json file. Throws: Error(configuration) with file:line:column for anything but one plain
/// document: duplicate keys, anchors, aliases, tags, more than 32 levels, 10,000 values or 1 MiB, broken texts.
Config load_config(const std::filesystem::path& file);

/// The tree of a text, `name` being the file for messages. The text is UTF-8 with LF line ends and no BOM.
ConfigNode parse_yaml(const std::string& text, const std::string& name);
ConfigNode parse_json(const std::string& text, const std::string& name);

/// Checks names and types of everything in the file. `root` holds the options that may stand at the top and the
/// commands as subcommands. Throws Error(configuration) naming the nearest known key.
void check_config(const Config& config, CLI::App& root);

/// Gives the global options that are still open the values at the top of the file.
void apply_globals(const Config& config, CLI::App& root);

/// Gives the options of `app` that are still open the values of the section of that name, if there is one.
void apply_section(const Config& config, CLI::App& app);

} // namespace lcclass
