/// The elements of a QGIS style, which stand in style files and in projects alike.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/report/qgis_style.h"

#include <string>

namespace lcclass::report {

/// The version of QGIS whose form the files have.
inline constexpr const char* qgis_version = "3.22.16";

/// `<pipe>...` or `<renderer-v2>...` and what goes with it.
std::string style_elements(const QgisStyle& style);

} // namespace lcclass::report
