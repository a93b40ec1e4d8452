#include "report/xml_text.h"

#include <nlohmann/json.hpp>

namespace lcclass::report {

std::string xml_text(const std::string& text) {
    using nlohmann::json;
    const auto valid = json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
    std::string xml;
    for (const char c : valid) {
        switch (c) {
        case '&':
            xml += "&amp;";
            break;
        case '<':
            xml += "&lt;";
            break;
        case '>':
            xml += "&gt;";
            break;
        case '"':
            xml += "&quot;";
            break;
        case '\'':
            xml += "&apos;";
            break;
        default:
            xml += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
        }
    }
    return xml;
}

} // namespace lcclass::report
