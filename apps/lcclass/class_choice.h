/// A class of a model, chosen by its code or name.
/// Pure; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <string>

namespace lcclass {

/// Position in the legend. Throws Error(command_line) naming `--class=word`, the nearest name and the classes there
/// are.
int find_class(const ClassLegend& legend, const std::string& word);

/// `water (3)`.
std::string class_label(const LandCoverClass& entry);

} // namespace lcclass
