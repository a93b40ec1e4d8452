/// Gauss-Legendre quadrature: integrals of polynomials as sums over a few nodes.
/// A pure function; safe from any thread.
#pragma once

#include <cstddef>
#include <vector>

namespace lcclass {

struct QuadratureNode {
    double t;
    double weight;
};

/// `n` Gauss-Legendre nodes on [0, 1]: exact for polynomials of degree 2 n - 1.
std::vector<QuadratureNode> quadrature_nodes(std::size_t n);

} // namespace lcclass
