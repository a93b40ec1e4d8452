#include "assess/tuning_report.h"

#include "assess/accuracy_json.h"

#include <nlohmann/json.hpp>

#include <map>

namespace lcclass::assess {

using json = nlohmann::ordered_json;

json params_json(const RandomForestOptions& options) {
    return {
        {"n_estimators", options.n_estimators},
        {"max_depth", options.max_depth == 0 ? json() : json(options.max_depth)},
        {"max_features", options.max_features.text},
        {"min_samples_split", options.min_samples_split},
        {"min_samples_leaf", options.min_samples_leaf},
        {"max_samples", options.max_samples == 0 ? json() : json(options.max_samples)},
        {"bootstrap", options.bootstrap},
        {"class_weight", options.class_weight == ClassWeight::none ? json() : json(to_string(options.class_weight))},
        {"criterion", to_string(options.criterion)},
        {"max_bins", options.max_bins},
    };
}

namespace {

/// Those that vary in the grid.
json varied_json(const TuningGrid& grid, std::size_t candidate) {
    const json all = params_json(grid.candidates.at(candidate));
    json varied;
    for (const std::string& name : grid.names) {
        varied[name] = all.at(name);
    }
    return varied;
}

} // namespace

json tuning_json(const CrossValidation& cv) {
    const TuningRecord& tuning = *cv.tuning;
    json candidates = json::array();
    for (std::size_t c = 0; c < tuning.grid.candidates.size(); ++c) {
        std::vector<std::optional<double>> scores;
        for (const FoldResult& fold : cv.folds) {
            scores.push_back(fold.tuning->scores[c].mean);
        }
        const FoldSpread spread = spread_of(scores);
        candidates.push_back({{"params", varied_json(tuning.grid, c)},
                              {"mean", number_or_null(spread.mean)},
                              {"sd", number_or_null(spread.sd)}});
    }
    return {{"scoring", to_string(tuning.scoring)},
            {"inner_folds", tuning.n_folds},
            {"candidates", std::move(candidates)},
            {"suggested", varied_json(tuning.grid, tuning.suggested)}};
}

json scores_json(const TuningResult& result) {
    json scores = json::array();
    for (const CandidateScore& candidate : result.scores) {
        json of_fold = json::array();
        for (const auto& score : candidate.of_fold) {
            of_fold.push_back(number_or_null(score));
        }
        scores.push_back({{"mean", number_or_null(candidate.mean)}, {"folds", std::move(of_fold)}});
    }
    return scores;
}

std::string tuning_table(const std::vector<CrossValidation>& schemes) {
    std::string text;
    for (const CrossValidation& cv : schemes) {
        if (!cv.tuning) {
            continue;
        }
        std::map<std::size_t, int> chosen;
        for (const FoldResult& fold : cv.folds) {
            ++chosen[fold.tuning->best];
        }
        text += to_string(cv.scheme) + ":";
        std::string separator = " ";
        for (const auto& [candidate, n_folds] : chosen) {
            text += separator + describe_candidate(cv.tuning->grid, candidate) + " in " + std::to_string(n_folds);
            separator = ", ";
        }
        text += " of " + std::to_string(cv.folds.size()) + " folds; train with " +
                describe_candidate(cv.tuning->grid, cv.tuning->suggested) + "\n";
    }
    return text.empty() ? text : "Tuned within the training part of every fold\n" + text;
}

} // namespace lcclass::assess
