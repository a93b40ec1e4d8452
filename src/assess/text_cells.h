/// Cells and lines of text tables: the names of core/text_table.h in this namespace.
#pragma once

#include "lcclass/core/text_table.h"

namespace lcclass::assess {

using lcclass::shorten;
using lcclass::three_digits;
using lcclass::to_left;
using lcclass::to_right;
using lcclass::without_trailing_spaces;
using lcclass::wrap;

} // namespace lcclass::assess
