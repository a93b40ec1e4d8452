#include "config_builder.h"

#include "lcclass/core/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string_view>

namespace lcclass {

namespace {

/// An iterator over the text that tells a shared counter how far the parser has read.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, std::size_t* count) : m_at(at), m_count(count) {}
    reference operator*() const { return *m_at; }
    CountingIterator& operator++() {
        ++m_at;
        ++*m_count;
        return *this;
    }
    bool operator==(const CountingIterator& other) const { return m_at == other.m_at; }
    bool operator!=(const CountingIterator& other) const { return m_at != other.m_at; }

private:
    const char* m_at;
    std::size_t* m_count;
};

/// Line and column of byte offsets that only grow.
class MarkFinder {
public:
    explicit MarkFinder(std::string_view text) : m_text(text) {}

    ConfigMark at(std::size_t offset) {
        for (; m_offset < std::min(offset, m_text.size()); ++m_offset) {
            if (m_text[m_offset] == '\n') {
                ++m_mark.line;
                m_mark.column = 1;
            } else if ((static_cast<unsigned char>(m_text[m_offset]) & 0xC0U) != 0x80U) {
                ++m_mark.column;
            }
        }
        return m_mark;
    }

private:
    std::string_view m_text;
    std::size_t m_offset = 0;
    ConfigMark m_mark;
};

class JsonHandler final : public nlohmann::json_sax<nlohmann::json> {
public:
    JsonHandler(const std::string& text, const std::string& name, const std::size_t& n_read)
        : m_text(text), m_name(name), m_n_read(n_read), m_builder(name), m_marks(text) {}

    bool null() override { return scalar(ConfigNode::Kind::null, {}); }
    bool boolean(bool value) override { return scalar(ConfigNode::Kind::boolean, value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override {
        return scalar(ConfigNode::Kind::integer, std::to_string(value));
    }
    bool number_unsigned(number_unsigned_t value) override {
        return scalar(ConfigNode::Kind::integer, std::to_string(value));
    }
    bool number_float(number_float_t /*value*/, const string_t& raw) override {
        // nlohmann gives integers beyond 64 bits as floats.
        const bool whole = raw.find_first_of(".eE") == std::string::npos;
        return scalar(whole ? ConfigNode::Kind::integer : ConfigNode::Kind::real, raw);
    }
    bool string(string_t& value) override { return scalar(ConfigNode::Kind::text, value); }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_object(std::size_t /*n*/) override {
        m_builder.begin_map(next_mark());
        return true;
    }
    bool key(string_t& value) override {
        m_builder.key(value, next_mark());
        return true;
    }
    bool end_object() override { return end(); }
    bool start_array(std::size_t /*n*/) override {
        m_builder.begin_list(next_mark());
        return true;
    }
    bool end_array() override { return end(); }
    bool parse_error(std::size_t position, const std::string& last_token,
                     const nlohmann::detail::exception& error) override {
        const ConfigMark mark = MarkFinder(m_text).at(position == 0 ? 0 : position - 1);
        const std::string what = error.what();
        const std::size_t detail = what.find(" - ");
        refuse_config(m_name, mark, last_token,
                      "not JSON: " + (detail == std::string::npos ? what : what.substr(detail + 3)),
                      "check commas, brackets and quotes");
    }

    ConfigNode take() { return m_builder.take(); }

private:
    bool scalar(ConfigNode::Kind kind, const std::string& text) {
        m_builder.scalar(kind, text, next_mark());
        return true;
    }
    bool end() {
        m_builder.end();
        m_token_end = m_n_read;
        return true;
    }
    /// The parser is just behind the token it reports (one further for numbers, where it had to look ahead), so the
    /// token begins at the first character that can begin one after the end of the last.
    ConfigMark next_mark() {
        const std::size_t start = m_text.find_first_not_of(" \t\r\n,:", m_token_end);
        m_token_end = m_n_read;
        return m_marks.at(start);
    }

    const std::string& m_text;
    const std::string& m_name;
    const std::size_t& m_n_read;
    ConfigBuilder m_builder;
    MarkFinder m_marks;
    std::size_t m_token_end = 0;
};

} // namespace

ConfigNode parse_json(const std::string& text, const std::string& name) {
    std::size_t n_read = 0;
    JsonHandler handler(text, name, n_read);
    nlohmann::json::sax_parse(CountingIterator(text.data(), &n_read),
                              CountingIterator(text.data() + text.size(), &n_read), &handler);
    return handler.take();
}

} // namespace lcclass
