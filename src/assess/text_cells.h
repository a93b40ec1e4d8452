/// Cells and lines of text tables.
/// Pure functions.
#pragma once

#include <optional>
#include <string>

namespace lcclass::assess {

/// `text` in at most `width` characters of UTF-8; a cut is marked with `~`.
std::string shorten(std::string text, std::size_t width);

/// `text` padded with spaces to `width` characters; never cut.
std::string to_left(const std::string& text, std::size_t width);
std::string to_right(const std::string& text, std::size_t width);

/// `0.123`, or NA.
std::string three_digits(const std::optional<double>& value);

/// Breaks `text` at spaces into lines of at most 100 characters.
std::string wrap(const std::string& text);

std::string without_trailing_spaces(const std::string& text);

} // namespace lcclass::assess
