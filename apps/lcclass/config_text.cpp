#include "config_text.h"

#include "config_builder.h"

#include <cstdint>
#include <string_view>

namespace lcclass {

namespace {

/// Length of the UTF-8 sequence at `at`, or 0 when there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const std::uint32_t first = byte(0);
    const std::size_t length = first < 0x80          ? 1
                               : (first >> 5U) == 6  ? 2
                               : (first >> 4U) == 14 ? 3
                               : (first >> 3U) == 30 ? 4
                                                     : 0;
    if (length < 2) {
        return length;
    }
    std::uint32_t code = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return 0;
        }
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < smallest[length] || code > 0x10FFFF || surrogate ? 0 : length;
}

void check_characters(const std::string& text, const std::string& name, bool tabs_allowed) {
    ConfigMark mark;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text, at);
        const auto byte = static_cast<unsigned char>(text[at]);
        if (length == 0) {
            refuse_config(name, mark, {}, "is not UTF-8", "save the file as UTF-8");
        }
        if (byte == '\t' && !tabs_allowed) {
            refuse_config(name, mark, {}, "a tab", "indent and separate with spaces");
        }
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
            refuse_config(name, mark, {}, byte == 0 ? "a NUL byte" : "a control character",
                          "save the file as plain text");
        }
        mark = byte == '\n' ? ConfigMark{mark.line + 1, 1} : ConfigMark{mark.line, mark.column + 1};
        at += length;
    }
}

} // namespace

std::string clean_config_text(std::string bytes, const std::string& name, bool tabs_allowed) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.erase(0, 3);
    }
    std::string text;
    text.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (bytes[at] != '\r' || at + 1 == bytes.size() || bytes[at + 1] != '\n') {
            text += bytes[at];
        }
    }
    check_characters(text, name, tabs_allowed);
    return text;
}

} // namespace lcclass
