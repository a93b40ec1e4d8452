#include "config_builder.h"

#include "lcclass/core/error.h"

#include <utility>

namespace lcclass {

namespace {

constexpr std::size_t deepest_level = 32;
constexpr int most_nodes = 10'000;

} // namespace

void refuse_config(const std::string& name, ConfigMark mark, const std::string& field, const std::string& problem,
                   const std::string& fix) {
    throw Error(ExitCode::configuration,
                {.where = name + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column),
                 .field = field,
                 .problem = problem,
                 .fix = fix});
}

bool ConfigBuilder::expects_key() const {
    return !m_levels.empty() && m_levels.back().node.kind == ConfigNode::Kind::map && !m_levels.back().has_key;
}

void ConfigBuilder::count_node(ConfigMark mark) {
    if (++m_n_nodes > most_nodes) {
        refuse_config(m_name, mark, {}, "more than " + std::to_string(most_nodes) + " values",
                      "an experiment needs a few dozen; check that it is the right file");
    }
}

void ConfigBuilder::open(ConfigNode::Kind kind, ConfigMark mark) {
    if (expects_key()) {
        refuse_config(m_name, mark, {}, "a key must be a word, not a list or map", "write 'key: value'");
    }
    count_node(mark);
    if (m_levels.size() == deepest_level) {
        refuse_config(m_name, mark, {}, "nested more than " + std::to_string(deepest_level) + " levels deep",
                      "sections hold options, and options hold values or lists");
    }
    Level level;
    level.node.kind = kind;
    level.node.mark = mark;
    m_levels.push_back(std::move(level));
}

void ConfigBuilder::begin_map(ConfigMark mark) {
    open(ConfigNode::Kind::map, mark);
}

void ConfigBuilder::begin_list(ConfigMark mark) {
    open(ConfigNode::Kind::list, mark);
}

void ConfigBuilder::end() {
    ConfigNode node = std::move(m_levels.back().node);
    m_levels.pop_back();
    add(std::move(node));
}

void ConfigBuilder::key(const std::string& key, ConfigMark mark) {
    Level& level = m_levels.back();
    if (const ConfigEntry* first = level.node.find(key)) {
        refuse_config(m_name, mark, key, "stands twice, first on line " + std::to_string(first->mark.line),
                      "keep one of the two");
    }
    level.pending_key = key;
    level.key_mark = mark;
    level.has_key = true;
}

void ConfigBuilder::scalar(ConfigNode::Kind kind, const std::string& text, ConfigMark mark) {
    count_node(mark);
    ConfigNode node;
    node.kind = kind;
    node.text = text;
    node.mark = mark;
    add(std::move(node));
}

void ConfigBuilder::add(ConfigNode node) {
    if (m_levels.empty()) {
        m_root = std::move(node);
        return;
    }
    Level& level = m_levels.back();
    if (level.node.kind == ConfigNode::Kind::list) {
        level.node.items.push_back(std::move(node));
        return;
    }
    level.node.entries.push_back({std::exchange(level.pending_key, {}), level.key_mark, std::move(node)});
    level.has_key = false;
}

ConfigNode ConfigBuilder::take() {
    if (m_root.kind == ConfigNode::Kind::null) {
        refuse_config(m_name, m_root.mark, {}, "is empty", "add a section per command, such as 'stack:'");
    }
    if (m_root.kind != ConfigNode::Kind::map) {
        refuse_config(m_name, m_root.mark, {}, "is not a map of sections",
                      "add a section per command, such as 'stack:'");
    }
    return std::move(m_root);
}

} // namespace lcclass
