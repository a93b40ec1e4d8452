/// Split criteria, computed incrementally while rows move from the right child to the left in order of a feature.
/// Each object belongs to one thread. All criteria have the same functions, so that one search serves them: a scan
/// knows the node, its Pass what went left so far.
#pragma once

#include "forest/gini_sweep.h"
#include "forest/tree_sample.h"
#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace lcclass {

/// Draws per class of `entries` into `draws`.
inline void count_draws(std::span<const BagEntry> entries, std::span<std::uint32_t> draws) {
    std::fill(draws.begin(), draws.end(), 0U);
    for (const BagEntry& entry : entries) {
        draws[entry.class_index] += entry.count;
    }
}

/// The same with a scratch of the size of `draws`: rows of one class that follow each other wait for each other's sum
/// half as long.
inline void count_draws(std::span<const BagEntry> entries, std::span<std::uint32_t> draws,
                        std::span<std::uint32_t> scratch) {
    std::fill(scratch.begin(), scratch.end(), 0U);
    const std::size_t n_pairs = entries.size() / 2;
    count_draws(entries.subspan(2 * n_pairs), draws);
    for (std::size_t i = 0; i < 2 * n_pairs; i += 2) {
        draws[entries[i].class_index] += entries[i].count;
        scratch[entries[i + 1].class_index] += entries[i + 1].count;
    }
    for (std::size_t k = 0; k < draws.size(); ++k) {
        draws[k] += scratch[k];
    }
}

/// The value of a cut by Gini: sum of squares / weight, left plus right; highest is best, the node's weight is pure.
inline double gini_value(double left_weight, double left_squares, double right_weight, double right_squares) {
    return (left_squares * right_weight + right_squares * left_weight) / (left_weight * right_weight);
}

/// Gini with class weights.
class GiniScan {
public:
    GiniScan(int n_classes, std::int64_t /*n_draws*/)
        : m_draws(static_cast<std::size_t>(n_classes)), m_total(m_draws.size()), m_left(m_draws.size()) {}

    void begin_tree(std::span<const double> class_weight) { m_class_weight = class_weight; }

    /// False when the rows are of one class.
    bool begin_node(std::span<const BagEntry> entries) {
        count_draws(entries, m_draws);
        m_weight = 0;
        m_squares = 0;
        for (std::size_t k = 0; k < m_draws.size(); ++k) {
            m_total[k] = m_draws[k] * m_class_weight[k];
            m_weight += m_total[k];
            m_squares += m_total[k] * m_total[k];
        }
        return m_draws[entries[0].class_index] != std::accumulate(m_draws.begin(), m_draws.end(), 0U);
    }

    class Pass {
    public:
        explicit Pass(GiniScan& scan) : m_scan(scan) {}

        void move_left(std::size_t k, std::uint32_t draws) {
            const double w = draws * m_scan.m_class_weight[k];
            m_squares += w * (2 * m_scan.m_left[k] + w);
            m_cross += w * m_scan.m_total[k];
            m_scan.m_left[k] += w;
            m_weight += w;
        }

        [[nodiscard]] double value() const {
            return gini_value(m_weight, m_squares, m_scan.m_weight - m_weight,
                              m_scan.m_squares - 2 * m_cross + m_squares);
        }

    private:
        GiniScan& m_scan;
        double m_weight = 0;
        double m_squares = 0;
        double m_cross = 0;
    };

    Pass begin_feature() {
        std::fill(m_left.begin(), m_left.end(), 0.0);
        return Pass(*this);
    }

    [[nodiscard]] double node_value() const { return m_squares / m_weight; }
    /// What a cut into two pure children would have.
    [[nodiscard]] double best_value() const { return m_weight; }

private:
    std::span<const double> m_class_weight;
    std::vector<std::uint32_t> m_draws;
    std::vector<double> m_total;
    std::vector<double> m_left;
    double m_weight = 0;
    double m_squares = 0;
};

/// Gini without class weights: the same values from integers.
class GiniCounts {
public:
    GiniCounts(int n_classes, std::int64_t /*n_draws*/)
        : m_total(static_cast<std::size_t>(n_classes)), m_left(m_total.size()) {}

