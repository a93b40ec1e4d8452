/// Small text helpers shared by messages and parsers.
/// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lcclass {

/// The candidate nearest to `word` by edit distance, when near enough to be a slip of the hand.
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates);

/// ` (did you mean 'x'?)` or an empty text.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

std::vector<std::string> split(std::string_view text, char separator);

/// One of `name=value;name=value`, without the spaces around name and value.
struct TextPair {
    std::string text; ///< as it stands there
    std::string name;
    std::optional<std::string> value; ///< what is after the first `=`; nothing without one
};
/// The parts of `text` between separators; an empty part has an empty name and no value.
std::vector<TextPair> split_pairs(std::string_view text, char separator = ';');

std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);

/// The whole of `text` as a decimal number, whatever the locale; nothing when it is anything else.
std::optional<std::int64_t> parse_int(std::string_view text);
std::optional<double> parse_double(std::string_view text);

/// Shortest text that reads back as the same number, whatever the locale.
std::string format_number(double value);

/// `1234567` as `1,234,567`.
std::string with_thousands(std::int64_t value);

} // namespace lcclass
