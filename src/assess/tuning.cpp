#include "lcclass/assess/tuning.h"

#include "assess/tuning_run.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/forest_family.h"
#include "lcclass/forest/forest_parameters.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace lcclass {

namespace {

constexpr std::size_t most_candidates = 100000;
const std::array<std::string, 5> scoring_words = {"accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "kappa"};

[[noreturn]] void refuse_grid(ExitCode code, const std::string& field, const std::string& problem) {
    throw Error(code, {.where = {},
                       .field = "--tune=" + field,
                       .problem = problem,
                       .fix = "write it like 'n_estimators=100,200;max_depth=10,20,none'"});
}

/// Values by parameter, parameters by alphabet.
std::map<std::string, std::vector<std::string>> parse_values(const std::string& text) {
    std::map<std::string, std::vector<std::string>> values;
    for (const std::string& part : split(text, ';')) {
        if (trim(part).empty()) {
            continue;
        }
        const std::size_t equals = part.find('=');
        const std::string name(trim(part.substr(0, equals)));
        if (equals == std::string::npos || name.empty()) {
            refuse_grid(ExitCode::command_line, std::string(trim(part)), "is not a parameter and its values");
        }
        std::vector<std::string>& of_name = values[name];
        if (!of_name.empty()) {
            refuse_grid(ExitCode::command_line, name, "is named twice");
        }
        for (const std::string& value : split(part.substr(equals + 1), ',')) {
            of_name.emplace_back(trim(value));
            if (of_name.back().empty() || std::count(of_name.begin(), of_name.end(), of_name.back()) > 1) {
                refuse_grid(ExitCode::command_line, std::string(trim(part)),
                            of_name.back().empty() ? "has an empty value" : "has a value twice");
            }
        }
    }
    if (values.empty()) {
        refuse_grid(ExitCode::command_line, text, "names no parameter");
    }
    return values;
}

/// Candidates that are parts of one forest, by their position in the grid.
struct Family {
    RandomForestOptions options; ///< of the largest member
    std::vector<int> cut_depths;
    std::vector<std::size_t> members;
};

/// What a candidate is but for its number of trees and depth.
std::string kind_of(RandomForestOptions options) {
    options.n_estimators = 1;
    options.max_depth = 0;
    std::string text;
    for (const std::string& name : forest_parameter_names()) {
        text += forest_parameter(options, name) + ';';
    }
    return text;
}

std::vector<Family> families_of(const TuningGrid& grid) {
    std::map<std::string, std::size_t> family_of_kind;
    std::vector<Family> families;
    for (std::size_t c = 0; c < grid.candidates.size(); ++c) {
        const RandomForestOptions& candidate = grid.candidates[c];
        const auto [found, is_new] = family_of_kind.try_emplace(kind_of(candidate), families.size());
        if (is_new) {
            families.push_back({.options = candidate, .cut_depths = {}, .members = {}});
        }
        Family& family = families[found->second];
        family.members.push_back(c);
        family.options.n_estimators = std::max(family.options.n_estimators, candidate.n_estimators);
        const bool unlimited = family.options.max_depth == 0 || candidate.max_depth == 0;
        family.options.max_depth = unlimited ? 0 : std::max(family.options.max_depth, candidate.max_depth);
        if (candidate.max_depth > 0) {
            family.cut_depths.push_back(candidate.max_depth);
        }
    }
    return families;
}

/// Scores the members of one family on the test part of an inner fold.
class FamilyScores {
public:
    FamilyScores(const ForestFamily& family, const FoldPart& test, std::size_t n_classes, Scoring scoring)
        : m_family(family), m_test(test), m_n_classes(n_classes), m_scoring(scoring) {}

    void score(const TuningGrid& grid, const Family& members, std::vector<std::optional<double>>& scores) const {
        std::map<int, CandidatesByTrees> by_depth;
        for (const std::size_t c : members.members) {
            const int depth = grid.candidates[c].max_depth;
            by_depth[depth >= m_family.depth() ? 0 : depth][grid.candidates[c].n_estimators].push_back(c);
        }
        // Test parts are small: depths side by side keep the threads busier than the rows of one forest.
        const std::vector<std::pair<int, CandidatesByTrees>> depths(by_depth.begin(), by_depth.end());
        tbb::parallel_for(std::size_t{0}, depths.size(),
                          [&](std::size_t i) { score_depth(depths[i].first, depths[i].second, scores); });
    }

private:
    using CandidatesByTrees = std::map<int, std::vector<std::size_t>>;

    void score_depth(int depth, const CandidatesByTrees& by_trees, std::vector<std::optional<double>>& scores) const {
        std::vector<std::uint32_t> sums(m_test.class_index.size() * m_n_classes, 0);
        int n_before = 0;
        for (const auto& [n_trees, candidates] : by_trees) {
            throw_if_stopped();
            add_sums(n_before, n_trees - n_before, depth, sums);
            n_before = n_trees;
            const auto report = accuracy_of(matrix_of(m_test, most_probable(sums, m_n_classes), m_n_classes));
            for (const std::size_t c : candidates) {
                scores[c] = score_of(report, m_scoring);
            }
        }
    }

    void add_sums(int first, int n, int depth, std::vector<std::uint32_t>& sums) const {
        const std::vector<std::uint32_t> more = predict_sums(m_family.cut(first, n, depth), m_test.table);
        std::transform(sums.begin(), sums.end(), more.begin(), sums.begin(), std::plus());
    }

    const ForestFamily& m_family;
    const FoldPart& m_test;
    std::size_t m_n_classes;
    Scoring m_scoring;
};

std::vector<std::optional<double>> score_fold(const FoldPart& train, const FoldPart& test, std::size_t n_classes,
                                              const TuningOptions& options, std::uint64_t seed, Progress& progress) {
    std::vector<std::optional<double>> scores(options.grid.candidates.size());
    std::map<int, CodedTrainingSet> coded; // by max_bins: one set of codes serves every fit that can share it
    for (Family& family : families_of(options.grid)) {
        family.options.seed = seed;
        const TrainingSet data{.features = view_of(train.table),
                               .class_index = train.class_index,
                               .n_classes = static_cast<int>(n_classes)};
        const auto at = coded.try_emplace(family.options.max_bins, data, family.options.max_bins).first;
        const ForestFamily grown = grow_family(at->second, family.options, family.cut_depths, progress);
        FamilyScores(grown, test, n_classes, options.scoring).score(options.grid, family, scores);
    }
    return scores;
}

} // namespace

TuningGrid parse_tuning_grid(const std::string& text, const RandomForestOptions& base) {
    TuningGrid grid{.names = {}, .candidates = {base}};
    for (const auto& [name, values] : parse_values(text)) {
        grid.names.push_back(name);
        if (grid.candidates.size() * values.size() > most_candidates) {
            refuse_grid(ExitCode::configuration, text, "has more than 100,000 combinations");
        }
        std::vector<RandomForestOptions> crossed;
        for (const RandomForestOptions& candidate : grid.candidates) {
            for (const std::string& value : values) {
                crossed.push_back(candidate);
                set_forest_parameter(crossed.back(), name, value);
            }
        }
        grid.candidates = std::move(crossed);
    }
    for (const RandomForestOptions& candidate : grid.candidates) {
        check_options(candidate, 0);
    }
    return grid;
}

std::string describe_candidate(const TuningGrid& grid, std::size_t candidate) {
    std::string text;
    for (const std::string& name : grid.names) {
        text += (text.empty() ? "" : " ") + name + "=" + forest_parameter(grid.candidates.at(candidate), name);
    }
    return text;
}

std::string to_string(Scoring scoring) {
    return scoring_words[static_cast<std::size_t>(scoring)];
}

Scoring parse_scoring(const std::string& word) {
    const auto found = std::find(scoring_words.begin(), scoring_words.end(), word);
    if (found == scoring_words.end()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--scoring=" + word,
                                             .problem = "unknown word" + did_you_mean(word, scoring_words),
                                             .fix = "use one of " + join(scoring_words, ", ")});
    }
    return static_cast<Scoring>(found - scoring_words.begin());
}

