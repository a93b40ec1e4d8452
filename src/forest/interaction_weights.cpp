#include "forest/interaction_weights.h"

namespace lcclass {

InteractionWeights::InteractionWeights(std::size_t most_sides) {
    m_rules.resize(most_sides / 2 + 1);
    for (std::size_t n = 1; n < m_rules.size(); ++n) {
        m_rules[n] = quadrature_nodes(n);
    }
}

/// A side that fails has the factor (1 - t) z and the difference -z: its share cancels against one of the product, so
/// that all of them interact alike.
void InteractionWeights::integrate() {
    const std::size_t n = m_shares.size();
    m_inverse.resize(n);
    m_between.assign((n + 1) * (n + 1), 0.0);
    for (const QuadratureNode& node : m_rules[(n + m_n_failed) / 2]) {
        const double rest = 1 - node.t;
        double product = node.weight * m_failed_share / 2;
        for (std::size_t i = 0; i < m_n_failed; ++i) {
            product *= rest;
        }
        for (std::size_t a = 0; a < n; ++a) {
            const double factor = node.t + rest * m_shares[a];
            product *= factor;
            m_inverse[a] = (1 - m_shares[a]) / factor;
        }
        for (std::size_t a = 0; a < n; ++a) {
            const double without_a = product * m_inverse[a];
            for (std::size_t b = a + 1; b < n; ++b) {
                between(a, b) += without_a * m_inverse[b];
            }
            between(a, n) -= without_a / rest;
        }
        between(n, n) += product / (rest * rest);
    }
    for (std::size_t a = 0; a < n; ++a) {
        between(n, a) = between(a, n);
    }
}

void InteractionWeights::pairs(std::span<const BoxSide> sides, std::span<const std::uint8_t> passed,
                               std::span<double> out) {
    m_shares.clear();
    m_failed_share = 1;
    for (std::size_t s = 0; s < sides.size(); ++s) {
        if (passed[s] != 0) {
            m_shares.push_back(sides[s].share);
        } else {
            m_failed_share *= sides[s].share;
        }
    }
    m_n_failed = sides.size() - m_shares.size();
    integrate();
    m_kind.resize(sides.size());
    std::size_t n_passed = 0;
    for (std::size_t s = 0; s < sides.size(); ++s) {
        m_kind[s] = passed[s] != 0 ? n_passed++ : m_shares.size();
    }
    double* target = out.data();
    for (std::size_t i = 0; i < sides.size(); ++i) {
        for (std::size_t j = i + 1; j < sides.size(); ++j) {
            *target++ = between(m_kind[i], m_kind[j]);
        }
    }
}

} // namespace lcclass
