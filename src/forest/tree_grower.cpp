#include "forest/tree_grower.h"

#include "forest/impurity.h"
#include "forest/local_columns.h"
#include "forest/split_search.h"
#include "lcclass/core/rng.h"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::uint64_t node_stream = 0x6E6F646573ULL; // keeps nodes apart from the bootstrap's random numbers
constexpr std::uint32_t no_parent = 0xFFFFFFFFU;

/// A node to be made: its rows in and out of the bag, and the key of its path from the root.
struct PendingNode {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t oob_begin = 0;
    std::uint32_t oob_end = 0;
    std::uint32_t parent = no_parent; ///< of a right child
    std::int32_t depth = 0;
    std::uint64_t key = 0;
};

template <class Scan>
class Grower final : public TreeGrower {
public:
    explicit Grower(const GrowthPlan& plan)
        : m_plan(plan), m_features(*plan.features),
          m_scan(plan.bootstrap.n_classes, std::max(plan.bootstrap.n_draws, plan_rows())),
          m_search(plan.bootstrap.n_classes, plan.options.min_samples_leaf), m_local(m_features),
          m_distributions(plan.bootstrap.n_classes), m_draws(static_cast<std::size_t>(plan.bootstrap.n_classes)),
          m_weights(m_draws.size()), m_leaf(m_draws.size()), m_order(m_features.size()) {
        std::iota(m_order.begin(), m_order.end(), 0);
    }

    GrownTree grow(int tree) override {
        draw_sample(m_plan.bootstrap, tree, m_sample);
        m_scan.begin_tree(m_sample.class_weight);
        m_nodes.clear();
        m_cover.clear();
        m_distributions.reset();
        m_importance.assign(m_features.size(), 0.0);
        m_bag_scratch.resize(m_sample.bag.size());
        m_oob_scratch.resize(m_sample.out_of_bag.size());
        m_is_local = false;
        m_stack.push_back({.begin = 0,
                           .end = static_cast<std::uint32_t>(m_sample.bag.size()),
                           .oob_begin = 0,
                           .oob_end = static_cast<std::uint32_t>(m_sample.out_of_bag.size()),
                           .key = mix64(mix64(m_plan.options.seed, node_stream), static_cast<std::uint64_t>(tree))});
        while (!m_stack.empty()) {
            const PendingNode node = m_stack.back();
            m_stack.pop_back();
            make_node(node);
        }
        return finish();
    }

private:
    [[nodiscard]] std::int64_t plan_rows() const {
        return static_cast<std::int64_t>(m_plan.bootstrap.class_index.size());
    }

    void make_node(const PendingNode& node) {
        const std::span<BagEntry> entries(m_sample.bag.data() + node.begin, node.end - node.begin);
        choose_columns(entries);
        const auto index = static_cast<std::uint32_t>(m_nodes.size());
        if (node.parent != no_parent) {
            m_nodes[node.parent].right = index;
        }
        m_nodes.emplace_back();
        m_cover.push_back(0);
        std::fill(m_draws.begin(), m_draws.end(), 0U);
        for (const BagEntry& entry : entries) {
            m_draws[entry.class_index] += entry.count;
        }
        const bool is_pure =
            m_draws[entries[0].class_index] == std::accumulate(m_draws.begin(), m_draws.end(), std::uint32_t{0});
        Split split;
        if (!is_pure && may_split(node.depth, entries.size())) {
            m_scan.begin_node(m_draws);
            split = find_split(entries, node.key);
        }
        if (split.found()) {
            divide(node, index, split);
        } else {
            make_leaf(node, index, is_pure ? &entries[0] : nullptr);
        }
    }

    /// A subtree that fits the cache is grown on a copy of its columns; it ends where the stack is lower than it
    /// was at its root.
    void choose_columns(std::span<BagEntry> entries) {
        m_is_local = m_is_local && m_stack.size() >= m_local_floor;
        if (!m_is_local && entries.size() <= m_local.capacity()) {
            m_local.load(entries, m_search.code_set());
            m_is_local = true;
            m_local_floor = m_stack.size();
        }
    }

