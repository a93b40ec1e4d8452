/// A forest laid out for prediction: inner nodes only, side by side for all trees, leaves inside the references to
/// them.
/// Immutable; safe from any thread.
#pragma once

#include "forest/code_table.h"
#include "lcclass/forest/random_forest.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lcclass {

class PackedForest {
public:
    /// What a node's child or a root is: an inner node by its index, or a leaf (highest bit set).
    using Reference = std::uint32_t;
    static constexpr Reference leaf_bit = 0x80000000U;

    struct Node {
        Reference left;
        Reference right;
        std::int16_t cut; ///< code - 32768, as in the pixels: signed numbers compare faster
        std::uint16_t feature;
    };

    /// A pixel's code of a feature as it is compared with cuts: shifted into the signed range.
    static std::int16_t shifted(std::uint16_t code) { return static_cast<std::int16_t>(code ^ 0x8000U); }

    /// Requires: checked parts, which must outlive this, and their depth. Uses all threads.
    /// Throws Error(model) for 2^31 nodes or more.
    PackedForest(const RandomForest::Parts& parts, int depth);

    [[nodiscard]] std::size_t n_features() const { return m_tables.size(); }
    [[nodiscard]] std::size_t n_classes() const { return m_n_classes; }
    [[nodiscard]] const std::vector<CodeTable>& tables() const { return m_tables; }
    [[nodiscard]] const Node* nodes() const { return m_nodes.get(); }
    /// Roots of the trees that have a split at all.
    [[nodiscard]] std::span<const Reference> roots() const { return m_roots; }
    /// Sum of the distributions of the trees that are a single leaf, per class.
    [[nodiscard]] std::span<const std::uint32_t> constant_sums() const { return m_constant_sums; }
    /// Most inner nodes of one tree that `n_pixels` pixels can pass.
    [[nodiscard]] std::size_t most_visits(std::size_t n_pixels) const {
        return std::min(m_largest_tree, n_pixels * m_depth);
    }

    /// Whether all of a leaf's weight is on one class, which then is `pure_class`.
    [[nodiscard]] bool is_pure(Reference leaf) const { return (leaf & ~leaf_bit) < m_n_classes; }
    [[nodiscard]] static std::uint32_t pure_class(Reference leaf) { return leaf & ~leaf_bit; }
    /// Weight per class of a leaf that is not pure.
    [[nodiscard]] const std::uint16_t* mixture(Reference leaf) const {
        return m_distributions + ((leaf & ~leaf_bit) - m_n_classes) * m_n_classes;
    }
    /// Adds a leaf to the sums of a pixel.
    void add(Reference leaf, std::span<std::uint32_t> sums) const {
        if (is_pure(leaf)) {
            sums[pure_class(leaf)] += RandomForest::probability_one;
            return;
        }
        const std::uint16_t* const weights = mixture(leaf);
        for (std::size_t k = 0; k < m_n_classes; ++k) {
            sums[k] += weights[k];
        }
    }

private:
    [[nodiscard]] std::vector<Reference> leaf_references(const RandomForest::Parts& parts) const;
    void pack_tree(const RandomForest::Tree& tree, std::size_t first, const std::vector<Reference>& leaves);

    std::size_t m_n_classes;
    std::size_t m_depth;
    const std::uint16_t* m_distributions;
    std::vector<CodeTable> m_tables;
    std::unique_ptr<Node[]> m_nodes; ///< written for the first time by the threads that pack
    std::vector<Reference> m_roots;
    std::vector<std::uint32_t> m_constant_sums;
    std::size_t m_largest_tree = 0; ///< in inner nodes
};

} // namespace lcclass
