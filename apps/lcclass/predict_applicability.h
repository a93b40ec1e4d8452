/// `predict --applicability`: the options, and from a model, its training samples and their folds to figures of where
/// the model should not be trusted. Free functions of one thread; the work uses all.
#pragma once

#include "command.h"
#include "fold_options.h"
#include "forest_options.h"
#include "lcclass/forest/model.h"
#include "lcclass/mapping/applicability.h"
#include "lcclass/mapping/predict_map.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {

struct ApplicabilityArguments {
    std::filesystem::path raster; ///< to write; empty: not asked for
    SampleArguments samples;
    std::string weights_from = "impurity";
    std::string scheme; ///< empty: polygon, or random where no polygon is known
    FoldArguments folds;
    std::vector<const CLI::Option*> declared = {}; ///< all but the raster, once they are options of a command

    [[nodiscard]] bool given() const { return !raster.empty(); }
};

void add_applicability_options(CLI::App& app, ApplicabilityArguments& arguments);
/// Throws Error(command_line) for options that nobody asks for without a raster, and as `to_single_fold_plan`.
void check_applicability_options(const ApplicabilityArguments& arguments, std::uint64_t seed);
/// The files that are read, as far as they are named or found.
std::vector<std::filesystem::path> applicability_inputs(const ApplicabilityArguments& arguments);

/// Rough cost, for plans.
double applicability_seconds(const PlanFacts& facts);

struct ModelApplicability {
    Applicability figures;
    std::string record; ///< JSON for the raster: threshold, mean distance, weights, folds, samples
};

/// A model and the file it is from.
struct ModelFile {
    const Model& model;
    const std::filesystem::path& path;
    const std::string& sha256;
};

/// Unless they are named: the table that the model names, beside it or in the output folder, becomes
/// `arguments.samples`; of two the one as it was then. Throws Error(input) where it is not there, Error(model) for a
/// model that names none.
void find_samples_of_model(const Model& model, const std::filesystem::path& model_path,
                           ApplicabilityArguments& arguments, const GlobalOptions& globals);

/// Requires: given, samples named. Throws Error(input) for samples that are not those that the model was
/// trained on, and for weights of another model; Error(model) for a model that does not say what counts in it;
/// Error(resources); and as `assign_folds`.
ModelApplicability make_applicability(const ModelFile& model_file, const ApplicabilityArguments& arguments,
                                      Context& context);

/// How much of the map is outside; warns where that is much.
void print_applicability(const Model& model, const Applicability& figures, const MapReport& report, Context& context);

} // namespace lcclass
