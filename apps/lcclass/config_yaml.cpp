#include "config_builder.h"

#include "lcclass/core/error.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <regex>
#include <sstream>
#include <utility>

namespace lcclass {

namespace {

ConfigMark mark_of(const YAML::Mark& mark) {
    return mark.is_null() ? ConfigMark{} : ConfigMark{mark.line + 1, mark.column + 1};
}

/// JSON's grammar for numbers decides; what other YAML readers would take for a number or a truth value is ambiguous.
ConfigNode::Kind kind_of_plain(const std::string& text) {
    static const std::regex integer("-?(0|[1-9][0-9]*)");
    static const std::regex real("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    static const std::regex number_like(
        "[-+]?(\\.?[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+|\\.(inf|Inf|INF))|"
        "\\.(nan|NaN|NAN)|[-+]?(nan|NaN|inf|Inf|Infinity)");
    static const std::array<std::string_view, 20> words = {"True", "TRUE", "False", "FALSE", "yes", "Yes", "YES",
                                                           "no",   "No",   "NO",    "on",    "On",  "ON",  "off",
                                                           "Off",  "OFF",  "y",     "Y",     "n",   "N"};
    if (text == "true" || text == "false") {
        return ConfigNode::Kind::boolean;
    }
    // No number is long, and std::regex recurses per character.
    if (text.size() > 64) {
        return ConfigNode::Kind::text;
    }
    if (std::regex_match(text, integer)) {
        return ConfigNode::Kind::integer;
    }
    if (std::regex_match(text, real)) {
        return ConfigNode::Kind::real;
    }
    if (std::regex_match(text, number_like) || std::find(words.begin(), words.end(), text) != words.end()) {
        return ConfigNode::Kind::ambiguous;
    }
    return ConfigNode::Kind::text;
}

class YamlHandler final : public YAML::EventHandler {
public:
    YamlHandler(const std::string& text, const std::string& name) : m_text(text), m_name(name), m_builder(name) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (m_documents++ > 0) {
            refuse_config(m_name, mark_of(mark), {}, "a second document begins", "one file holds one experiment");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        check_plain(mark, "?", anchor);
        if (m_builder.expects_key()) {
            refuse_config(m_name, mark_of(mark), {}, "a key is missing", "write 'key: value'");
        }
        m_builder.scalar(ConfigNode::Kind::null, {}, mark_of(mark));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        refuse_config(m_name, mark_of(mark), {}, "aliases (*name) are not supported", "write the value out");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check_plain(mark, tag, anchor);
        const bool quoted = tag == "!";
        if (m_builder.expects_key()) {
            if (value == "<<" && !quoted) {
                refuse_config(m_name, mark_of(mark), "<<", "merge keys are not supported", "write the values out");
            }
            m_builder.key(value, mark_of(mark));
            return;
        }
        m_builder.scalar(quoted ? ConfigNode::Kind::text : kind_of_plain(value), value, mark_of(mark));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        check_plain(mark, tag, anchor);
        m_builder.begin_list(mark_of(mark));
    }
    void OnSequenceEnd() override { m_builder.end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        check_plain(mark, tag, anchor);
        m_builder.begin_map(mark_of(mark));
    }
    void OnMapEnd() override { m_builder.end(); }

    ConfigNode take() { return m_builder.take(); }

private:
    /// yaml-cpp reports a quoted scalar and one tagged `!` alike, so the text itself is asked.
    void check_plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
        const bool bang = !mark.is_null() && at < m_text.size() && m_text[at] == '!';
        if (anchor != 0) {
            refuse_config(m_name, mark_of(mark), {}, "anchors (&name) are not supported", "remove it");
        }
        if (bang || (tag != "?" && tag != "!" && !tag.empty())) {
            refuse_config(m_name, mark_of(mark), {}, "tags (!name) are not supported", "remove it");
        }
    }

    const std::string& m_text;
    const std::string& m_name;
    ConfigBuilder m_builder;
    int m_documents = 0;
};

} // namespace

ConfigNode parse_yaml(const std::string& text, const std::string& name) {
    std::istringstream stream(text);
    YamlHandler handler(text, name);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(handler)) {
        }
    } catch (const YAML::Exception& error) {
        refuse_config(name, mark_of(error.mark), {}, "not YAML: " + error.msg, "check indentation, colons and quotes");
    }
    return handler.take();
}

} // namespace lcclass
