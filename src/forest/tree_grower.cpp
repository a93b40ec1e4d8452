#include "forest/tree_grower.h"

#include "forest/global_columns.h"
#include "forest/impurity.h"
#include "forest/local_columns.h"
#include "forest/split_search.h"
#include "forest/tiny_columns.h"
#include "lcclass/core/rng.h"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <utility>

namespace lcclass {

namespace {

constexpr std::uint64_t node_stream = 0x6E6F646573ULL; // keeps nodes apart from the bootstrap's random numbers

/// Puts the items of [begin, end) that go left before the others and returns where those begin. Stable, so that rows
/// stay in memory order, and without a branch that cannot be foreseen.
template <class Item, class GoesLeft>
std::uint32_t partition(std::vector<Item>& items, std::uint32_t begin, std::uint32_t end, std::vector<Item>& scratch,
                        const GoesLeft& goes_left) {
    if (scratch.size() < end - begin) {
        scratch.resize(end - begin);
    }
    Item* const all = items.data();
    std::uint32_t n_left = begin;
    std::uint32_t n_right = 0;
    for (std::uint32_t i = begin; i < end; ++i) {
        const Item item = all[i];
        const std::uint32_t left = goes_left(item) ? 1 : 0;
        all[n_left] = item;
        scratch[n_right] = item;
        n_left += left;
        n_right += 1 - left;
    }
    std::copy_n(scratch.begin(), n_right, all + n_left);
    return n_left;
}

template <class Scan>
class Grower final : public TreeGrower {
public:
    explicit Grower(const GrowthPlan& plan)
        : m_plan(plan), m_features(*plan.features),
          m_scan(plan.bootstrap.n_classes, std::max(plan.bootstrap.n_draws, plan_rows())),
          m_min_leaf(static_cast<std::size_t>(plan.options.min_samples_leaf)),
          m_global(m_features, plan.bootstrap.n_classes), m_local(m_features), m_tiny(m_features.size()),
          m_distributions(plan.bootstrap.n_classes), m_draws(static_cast<std::size_t>(plan.bootstrap.n_classes)),
          m_weights(m_draws.size()), m_leaf(m_draws.size()), m_order(m_features.size()) {
        std::iota(m_order.begin(), m_order.end(), 0);
    }

    GrownTree grow(int tree) override {
        draw_sample(m_plan.bootstrap, tree, m_own_sample);
        begin(m_own_sample);
        grow_globally(root_of(m_plan, tree, m_own_sample));
        RandomForest::Tree grown = take_tree();
        std::vector<double> importance = importance_of(grown, m_decrease, m_features.size());
        return {.tree = std::move(grown),
                .distributions = m_distributions.take(),
                .importance = std::move(importance),
                .cuts = {m_cuts.begin(), m_cuts.end()}};
    }

    TreePart grow_part(TreeSample& sample, const PendingNode& root, bool root_only) override {
        begin(sample);
        if (root_only) {
            make_node(root, m_global, m_scan);
        } else {
            grow_globally(root);
        }
        if (root_only && m_stack.empty()) {
            vote(root, 0);
        }
        return {.tree = take_tree(),
                .decrease = {m_decrease.begin(), m_decrease.end()},
                .distributions = m_distributions.take(),
                .cuts = {m_cuts.begin(), m_cuts.end()},
                .children = std::exchange(m_stack, {})};
    }

private:
    [[nodiscard]] std::int64_t plan_rows() const {
        return static_cast<std::int64_t>(m_plan.bootstrap.class_index.size());
    }

    void begin(TreeSample& sample) {
        m_sample = &sample;
        m_scan.begin_tree(sample.class_weight);
        m_nodes.clear();
        m_cover.clear();
        m_decrease.clear();
        m_cuts.clear();
        m_distributions.reset();
    }

    RandomForest::Tree take_tree() const {
        return {.nodes = {m_nodes.begin(), m_nodes.end()}, .cover = {m_cover.begin(), m_cover.end()}};
    }

    [[nodiscard]] std::span<BagEntry> entries_of(const PendingNode& node) {
        return {m_sample->bag.data() + node.begin, node.n_rows()};
    }

    /// Grows the subtree of `root`; `make` makes one node of it and may push its children.
    template <class Make>
    void grow_below(const PendingNode& root, const Make& make) {
        const std::size_t floor = m_stack.size();
        m_stack.push_back(root);
        while (m_stack.size() > floor) {
            const PendingNode node = m_stack.back();
            m_stack.pop_back();
            make(node);
        }
    }

    void grow_globally(const PendingNode& root) {
        grow_below(root, [&](const PendingNode& node) {
            const std::size_t first = m_nodes.size();
            const std::size_t n_pending = m_stack.size();
            if (node.n_rows() <= m_local.capacity()) {
                grow_locally(node);
            } else {
                make_node(node, m_global, m_scan);
            }
            if (m_stack.size() == n_pending) { // the subtree is complete
                vote(node, first);
            }
        });
    }

