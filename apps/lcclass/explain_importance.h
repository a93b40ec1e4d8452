/// `explain` on samples: how much a model relies on each of its features.
/// Belongs to one thread; the work uses all.
#pragma once

#include "command.h"
#include "explained_samples.h"
#include "importance_options.h"

#include <nlohmann/json.hpp>

namespace lcclass {

/// The section `importance` of explain.json; prints tables. Throws: as `fold_importance`, `fit_plan`, `assign_folds`,
/// `choose_blocks` and `groups_by_user`.
nlohmann::ordered_json explain_importance(const ExplainedSamples& explained, ImportancePlan plan, Context& context);

} // namespace lcclass
