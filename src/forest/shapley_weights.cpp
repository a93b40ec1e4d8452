#include "forest/shapley_weights.h"

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

ShapleyWeights::ShapleyWeights(std::size_t most_sides) : m_before(most_sides + 1) {
    m_rules.resize((most_sides + 1) / 2 + 1);
    for (std::size_t n = 1; n < m_rules.size(); ++n) {
        for (std::size_t i = 0; i < n; ++i) {
            double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5));
            for (int step = 0; step < 8; ++step) {
                const Legendre p = legendre(n, x);
                x -= p.value / p.slope;
            }
            const double slope = legendre(n, x).slope;
            // The usual weight 2 / ((1 - x^2) P'^2) on [-1, 1], halved for [0, 1].
            m_rules[n].push_back({.t = (1 + x) / 2, .weight = 1 / ((1 - x * x) * slope * slope)});
        }
    }
}

void ShapleyWeights::contributions(std::span<const BoxSide> sides, std::span<const std::uint8_t> passed,
                                   std::span<double> out) {
    const std::size_t n = sides.size();
    for (std::size_t j = 0; j < n; ++j) {
        out[j] = 0;
    }
    for (const Node& node : m_rules[(n + 1) / 2]) {
        const auto factor = [&](std::size_t i) { return node.t * passed[i] + (1 - node.t) * sides[i].share; };
        m_before[0] = node.weight;
        for (std::size_t i = 0; i < n; ++i) {
            m_before[i + 1] = m_before[i] * factor(i);
        }
        double after = 1;
        for (std::size_t j = n; j-- > 0;) {
            out[j] += m_before[j] * after;
            after *= factor(j);
        }
    }
    for (std::size_t j = 0; j < n; ++j) {
        out[j] *= passed[j] - sides[j].share;
    }
}

} // namespace lcclass
