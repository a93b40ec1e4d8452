/// The forest's parameters by their scikit-learn names, as grids and variants of a forest name them.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <string>
#include <vector>

namespace lcclass {

/// All names but `random_state` and what does not change the forest, by alphabet.
std::vector<std::string> forest_parameter_names();

/// `max_depth` takes `none` for no limit and `max_samples` for as many as rows, `bootstrap` true or false.
/// Throws: Error(command_line) for an unknown name or word, listing the known ones; Error(configuration) for a value
/// that is no number. Ranges, which depend on each other, are not looked at: `check_options` once all are set.
void set_forest_parameter(RandomForestOptions& options, const std::string& name, const std::string& value);

/// The value as `set_forest_parameter` takes it. Requires: a known name.
std::string forest_parameter(const RandomForestOptions& options, const std::string& name);

} // namespace lcclass
