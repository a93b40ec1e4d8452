/// A figure as HTML: title, caption, a place for the drawing, and its table, which needs no script to be read.
/// Pure; safe from any thread.
#pragma once

#include "lcclass/report/figure.h"

#include <string>

namespace lcclass::report {

/// A `<figure id="figure-ID" data-figure="ID">`. Matrices and tables are HTML tables; for the others a canvas is left
/// to the script, and the table is folded.
std::string figure_html(const Figure& figure);

} // namespace lcclass::report
