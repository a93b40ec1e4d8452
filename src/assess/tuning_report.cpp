#include "assess/tuning_report.h"

#include "assess/accuracy_json.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

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

namespace {

constexpr std::size_t scheme_width = 18;
constexpr std::size_t count_width = 20;
constexpr std::size_t most_rows = 5; // of candidates that were chosen

/// Candidates that were chosen, with the number of folds; the most frequent first.
std::vector<std::pair<std::size_t, std::int64_t>> chosen_candidates(const CrossValidation& cv) {
    std::map<std::size_t, std::int64_t> n_folds;
    for (const FoldResult& fold : cv.folds) {
        ++n_folds[fold.tuning->best];
    }
    std::vector<std::pair<std::size_t, std::int64_t>> chosen(n_folds.begin(), n_folds.end());
    std::stable_sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return chosen;
}

std::string row_of(const std::string& scheme, const std::string& count, const std::string& what) {
    constexpr std::size_t indent = scheme_width + count_width;
    return to_left(scheme, scheme_width) + to_left(count, count_width) + wrap(what, indent, indent);
}

std::string rows_of(const CrossValidation& cv) {
    const TuningGrid& grid = cv.tuning->grid;
    const auto chosen = chosen_candidates(cv);
    const std::string of_folds = " of " + with_thousands(std::ssize(cv.folds)) + " folds";
    std::string text;
    std::int64_t n_others = std::ssize(cv.folds);
    for (std::size_t i = 0; i < std::min(chosen.size(), most_rows); ++i) {
        n_others -= chosen[i].second;
        text += row_of(text.empty() ? to_string(cv.scheme) : "", with_thousands(chosen[i].second) + of_folds,
                       describe_candidate(grid, chosen[i].first));
    }
    if (n_others > 0) {
        text += row_of("", with_thousands(n_others) + of_folds,
                       with_thousands(std::ssize(chosen) - std::int64_t{most_rows}) + " other candidates");
    }
    return text + row_of("", "train with", describe_candidate(grid, cv.tuning->suggested));
}

} // namespace

std::string tuning_table(const std::vector<CrossValidation>& schemes) {
    std::string text;
    for (const CrossValidation& cv : schemes) {
        text += cv.tuning ? rows_of(cv) : std::string();
    }
    return text.empty() ? text : "Tuned within the training part of every fold\n" + text;
}

} // namespace lcclass::assess
