/// Texts that the build makes part of the program: Chart.js, and our own scripts and style of a page (src/report/page).
/// Constants.
#pragma once

#include <string_view>

namespace lcclass {

extern const std::string_view chart_library;
extern const std::string_view theme_script; ///< first of all, before anything is shown
extern const std::string_view page_script;
extern const std::string_view page_style;

} // namespace lcclass