    [[nodiscard]] bool may_split(std::int32_t depth, std::size_t n) const {
        const RandomForestOptions& options = m_plan.options;
        const auto n_rows = static_cast<std::int64_t>(n);
        return (options.max_depth == 0 || depth < options.max_depth) && n_rows >= options.min_samples_split &&
               n_rows / 2 >= options.min_samples_leaf;
    }

    [[nodiscard]] CodeColumn column(int feature) const {
        if (m_is_local) {
            return m_local.column(feature);
        }
        const CodedFeature& coded = m_features[static_cast<std::size_t>(feature)];
        return {.codes = coded.codes.data(), .n_codes = coded.n_codes()};
    }

    /// Features are drawn without replacement until max_features were looked at and one of them varied, as
    /// scikit-learn does; the order of equal values is the order of drawing.
    Split find_split(std::span<const BagEntry> entries, std::uint64_t key) {
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
            const int feature = m_order[remaining];
            const CodeColumn codes = column(feature);
            if (codes.n_codes > 1 && m_search.improve(entries, codes, feature, m_scan, best)) {
                any_varies = true;
            }
            if (best.value >= m_scan.best_value()) {
                break;
            }
        }
        for (; !m_swaps.empty(); m_swaps.pop_back(), ++remaining) {
            std::swap(m_order[m_swaps.back()], m_order[remaining]);
        }
        return best;
    }

    void divide(const PendingNode& node, std::uint32_t index, const Split& split) {
        const auto feature = static_cast<std::size_t>(split.feature);
        std::uint32_t left_code = split.left_code;
        std::uint32_t right_code = split.right_code;
        if (m_is_local) {
            left_code = m_local.global_code(split.feature, left_code);
            right_code = m_local.global_code(split.feature, right_code);
        }
        const std::uint32_t cut = m_features[feature].cut_between(left_code, right_code);
        m_nodes[index].content = static_cast<std::uint32_t>(feature << 16U) | cut;
        m_importance[feature] += std::max(0.0, split.value - m_scan.node_value());

        const std::uint16_t* codes = column(split.feature).codes;
        const std::uint32_t middle = partition_bag(node, codes, split.left_code);
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
        left.parent = no_parent;
        left.key = mix64(node.key, 1);
        m_stack.push_back(right);
        m_stack.push_back(left);
    }

    /// Stable, so that rows stay in memory order.
    std::uint32_t partition_bag(const PendingNode& node, const std::uint16_t* codes, std::uint32_t left_code) {
        BagEntry* const bag = m_sample.bag.data();
        std::uint32_t n_left = node.begin;
        std::uint32_t n_right = 0;
        for (std::uint32_t i = node.begin; i < node.end; ++i) {
            const BagEntry entry = bag[i];
            const std::uint32_t goes_left = codes[entry.row] <= left_code ? 1 : 0;
            bag[n_left] = entry;
            m_bag_scratch[n_right] = entry;
            n_left += goes_left;
            n_right += 1 - goes_left;
        }
        std::copy_n(m_bag_scratch.begin(), n_right, bag + n_left);
        return n_left;
    }

    std::uint32_t partition_oob(const PendingNode& node, const std::uint16_t* codes, std::uint32_t cut) {
        std::uint32_t* const rows = m_sample.out_of_bag.data();
        if (m_plan.votes == nullptr) {
            return node.oob_begin;
        }
        std::uint32_t n_left = node.oob_begin;
        std::uint32_t n_right = 0;
        for (std::uint32_t i = node.oob_begin; i < node.oob_end; ++i) {
            const std::uint32_t row = rows[i];
            const std::uint32_t goes_left = codes[row] <= cut ? 1 : 0;
            rows[n_left] = row;
            m_oob_scratch[n_right] = row;
            n_left += goes_left;
            n_right += 1 - goes_left;
        }
        std::copy_n(m_oob_scratch.begin(), n_right, rows + n_left);
        return n_left;
    }

    void make_leaf(const PendingNode& node, std::uint32_t index, const BagEntry* pure) {
        double weight = 0;
        std::uint32_t distribution = 0;
        if (pure != nullptr) {
            distribution = pure->class_index;
            weight = m_draws[distribution] * m_sample.class_weight[distribution];
        } else {
            for (std::size_t k = 0; k < m_draws.size(); ++k) {
                m_weights[k] = m_draws[k] * m_sample.class_weight[k];
                weight += m_weights[k];
            }
            to_fixed_point(m_weights, m_leaf);
            distribution = m_distributions.index_of(m_leaf);
        }
        m_nodes[index].content = distribution;
        m_cover[index] = static_cast<float>(weight);
        if (m_plan.votes != nullptr) {
            m_plan.votes->add(std::span(m_sample.out_of_bag).subspan(node.oob_begin, node.oob_end - node.oob_begin),
                              m_distributions.at(distribution));
        }
    }

    GrownTree finish() {
        const double total = std::accumulate(m_importance.begin(), m_importance.end(), 0.0);
        for (double& value : m_importance) {
            value = total > 0 ? value / total : 0;
        }
        return {.tree = {.nodes = {m_nodes.begin(), m_nodes.end()}, .cover = {m_cover.begin(), m_cover.end()}},
                .distributions = m_distributions.take(),
                .importance = m_importance};
    }

    const GrowthPlan& m_plan;
    const std::vector<CodedFeature>& m_features;
    Scan m_scan;
    SplitSearch m_search;
    LocalColumns m_local;
    bool m_is_local = false;
    std::size_t m_local_floor = 0;
    TreeSample m_sample;
    DistributionTable m_distributions;
    std::vector<PendingNode> m_stack;
    std::vector<RandomForest::Node> m_nodes;
    std::vector<float> m_cover;
    std::vector<double> m_importance;
    std::vector<BagEntry> m_bag_scratch;
    std::vector<std::uint32_t> m_oob_scratch;
    std::vector<std::uint32_t> m_draws; ///< per class in the node
    std::vector<double> m_weights;
    std::vector<std::uint16_t> m_leaf;
    std::vector<int> m_order; ///< features; ascending between nodes
    std::vector<std::size_t> m_swaps;
};

} // namespace

