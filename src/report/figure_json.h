/// A figure as the scripts of a page get it: what they draw, and the table that is saved as CSV.
/// Pure; safe from any thread.
#pragma once

#include "lcclass/report/figure.h"

#include <nlohmann/json.hpp>

namespace lcclass::report {

/// Members as in figure.h, `kind` (`bars`, `waterfall`, `lines`, `matrix`, `swarm`, `table`) and `data`
/// `{columns: [{name, digits}], rows: [[text | number | null]]}`; a swarm's points are `rows` alone.
nlohmann::ordered_json figure_json(const Figure& figure);

} // namespace lcclass::report
