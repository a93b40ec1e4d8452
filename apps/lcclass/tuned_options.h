/// Forest options as `cv --tune` suggests them.
/// A free function; safe from any thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <filesystem>
#include <string>

namespace lcclass {

/// `options` with the parameters that the cv.json at `path` suggests for `scheme` (empty: the only tuned one).
/// Throws Error(input) for a file that is no cv.json or was not tuned, Error(configuration) naming the tuned schemes
/// when there are several and none, or another, is named.
RandomForestOptions tuned_options(const std::filesystem::path& path, const std::string& scheme,
                                  const RandomForestOptions& options);

} // namespace lcclass
