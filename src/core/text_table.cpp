#include "lcclass/core/text_table.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <array>
#include <charconv>
#include <system_error>

namespace lcclass {

namespace {

constexpr std::size_t line_width = 100;

bool continues_a_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

} // namespace

std::size_t n_characters(const std::string& text) {
    std::size_t n = 0;
    for (const char c : text) {
        n += continues_a_character(c) ? 0 : 1;
    }
    return n;
}

std::string shorten(std::string text, std::size_t width) {
    if (n_characters(text) <= width) {
        return text;
    }
    while (n_characters(text) > width - 1) {
        while (continues_a_character(text.back())) {
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

std::string name_cell(const std::string& name, std::size_t width) {
    return to_left(shorten(escape_control(name), width), width);
}

std::string fixed_digits(double value, int digits) {
    std::array<char, 400> buffer{}; // the largest double has 309 digits before the point
    const auto [end, status] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
    std::string text = status == std::errc{} ? std::string(buffer.data(), end) : format_number(value);
    const bool is_zero = text.find_first_not_of("-0.") == std::string::npos;
    return is_zero && text.front() == '-' ? text.substr(1) : text;
}

std::string signed_digits(double value, int digits) {
    const std::string text = fixed_digits(value, digits);
    return text.starts_with('-') ? text : "+" + text;
}

std::string three_digits(const std::optional<double>& value) {
    return value ? fixed_digits(*value, 3) : "NA";
}

std::string wrap(const std::string& text, std::size_t indent, std::size_t used) {
    std::string result;
    bool first_word = true;
    for (const std::string& word : split(text, ' ')) {
        const std::size_t width = n_characters(word);
        const bool breaks = !first_word && used + 1 + width > line_width;
        if (breaks) {
            result.append("\n").append(indent, ' ');
            used = indent;
        } else if (!first_word) {
            result += ' ';
            ++used;
        }
        result += word;
        used += width;
        first_word = false;
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

} // namespace lcclass