std::optional<double> score_of(const AccuracyReport& report, Scoring scoring) {
    switch (scoring) {
    case Scoring::accuracy:
        return report.overall_accuracy;
    case Scoring::f1_macro:
        return report.f1_macro;
    case Scoring::f1_weighted:
        return report.f1_weighted;
    case Scoring::kappa:
        return report.kappa;
    case Scoring::balanced_accuracy:
        break;
    }
    std::vector<std::optional<double>> recalls;
    for (const ClassAccuracy& of_class : report.per_class) {
        recalls.push_back(of_class.recall);
    }
    return spread_of(recalls).mean;
}

std::size_t best_candidate(const std::vector<CandidateScore>& scores) {
    const auto best = std::max_element(scores.begin(), scores.end(), [](const auto& a, const auto& b) {
        return b.mean && (!a.mean || *a.mean < *b.mean);
    });
    return static_cast<std::size_t>(best - scores.begin());
}

double tuning_cost(const TuningOptions& options, const RandomForestOptions& forest) {
    const auto trees = static_cast<double>(options.n_folds * trees_per_inner_fold(options.grid));
    return 1 + trees / forest.n_estimators;
}

std::int64_t trees_per_inner_fold(const TuningGrid& grid) {
    std::int64_t n = 0;
    for (const Family& family : families_of(grid)) {
        n += family.options.n_estimators;
    }
    return n;
}

TuningResult tune(const FoldPart& train, const std::vector<ClassCount>& classes, const TuningOptions& options,
                  std::uint64_t seed, Progress& progress) {
    TuningResult result;
    result.scores.resize(options.grid.candidates.size());
    const FoldAssignment folds = options.make_folds(train.table);
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        throw_if_stopped();
        const FoldRows rows = rows_of_fold(folds, fold);
        const auto scores =
            score_fold(make_part(train.table, classes, rows.train), make_part(train.table, classes, rows.test),
                       classes.size(), options, mix64(seed, static_cast<std::uint64_t>(fold)), progress);
        for (std::size_t c = 0; c < scores.size(); ++c) {
            result.scores[c].of_fold.push_back(scores[c]);
        }
    }
    for (CandidateScore& score : result.scores) {
        score.mean = spread_of(score.of_fold).mean;
    }
    result.best = best_candidate(result.scores);
    return result;
}

} // namespace lcclass
