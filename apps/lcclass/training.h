/// From a sample table to what the forest learns from, and what that costs: shared by `train`, `cv` and `explain`.
/// Free functions; safe from any thread.
#pragma once

#include "command.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/forest/model.h"

#include <string>
#include <vector>

namespace lcclass {

/// The classes of the legend that occur in the samples.
ClassLegend classes_present(const SampleTable& samples);

/// The samples' columns in the order of the model's features. Throws Error(model) listing what they lack.
FeatureView features_of(const SampleTable& samples, const Model& model, const std::string& where);

Model read_model(const std::filesystem::path& path);

/// The options a model was trained with, as its training record keeps them.
std::string forest_options_json(const RandomForestOptions& options);
/// Throws Error(model) when the record of the model at `where` is not one of ours.
RandomForestOptions forest_options_of(const Model& model, const std::string& where);

/// Rough cost of one fit, for plans.
double training_seconds(const PlanFacts& facts, const RandomForestOptions& options);
std::int64_t training_memory(const PlanFacts& facts);

} // namespace lcclass
