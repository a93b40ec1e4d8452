#include "lcclass/core/error.h"

#include <array>
#include <cstdio>
#include <utility>

namespace lcclass {

namespace {

constexpr std::size_t longest_line = 300;

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// The last `room` bytes of a name, or the first of a sentence, never cutting a UTF-8 character.
std::string keep_end(const std::string& text, std::size_t room) {
    if (text.size() <= room) {
        return text;
    }
    std::size_t start = text.size() - room + 3;
    while (start < text.size() && continues_character(text[start])) {
        ++start;
    }
    return "..." + text.substr(start);
}

std::string keep_start(const std::string& text, std::size_t room) {
    if (text.size() <= room) {
        return text;
    }
    std::size_t end = room - 3;
    while (end > 0 && continues_character(text[end])) {
        --end;
    }
    return text.substr(0, end) + "...";
}

std::string assemble(const std::string& where, const std::string& field, const std::string& problem,
                     const std::string& fix) {
    std::string line;
    for (const std::string* part : {&where, &field, &problem}) {
        if (!part->empty()) {
            line += (line.empty() ? "" : ": ") + *part;
        }
    }
    return fix.empty() ? line : line + "; fix: " + fix;
}

/// Paths lose their beginning first, then the parts their end, until the line fits.
std::string one_line(const Fault& fault) {
    const std::string where = escape_control(fault.where);
    const std::string field = escape_control(fault.field);
    const std::string problem = escape_control(fault.problem);
    const std::string fix = escape_control(fault.fix);
    std::string line = assemble(where, field, problem, fix);
    if (line.size() > longest_line) {
        const std::size_t others = line.size() - where.size();
        const std::size_t room = others + 60 < longest_line ? longest_line - others : 60;
        line = assemble(keep_end(where, room), field, problem, fix);
    }
    if (line.size() > longest_line) {
        line = assemble(keep_end(where, 60), keep_start(field, 60), keep_start(problem, 90), keep_start(fix, 70));
    }
    return line;
}

} // namespace

std::string escape_control(const std::string& text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (byte < 0x20 || byte == 0x7F) {
            std::array<char, 8> buffer{};
            std::snprintf(buffer.data(), buffer.size(), "\\x%02x", byte);
            result += buffer.data();
        } else {
            result += c;
        }
    }
    return result;
}

Error::Error(ExitCode code, Fault fault)
    : std::runtime_error(one_line(fault)), m_code(code), m_fault(std::move(fault)) {}

} // namespace lcclass
