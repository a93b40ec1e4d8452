/// Grows one tree from its bootstrap sample, depth first with an explicit stack.
/// A grower belongs to one thread; its memory is used again from tree to tree.
#pragma once

#include "forest/distribution_table.h"
#include "forest/feature_codes.h"
#include "forest/tree_sample.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// A tree whose leaves refer to its own table of distributions.
struct GrownTree {
    RandomForest::Tree tree;                  ///< cover of leaves only
    std::vector<std::uint16_t> distributions; ///< starts with the pure ones
    std::vector<double> importance;           ///< impurity decrease per feature, sums to 1 (or all 0)
};

/// Sums of leaf distributions over the trees that did not see a row; trees may add at the same time.
class OutOfBagVotes {
public:
    OutOfBagVotes(std::int64_t n_rows, int n_classes)
        : m_n_classes(static_cast<std::size_t>(n_classes)), m_sums(static_cast<std::size_t>(n_rows) * m_n_classes) {}

    void add(std::span<const std::uint32_t> rows, std::span<const std::uint16_t> distribution);
    /// Share of rows with votes whose strongest class, the lowest on ties, is the true one; nothing without votes.
    [[nodiscard]] std::optional<OutOfBagScore> score(std::span<const std::int32_t> class_index) const;

private:
    std::size_t m_n_classes;
    std::vector<std::uint32_t> m_sums;
};

/// What all growers share.
struct GrowthPlan {
    const std::vector<CodedFeature>* features = nullptr;
    BootstrapPlan bootstrap;
    RandomForestOptions options;
    int max_features = 1;
    OutOfBagVotes* votes = nullptr; ///< null: not wanted
};

class TreeGrower {
public:
    virtual ~TreeGrower() = default;
    /// Tree number `tree` of the forest, whatever other trees there are.
    virtual GrownTree grow(int tree) = 0;
};

std::unique_ptr<TreeGrower> make_tree_grower(const GrowthPlan& plan);

} // namespace lcclass
