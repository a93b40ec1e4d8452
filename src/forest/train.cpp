#include "forest/distribution_table.h"
#include "forest/feature_codes.h"
#include "forest/tree_grower.h"
#include "forest/tree_parts.h"
#include "forest/tree_sample.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/random_forest.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace lcclass {

namespace {

constexpr int most_features = 65535;

[[noreturn]] void reject(const std::string& field, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::input, {.where = {}, .field = field, .problem = problem, .fix = fix});
}

void check_training_set(const TrainingSet& data) {
    const auto n_rows = static_cast<std::int64_t>(data.class_index.size());
    if (data.features.n_rows != n_rows || data.features.n_features() < 1) {
        throw Error(ExitCode::internal, {.where = "forest training",
                                         .field = "rows=" + std::to_string(n_rows),
                                         .problem = "features and classes are of different lengths, or none",
                                         .fix = "report this"});
    }
    if (n_rows == 0) {
        reject("rows=0", "there is nothing to learn from", "give labelled samples");
    }
    if (n_rows >= std::numeric_limits<std::uint32_t>::max()) {
        reject("rows=" + with_thousands(n_rows), "there are too many rows", "draw fewer than 4,294,967,295 samples");
    }
    if (data.features.n_features() > most_features) {
        reject("features=" + std::to_string(data.features.n_features()), "there are too many features",
               "use 65535 at most");
    }
    if (data.n_classes > RandomForest::max_classes) {
        reject("classes=" + std::to_string(data.n_classes), "there are too many classes",
               "use " + std::to_string(RandomForest::max_classes) + " at most; is this field really a class?");
    }
    const auto [low, high] = std::minmax_element(data.class_index.begin(), data.class_index.end());
    if (*low < 0 || *high >= data.n_classes) {
        throw Error(ExitCode::internal, {.where = "forest training",
                                         .field = "class_index=" + std::to_string(*low < 0 ? *low : *high),
                                         .problem = "is outside the legend",
                                         .fix = "report this"});
    }
    if (*low == *high) {
        reject("classes=1", "all rows are of one class", "give samples of two classes or more");
    }
}

/// Brings the trees' own distributions into one table, in the order of the trees.
std::vector<std::uint16_t> merge_distributions(std::vector<GrownTree>& grown, int n_classes) {
    DistributionTable table(n_classes);
    const auto k = static_cast<std::size_t>(n_classes);
    std::vector<std::uint32_t> merged;
    for (GrownTree& tree : grown) {
        merged.clear();
        for (std::size_t at = 0; at < tree.distributions.size(); at += k) {
            merged.push_back(table.index_of(std::span(tree.distributions).subspan(at, k)));
        }
        for (RandomForest::Node& node : tree.tree.nodes) {
            if (node.is_leaf()) {
                node.content = merged[node.content];
            }
        }
        tree.distributions = {};
    }
    return table.take();
}

/// Keeps of every feature's thresholds those that a node uses.
std::vector<std::vector<float>> used_thresholds(const std::vector<CodedFeature>& features,
                                                std::vector<GrownTree>& grown) {
    std::vector<std::vector<std::uint16_t>> new_cut;
    for (const CodedFeature& feature : features) {
        new_cut.emplace_back(feature.thresholds.size(), std::uint16_t{0});
    }
    for (const GrownTree& tree : grown) {
        for (const RandomForest::Node& node : tree.tree.nodes) {
            if (!node.is_leaf()) {
                new_cut[node.feature()][node.cut()] = 1;
            }
        }
    }
    std::vector<std::vector<float>> thresholds(features.size());
    for (std::size_t f = 0; f < features.size(); ++f) {
        for (std::size_t i = 0; i < new_cut[f].size(); ++i) {
            if (new_cut[f][i] != 0) {
                new_cut[f][i] = static_cast<std::uint16_t>(thresholds[f].size());
                thresholds[f].push_back(features[f].thresholds[i]);
            }
        }
    }
    tbb::parallel_for(std::size_t{0}, grown.size(), [&](std::size_t t) {
        for (RandomForest::Node& node : grown[t].tree.nodes) {
            if (!node.is_leaf()) {
                node.content = (node.feature() << 16U) | new_cut[node.feature()][node.cut()];
            }
        }
    });
    return thresholds;
}

/// Mean over the trees that split at all, scaled to sum to 1.
std::vector<double> mean_importance(const std::vector<GrownTree>& grown, std::size_t n_features) {
    std::vector<double> mean(n_features, 0.0);
    for (const GrownTree& tree : grown) {
        for (std::size_t f = 0; f < n_features; ++f) {
            mean[f] += tree.importance[f];
        }
    }
    const double total = std::accumulate(mean.begin(), mean.end(), 0.0);
    for (double& value : mean) {
        value = total > 0 ? value / total : 0;
    }
    return mean;
}

std::vector<GrownTree> grow_trees(const GrowthPlan& plan, Progress& progress) {
    const int n_trees = plan.options.n_estimators;
    std::vector<GrownTree> grown(static_cast<std::size_t>(n_trees));
    TreeGrowers growers([&] { return make_tree_grower(plan); });
    progress.begin("growing trees", n_trees);
    // Whole trees side by side are cheapest; too few of them leave threads idle.
    const auto n_threads = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
    const bool in_parts = static_cast<std::size_t>(n_trees) < 2 * n_threads && n_threads > 1;
    tbb::parallel_for(
        tbb::blocked_range<int>(0, n_trees, 1),
        [&](const tbb::blocked_range<int>& range) {
            for (int tree = range.begin(); tree < range.end(); ++tree) {
                throw_if_stopped();
                grown[static_cast<std::size_t>(tree)] =
                    in_parts ? grow_in_parts(plan, tree, growers) : growers.local()->grow(tree);
                progress.advance(1);
            }
        },
        tbb::simple_partitioner());
    progress.end();
    return grown;
}

} // namespace

TrainedForest train_random_forest(const TrainingSet& data, const RandomForestOptions& options, Progress& progress) {
    check_options(options, data.features.n_features());
    check_training_set(data);
    const std::int64_t n_draws = draws_per_tree(options, data.features.n_rows);
    std::vector<CodedFeature> features = encode_features(data.features, options.max_bins);
    std::optional<OutOfBagVotes> votes;
    if (options.oob_score && options.bootstrap) {
        votes.emplace(data.features.n_rows, data.n_classes);
    }
    const GrowthPlan plan = {.features = &features,
                             .bootstrap = {.class_index = data.class_index,
                                           .n_classes = data.n_classes,
                                           .n_draws = n_draws,
                                           .bootstrap = options.bootstrap,
                                           .class_weight = options.class_weight,
                                           .seed = options.seed},
                             .options = options,
                             .max_features = options.max_features.resolve(data.features.n_features()),
                             .votes = votes ? &*votes : nullptr};
    std::vector<GrownTree> grown = grow_trees(plan, progress);

    RandomForest::Parts parts{.n_features = data.features.n_features(), .n_classes = data.n_classes};
    parts.distributions = merge_distributions(grown, data.n_classes);
    parts.thresholds = used_thresholds(features, grown);
    std::vector<double> importance = mean_importance(grown, features.size());
    features.clear(); // the forest makes its own layout next
    for (GrownTree& tree : grown) {
        parts.trees.push_back(std::move(tree.tree));
    }
    return {.forest = RandomForest(std::move(parts)),
            .out_of_bag = votes ? votes->score(data.class_index) : std::nullopt,
            .impurity_importance = std::move(importance)};
}

} // namespace lcclass
