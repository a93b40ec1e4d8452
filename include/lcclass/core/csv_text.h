/// Text as a cell of comma-separated values.
/// Pure; safe from any thread.
#pragma once

#include <string>

namespace lcclass {

/// `text` as it is, or in quotes with its own quotes doubled where a reader would take it apart or trim it: with a
/// separator (comma, semicolon, tab), a quote, a line break, or a space at an end (RFC 4180). Names are
/// never changed, not even those that begin with = + - or @, which a spreadsheet may take for formulas: they are read
/// back by name.
inline std::string csv_cell(const std::string& text) {
    const bool has_blank_edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    if (text.find_first_of(",;\t\"\r\n") == std::string::npos && !has_blank_edge) {
        return text;
    }
    std::string cell = "\"";
    for (const char c : text) {
        cell += c == '"' ? "\"\"" : std::string(1, c);
    }
    return cell + '"';
}

} // namespace lcclass
