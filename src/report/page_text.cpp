#include "report/page_text.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <cmath>

namespace lcclass::report {

namespace {

constexpr double fewest_with_commas = 10000; ///< `2018` is more often a year than a count
constexpr double most_with_commas = 1e15;

} // namespace

std::string valid_text(const std::string& text) {
    return nlohmann::json::parse(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
        .get<std::string>();
}

std::string escaped_html(const std::string& text) {
    std::string html;
    for (const char c : valid_text(text)) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\0': // parsers drop or replace it
            html += "\uFFFD";
            break;
        default:
            html += c;
        }
    }
    return html;
}

std::string script_json(const nlohmann::ordered_json& json) {
    const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        if (c == '<') {
            safe += "\\u003c";
        } else {
            safe += c;
        }
    }
    return safe;
}

std::string number_text(double value, int digits) {
    std::string fixed = fixed_digits(value, digits);
    if (std::abs(value) < fewest_with_commas || std::abs(value) >= most_with_commas) {
        return fixed;
    }
    const std::size_t point = fixed.find('.');
    const std::string whole = fixed.substr(0, point);
    return with_thousands(*parse_int(whole)) + (point == std::string::npos ? "" : fixed.substr(point));
}

std::string cell_text(const Cell& cell, int digits) {
    if (const auto* const number = std::get_if<double>(&cell)) {
        const std::string text = number_text(*number, digits);
        return text.starts_with('-') ? "\u2212" + text.substr(1) : text;
    }
    const auto* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? *text : "NA";
}

} // namespace lcclass::report
