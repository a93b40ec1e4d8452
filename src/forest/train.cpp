#include "forest/feature_codes.h"
#include "forest/forest_assembly.h"
#include "forest/tree_grower.h"
#include "forest/tree_parts.h"
#include "forest/tree_sample.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/forest_family.h"
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

GrowthPlan plan_growth(const TrainingSet& data, const std::vector<CodedFeature>& features,
                       const RandomForestOptions& options) {
    return {.features = &features,
            .bootstrap = {.class_index = data.class_index,
                          .n_classes = data.n_classes,
                          .n_draws = draws_per_tree(options, data.features.n_rows),
                          .bootstrap = options.bootstrap,
                          .class_weight = options.class_weight,
                          .seed = options.seed},
            .options = options,
            .max_features = options.max_features.resolve(data.features.n_features()),
            .cut_depths = {}};
}

std::vector<std::vector<float>> thresholds_of(const std::vector<CodedFeature>& features) {
    std::vector<std::vector<float>> thresholds;
    for (const CodedFeature& feature : features) {
        thresholds.push_back(feature.thresholds);
    }
    return thresholds;
}

int depth_of(const RandomForest::Tree& tree) {
    std::vector<int> depth(tree.nodes.size(), 0);
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        if (!tree.nodes[i].is_leaf()) {
            depth[i + 1] = depth[i] + 1;
            depth[tree.nodes[i].right] = depth[i] + 1;
        }
    }
    return *std::max_element(depth.begin(), depth.end());
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
    std::vector<CodedFeature> features = encode_features(data.features, options.max_bins);
    std::optional<OutOfBagVotes> votes;
    if (options.oob_score && options.bootstrap) {
        votes.emplace(data.features.n_rows, data.n_classes);
    }
    GrowthPlan plan = plan_growth(data, features, options);
    plan.votes = votes ? &*votes : nullptr;
    std::vector<GrownTree> grown = grow_trees(plan, progress);
    std::vector<double> importance = mean_importance(grown, features.size());
    const std::vector<std::vector<float>> thresholds = thresholds_of(features);
    features.clear(); // the forest makes its own layout next
    return {.forest = RandomForest(assemble_forest(std::move(grown), thresholds, data.n_classes)),
            .out_of_bag = votes ? votes->score(data.class_index) : std::nullopt,
            .impurity_importance = std::move(importance)};
}

struct CodedTrainingSet::Rows {
    TrainingSet data;
    std::vector<CodedFeature> features;
};

CodedTrainingSet::CodedTrainingSet(const TrainingSet& data, int max_bins) {
    check_training_set(data);
    m_rows = std::make_shared<const Rows>(Rows{.data = data, .features = encode_features(data.features, max_bins)});
}

struct ForestFamily::Parts {
    std::vector<GrownTree> trees;
    std::vector<bool> cut_depths;
    std::vector<std::vector<float>> thresholds;
    int n_classes = 0;
    int depth = 0;
};

int ForestFamily::n_trees() const {
    return static_cast<int>(m_parts->trees.size());
}

int ForestFamily::depth() const {
    return m_parts->depth;
}

RandomForest ForestFamily::cut(int first, int n, int max_depth) const {
    const int depth = max_depth == 0 ? m_parts->depth : max_depth;
    const auto d = static_cast<std::size_t>(depth);
    if (depth < m_parts->depth && (d >= m_parts->cut_depths.size() || !m_parts->cut_depths[d])) {
        throw Error(ExitCode::internal, {.where = "forest family",
                                         .field = "max_depth=" + std::to_string(max_depth),
                                         .problem = "was not among the cut depths when it was grown",
                                         .fix = "report this"});
    }
    std::vector<GrownTree> trees(static_cast<std::size_t>(n));
    tbb::parallel_for(0, n, [&](int t) {
        trees[static_cast<std::size_t>(t)] =
            cut_tree(m_parts->trees.at(static_cast<std::size_t>(first) + static_cast<std::size_t>(t)), depth);
    });
    return RandomForest(assemble_forest(std::move(trees), m_parts->thresholds, m_parts->n_classes));
}

ForestFamily grow_family(const CodedTrainingSet& data, const RandomForestOptions& options,
                         const std::vector<int>& cut_depths, Progress& progress) {
    const auto& [rows, features] = data.rows();
    check_options(options, rows.features.n_features());
    GrowthPlan plan = plan_growth(rows, features, options);
    for (const int depth : cut_depths) {
        plan.cut_depths.resize(std::max(plan.cut_depths.size(), static_cast<std::size_t>(depth) + 1));
        plan.cut_depths[static_cast<std::size_t>(depth)] = true;
    }
    ForestFamily::Parts parts{.trees = grow_trees(plan, progress),
                              .cut_depths = plan.cut_depths,
                              .thresholds = thresholds_of(features),
                              .n_classes = rows.n_classes};
    for (const GrownTree& tree : parts.trees) {
        parts.depth = std::max(parts.depth, depth_of(tree.tree));
    }
    return ForestFamily(std::make_shared<const ForestFamily::Parts>(std::move(parts)));
}

} // namespace lcclass
