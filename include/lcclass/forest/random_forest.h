/// The random forest: options, training and prediction. Parameters have scikit-learn's names and meaning.
/// A RandomForest is immutable; every const function may be called from several threads at once.
#pragma once

#include "lcclass/core/pixel_block.h"
#include "lcclass/core/progress.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

enum class SplitCriterion { gini, entropy };
enum class ClassWeight { none, balanced, balanced_subsample };

std::string to_string(SplitCriterion criterion);
std::string to_string(ClassWeight weight);
/// Throw Error(command_line) listing the known words.
SplitCriterion parse_split_criterion(const std::string& word);
ClassWeight parse_class_weight(const std::string& word);

/// How many features a split looks at: `sqrt`, `log2`, `all`, a fraction in (0, 1] written with a point, or a count.
struct MaxFeatures {
    std::string text = "sqrt";
    /// The number for `n_features`, at least 1, as scikit-learn rounds it. Throws Error(configuration).
    [[nodiscard]] int resolve(int n_features) const;
};

struct RandomForestOptions {
    int n_estimators = 100; ///< 1..65536
    int max_depth = 0;      ///< 0: unlimited
    MaxFeatures max_features = {};
    std::int64_t min_samples_split = 2; ///< rows, each counted once however often the bootstrap drew it
    std::int64_t min_samples_leaf = 1;  ///< likewise
    double max_samples = 0; ///< bootstrap draws per tree: a fraction in (0, 1], or a count above 1; 0: as many as rows
    bool bootstrap = true;
    ClassWeight class_weight = ClassWeight::none;
    SplitCriterion criterion = SplitCriterion::gini;
    int max_bins = 65535;  ///< distinct values kept per feature, 2..65535; quantile bins beyond that
    bool oob_score = true; ///< also score every tree on the rows outside its bag
    std::uint64_t seed = 42;
};

/// Throws Error(configuration) naming option, value and range. `n_features` 0: not known yet.
void check_options(const RandomForestOptions& options, int n_features);

/// Rows to learn from. `class_index[i]` in [0, n_classes) belongs to row i of `features`.
struct TrainingSet {
    FeatureView features;
    std::span<const std::int32_t> class_index;
    int n_classes = 0;
};

class PackedForest;

class RandomForest {
public:
    /// One node in 8 bytes. Nodes are in preorder: the left child of an inner node is the node after it.
    struct Node {
        std::uint32_t right = 0;   ///< index of the right child within the tree; 0 marks a leaf
        std::uint32_t content = 0; ///< inner node: feature << 16 | cut; leaf: index of its distribution

        [[nodiscard]] bool is_leaf() const { return right == 0; }
        [[nodiscard]] std::uint32_t feature() const { return content >> 16U; }
        /// x goes left when x <= thresholds()[feature()][cut()].
        [[nodiscard]] std::uint32_t cut() const { return content & 0xFFFFU; }
        [[nodiscard]] std::uint32_t distribution() const { return content; }
        bool operator==(const Node&) const = default;
    };
    /// A tree as arrays; node 0 is the root.
    struct Tree {
        std::vector<Node> nodes;
        std::vector<float> cover; ///< weighted number of training draws per node; an inner node has its children's sum
        bool operator==(const Tree&) const = default;
    };
    /// Leaf probabilities are integers in units of 1 / probability_one that sum to it exactly, so that sums over
    /// trees do not depend on their order.
    static constexpr std::uint32_t probability_one = 65535;
    static constexpr int max_trees = 65536; ///< so that a sum over trees fits 32 bits
    static constexpr int max_classes = 4096;

    struct Parts {
        int n_features = 0;                              ///< 1..65535
        int n_classes = 0;                               ///< 1..max_classes
        std::vector<std::vector<float>> thresholds = {}; ///< per feature, ascending, at most 65535
        std::vector<std::uint16_t> distributions =
            {}; ///< row-major table of leaf distributions, n_classes entries each
        std::vector<Tree> trees = {};
    };

    /// Sets the cover of inner nodes from the leaves and checks the whole structure in linear time.
    /// Throws: Error(model) naming tree and node.
    explicit RandomForest(Parts parts);

    [[nodiscard]] int n_features() const { return m_parts->n_features; }
    [[nodiscard]] int n_classes() const { return m_parts->n_classes; }
    [[nodiscard]] int n_trees() const { return static_cast<int>(m_parts->trees.size()); }
    [[nodiscard]] std::int64_t n_nodes() const;
    /// Nodes on the longest way from a root to a leaf, less one.
    [[nodiscard]] int depth() const { return m_depth; }
    [[nodiscard]] const std::vector<Tree>& trees() const { return m_parts->trees; }
    [[nodiscard]] const std::vector<std::vector<float>>& thresholds() const { return m_parts->thresholds; }
    [[nodiscard]] float threshold(const Node& node) const { return m_parts->thresholds[node.feature()][node.cut()]; }
    /// Row-major table of distinct leaf distributions, n_classes entries each.
    [[nodiscard]] std::span<const std::uint16_t> distributions() const { return m_parts->distributions; }
    [[nodiscard]] std::span<const std::uint16_t> distribution(const Node& leaf) const {
        const auto k = static_cast<std::size_t>(m_parts->n_classes);
        return distributions().subspan(leaf.distribution() * k, k);
    }

    /// Rows [first, first + n) as numbers of thresholds below their values: codes[i * n_features + f] <= node.cut()
    /// exactly when the value goes left.
    void encode(const FeatureView& rows, std::int64_t first, std::int64_t n, std::span<std::uint16_t> codes) const;
    /// Sums over trees of leaf probabilities: out[row * n_classes + k], in units of 1 / probability_one; divide by
    /// n_trees x probability_one for the probability. Uses all threads; the more rows at once, the less each costs.
    /// Requires: out.size() == n_rows x n_classes; finite features.
    void predict_sums(const FeatureView& rows, std::span<std::uint32_t> out) const;
    /// Index of the most probable class per row, the lowest on ties. Uses all threads, likewise.
    void predict_classes(const FeatureView& rows, std::span<std::int32_t> out) const;
    /// The layout that predictions are made with; of use to this layer only.
    [[nodiscard]] const PackedForest& packed() const { return *m_packed; }

private:
    std::shared_ptr<const Parts> m_parts; ///< shared by copies, and referred to by the packed layout
    std::shared_ptr<const PackedForest> m_packed;
    int m_depth = 0;
};

struct OutOfBagScore {
    double accuracy = 0;
    std::int64_t n_rows = 0; ///< rows that were out of the bag of at least one tree
};

struct TrainedForest {
    RandomForest forest;
    std::optional<OutOfBagScore> out_of_bag; ///< nothing when not asked for or every row was in every bag
    std::vector<double> impurity_importance; ///< per feature, mean decrease in impurity, sums to 1 (or all 0)
};

/// Grows the forest on all threads. The same options and rows give the same forest whatever the thread count; the
/// first t trees of a larger forest are the smaller forest, and a tree of max_depth d is the unlimited tree cut at d.
/// Throws: Error(configuration) for bad options; Error(input) for no rows, a single class or a value that is not
/// finite (naming row and feature, counted from 0).
TrainedForest train_random_forest(const TrainingSet& data, const RandomForestOptions& options, Progress& progress);

} // namespace lcclass
