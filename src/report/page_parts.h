/// Texts that the build makes part of the program: Chart.js, and our own script and style of a page.
/// Constants.
#pragma once

#include <string_view>

namespace lcclass {

extern const std::string_view chart_library;
extern const std::string_view page_script;
extern const std::string_view page_style;

} // namespace lcclass
