/// Vector code of SHAP values: what one leaf means to a row, lane for lane.
/// To be included by files that Highway compiles once per kind of processor.
// Per-target include guard, as Highway has them.
#if defined(LCCLASS_SHAP_ROWS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LCCLASS_SHAP_ROWS_INL_H
#undef LCCLASS_SHAP_ROWS_INL_H
#else
#define LCCLASS_SHAP_ROWS_INL_H
#endif

#include "forest/shap_lanes-inl.h"

#include <algorithm>
#include <bit>

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

/// Product over all lanes, in one order for all vectors: lanes of the groups first, then halves.
template <std::size_t groups, class Factor>
HWY_INLINE double product_of_lanes(const Factor& factor) {
    const Lanes d;
#if HWY_MAX_BYTES >= 64
    auto eight = factor(0);
    for (std::size_t g = 1; g < groups; ++g) {
        eight = hn::Mul(eight, factor(g * group));
    }
    const hn::Half<Lanes> half;
    const auto four = hn::Mul(hn::LowerHalf(half, eight), hn::UpperHalf(half, eight));
    const hn::Half<hn::Half<Lanes>> quarter;
    const auto two = hn::Mul(hn::LowerHalf(quarter, four), hn::UpperHalf(quarter, four));
    return hn::GetLane(hn::Mul(two, hn::Reverse(quarter, two)));
#else
    HWY_ALIGN double parts[group];
    for (std::size_t at = 0; at < group; at += hn::Lanes(d)) {
        auto all = factor(at);
        for (std::size_t g = 1; g < groups; ++g) {
            all = hn::Mul(all, factor(g * group + at));
        }
        hn::Store(all, d, parts + at);
    }
    return ((parts[0] * parts[4]) * (parts[2] * parts[6])) * ((parts[1] * parts[5]) * (parts[3] * parts[7]));
#endif
}

/// What one quadrature node of a leaf adds up over: weight x product of the lanes' factors t o + (1 - t) z.
template <std::size_t groups>
HWY_INLINE double node_product(const ShapRules::Rule& rule, std::size_t q, const double* share, std::uint64_t passed) {
    const Lanes d;
    const auto t = hn::Set(d, rule.t[q]);
    const auto rest = hn::Set(d, rule.rest[q]);
    return rule.weight[q] * product_of_lanes<groups>([&](std::size_t at) HWY_ATTR {
               return hn::Add(hn::Mul(rest, hn::Load(d, share + at)), hn::IfThenElseZero(mask_of(passed, at), t));
           });
}

/// Contribution of every lane of a leaf of value 1 to a row that passes `passed`, without a background; 0 in lanes
/// without a test.
template <std::size_t groups>
HWY_INLINE void path_row(const State& state, std::size_t leaf, std::uint64_t passed, double* row) {
    const Lanes d;
    const double* const share = state.leaves->share(leaf);
    const ShapRules::Rule& rule = state.rules->rules[state.leaves->n_sides(leaf)];
    double products[ShapLeaves::most_lanes / 2];
    for (std::size_t q = 0; q < rule.t.size(); ++q) {
        products[q] = node_product<groups>(rule, q, share, passed);
    }
    for (std::size_t at = 0; at < groups * group; at += hn::Lanes(d)) {
        const auto z = hn::Load(d, share + at);
        const auto is_passed = mask_of(passed, at);
        auto sum = hn::Zero(d);
        for (std::size_t q = 0; q < rule.t.size(); ++q) {
            const auto factor =
                hn::Add(hn::Mul(hn::Set(d, rule.rest[q]), z), hn::IfThenElseZero(is_passed, hn::Set(d, rule.t[q])));
            sum = hn::Add(sum, hn::Div(hn::Set(d, products[q]), factor));
        }
        hn::Store(hn::Mul(hn::Sub(hn::IfThenElseZero(is_passed, hn::Set(d, 1.0)), z), sum), d, row + at);
    }
}

