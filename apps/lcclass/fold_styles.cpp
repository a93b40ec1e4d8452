#include "fold_styles.h"

#include "lcclass/report/qgis_style.h"

#include <algorithm>
#include <string>
#include <vector>

namespace lcclass {

namespace {

using Mark = report::CategoryStyle::Mark;

/// Position of the scheme to believe. Requires: one scheme at least.
std::size_t most_honest(const std::vector<FoldScheme>& schemes) {
    auto found = std::ranges::find(schemes, FoldScheme::spatial_block);
    if (found == schemes.end()) {
        found = std::ranges::find_if(schemes, keeps_groups_whole);
    }
    return found == schemes.end() ? 0 : static_cast<std::size_t>(found - schemes.begin());
}

template <class Values>
std::vector<FoldScheme> schemes_of(const Values& values) {
    std::vector<FoldScheme> schemes;
    for (const auto& value : values) {
        schemes.push_back(value.scheme);
    }
    return schemes;
}

} // namespace

LayerStyles fold_layer_styles(const FoldColumns& columns) {
    if (columns.assignments.empty()) {
        return {};
    }
    int n_block_folds = 0;
    int n_excluding_folds = 0;
    for (const FoldAssignment& assignment : columns.assignments) {
        n_block_folds = std::max(n_block_folds, assignment.blocks.empty() ? 0 : assignment.n_folds);
        n_excluding_folds = std::max(n_excluding_folds, assignment.excluded.empty() ? 0 : assignment.n_folds);
    }
    report::CategoryStyle samples;
    if (columns.predictions.empty()) {
        const FoldAssignment& shown = columns.assignments[most_honest(schemes_of(columns.assignments))];
        samples = report::fold_of_samples_style(to_string(shown.scheme), shown.n_folds);
    } else {
        const FoldPredictions& shown = columns.predictions[most_honest(schemes_of(columns.predictions))];
        samples = report::right_or_wrong_style(to_string(shown.scheme));
    }
    return {{.layer = "blocks", .qml = report::to_qml(report::fold_style(n_block_folds, Mark::outline))},
            {.layer = "excluded", .qml = report::to_qml(report::fold_style(n_excluding_folds, Mark::point))},
            {.layer = "samples", .qml = report::to_qml(samples)}};
}

} // namespace lcclass
