#include "forest/shuffled_rows.h"

#include "forest/tree_visits.h"
#include "lcclass/core/interrupt.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <limits>

namespace lcclass {

namespace {

constexpr std::size_t rows_per_part = 256; // their sums stay in the cache
constexpr std::size_t sums_memory = std::size_t{4} << 20U;
constexpr std::size_t partners_memory = std::size_t{64} << 20U;
constexpr std::size_t most_at_once = 256; // between two steps of a progress bar
constexpr std::uint32_t not_met = std::numeric_limits<std::uint32_t>::max();

} // namespace

/// The rows that one task works on, with what the trees say of them so far.
class ShuffledRows::Part {
public:
    explicit Part(const ShuffledRows& rows)
        : m_rows(rows), m_p(static_cast<std::size_t>(rows.m_forest.n_features())),
          m_k(static_cast<std::size_t>(rows.m_forest.n_classes())), m_visits(m_p), m_leaves(rows_per_part),
          m_first(rows_per_part, not_met) {}

    void count(std::size_t begin, std::size_t n, std::span<const RowExchange> exchanges,
               std::vector<std::atomic<std::int64_t>>& right) {
        m_begin = begin;
        m_n = n;
        m_sums.assign(n * m_k, 0);
        m_changes.assign(exchanges.size() * n * m_k, 0);
        for (const RandomForest::Tree& tree : m_rows.m_forest.trees()) {
            walk_all(tree);
            for (std::size_t e = 0; e < exchanges.size(); ++e) {
                walk_again(tree, exchanges[e], m_changes.data() + e * n * m_k);
            }
            m_visits.clear();
        }
        for (std::size_t e = 0; e < exchanges.size(); ++e) {
            right[e].fetch_add(count_right(m_changes.data() + e * n * m_k), std::memory_order_relaxed);
        }
    }

private:
    [[nodiscard]] const std::uint16_t* codes(std::size_t row) const { return m_rows.m_codes.data() + row * m_p; }

    void walk_all(const RandomForest::Tree& tree) {
        for (std::size_t i = 0; i < m_n; ++i) {
            m_leaves[i] = m_visits.walk(tree, codes(m_begin + i), static_cast<std::uint32_t>(i));
            const auto distribution = m_rows.m_forest.distribution(tree.nodes[m_leaves[i]]);
            for (std::size_t k = 0; k < m_k; ++k) {
                m_sums[i * m_k + k] += distribution[k];
            }
        }
    }

    void walk_again(const RandomForest::Tree& tree, const RowExchange& exchange, std::uint32_t* changes) {
        if (exchange.features.size() == 1) {
            for (const Meeting& meeting : m_visits.of(static_cast<std::size_t>(exchange.features[0]))) {
                walk_row(tree, exchange, meeting, changes);
            }
            return;
        }
        for (const int feature : exchange.features) {
            for (const Meeting& meeting : m_visits.of(static_cast<std::size_t>(feature))) {
                m_first[meeting.row] = std::min(m_first[meeting.row], meeting.node); // preorder: nearest to the root
            }
        }
        for (std::uint32_t row = 0; row < m_n; ++row) {
            if (m_first[row] != not_met) {
                walk_row(tree, exchange, {.row = row, .node = m_first[row]}, changes);
                m_first[row] = not_met;
            }
        }
    }

    /// Sums are modulo 2^32, so that differences may be below 0 on the way.
    void walk_row(const RandomForest::Tree& tree, const RowExchange& exchange, const Meeting& meeting,
                  std::uint32_t* changes) const {
        const std::size_t row = m_begin + meeting.row;
        const std::uint32_t leaf =
            walk_mixed(tree, meeting.node, codes(row), codes(exchange.partner[row]), exchange.changes.data());
        if (tree.nodes[leaf].distribution() == tree.nodes[m_leaves[meeting.row]].distribution()) {
            return;
        }
        const auto now = m_rows.m_forest.distribution(tree.nodes[leaf]);
        const auto before = m_rows.m_forest.distribution(tree.nodes[m_leaves[meeting.row]]);
        for (std::size_t k = 0; k < m_k; ++k) {
            changes[meeting.row * m_k + k] += static_cast<std::uint32_t>(now[k]) - before[k];
        }
    }

    [[nodiscard]] std::int64_t count_right(const std::uint32_t* changes) const {
        std::int64_t right = 0;
        for (std::size_t i = 0; i < m_n; ++i) {
            std::size_t best = 0;
            std::uint32_t most = 0;
            for (std::size_t k = 0; k < m_k; ++k) {
                const std::uint32_t sum = m_sums[i * m_k + k] + changes[i * m_k + k];
                best = sum > most ? k : best;
                most = std::max(most, sum);
            }
            right += static_cast<std::int32_t>(best) == m_rows.m_class_index[m_begin + i] ? 1 : 0;
        }
        return right;
    }

    const ShuffledRows& m_rows;
    std::size_t m_p;
    std::size_t m_k;
    std::size_t m_begin = 0;
    std::size_t m_n = 0;
    TreeVisits m_visits;
    std::vector<std::uint32_t> m_leaves;  ///< of the rows as they are, in one tree
    std::vector<std::uint32_t> m_first;   ///< node where a row first meets a feature that changes
    std::vector<std::uint32_t> m_sums;    ///< of leaf probabilities, of the rows as they are
    std::vector<std::uint32_t> m_changes; ///< of these sums, per exchange
};

ShuffledRows::ShuffledRows(const RandomForest& forest, const FeatureView& rows,
                           std::span<const std::int32_t> class_index)
    : m_forest(forest), m_class_index(class_index), m_codes(encode_rows(forest, rows)) {}

std::vector<std::int64_t> ShuffledRows::count_right(std::span<const RowExchange> exchanges) const {
    std::vector<std::atomic<std::int64_t>> right(exchanges.size());
    const std::size_t n_rows = m_class_index.size();
    tbb::enumerable_thread_specific<Part> parts([&] { return Part(*this); });
    tbb::parallel_for(std::size_t{0}, (n_rows + rows_per_part - 1) / rows_per_part, [&](std::size_t part) {
        throw_if_stopped();
        const std::size_t begin = part * rows_per_part;
        parts.local().count(begin, std::min(rows_per_part, n_rows - begin), exchanges, right);
    });
    return {right.begin(), right.end()};
}

std::size_t ShuffledRows::exchanges_at_once() const {
    const std::size_t per_exchange = rows_per_part * static_cast<std::size_t>(m_forest.n_classes()) * 4;
    const std::size_t n_rows = std::max<std::size_t>(m_class_index.size(), 1);
    return std::clamp<std::size_t>(std::min(sums_memory / per_exchange, partners_memory / (n_rows * 4)), 1,
                                   most_at_once);
}

} // namespace lcclass
