#include "forest/quadrature.h"

#include <cmath>
#include <numbers>

namespace lcclass {

namespace {

struct Legendre {
    double value;
    double slope;
};

/// P_n and its derivative by the three-term recurrence.
Legendre legendre(std::size_t n, double x) {
    double previous = 1;
    double current = x;
    for (std::size_t k = 2; k <= n; ++k) {
        const auto order = static_cast<double>(k);
        const double next = ((2 * order - 1) * x * current - (order - 1) * previous) / order;
        previous = current;
        current = next;
    }
    return {.value = current, .slope = static_cast<double>(n) * (x * current - previous) / (x * x - 1)};
}

} // namespace

std::vector<QuadratureNode> quadrature_nodes(std::size_t n) {
    std::vector<QuadratureNode> nodes;
    for (std::size_t i = 0; i < n; ++i) {
        double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5));
        for (int step = 0; step < 8; ++step) {
            const Legendre p = legendre(n, x);
            x -= p.value / p.slope;
        }
        const double slope = legendre(n, x).slope;
        // The usual weight 2 / ((1 - x^2) P'^2) on [-1, 1], halved for [0, 1].
        nodes.push_back({.t = (1 + x) / 2, .weight = 1 / ((1 - x * x) * slope * slope)});
    }
    return nodes;
}

} // namespace lcclass