    void begin_tree(std::span<const double> /*class_weight*/) {}

    /// False when the rows are of one class.
    bool begin_node(std::span<const BagEntry> entries) {
        count_draws(entries, m_total, m_left);
        m_weight = 0;
        m_squares = 0;
        for (const std::int64_t n : m_total) {
            m_weight += n;
            m_squares += n * n;
        }
        return m_total[entries[0].class_index] != m_weight;
    }

    class Pass {
    public:
        explicit Pass(GiniCounts& scan)
            : m_total(scan.m_total.data()), m_left(scan.m_left.data()), m_node_weight(scan.m_weight),
              m_node_squares(scan.m_squares) {}

        void move_left(std::size_t k, std::uint32_t draws) {
            const std::uint32_t left = m_left[k];
            m_squares += static_cast<std::int64_t>(draws) * (2 * std::int64_t{left} + draws);
            m_cross += static_cast<std::int64_t>(draws) * m_total[k];
            m_left[k] = left + draws;
            m_weight += draws;
        }

        [[nodiscard]] double value() const {
            return gini_value(static_cast<double>(m_weight), static_cast<double>(m_squares),
                              static_cast<double>(m_node_weight - m_weight),
                              static_cast<double>(m_node_squares - 2 * m_cross + m_squares));
        }

    private:
        const std::uint32_t* m_total;
        std::uint32_t* m_left;
        std::int64_t m_node_weight;
        std::int64_t m_node_squares;
        std::int64_t m_weight = 0;
        std::int64_t m_squares = 0;
        std::int64_t m_cross = 0;
    };

    Pass begin_feature() {
        std::fill(m_left.begin(), m_left.end(), 0U);
        return Pass(*this);
    }

    [[nodiscard]] double node_value() const { return static_cast<double>(m_squares) / static_cast<double>(m_weight); }
    /// What a cut into two pure children would have.
    [[nodiscard]] double best_value() const { return static_cast<double>(m_weight); }

    /// Whether GiniSweep, faster than passes, is able to.
    [[nodiscard]] bool may_sweep(std::span<const SortedRow> rows) const {
        return rows.size() > 16 && m_weight <= GiniSweep::most_weight;
    }
    /// See GiniSweep.
    std::size_t best_cut(std::span<const SortedRow> rows, std::size_t min_leaf, double& highest) {
        return m_sweep.best_cut(rows, m_total, m_squares, min_leaf, highest);
    }

private:
    GiniSweep m_sweep;
    std::vector<std::uint32_t> m_total;
    std::vector<std::uint32_t> m_left;
    std::int64_t m_weight = 0;
    std::int64_t m_squares = 0;
};

/// Gini without class weights for the nodes of a small subtree with few classes: all counts in one word, one byte
/// each. A class is known by the shift of its byte.
class GiniBytes {
public:
    static constexpr std::uint32_t most_draws = 255;

    /// The classes of the subtree are numbered as they come; false when there are too many, or too many draws.
    bool begin_subtree(std::span<const BagEntry> entries, std::size_t n_classes) {
        m_shift.assign(n_classes, unknown);
        std::uint32_t n_draws = 0;
        std::uint8_t shift = 0;
        for (const BagEntry& entry : entries) {
            n_draws += entry.count;
            if (m_shift[entry.class_index] == unknown) {
                m_shift[entry.class_index] = shift;
                shift = static_cast<std::uint8_t>(std::min(shift + 8, 64));
            }
        }
        return n_draws <= most_draws && std::count(m_shift.begin(), m_shift.end(), std::uint8_t{64}) == 0;
    }

    [[nodiscard]] std::uint16_t shift(std::size_t class_index) const { return m_shift[class_index]; }

    /// False when the rows are of one class.
    bool begin_node(std::span<const BagEntry> entries) {
        m_total = 0;
        m_weight = 0;
        for (const BagEntry& entry : entries) {
            m_total += std::uint64_t{entry.count} << m_shift[entry.class_index];
            m_weight += entry.count;
        }
        m_squares = 0;
        for (std::uint64_t rest = m_total; rest != 0; rest >>= 8U) {
            m_squares += static_cast<std::uint32_t>((rest & 0xFFU) * (rest & 0xFFU));
        }
        return m_squares != m_weight * m_weight;
    }

