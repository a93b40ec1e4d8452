/// Text and numbers as they stand in a page, whatever bytes they come with.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/report/figure.h"

#include <nlohmann/json.hpp>

#include <string>

namespace lcclass::report {

/// `text` with only whole UTF-8 characters; what is none is replaced.
std::string valid_text(const std::string& text);

/// `text` as HTML that shows it: between tags, or as an attribute in double quotes.
std::string escaped_html(const std::string& text);

/// JSON that can stand in a script element: without `<`, and without bytes that are no UTF-8.
std::string script_json(const nlohmann::ordered_json& json);

/// What people read in a cell: `NA`, a text, or a number with a real minus sign and, from 10000, with commas.
std::string cell_text(const Cell& cell, int digits);

/// `0.25`, `-1,234,567`.
std::string number_text(double value, int digits);

} // namespace lcclass::report
