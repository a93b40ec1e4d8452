/// The leaves of a forest as boxes, laid out for SHAP values: the tests on the way to a leaf, merged into one interval
/// per feature, side by side in lanes.
/// Immutable; safe from any thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class ShapLeaves {
public:
    static constexpr std::size_t group = 8;       ///< lanes come in groups of so many
    static constexpr std::size_t most_lanes = 64; ///< so that a set of lanes fits 64 bits

    /// Throws Error(resources) when a path tests more than `most_lanes` features.
    explicit ShapLeaves(const RandomForest& forest);

    /// What the leaves of a forest take at most, in bytes.
    [[nodiscard]] static std::size_t most_bytes(const RandomForest& forest);

    /// Leaves whose path tests something.
    [[nodiscard]] std::size_t size() const { return m_n_sides.size(); }
    [[nodiscard]] std::size_t lanes() const { return m_lanes; }
    /// Whether lane f of every leaf is feature f; else lanes are the features on the path, as `feature` says.
    [[nodiscard]] bool is_dense() const { return m_is_dense; }
    [[nodiscard]] std::size_t n_features() const { return m_n_features; }

    /// A row passes lane s when low(leaf)[s] <= its shifted code <= high(leaf)[s]. Lanes without a test take all.
    [[nodiscard]] const std::int16_t* low(std::size_t leaf) const { return m_bounds.get() + 2 * leaf * m_lanes; }
    [[nodiscard]] const std::int16_t* high(std::size_t leaf) const { return low(leaf) + m_lanes; }
    /// Part of the training draws that passes each lane when its feature is unknown; 1 without a test.
    [[nodiscard]] const double* share(std::size_t leaf) const { return m_share.get() + leaf * m_lanes; }
    [[nodiscard]] const std::uint16_t* feature(std::size_t leaf) const { return m_feature.data() + leaf * m_lanes; }
    [[nodiscard]] std::size_t n_sides(std::size_t leaf) const { return m_n_sides[leaf]; }
    [[nodiscard]] std::uint32_t distribution(std::size_t leaf) const { return m_distribution[leaf]; }

private:
    void add(const RandomForest::Node& leaf, std::span<const struct BoxSide> sides);

    std::size_t m_n_features;
    std::size_t m_lanes = 0;
    bool m_is_dense = false;
    hwy::AlignedFreeUniquePtr<std::int16_t[]> m_bounds;
    hwy::AlignedFreeUniquePtr<double[]> m_share;
    std::vector<std::uint16_t> m_feature; ///< empty when dense
    std::vector<std::uint8_t> m_n_sides;
    std::vector<std::uint32_t> m_distribution;
};

/// What distributions are worth to the classes that are explained: targets 0, 1, ..., one per class.
struct LeafWeights {
    struct Weight {
        std::uint32_t target;
        double weight; ///< leaf probability / number of trees
    };
    std::size_t n_targets = 0;
    std::vector<std::uint32_t> first; ///< per distribution, and one more
    std::vector<Weight> weights;

    LeafWeights(const RandomForest& forest, std::span<const std::int32_t> classes);
    [[nodiscard]] std::span<const Weight> of(std::uint32_t distribution) const {
        return std::span(weights).subspan(first[distribution], first[distribution + 1] - first[distribution]);
    }
};

} // namespace lcclass
