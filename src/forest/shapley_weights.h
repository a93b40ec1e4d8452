/// Shapley values of one leaf: the game in which a coalition of features is worth the chance to reach the leaf.
/// Owned by one thread (it has scratch memory).
#pragma once

#include "forest/leaf_boxes.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class ShapleyWeights {
public:
    /// For leaves of at most `most_sides` sides.
    explicit ShapleyWeights(std::size_t most_sides);

    /// Contribution per side for a leaf value of 1, where passed[s] is 1 when the row passes side s. The mean over
    /// all orders of joining is the integral over t in [0, 1] of prod_{i != j} (t o_i + (1 - t) z_i), times
    /// (o_j - z_j), a polynomial that Gauss-Legendre nodes integrate exactly (Owen 1972).
    void contributions(std::span<const BoxSide> sides, std::span<const std::uint8_t> passed, std::span<double> out);

private:
    struct Node {
        double t;
        double weight;
    };

    std::vector<std::vector<Node>> m_rules; ///< by number of nodes
    std::vector<double> m_before;           ///< products of the factors before a side
};

} // namespace lcclass
