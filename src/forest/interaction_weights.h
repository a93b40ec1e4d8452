/// Shapley interaction values of one leaf: the game in which a coalition of features is worth the chance to reach it.
/// Owned by one thread (it has scratch memory).
#pragma once

#include "forest/leaf_boxes.h"
#include "forest/quadrature.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class InteractionWeights {
public:
    /// For leaves of at most `most_sides` sides.
    explicit InteractionWeights(std::size_t most_sides);

    /// Half of the interaction of every two sides i < j for a leaf value of 1, in the order (0, 1), (0, 2), ...,
    /// (1, 2), ..., where passed[s] is 1 when the row passes side s. It is (o_i - z_i) (o_j - z_j) / 2 times the
    /// integral over t in [0, 1] of prod_{k != i, j} (t o_k + (1 - t) z_k), exact by Gauss-Legendre nodes: Owen's
    /// multilinear extension for the index of Grabisch and Roubens (1999).
    void pairs(std::span<const BoxSide> sides, std::span<const std::uint8_t> passed, std::span<double> out);

private:
    void integrate();
    [[nodiscard]] double& between(std::size_t a, std::size_t b) { return m_between[a * (m_shares.size() + 1) + b]; }

    std::vector<std::vector<QuadratureNode>> m_rules; ///< by number of nodes
    std::vector<std::size_t> m_kind;                  ///< per side: its place in m_shares, or behind them when it fails
    std::vector<double> m_shares;                     ///< of the sides that are passed
    std::vector<double> m_inverse;                    ///< of their factors at a node
    std::vector<double> m_between;                    ///< results by the kinds of two sides
    std::size_t m_n_failed = 0;
    double m_failed_share = 1; ///< product of the shares of those
};

} // namespace lcclass
