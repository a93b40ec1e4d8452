/// What a file of ours is, told by what is in it.
/// Free functions; safe from any thread.
#pragma once

#include <filesystem>
#include <string>

namespace lcclass {

/// `stack`, `labels`, `map`, `probabilities`, `uncertainty`, `applicability`, `shap`, `dominant_feature`, `truth` of
/// rasters (`raster` of others); `samples`, `folds`, `plan`, `shap_values`, of points (`vector`
/// when it has several layers of others); `cv`, `explain`, `accuracy`,
/// `manifest`, `times`, `explained place` of JSON; `model`; `scene` of folders and archives; empty for anything else.
/// Reads no more than it takes to tell. Throws: Error(input) when the file cannot be read.
std::string file_kind(const std::filesystem::path& path);

} // namespace lcclass
