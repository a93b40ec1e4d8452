/// Texts that the build makes part of the program: Chart.js, Leaflet, and our own scripts and styles of a page
/// (src/report/page).
/// Constants.
#pragma once

#include <string_view>

namespace lcclass {

extern const std::string_view chart_library;
extern const std::string_view theme_script; ///< first of all, before anything is shown
extern const std::string_view page_script;
extern const std::string_view page_style;
extern const std::string_view leaflet_library;
extern const std::string_view leaflet_style; ///< without the pictures that it refers to
extern const std::string_view map_script;    ///< takes the library to be there; gives `lcclass.map`
extern const std::string_view map_style;

} // namespace lcclass
