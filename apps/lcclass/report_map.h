/// The map of a report, from the files that are there.
/// A free function; reading uses all threads.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/report/map_view.h"
#include "report_files.h"

namespace lcclass {

/// Photos, the map and all rasters on its lattice, outlines, and the numbers that a click tells, on a grid of 900 cells
/// at most on its longer side. What is not there, or lies on another lattice, is a sentence in `missing`. Requires:
/// a map, a stack or labels. Throws: Error(input) naming a file that cannot be read.
report::MapView make_map_view(const ReportFiles& files, Progress& progress);

} // namespace lcclass
