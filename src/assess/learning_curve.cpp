#include "lcclass/assess/learning_curve.h"

#include "assess/fold_fit.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <set>
#include <span>

namespace lcclass {

namespace {

/// Order in which the groups of a fold's training part are taken.
class GroupOrder {
public:
    GroupOrder(const SampleTable& samples, const std::vector<std::int64_t>& train_rows, std::uint64_t seed)
        : m_order(static_cast<std::size_t>(samples.legend.size())), m_anchor(samples.group_names.size(), false) {
        const std::size_t n_classes = m_order.size();
        std::vector<std::int64_t> count(samples.group_names.size() * n_classes, 0);
        for (const std::int64_t row : train_rows) {
            const auto i = static_cast<std::size_t>(row);
            const auto k = static_cast<std::size_t>(samples.legend.index_of(samples.class_code[i]).value());
            ++count[static_cast<std::size_t>(samples.group[i]) * n_classes + k];
        }
        std::vector<std::vector<std::int32_t>> holders(n_classes); // groups with a sample of the class
        for (std::size_t group = 0; group < samples.group_names.size(); ++group) {
            const auto of_group = std::span(count).subspan(group * n_classes, n_classes);
            const auto most = std::max_element(of_group.begin(), of_group.end());
            if (*most == 0) {
                continue;
            }
            ++m_n_groups;
            m_order[static_cast<std::size_t>(most - of_group.begin())].push_back(static_cast<std::int32_t>(group));
            for (std::size_t k = 0; k < n_classes; ++k) {
                if (of_group[k] > 0) {
                    holders[k].push_back(static_cast<std::int32_t>(group));
                }
            }
        }
        for (std::size_t k = 0; k < n_classes; ++k) {
            Rng(seed, k).shuffle(std::span(m_order[k]));
            keep_class(m_order[k], holders[k], Rng(mix64(seed, 1), k));
        }
    }

    [[nodiscard]] std::int64_t n_groups() const { return m_n_groups; }

    /// Per group of the table, whether it stays when `share` of the groups of every class do.
    [[nodiscard]] std::vector<bool> kept(double share) const {
        std::vector<bool> kept = m_anchor;
        for (const auto& groups : m_order) {
            const auto n = static_cast<std::size_t>(std::llround(share * static_cast<double>(groups.size())));
            for (std::size_t i = 0; i < std::min(n, groups.size()); ++i) {
                kept[static_cast<std::size_t>(groups[i])] = true;
            }
        }
        return kept;
    }

private:
    /// Marks the group that stays for the class whatever the share: the first of its own, or of those that hold it.
    void keep_class(const std::vector<std::int32_t>& own, const std::vector<std::int32_t>& holders, Rng rng) {
        if (!own.empty()) {
            m_anchor[static_cast<std::size_t>(own.front())] = true;
        } else if (!holders.empty()) {
            m_anchor[static_cast<std::size_t>(holders[rng.below(holders.size())])] = true;
        }
    }

    std::vector<std::vector<std::int32_t>> m_order; ///< per class, the groups that are mostly of it
    std::vector<bool> m_anchor;                     ///< per group of the table
    std::int64_t m_n_groups = 0;
};

std::vector<std::int64_t> rows_of_groups(const SampleTable& samples, const std::vector<std::int64_t>& rows,
                                         const std::vector<bool>& kept) {
    std::vector<std::int64_t> result;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(result), [&](std::int64_t row) {
        return kept[static_cast<std::size_t>(samples.group[static_cast<std::size_t>(row)])];
    });
    return result;
}

/// Of a forest that learned `train`, on `test`.
AccuracyReport test_accuracy(const FoldPart& train, const FoldPart& test, const RandomForestOptions& options,
                             std::size_t n_classes, Progress& progress) {
    const TrainingSet data{
        .features = view_of(train.table), .class_index = train.class_index, .n_classes = static_cast<int>(n_classes)};
    const TrainedForest trained = train_random_forest(data, options, progress);
    std::vector<std::int32_t> predicted(static_cast<std::size_t>(test.table.size()));
    trained.forest.predict_classes(view_of(test.table), predicted);
    return accuracy_of(matrix_of(test, predicted, n_classes));
}

[[noreturn]] void refuse(double amount, std::string problem) {
    throw Error(ExitCode::configuration, {.where = {},
                                          .field = "learning_curve=" + format_number(amount),
                                          .problem = std::move(problem),
                                          .fix = "give shares up to 1 (0.25) or numbers of polygons above 1 (50)"});
}

} // namespace

void check_amounts(const std::vector<double>& amounts) {
    std::set<double> seen;
    for (const double amount : amounts) {
        if (!(amount > 0) || !std::isfinite(amount)) {
            refuse(amount, "is not above 0");
        }
        if (amount > 1 && amount != std::floor(amount)) {
            refuse(amount, "is neither a share nor a whole number of polygons");
        }
        if (!seen.insert(amount).second) {
            refuse(amount, "is there twice");
        }
    }
}

std::vector<LearningPoint> learning_curve(const SampleTable& samples, const FoldAssignment& folds,
                                          const CrossValidation& run, const std::vector<double>& amounts,
                                          Progress& progress) {
    check_amounts(amounts);
    if (amounts.empty()) {
        return {};
    }
    std::vector<LearningPoint> curve;
    for (const double amount : amounts) {
        curve.push_back({.amount = amount, .folds = {}});
    }
    AllFoldsProgress all_folds(progress);
    progress.begin(to_string(folds.scheme) + " learning curve",
                   std::ssize(amounts) * std::accumulate(run.folds.begin(), run.folds.end(), std::int64_t{0},
                                                         [](std::int64_t sum, const FoldResult& fold) {
                                                             return sum + fold.options.n_estimators;
                                                         }));
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        const FoldRows rows = rows_of_fold(folds, fold);
        const FoldPart test = make_part(samples, run.classes, rows.test);
        const RandomForestOptions& of_fold = run.folds.at(static_cast<std::size_t>(fold - 1)).options;
        const GroupOrder order(samples, rows.train, mix64(of_fold.seed, 3));
        for (LearningPoint& point : curve) {
            throw_if_stopped();
            const double share = point.amount > 1 ? point.amount / static_cast<double>(order.n_groups()) : point.amount;
            const FoldPart train =
                make_part(samples, run.classes, rows_of_groups(samples, rows.train, order.kept(std::min(share, 1.0))));
            point.folds.push_back({.n_polygons = train.n_polygons,
                                   .n_samples = train.table.size(),
                                   .test = test_accuracy(train, test, of_fold, run.classes.size(), all_folds)});
        }
    }
    progress.end();
    return curve;
}

} // namespace lcclass
