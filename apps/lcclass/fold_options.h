/// How samples are parted into folds: the options `cv` has for it, and the folds made from them.
/// Belongs to one thread.
#pragma once

#include "lcclass/assess/cross_validation.h"
#include "lcclass/geo/prediction_area.h"
#include "lcclass/sampling/folds.h"
#include "lcclass/sampling/variogram.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace lcclass {

/// The options as they are given: texts where the command line has words.
struct FoldArguments {
    std::vector<std::string> schemes = {"random", "polygon", "spatial-block"};
    std::string assignment = "balanced";
    std::string shape = "square";
    std::string layout = "regular";
    std::string block_size; ///< metres, `auto`, or empty: none
    std::filesystem::path area;
    PredictionAreaOptions area_options;
    FoldOptions options;
    std::vector<const CLI::Option*> declared; ///< all but the schemes, once they are options of a command
};

/// What they mean.
struct FoldPlan {
    std::vector<FoldScheme> schemes; ///< no scheme twice
    FoldOptions options;             ///< of every scheme; `scheme` is set when folds are made
    bool block_size_auto = false;    ///< the size is yet to be taken from the data, as `choose_blocks` does
    std::string block_size_from;     ///< where it was taken from; empty: it was given
    std::filesystem::path area;      ///< empty: none
    PredictionAreaOptions area_options;
};

void add_fold_options(CLI::App& app, FoldArguments& arguments);
/// All of them but the schemes, for a command that takes a single one.
void add_fold_details(CLI::App& app, FoldArguments& arguments);
/// Names of those details that the command line or a config states.
std::vector<std::string> stated_fold_details(const FoldArguments& arguments);
/// Throws Error(command_line) for unknown words and what is missing, Error(configuration) for a scheme named twice.
FoldPlan to_fold_plan(const FoldArguments& arguments, std::uint64_t seed);

/// Throws Error(configuration) where the plan has lengths and the samples have degrees.
void check_metric(const FoldPlan& plan, const SampleTable& samples, const std::filesystem::path& where);

/// Fits the plan, whose block size is known, to the samples: reads the points of the prediction area. `where` is their
/// file, for errors. Throws Error(configuration) for lengths that cannot be meant: metres in a CRS of degrees, blocks
/// below a pixel; and as `prediction_points`.
void fit_plan(FoldPlan& plan, const SampleTable& samples, const std::filesystem::path& where);

/// The folds of every scheme of a fitted plan. Throws: as `assign_folds`.
std::vector<FoldAssignment> make_folds(const FoldPlan& plan, const SampleTable& samples);

/// The folds within a training part of `scheme`: the same kind in `n_folds` parts, whole groups for leave-group-out
/// and knndm for nndm. Throws: as `assign_folds`, saying that they are inner folds.
FoldAssignment make_inner_folds(const FoldPlan& plan, FoldScheme scheme, int n_folds, const SampleTable& training);

/// Puts the block size of the features' variograms into a plan that asks for it.
/// Throws: as `choose_block_size`.
void choose_blocks(FoldPlan& plan, const SampleTable& samples, const VariogramSet& variograms,
                   const std::filesystem::path& where);

/// Folds, and so fits, of all schemes: those with one per group are guessed from the number of samples.
double expected_folds(const FoldPlan& plan, std::int64_t n_samples);

FoldRecord record_of(const FoldPlan& plan, FoldScheme scheme);

/// `knndm: 5 folds; W of distances 812.5 m (2040.1 m leave-one-out); 12 samples left out per fold`
std::string describe(const FoldAssignment& assignment);

} // namespace lcclass