/// The same against the rows of a background: the mean over them of a game in which every feature is either the row's
/// or the background's.
template <bool dense, std::size_t groups>
HWY_INLINE void background_row(const State& state, std::size_t leaf, std::uint64_t passed, double* row) {
    const Lanes d;
    const ShapBackground& background = *state.background;
    std::fill_n(row, groups * group, 0.0);
    for (std::size_t i = 0; i < background.n_rows; ++i) {
        const std::uint64_t theirs =
            passed_of<dense, groups>(*state.leaves, leaf, background.row(i), background.row(i)).inside;
        if ((passed | theirs) != ~std::uint64_t{0}) {
            continue; // no mixture of the two gets to the leaf
        }
        const std::uint64_t only_row = passed & ~theirs;
        const std::uint64_t only_theirs = theirs & ~passed;
        const auto n_row = static_cast<std::size_t>(std::popcount(only_row));
        const auto n_theirs = static_cast<std::size_t>(std::popcount(only_theirs));
        const auto gain = hn::Set(d, background.weight(n_row, n_theirs));
        const auto loss = hn::Set(d, background.weight(n_theirs, n_row));
        for (std::size_t at = 0; at < groups * group; at += hn::Lanes(d)) {
            const auto change = hn::Sub(hn::IfThenElseZero(mask_of(only_row, at), gain),
                                        hn::IfThenElseZero(mask_of(only_theirs, at), loss));
            hn::Store(hn::Add(hn::Load(d, row + at), change), d, row + at);
        }
    }
}

template <bool dense, std::size_t groups>
HWY_INLINE void leaf_row(const State& state, std::size_t leaf, std::uint64_t passed, double* row) {
    if (state.background == nullptr) {
        path_row<groups>(state, leaf, passed, row);
    } else {
        background_row<dense, groups>(state, leaf, passed, row);
    }
}

/// A leaf whose rows are wanted for a usual pattern of passed sides and for others that differ in a few lanes: what
/// they share is computed once.
template <bool dense, std::size_t groups>
class LeafRows {
public:
    static constexpr std::size_t lanes = groups * group;

    HWY_INLINE LeafRows(const State& state, std::size_t leaf, std::uint64_t usual)
        : m_state(state), m_leaf(leaf), m_usual(usual), m_share(state.leaves->share(leaf)) {
        if (state.background != nullptr) {
            return;
        }
        const ShapRules::Rule& rule = state.rules->rules[state.leaves->n_sides(leaf)];
        m_n_nodes = std::min(rule.t.size(), most_nodes);
        const Lanes d;
        for (std::size_t q = 0; q < m_n_nodes; ++q) {
            m_products[q] = node_product<groups>(rule, q, m_share, usual);
            const auto t = hn::Set(d, rule.t[q]);
            const auto rest = hn::Set(d, rule.rest[q]);
            for (std::size_t at = 0; at < lanes; at += hn::Lanes(d)) {
                const auto failed = hn::Mul(rest, hn::Load(d, m_share + at));
                const auto passed = hn::Add(failed, t);
                const auto mask = mask_of(usual, at);
                const auto factor = hn::IfThenElse(mask, passed, failed);
                const auto other = hn::IfThenElse(mask, failed, passed);
                const auto inverse = hn::Div(hn::Set(d, 1.0), factor);
                hn::Store(inverse, d, m_inverse[q] + at);
                hn::Store(hn::Div(hn::Set(d, 1.0), other), d, m_other_inverse[q] + at);
                hn::Store(hn::Mul(other, inverse), d, m_ratio[q] + at);
            }
        }
    }

