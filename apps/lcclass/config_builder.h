/// Grows a ConfigNode tree from parser events, within limits that hold before memory is spent.
/// One object belongs to one thread.
#pragma once

#include "config.h"

#include <string>
#include <vector>

namespace lcclass {

/// Throws Error(configuration) `name:line:column: field: problem; fix: fix`.
[[noreturn]] void refuse_config(const std::string& name, ConfigMark mark, const std::string& field,
                                const std::string& problem, const std::string& fix);

class ConfigBuilder {
public:
    explicit ConfigBuilder(std::string name) : m_name(std::move(name)) {}

    /// True when the next scalar is the key of a map.
    [[nodiscard]] bool expects_key() const;
    void begin_map(ConfigMark mark);
    void begin_list(ConfigMark mark);
    void end();
    /// Throws Error(configuration) for a key that stands twice.
    void key(const std::string& key, ConfigMark mark);
    void scalar(ConfigNode::Kind kind, const std::string& text, ConfigMark mark);

    /// The finished tree. Throws Error(configuration) when it is not a map.
    ConfigNode take();

private:
    struct Level {
        ConfigNode node;
        std::string pending_key;
        ConfigMark key_mark;
        bool has_key = false;
    };

    void count_node(ConfigMark mark);
    void add(ConfigNode node);
    void open(ConfigNode::Kind kind, ConfigMark mark);

    std::string m_name;
    std::vector<Level> m_levels;
    ConfigNode m_root;
    int m_n_nodes = 0;
};

} // namespace lcclass
