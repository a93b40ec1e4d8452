/// A trained forest with all it takes to use it rightly: feature names, recipe, legend, calibration and training
/// record; and its file format (docs/model_format.md).
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"
#include "lcclass/forest/probability_correction.h"
#include "lcclass/forest/random_forest.h"

#include <string>
#include <vector>

namespace lcclass {

struct Model {
    RandomForest forest;
    std::vector<std::string> feature_names; ///< in the order of the forest's features
    ClassLegend legend;                     ///< class index of the forest = position in the legend
    std::string recipe_json;                ///< empty for models of tables without a recipe
    std::string training_json;              ///< options, sample counts, out-of-bag score, importance, version, seed
    /// Class shares that the probabilities refer to, above 0 with the sum 1; empty: a model that does not know them.
    std::vector<double> training_priors = {};
    ProbabilityCalibration calibration = {};
};

/// The bytes of a model file; the same model gives the same bytes.
std::string encode_model(const Model& model);

/// Validates everything before it is used: magic, version, checksum, sizes against the bytes there are, tree
/// structure, distributions, texts. Throws Error(model) naming `where` and what is wrong.
Model decode_model(const std::string& bytes, const std::string& where);

} // namespace lcclass
