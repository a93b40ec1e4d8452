#include "assess/text_cells.h"

#include "lcclass/core/text.h"

#include <array>
#include <cstdio>

namespace lcclass::assess {

namespace {

constexpr std::size_t line_width = 100;

/// Characters of UTF-8 text: bytes that do not continue one.
std::size_t n_characters(const std::string& text) {
    std::size_t n = 0;
    for (const char c : text) {
        n += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
    }
    return n;
}

} // namespace

std::string shorten(std::string text, std::size_t width) {
    if (n_characters(text) <= width) {
        return text;
    }
    while (n_characters(text) > width - 1) {
        while ((static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
            text.pop_back();
        }
        text.pop_back();
    }
    return text + "~";
}

std::string to_left(const std::string& text, std::size_t width) {
    const std::size_t n = n_characters(text);
    return text + std::string(n < width ? width - n : 0, ' ');
}

std::string to_right(const std::string& text, std::size_t width) {
    const std::size_t n = n_characters(text);
    return std::string(n < width ? width - n : 0, ' ') + text;
}

std::string three_digits(const std::optional<double>& value) {
    if (!value) {
        return "NA";
    }
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.3f", *value);
    std::string text = buffer.data();
    if (const auto comma = text.find(','); comma != std::string::npos) {
        text[comma] = '.'; // a locale that was set outside must not show
    }
    return text == "-0.000" ? "0.000" : text;
}

std::string wrap(const std::string& text) {
    std::string result;
    std::size_t used = 0;
    for (const std::string& word : split(text, ' ')) {
        if (used > 0) {
            const bool fits = used + 1 + word.size() <= line_width;
            result += fits ? " " : "\n";
            used = fits ? used + 1 : 0;
        }
        result += word;
        used += word.size();
    }
    return result + "\n";
}

std::string without_trailing_spaces(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result.erase(result.find_last_not_of(' ') + 1);
        }
        result += c;
    }
    return result;
}

} // namespace lcclass::assess
