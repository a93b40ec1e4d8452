/// How much of every scene could be used, as JSON.
/// A pure function; safe from any thread.
#pragma once

#include "scene_features.h"

#include <string>
#include <vector>

namespace lcclass {

/// `blocks` are those of the stack, with the pixels that have all features.
std::string scene_report_json(const SceneFeatures& features, const std::vector<SceneShare::Block>& blocks,
                              const SceneFilter& filter);

} // namespace lcclass
