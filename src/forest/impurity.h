/// Split criteria, computed incrementally while rows move from the right child to the left in order of a feature.
/// Each object belongs to one thread. Both criteria have the same functions, so that one search serves them.
#pragma once

#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Gini: the value of a cut is sum of squares / weight, left plus right; highest is best, the node's weight is pure.
class GiniScan {
public:
    GiniScan(int n_classes, std::int64_t /*n_draws*/)
        : m_total(static_cast<std::size_t>(n_classes)), m_left(m_total.size()) {}

    void begin_tree(std::span<const double> class_weight) { m_class_weight = class_weight; }

    /// Draws per class in the node.
    void begin_node(std::span<const std::uint32_t> draws) {
        m_weight = 0;
        m_squares = 0;
        for (std::size_t k = 0; k < draws.size(); ++k) {
            m_total[k] = draws[k] * m_class_weight[k];
            m_weight += m_total[k];
            m_squares += m_total[k] * m_total[k];
        }
    }

    void begin_feature() {
        std::fill(m_left.begin(), m_left.end(), 0.0);
        m_left_weight = 0;
        m_left_squares = 0;
        m_cross = 0;
    }

    void move_left(std::size_t k, std::uint32_t draws) {
        const double w = draws * m_class_weight[k];
        m_left_squares += w * (2 * m_left[k] + w);
        m_cross += w * m_total[k];
        m_left[k] += w;
        m_left_weight += w;
    }

    [[nodiscard]] double value() const {
        const double right_weight = m_weight - m_left_weight;
        const double right_squares = m_squares - 2 * m_cross + m_left_squares;
        return (m_left_squares * right_weight + right_squares * m_left_weight) / (m_left_weight * right_weight);
    }

    [[nodiscard]] double node_value() const { return m_squares / m_weight; }
    /// What a cut into two pure children would have.
    [[nodiscard]] double best_value() const { return m_weight; }
    [[nodiscard]] double node_weight() const { return m_weight; }

private:
    std::span<const double> m_class_weight;
    std::vector<double> m_total;
    std::vector<double> m_left;
    double m_weight = 0;
    double m_squares = 0;
    double m_left_weight = 0;
    double m_left_squares = 0;
    double m_cross = 0;
};

/// Entropy: the value of a cut is minus weight x entropy (nats), left plus right; highest is best, 0 is pure.
class EntropyScan {
public:
    EntropyScan(int n_classes, std::int64_t n_draws)
        : m_total(static_cast<std::size_t>(n_classes)), m_left(m_total.size()), m_log_weight(m_total.size()),
          m_table(static_cast<std::size_t>(n_draws) + 1) {
        for (std::size_t n = 0; n < m_table.size(); ++n) {
            m_table[n] = x_log_x(static_cast<double>(n));
        }
    }

    void begin_tree(std::span<const double> class_weight) {
        m_class_weight = class_weight;
        m_is_weighted = false;
        for (std::size_t k = 0; k < class_weight.size(); ++k) {
            m_log_weight[k] = class_weight[k] > 0 ? portable_log(class_weight[k]) : 0;
            m_is_weighted = m_is_weighted || class_weight[k] != 1;
        }
    }

    void begin_node(std::span<const std::uint32_t> draws) {
        m_weight = 0;
        m_sum = 0;
        m_best = 0;
        for (std::size_t k = 0; k < draws.size(); ++k) {
            m_total[k] = draws[k];
            const double weight = draws[k] * m_class_weight[k];
            m_weight += weight;
            m_sum += m_class_weight[k] * m_table[draws[k]];
            m_best -= weight * m_log_weight[k];
        }
    }

    void begin_feature() {
        std::fill(m_left.begin(), m_left.end(), 0U);
        m_left_weight = 0;
        m_left_sum = 0;
        m_right_sum = m_sum;
    }

    void move_left(std::size_t k, std::uint32_t draws) {
        const std::uint32_t left = m_left[k];
        const std::uint32_t right = m_total[k] - left;
        m_left_sum += m_class_weight[k] * (m_table[left + draws] - m_table[left]);
        m_right_sum += m_class_weight[k] * (m_table[right - draws] - m_table[right]);
        m_left[k] = left + draws;
        m_left_weight += draws * m_class_weight[k];
    }

    /// Up to a constant of the node: sum of c log c for c = weight x draws, less its part that no cut changes.
    [[nodiscard]] double value() const {
        return m_left_sum + m_right_sum - weight_log_weight(m_left_weight) -
               weight_log_weight(m_weight - m_left_weight);
    }

    [[nodiscard]] double node_value() const { return m_sum - weight_log_weight(m_weight); }
    [[nodiscard]] double best_value() const { return m_best; }
    [[nodiscard]] double node_weight() const { return m_weight; }

private:
    [[nodiscard]] double weight_log_weight(double weight) const {
        return m_is_weighted ? x_log_x(weight) : m_table[static_cast<std::size_t>(weight)];
    }

    std::span<const double> m_class_weight;
    bool m_is_weighted = false;
    std::vector<std::uint32_t> m_total; ///< draws
    std::vector<std::uint32_t> m_left;  ///< draws
    std::vector<double> m_log_weight;
    std::vector<double> m_table; ///< n log n
    double m_weight = 0;
    double m_sum = 0;
    double m_best = 0;
    double m_left_weight = 0;
    double m_left_sum = 0;
    double m_right_sum = 0;
};

} // namespace lcclass
