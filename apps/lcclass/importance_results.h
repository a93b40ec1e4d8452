/// Every kind of importance of a model's features, as computed.
/// A value.
#pragma once

#include "lcclass/assess/fold_importance.h"
#include "lcclass/features/feature_groups.h"

#include <string>
#include <vector>

namespace lcclass {

/// Per feature of the model where nothing else is said; a list is empty when its kind was not computed.
struct ImportanceResults {
    std::vector<std::string> features;
    std::vector<double> impurity;
    std::vector<ImportanceEstimate> out_of_bag;
    std::string out_of_bag_left_out; ///< why it is; empty: it is not, or nobody wanted it
    std::vector<FoldEstimate> permutation;
    std::vector<FoldEstimate> conditional;
    std::vector<std::vector<int>> conditions; ///< features held fixed
    std::vector<FeatureGroup> groups;
    std::vector<FoldEstimate> grouped; ///< per group
    std::string folds;                 ///< `5 polygon folds`; empty: no forest was refitted
};

} // namespace lcclass