    void vote(const PendingNode& node, std::size_t first) {
        if (m_plan.votes != nullptr) {
            m_plan.votes->add(std::span(m_sample->out_of_bag).subspan(node.oob_begin, node.oob_end - node.oob_begin),
                              m_nodes, first, m_features, m_distributions);
        }
    }

    void grow_locally(PendingNode root) {
        root.oob_end = root.oob_begin; // rows out of the bag go down when the subtree is complete
        m_local.load(entries_of(root));
        grow_below(root, [&](const PendingNode& node) {
            if (node.n_rows() <= TinyColumns::capacity) {
                grow_tiny(node);
            } else {
                make_node(node, m_local, m_scan);
            }
        });
    }

    void grow_tiny(const PendingNode& root) {
        const std::span<BagEntry> entries = entries_of(root);
        if constexpr (std::is_same_v<Scan, GiniCounts>) {
            if (entries.size() > 1 && m_bytes.begin_subtree(entries, m_draws.size())) {
                m_tiny.load(m_local, entries, [&](std::uint16_t k) { return m_bytes.shift(k); });
                grow_below(root, [&](const PendingNode& node) { make_node(node, m_tiny, m_bytes); });
                return;
            }
        }
        m_tiny.load(m_local, entries, [](std::uint16_t k) { return k; });
        grow_below(root, [&](const PendingNode& node) { make_node(node, m_tiny, m_scan); });
    }

    template <class Columns, class NodeScan>
    void make_node(const PendingNode& node, Columns& columns, NodeScan& scan) {
        const std::span<const BagEntry> entries = entries_of(node);
        const auto index = static_cast<std::uint32_t>(m_nodes.size());
        if (node.parent != PendingNode::no_parent) {
            m_nodes[node.parent].right = index;
        }
        m_nodes.emplace_back();
        m_cover.push_back(0);
        m_decrease.push_back(0);
        if (entries.size() == 1 || !scan.begin_node(entries)) {
            make_pure_leaf(entries, index);
            return;
        }
        const Split split =
            may_split(node.depth, entries.size()) ? find_split(entries, node.key, columns, scan) : Split{};
        if (split.found()) {
            m_decrease[index] = std::max(0.0, split.value - scan.node_value());
            if (is_cut_depth(node.depth)) {
                remember_cut(entries, index);
            }
            divide(node, index, split, columns.keys(split.feature));
        } else {
            make_mixed_leaf(entries, index);
        }
    }

    [[nodiscard]] bool may_split(std::int32_t depth, std::size_t n) const {
        const RandomForestOptions& options = m_plan.options;
        const auto n_rows = static_cast<std::int64_t>(n);
        return (options.max_depth == 0 || depth < options.max_depth) && n_rows >= options.min_samples_split &&
               n_rows / 2 >= options.min_samples_leaf;
    }

    /// Features are drawn without replacement until max_features were looked at and one of them varied, as
    /// scikit-learn does; the order of equal values is the order of drawing.
    template <class Columns, class NodeScan>
    Split find_split(std::span<const BagEntry> entries, std::uint64_t key, Columns& columns, NodeScan& scan) {
        Rng rng(key, 0);
        Split best;
        std::size_t remaining = m_order.size();
        int n_drawn = 0;
        bool any_varies = false;
        m_swaps.clear();
        while (remaining > 0 && (n_drawn < m_plan.max_features || !any_varies)) {
            const std::size_t pick = rng.below(remaining);
            --remaining;
            ++n_drawn;
            std::swap(m_order[pick], m_order[remaining]);
            m_swaps.push_back(pick);
            if (columns.improve(entries, m_order[remaining], m_min_leaf, scan, best)) {
                any_varies = true;
            }
            if (best.value >= scan.best_value()) {
                break;
            }
        }
        for (; !m_swaps.empty(); m_swaps.pop_back(), ++remaining) {
            std::swap(m_order[m_swaps.back()], m_order[remaining]);
        }
        return best;
    }

    void divide(const PendingNode& node, std::uint32_t index, const Split& split, const std::uint16_t* keys) {
        const auto feature = static_cast<std::size_t>(split.feature);
        const std::uint32_t cut = m_features[feature].cut_between(split.left_code, split.right_code);
        m_nodes[index].content = static_cast<std::uint32_t>(feature << 16U) | cut;
        const std::uint32_t middle = partition_bag(node, keys, split.last_left);
        const std::uint32_t oob_middle = partition_oob(node, m_features[feature].codes.data(), cut);
        PendingNode right = node;
        right.begin = middle;
        right.oob_begin = oob_middle;
        right.parent = index;
        right.depth = node.depth + 1;
        right.key = mix64(node.key, 2);
        PendingNode left = right;
        left.begin = node.begin;
        left.end = middle;
        left.oob_begin = node.oob_begin;
        left.oob_end = oob_middle;
        left.parent = PendingNode::no_parent;
        left.key = mix64(node.key, 1);
        m_stack.push_back(right);
        m_stack.push_back(left);
    }