std::unique_ptr<TreeGrower> make_tree_grower(const GrowthPlan& plan) {
    if (plan.options.criterion == SplitCriterion::entropy) {
        return std::make_unique<Grower<EntropyScan>>(plan);
    }
    return std::make_unique<Grower<GiniScan>>(plan);
}

void OutOfBagVotes::add(std::span<const std::uint32_t> rows, std::span<const std::uint16_t> distribution) {
    for (std::size_t k = 0; k < m_n_classes; ++k) {
        if (distribution[k] == 0) {
            continue;
        }
        for (const std::uint32_t row : rows) {
            std::atomic_ref(m_sums[row * m_n_classes + k]).fetch_add(distribution[k], std::memory_order_relaxed);
        }
    }
}

std::optional<OutOfBagScore> OutOfBagVotes::score(std::span<const std::int32_t> class_index) const {
    std::int64_t n_voted = 0;
    std::int64_t n_right = 0;
    for (std::size_t row = 0; row < class_index.size(); ++row) {
        const auto begin = m_sums.begin() + static_cast<std::ptrdiff_t>(row * m_n_classes);
        const auto strongest = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(m_n_classes));
        if (*strongest > 0) {
            ++n_voted;
            n_right += strongest - begin == class_index[row] ? 1 : 0;
        }
    }
    if (n_voted == 0) {
        return std::nullopt;
    }
    return OutOfBagScore{.accuracy = static_cast<double>(n_right) / static_cast<double>(n_voted), .n_rows = n_voted};
}

} // namespace lcclass