    class Pass {
    public:
        explicit Pass(const GiniBytes& scan)
            : m_right(scan.m_total), m_right_weight(scan.m_weight), m_right_squares(scan.m_squares) {}

        void move_left(std::size_t class_shift, std::uint32_t draws) {
            const auto left = static_cast<std::uint32_t>(m_left >> class_shift) & 0xFFU;
            const auto right = static_cast<std::uint32_t>(m_right >> class_shift) & 0xFFU;
            const std::uint64_t moved = std::uint64_t{draws} << class_shift;
            m_squares += draws * (2 * left + draws);
            m_right_squares -= draws * (2 * right - draws);
            m_left += moved;
            m_right -= moved;
            m_weight += draws;
            m_right_weight -= draws;
        }

        [[nodiscard]] double value() const {
            return gini_value(static_cast<std::int32_t>(m_weight), static_cast<std::int32_t>(m_squares),
                              static_cast<std::int32_t>(m_right_weight), static_cast<std::int32_t>(m_right_squares));
        }

    private:
        std::uint64_t m_left = 0;
        std::uint64_t m_right;
        std::uint32_t m_weight = 0;
        std::uint32_t m_squares = 0;
        std::uint32_t m_right_weight;
        std::uint32_t m_right_squares;
    };

    Pass begin_feature() const { return Pass(*this); }

    [[nodiscard]] double node_value() const { return static_cast<double>(m_squares) / m_weight; }
    /// What a cut into two pure children would have.
    [[nodiscard]] double best_value() const { return m_weight; }

private:
    static constexpr std::uint8_t unknown = 255;

    std::vector<std::uint8_t> m_shift; ///< per class
    std::uint64_t m_total = 0;
    std::uint32_t m_weight = 0;
    std::uint32_t m_squares = 0;
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

    /// False when the rows are of one class.
    bool begin_node(std::span<const BagEntry> entries) {
        count_draws(entries, m_total);
        m_weight = 0;
        m_sum = 0;
        m_best = 0;
        std::uint32_t n_draws = 0;
        for (std::size_t k = 0; k < m_total.size(); ++k) {
            const double weight = m_total[k] * m_class_weight[k];
            n_draws += m_total[k];
            m_weight += weight;
            m_sum += m_class_weight[k] * m_table[m_total[k]];
            m_best -= weight * m_log_weight[k];
        }
        return m_total[entries[0].class_index] != n_draws;
    }

    class Pass {
    public:
        explicit Pass(EntropyScan& scan) : m_scan(scan), m_right_sum(scan.m_sum) {}

        void move_left(std::size_t k, std::uint32_t draws) {
            const std::vector<double>& table = m_scan.m_table;
            const std::uint32_t left = m_scan.m_left[k];
            const std::uint32_t right = m_scan.m_total[k] - left;
            m_left_sum += m_scan.m_class_weight[k] * (table[left + draws] - table[left]);
            m_right_sum += m_scan.m_class_weight[k] * (table[right - draws] - table[right]);
            m_scan.m_left[k] = left + draws;
            m_weight += draws * m_scan.m_class_weight[k];
        }

        /// Up to a constant of the node: sum of c log c for c = weight x draws, less its part that no cut changes.
        [[nodiscard]] double value() const {
            return m_left_sum + m_right_sum - m_scan.weight_log_weight(m_weight) -
                   m_scan.weight_log_weight(m_scan.m_weight - m_weight);
        }

    private:
        EntropyScan& m_scan;
        double m_weight = 0;
        double m_left_sum = 0;
        double m_right_sum;
    };

    Pass begin_feature() {
        std::fill(m_left.begin(), m_left.end(), 0U);
        return Pass(*this);
    }

    [[nodiscard]] double node_value() const { return m_sum - weight_log_weight(m_weight); }
    [[nodiscard]] double best_value() const { return m_best; }

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
};

} // namespace lcclass
