#include "forest/tree_parts.h"

#include "forest/local_columns.h"
#include "lcclass/core/interrupt.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <utility>

namespace lcclass {

namespace {

/// A part of the tree and the parts that its children are the roots of.
struct LinkedPart {
    PendingNode root;
    TreePart part;
    std::size_t first_child = 0; ///< the right one; the left one is the next
};

/// The nodes of many rows are made one by one, all of a level at once; the subtrees below them are grown whole.
std::vector<LinkedPart> grow_parts(const GrowthPlan& plan, int tree, TreeGrowers& growers, TreeSample& sample) {
    constexpr std::uint32_t parts_of_a_tree = 64;
    constexpr std::uint32_t fewest_rows = 8192;
    // Nodes made one by one are searched as growing whole trees would: not as local copies.
    static_assert(fewest_rows >= LocalColumns::most_rows);
    std::vector<LinkedPart> parts(1);
    parts[0].root = root_of(plan, tree, sample);
    const std::uint32_t whole = std::max(parts[0].root.n_rows() / parts_of_a_tree, fewest_rows);
    for (std::size_t level = 0; level < parts.size();) {
        const std::size_t level_end = parts.size();
        // A thread that waits here must not begin another tree: it would hold the samples of both.
        tbb::this_task_arena::isolate([&] {
            tbb::parallel_for(level, level_end, [&](std::size_t i) {
                throw_if_stopped();
                parts[i].part = growers.local()->grow_part(sample, parts[i].root, parts[i].root.n_rows() > whole);
            });
        });
        for (; level < level_end; ++level) {
            const std::vector<PendingNode> children = parts[level].part.children;
            parts[level].first_child = parts.size();
            for (const PendingNode& child : children) {
                parts.push_back({.root = child});
                parts.back().root.parent = PendingNode::no_parent;
            }
        }
    }
    return parts;
}

/// Puts the parts one behind the other in preorder.
class Splice {
public:
    explicit Splice(int n_classes) : m_n_classes(static_cast<std::size_t>(n_classes)), m_table(n_classes) {}

    void append(const TreePart& part) {
        const auto offset = static_cast<std::uint32_t>(m_tree.nodes.size());
        for (RandomForest::Node node : part.tree.nodes) {
            if (!part.children.empty()) {
                node.right = 0; // known when the right child comes
            } else if (node.is_leaf()) {
                node.content = index_of(part, node.content);
            } else {
                node.right += offset;
            }
            m_tree.nodes.push_back(node);
        }
        m_tree.cover.insert(m_tree.cover.end(), part.tree.cover.begin(), part.tree.cover.end());
        m_decrease.insert(m_decrease.end(), part.decrease.begin(), part.decrease.end());
        for (const CutNode& cut : part.cuts) {
            m_cuts.push_back(
                {.node = cut.node + offset, .distribution = index_of(part, cut.distribution), .cover = cut.cover});
        }
    }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_tree.nodes.size()); }
    void set_right(std::uint32_t node, std::uint32_t right) { m_tree.nodes[node].right = right; }

    GrownTree take(std::size_t n_features) {
        std::vector<double> importance = importance_of(m_tree, m_decrease, n_features);
        return {.tree = std::move(m_tree),
                .distributions = m_table.take(),
                .importance = std::move(importance),
                .cuts = std::move(m_cuts)};
    }

private:
    std::uint32_t index_of(const TreePart& part, std::uint32_t distribution) {
        return m_table.index_of(std::span(part.distributions).subspan(distribution * m_n_classes, m_n_classes));
    }

    std::size_t m_n_classes;
    DistributionTable m_table;
    RandomForest::Tree m_tree;
    std::vector<double> m_decrease;
    std::vector<CutNode> m_cuts;
};

} // namespace

GrownTree grow_in_parts(const GrowthPlan& plan, int tree, TreeGrowers& growers) {
    TreeSample sample;
    draw_sample(plan.bootstrap, tree, sample);
    std::vector<LinkedPart> parts = grow_parts(plan, tree, growers, sample);

    struct Pending {
        std::size_t part;
        std::uint32_t parent; ///< of a right child
    };
    Splice splice(plan.bootstrap.n_classes);
    std::vector<Pending> stack = {{.part = 0, .parent = PendingNode::no_parent}};
    while (!stack.empty()) {
        const Pending next = stack.back();
        stack.pop_back();
        LinkedPart& linked = parts[next.part];
        const std::uint32_t index = splice.size();
        if (next.parent != PendingNode::no_parent) {
            splice.set_right(next.parent, index);
        }
        splice.append(linked.part);
        if (!linked.part.children.empty()) {
            stack.push_back({.part = linked.first_child, .parent = index});
            stack.push_back({.part = linked.first_child + 1, .parent = PendingNode::no_parent});
        }
        linked.part = {};
    }
    return splice.take(plan.features->size());
}

} // namespace lcclass