    /// The row of a pattern that differs from the usual one in `flipped`.
    HWY_INLINE void fill(std::uint64_t flipped, double* row) const {
        if (m_state.background != nullptr) {
            background_row<dense, groups>(m_state, m_leaf, m_usual ^ flipped, row);
            return;
        }
        double products[most_nodes];
        for (std::size_t q = 0; q < m_n_nodes; ++q) {
            products[q] = m_products[q];
            for (std::uint64_t rest = flipped; rest != 0; rest &= rest - 1) {
                products[q] *= m_ratio[q][std::countr_zero(rest)];
            }
        }
        const Lanes d;
        for (std::size_t at = 0; at < lanes; at += hn::Lanes(d)) {
            const auto is_flipped = mask_of(flipped, at);
            auto sum = hn::Zero(d);
            for (std::size_t q = 0; q < m_n_nodes; ++q) {
                const auto inverse =
                    hn::IfThenElse(is_flipped, hn::Load(d, m_other_inverse[q] + at), hn::Load(d, m_inverse[q] + at));
                sum = hn::Add(sum, hn::Mul(hn::Set(d, products[q]), inverse));
            }
            const auto passed = hn::IfThenElseZero(mask_of(m_usual ^ flipped, at), hn::Set(d, 1.0));
            hn::Store(hn::Mul(hn::Sub(passed, hn::Load(d, m_share + at)), sum), d, row + at);
        }
    }

private:
    static constexpr std::size_t most_nodes = lanes / 2;

    const State& m_state;
    std::size_t m_leaf;
    std::uint64_t m_usual;
    const double* m_share;
    std::size_t m_n_nodes = 0;
    // Of quadrature nodes, and of the factors of lanes: as usual, and as they are otherwise.
    double m_products[most_nodes];
    HWY_ALIGN double m_inverse[most_nodes][lanes];
    HWY_ALIGN double m_other_inverse[most_nodes][lanes];
    HWY_ALIGN double m_ratio[most_nodes][lanes];
};

/// target += row x weight.
template <bool dense, std::size_t groups>
HWY_INLINE void add_row(const State& state, std::size_t leaf, const double* row, double weight, double* target) {
    if constexpr (dense) {
        const Lanes d;
        const auto factor = hn::Set(d, weight);
        for (std::size_t at = 0; at < groups * group; at += hn::Lanes(d)) {
            hn::Store(hn::Add(hn::Load(d, target + at), hn::Mul(hn::Load(d, row + at), factor)), d, target + at);
        }
    } else {
        const std::uint16_t* const feature = state.leaves->feature(leaf);
        const std::size_t n = state.leaves->n_sides(leaf);
        for (std::size_t s = 0; s < n; ++s) {
            target[feature[s]] += row[s] * weight;
        }
    }
}

/// Adds a leaf's row, times what the leaf is worth to each target.
template <bool dense, std::size_t groups>
HWY_INLINE void add_leaf(const State& state, std::size_t leaf, const double* row, double* sums) {
    for (const LeafWeights::Weight& entry : state.weights->of(state.leaves->distribution(leaf))) {
        add_row<dense, groups>(state, leaf, row, entry.weight, sums + entry.target * state.target_stride);
    }
}

HWY_INLINE void subtract(const double* from, const double* what, std::size_t n, double* out) {
    const Lanes d;
    for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
        hn::Store(hn::Sub(hn::Load(d, from + i), hn::Load(d, what + i)), d, out + i);
    }
}

/// A step along the feature of `lane`: what `row` is more than what all pixels get.
template <bool dense, std::size_t groups>
HWY_INLINE void push_step(const State& state, std::size_t leaf, std::size_t lane, double sign, const double* row) {
    const std::size_t feature = dense ? lane : state.leaves->feature(leaf)[lane];
    ShapKernel::Steps& steps = state.steps[feature];
    steps.steps.push_back({.leaf = static_cast<std::uint32_t>(leaf),
                           .low = state.leaves->low(leaf)[lane],
                           .high = state.leaves->high(leaf)[lane],
                           .sign = sign});
    steps.rows.insert(steps.rows.end(), row, row + groups * group);
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
