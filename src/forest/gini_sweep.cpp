#include "forest/gini_sweep.h"

#include "forest/impurity.h"

#include <algorithm>
#include <array>

namespace lcclass {

namespace {

constexpr std::size_t lanes = 8;
/// Above the relative error of an estimate: ten roundings to 24 bits.
constexpr float slack = 4e-6F;

/// The running sums of one end, in registers.
struct Walk {
    std::uint64_t* classes;
    GiniSweep::Cut* next;
    GiniSweep::Cut sum = {};

    /// Takes a row over to this side: squares grow by count x (2 x before + count) here and shrink by
    /// count x (2 x before - count) there, both in one multiplication.
    void take(const SortedRow& sorted) {
        const RowDraws row = sorted.drawn;
        const std::uint64_t count = row.count();
        const std::uint64_t moved = (count << 32U) - count;
        const std::uint64_t half = classes[row.class_index()] + moved;
        sum.squares += count * half;
        classes[row.class_index()] = half + moved;
        sum.place += (count << 32U) + 1;
    }
    /// Notes a cut behind the rows taken so far; the next overwrites it when it is none.
    void note(bool is_cut) {
        *next = sum;
        next += is_cut ? 1 : 0;
    }
};

} // namespace

void GiniSweep::begin(Side& side, std::span<const std::uint32_t> total, std::size_t n_rows) {
    side.classes.resize(total.size());
    for (std::size_t k = 0; k < total.size(); ++k) {
        side.classes[k] = 2 * std::uint64_t{total[k]};
    }
    if (side.cuts.size() < n_rows + lanes) {
        side.cuts.resize(n_rows + lanes);
        side.values.resize(n_rows + lanes);
    }
}

/// The two ends are independent: the processor works on both at once, where one alone waits for its class counts.
void GiniSweep::collect(std::span<const SortedRow> rows, std::size_t min_leaf) {
    Walk left{.classes = m_left.classes.data(), .next = m_left.cuts.data()};
    Walk right{.classes = m_right.classes.data(), .next = m_right.cuts.data()};
    const std::size_t n = rows.size();
    for (std::size_t i = 0; i + 1 < min_leaf; ++i) {
        left.take(rows[i]);
        right.take(rows[n - 1 - i]);
    }
    // Cuts behind rows min_leaf - 1 .. n - min_leaf - 1, the middle one from the left only.
    std::size_t a = min_leaf - 1;
    std::size_t b = n - min_leaf;
    for (; a < b - 1; ++a, --b) {
        left.take(rows[a]);
        left.note(rows[a].coded.code() != rows[a + 1].coded.code());
        right.take(rows[b]);
        right.note(rows[b - 1].coded.code() != rows[b].coded.code());
    }
    if (a < b) {
        left.take(rows[a]);
        left.note(rows[a].coded.code() != rows[b].coded.code());
    }
    m_left.n_cuts = static_cast<std::size_t>(left.next - m_left.cuts.data());
    m_right.n_cuts = static_cast<std::size_t>(right.next - m_right.cuts.data());
}

/// Fills side.values and returns the highest.
float GiniSweep::estimate(Side& side, const Node& node) {
    const Cut* const cuts = side.cuts.data();
    float* const values = side.values.data();
    const std::size_t n = side.n_cuts;
    for (std::size_t i = 0; i < n; ++i) {
        const auto here = static_cast<float>(cuts[i].here());
        const auto there = static_cast<float>(node.squares - cuts[i].lost());
        const auto here_weight = static_cast<float>(cuts[i].weight());
        const auto there_weight = static_cast<float>(node.weight - cuts[i].weight());
        values[i] = (here * there_weight + there * here_weight) / (here_weight * there_weight);
    }
    std::fill_n(values + n, lanes, 0.0F); // whole vectors
    std::array<float, lanes> top{};
    for (std::size_t i = 0; i < n; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            top[lane] = top[lane] > values[i + lane] ? top[lane] : values[i + lane];
        }
    }
    return *std::max_element(top.begin(), top.end());
}

double GiniSweep::exact_value(const Cut& cut, const Node& node) {
    return gini_value(cut.weight(), cut.here(), node.weight - cut.weight(), node.squares - cut.lost());
}

template <class Visit>
void GiniSweep::visit_above(const Side& side, float bound, const Visit& visit) {
    for (std::size_t i = 0; i < side.n_cuts; i += lanes) {
        std::int32_t n_above = 0;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            n_above += side.values[i + lane] >= bound ? 1 : 0;
        }
        for (std::size_t lane = 0; n_above > 0 && lane < lanes; ++lane) {
            if (side.values[i + lane] >= bound) {
                visit(side.cuts[i + lane]);
            }
        }
    }
}

std::size_t GiniSweep::best_cut(std::span<const SortedRow> rows, std::span<const std::uint32_t> total,
                                std::int64_t squares, std::size_t min_leaf, double& highest) {
    begin(m_left, total, rows.size());
    begin(m_right, total, rows.size());
    collect(rows, min_leaf);
    Node node{.weight = 0, .squares = static_cast<std::int32_t>(squares)};
    for (const std::uint32_t n : total) {
        node.weight += static_cast<std::int32_t>(n);
    }
    const float top = std::max(estimate(m_left, node), estimate(m_right, node));
    std::size_t found = rows.size();
    if (static_cast<double>(top) * (1 + static_cast<double>(slack)) < highest) {
        return found;
    }
    const float bound = top * (1 - slack);
    const auto consider = [&](const Cut& cut, std::size_t last_left) {
        const double value = exact_value(cut, node);
        if (value > highest || (value == highest && last_left < found && found < rows.size())) {
            highest = value;
            found = last_left;
        }
    };
    visit_above(m_left, bound, [&](const Cut& cut) { consider(cut, cut.n_rows() - 1); });
    visit_above(m_right, bound, [&](const Cut& cut) { consider(cut, rows.size() - cut.n_rows() - 1); });
    return found;
}

} // namespace lcclass
