/// Cells and lines of text tables. Widths count characters of UTF-8 text, not bytes.
/// Pure functions; safe from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace lcclass {

/// Characters of UTF-8 `text`.
std::size_t n_characters(const std::string& text);

/// `text` in at most `width` characters; a cut is marked with `~`. Requires: width > 0.
std::string shorten(std::string text, std::size_t width);

/// `text` padded with spaces to `width` characters; never cut.
std::string to_left(const std::string& text, std::size_t width);
std::string to_right(const std::string& text, std::size_t width);

/// A name from a file in exactly `width` characters: control characters escaped, cut or padded.
std::string name_cell(const std::string& name, std::size_t width);

/// `0.12` with so many digits after the point, whatever the locale; never `-0.00`.
std::string fixed_digits(double value, int digits);

/// The same with its sign, as of a change: `+0.12`, `-0.12`; `+0.00` for what rounds to 0.
std::string signed_digits(double value, int digits);

/// `0.123`, or NA.
std::string three_digits(const std::optional<double>& value);

/// `text` broken at spaces into lines of at most 100 characters, with a line break at the end. All lines but the first
/// begin with `indent` spaces; the first has `used` characters before it already.
std::string wrap(const std::string& text, std::size_t indent = 0, std::size_t used = 0);

std::string without_trailing_spaces(const std::string& text);

} // namespace lcclass