    std::uint32_t partition_bag(const PendingNode& node, const std::uint16_t* keys, std::uint32_t last_left) {
        return partition(m_sample->bag, node.begin, node.end, m_bag_scratch,
                         [&](const BagEntry& entry) { return keys[entry.row] <= last_left; });
    }

    std::uint32_t partition_oob(const PendingNode& node, const std::uint16_t* codes, std::uint32_t cut) {
        return partition(m_sample->out_of_bag, node.oob_begin, node.oob_end, m_oob_scratch,
                         [&](std::uint32_t row) { return codes[row] <= cut; });
    }

    void make_pure_leaf(std::span<const BagEntry> entries, std::uint32_t index) {
        const std::size_t k = entries[0].class_index;
        std::uint32_t draws = 0;
        for (const BagEntry& entry : entries) {
            draws += entry.count;
        }
        m_nodes[index].content = static_cast<std::uint32_t>(k);
        m_cover[index] = static_cast<float>(draws * m_sample->class_weight[k]);
    }

    [[nodiscard]] bool is_cut_depth(std::int32_t depth) const {
        const auto d = static_cast<std::size_t>(depth);
        return d < m_plan.cut_depths.size() && m_plan.cut_depths[d];
    }

    void remember_cut(std::span<const BagEntry> entries, std::uint32_t index) {
        const MixedLeaf leaf = mixed_leaf(entries);
        m_cuts.push_back({.node = index, .distribution = leaf.distribution, .cover = leaf.cover});
    }

    void make_mixed_leaf(std::span<const BagEntry> entries, std::uint32_t index) {
        const MixedLeaf leaf = mixed_leaf(entries);
        m_nodes[index].content = leaf.distribution;
        m_cover[index] = leaf.cover;
    }

    struct MixedLeaf {
        std::uint32_t distribution;
        float cover;
    };

    MixedLeaf mixed_leaf(std::span<const BagEntry> entries) {
        count_draws(entries, m_draws);
        double weight = 0;
        for (std::size_t k = 0; k < m_draws.size(); ++k) {
            m_weights[k] = m_draws[k] * m_sample->class_weight[k];
            weight += m_weights[k];
        }
        to_fixed_point(m_weights, m_leaf);
        return {.distribution = m_distributions.index_of(m_leaf), .cover = static_cast<float>(weight)};
    }

    const GrowthPlan& m_plan;
    const std::vector<CodedFeature>& m_features;
    Scan m_scan;
    GiniBytes m_bytes;
    std::size_t m_min_leaf;
    GlobalColumns m_global;
    LocalColumns m_local;
    TinyColumns m_tiny;
    TreeSample m_own_sample;
    TreeSample* m_sample = nullptr;
    DistributionTable m_distributions;
    std::vector<PendingNode> m_stack;
    std::vector<RandomForest::Node> m_nodes;
    std::vector<float> m_cover;
    std::vector<double> m_decrease;
    std::vector<CutNode> m_cuts;
    std::vector<BagEntry> m_bag_scratch;
    std::vector<std::uint32_t> m_oob_scratch;
    std::vector<std::uint32_t> m_draws; ///< per class in the node
    std::vector<double> m_weights;
    std::vector<std::uint16_t> m_leaf;
    std::vector<int> m_order; ///< features; ascending between nodes
    std::vector<std::size_t> m_swaps;
};

} // namespace

PendingNode root_of(const GrowthPlan& plan, int tree, const TreeSample& sample) {
    return {.begin = 0,
            .end = static_cast<std::uint32_t>(sample.bag.size()),
            .oob_begin = 0,
            .oob_end = plan.votes != nullptr ? static_cast<std::uint32_t>(sample.out_of_bag.size()) : 0,
            .key = mix64(mix64(plan.options.seed, node_stream), static_cast<std::uint64_t>(tree))};
}

std::vector<double> importance_of(const RandomForest::Tree& tree, std::span<const double> decrease,
                                  std::size_t n_features) {
    std::vector<double> importance(n_features, 0.0);
    for (std::size_t i = 0; i < decrease.size(); ++i) {
        if (!tree.nodes[i].is_leaf()) {
            importance[tree.nodes[i].feature()] += decrease[i];
        }
    }
    const double total = std::accumulate(importance.begin(), importance.end(), 0.0);
    for (double& value : importance) {
        value = total > 0 ? value / total : 0;
    }
    return importance;
}

std::unique_ptr<TreeGrower> make_tree_grower(const GrowthPlan& plan) {
    if (plan.options.criterion == SplitCriterion::entropy) {
        return std::make_unique<Grower<EntropyScan>>(plan);
    }
    if (plan.bootstrap.class_weight == ClassWeight::none) {
        return std::make_unique<Grower<GiniCounts>>(plan);
    }
    return std::make_unique<Grower<GiniScan>>(plan);
}

} // namespace lcclass
