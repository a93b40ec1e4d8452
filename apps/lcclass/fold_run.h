/// The folds of commands that take a single scheme: `explain` for importance, `predict` for applicability.
/// Free functions of one thread.
#pragma once

#include "command.h"
#include "fold_options.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace lcclass {

/// What the options mean with one scheme, whatever `arguments.schemes` says; `scheme` empty: polygon. Throws
/// Error(command_line) for an unknown scheme and for details that it makes no use of, and as `to_fold_plan`.
FoldPlan to_single_fold_plan(const FoldArguments& arguments, const std::string& scheme, std::uint64_t seed);

/// A plan of one scheme, and what is said of it.
struct SingleFolds {
    FoldPlan& plan;             ///< becomes what was done
    bool scheme_given = false;  ///< else random folds are taken where no polygon is known
    std::string if_random = {}; ///< what those mean, for the warning
};

/// The folds of the one scheme; prints the block size where it is taken from the data. `where` is the samples' file.
/// Throws: as `choose_blocks`, `fit_plan` and `make_folds`.
FoldAssignment make_single_folds(const SingleFolds& folds, const SampleTable& samples,
                                 const std::filesystem::path& where, Context& context);

/// `scheme`, `n_folds`, `seed`; of blocks their size, where it is from, assignment and shape; `buffer_m` if any.
nlohmann::ordered_json record_of_folds(const FoldPlan& plan, const FoldAssignment& folds);

} // namespace lcclass
