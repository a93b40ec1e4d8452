/// `explain` on samples: their SHAP values.
/// Belongs to one thread; the work uses all.
#pragma once

#include "command.h"
#include "explained_samples.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace lcclass {

struct ShapArguments {
    std::int64_t rows = 200;             ///< 0: all samples
    std::int64_t interactions = 5;       ///< pairs; 0: none
    std::int64_t interaction_rows = 200; ///< 0: all that are explained
    std::filesystem::path values;
    std::string columns; ///< empty: not stated
};

void add_shap_options(CLI::App& app, ShapArguments& arguments);
/// Throws: Error(configuration) for numbers out of range, Error(command_line) for words and endings that are not known
/// and options without effect, given `only_class` of `--class` (empty: not stated).
void check_shap_options(const ShapArguments& arguments, const std::string& only_class);

/// Throws Error(resources) when the values, and the interactions if there are to be any, do not fit --memory.
void require_shap_memory(const Model& model, const SampleTable& samples, const ShapArguments& arguments,
                         bool with_interactions, const Context& context);

/// The section `shap` of explain.json; writes the file of `--shap-values` and prints tables. `only_class` is the code
/// or name of the one class to explain; empty: all.
nlohmann::ordered_json explain_samples(const ExplainedSamples& explained, const ShapArguments& arguments,
                                       const std::string& only_class, Context& context);

} // namespace lcclass
