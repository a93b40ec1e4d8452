/// A map view as part of a page: its HTML, its data for the script, and its pictures for Markdown.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/report/document.h"

#include <string>
#include <vector>

namespace lcclass::report {

struct MapPart {
    std::string html; ///< with an element that the script fills, and what a reader without script gets
    std::string json; ///< what `lcclass.map(element, data, theme)` of page/map.js takes; may stand in a script of HTML
};

MapPart map_part(const MapView& view);

/// One picture per layer, with title, legend, scale bar and north arrow.
std::vector<PictureFile> map_pictures(const MapView& view);

} // namespace lcclass::report
