/// Which kinds of importance `explain` is to compute, and how.
/// Belongs to one thread.
#pragma once

#include "command.h"
#include "fold_options.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace lcclass {

enum class ImportanceKind { impurity, out_of_bag, permutation, grouped, conditional };

/// The options as they are given.
struct ImportanceArguments {
    std::vector<std::string> kinds = {"impurity", "out-of-bag", "permutation", "grouped"};
    std::string scheme; ///< empty: polygon, or random where polygons are not known
    FoldArguments folds;
    int repeats = 5;
    std::string groups;
    double correlation = 0.5;
    const CLI::Option* declared_kinds = nullptr; ///< once they are options of a command
    const CLI::Option* declared_repeats = nullptr;
};

/// What they mean.
struct ImportancePlan {
    std::vector<ImportanceKind> kinds;
    bool scheme_given = false;
    FoldPlan folds; ///< of one scheme
    int repeats = 5;
    std::string groups;     ///< of the user, as text
    double correlation = 0; ///< from which features are conditions of each other

    [[nodiscard]] bool wants(ImportanceKind kind) const;
    /// True when forests are refitted.
    [[nodiscard]] bool wants_folds() const;
};

void add_importance_options(CLI::App& app, ImportanceArguments& arguments);
/// Throws Error(command_line) for unknown words and what is missing, Error(configuration) for numbers out of range.
ImportancePlan to_importance_plan(const ImportanceArguments& arguments, std::uint64_t seed);

/// Files that the plan reads besides model and samples.
std::vector<std::filesystem::path> importance_inputs(const ImportancePlan& plan);

/// Rough cost, for plans.
double importance_seconds(const ImportancePlan& plan, const PlanFacts& facts);

} // namespace lcclass
