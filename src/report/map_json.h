/// A map view as what the script of the page gets.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/report/map_view.h"

#include <string>

namespace lcclass::report {

/// One JSON object that may stand in a script of HTML. Cells and photos are pictures in data URLs: of class layers,
/// scales and figures as grey PNG whose numbers are the cells, with the CRC-32 of the cells; of photos as JPEG, with a
/// PNG of what is valid where not all is. Corners of outlines are in tenths of a pixel, each ring as its first corner
/// and the steps to the next.
std::string map_json(const MapView& view);

} // namespace lcclass::report
