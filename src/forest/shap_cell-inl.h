/// Vector code of SHAP values: what the leaves that a cell crosses mean to each of its pixels.
/// To be included by files that Highway compiles once per kind of processor.
// Per-target include guard, as Highway has them.
#if defined(LCCLASS_SHAP_CELL_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LCCLASS_SHAP_CELL_INL_H
#undef LCCLASS_SHAP_CELL_INL_H
#else
#define LCCLASS_SHAP_CELL_INL_H
#endif

#include "forest/shap_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

using Codes = hn::CappedTag<std::int16_t, 32>;
using PixelSet = ShapKernel::PixelSet;

constexpr std::size_t most_pixels = ShapKernel::most_pixels;

/// Pixels of the cell whose code is above `cut`.
HWY_INLINE PixelSet above(const std::int16_t* column, std::int16_t cut) {
    const Codes d;
    const auto cuts = hn::Set(d, cut);
    PixelSet set{};
    for (std::size_t i = 0; i < most_pixels; i += hn::Lanes(d)) {
        set.words[i / 64] |= bits_of(d, hn::Gt(hn::Load(d, column + i), cuts)) << (i % 64);
    }
    return set;
}

HWY_INLINE std::uint32_t size_of(const PixelSet& set) {
    std::uint32_t n = 0;
    for (const std::uint64_t word : set.words) {
        n += static_cast<std::uint32_t>(std::popcount(word));
    }
    return n;
}

HWY_INLINE bool is_empty(const PixelSet& set) {
    std::uint64_t any = 0;
    for (const std::uint64_t word : set.words) {
        any |= word;
    }
    return any == 0;
}

HWY_INLINE PixelSet all_of(std::size_t n_pixels) {
    PixelSet set{};
    for (std::size_t i = 0; i < set.words.size(); ++i) {
        const std::size_t first = i * 64;
        set.words[i] = n_pixels >= first + 64 ? ~std::uint64_t{0}
                       : n_pixels > first     ? (std::uint64_t{1} << (n_pixels - first)) - 1
                                              : 0;
    }
    return set;
}

HWY_INLINE PixelSet both(const PixelSet& a, const PixelSet& b) {
    PixelSet set;
    for (std::size_t i = 0; i < set.words.size(); ++i) {
        set.words[i] = a.words[i] & b.words[i];
    }
    return set;
}

HWY_INLINE PixelSet without(const PixelSet& a, const PixelSet& b) {
    PixelSet set;
    for (std::size_t i = 0; i < set.words.size(); ++i) {
        set.words[i] = a.words[i] & ~b.words[i];
    }
    return set;
}

/// The crossed sides of a leaf that some pixel passes.
HWY_INLINE std::size_t find_members(const State& state, std::size_t leaf, std::uint64_t crossed, const CodeBox& box,
                                    const PixelSet& all) {
    std::size_t n = 0;
    for (; crossed != 0; crossed &= crossed - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(crossed));
        ShapKernel::Member& member = state.members[n];
        member.lane = lane;
        member.feature = state.leaves->is_dense() ? lane : state.leaves->feature(leaf)[lane];
        const std::int16_t low = state.leaves->low(leaf)[lane];
        const std::int16_t high = state.leaves->high(leaf)[lane];
        const std::int16_t* const column = state.columns + member.feature * most_pixels;
        member.pixels = all;
        if (low > box.low[member.feature]) {
            member.pixels = both(all, above(column, static_cast<std::int16_t>(low - 1)));
        }
        if (high < box.high[member.feature]) {
            member.pixels = without(member.pixels, above(column, high));
        }
        const std::size_t size = size_of(member.pixels);
        member.is_usual = 2 * size > state.n_pixels;
        if (member.is_usual) {
            member.pixels = without(all, member.pixels);
        }
        n += size > 0 ? 1 : 0;
    }
    return n;
}

/// Adds `row` to the pixels of a set.
template <bool dense, std::size_t groups>
HWY_INLINE void add_to_pixels(const State& state, std::size_t leaf, const double* row, const PixelSet& pixels) {
    for (const LeafWeights::Weight& entry : state.weights->of(state.leaves->distribution(leaf))) {
        double* const values = state.values + entry.target * state.target_stride;
        HWY_ALIGN double weighted[ShapLeaves::most_lanes];
        const Lanes d;
        for (std::size_t at = 0; at < groups * group; at += hn::Lanes(d)) {
            hn::Store(hn::Mul(hn::Load(d, row + at), hn::Set(d, entry.weight)), d, weighted + at);
        }
        for (std::size_t i = 0; i < pixels.words.size(); ++i) {
            for (std::uint64_t word = pixels.words[i]; word != 0; word &= word - 1) {
                const std::size_t pixel = i * 64 + static_cast<std::size_t>(std::countr_zero(word));
                double* const target = values + pixel * state.stride;
                if constexpr (dense) {
                    for (std::size_t at = 0; at < groups * group; at += hn::Lanes(d)) {
                        hn::Store(hn::Add(hn::Load(d, target + at), hn::Load(d, weighted + at)), d, target + at);
                    }
                } else {
                    const std::uint16_t* const feature = state.leaves->feature(leaf);
                    const std::size_t n = state.leaves->n_sides(leaf);
                    for (std::size_t s = 0; s < n; ++s) {
                        target[feature[s]] += weighted[s];
                    }
                }
            }
        }
    }
}

/// What one leaf adds to the pixels of a cell that crosses some of its sides.
template <bool dense, std::size_t groups>
class LeafInCell {
public:
    HWY_INLINE LeafInCell(const State& state, std::size_t leaf, std::uint64_t usual, std::size_t n_members)
        : m_state(state), m_leaf(leaf), m_rows(state, leaf, usual), m_n_members(n_members),
          m_additive(n_members <= most_additive), m_single(state.scratch) {}

    HWY_INLINE void run(const PixelSet& all) {
        m_rows.fill(0, m_none);
        add_leaf<dense, groups>(m_state, m_leaf, m_none, m_state.base);
        if (m_additive) {
            for (std::size_t s = 0; s < m_n_members; ++s) {
                add_step(s);
            }
        }
        split(0, all, 0, 0);
    }

private:
    static constexpr std::size_t lanes = groups * group;
    /// With more crossed sides, rows of single ones would be more than there are pixels that differ in only one.
    static constexpr std::size_t most_additive = 5;

    HWY_INLINE void add_step(std::size_t s) {
        const ShapKernel::Member& member = m_state.members[s];
        double* const single = m_single + s * lanes;
        m_rows.fill(std::uint64_t{1} << member.lane, single);
        subtract(single, m_none, lanes, single);
        if (member.is_usual) {
            add_leaf<dense, groups>(m_state, m_leaf, single, m_state.base);
        }
        push_step<dense, groups>(m_state, m_leaf, member.lane, member.is_usual ? -1 : 1, single);
    }

    /// Pixels by the sides in which they differ from most, from member s on.
    void split(std::size_t s, const PixelSet& pixels, std::uint64_t chosen, std::size_t n_chosen) {
        if (is_empty(pixels) || (m_additive && n_chosen + (m_n_members - s) < 2)) {
            return;
        }
        if (s == m_n_members) {
            if (n_chosen >= (m_additive ? 2 : 1)) {
                add_pattern(pixels, chosen);
            }
            return;
        }
        const PixelSet& member = m_state.members[s].pixels;
        split(s + 1, both(pixels, member), chosen | std::uint64_t{1} << s, n_chosen + 1);
        split(s + 1, without(pixels, member), chosen, n_chosen);
    }

    HWY_INLINE void add_pattern(const PixelSet& pixels, std::uint64_t chosen) {
        std::uint64_t flipped = 0;
        for (std::uint64_t rest = chosen; rest != 0; rest &= rest - 1) {
            flipped |= std::uint64_t{1} << m_state.members[std::countr_zero(rest)].lane;
        }
        m_rows.fill(flipped, m_row);
        subtract(m_row, m_none, lanes, m_row);
        for (std::uint64_t rest = m_additive ? chosen : 0; rest != 0; rest &= rest - 1) {
            subtract(m_row, m_single + static_cast<std::size_t>(std::countr_zero(rest)) * lanes, lanes, m_row);
        }
        add_to_pixels<dense, groups>(m_state, m_leaf, m_row, pixels);
    }

    const State& m_state;
    std::size_t m_leaf;
    LeafRows<dense, groups> m_rows;
    std::size_t m_n_members;
    bool m_additive;
    HWY_ALIGN double m_none[lanes];
    HWY_ALIGN double m_row[lanes];
    double* m_single;
};

template <bool dense, std::size_t groups>
void explain_leaves(const State& state, std::span<const std::uint32_t> leaves, const CodeBox& box) {
    const PixelSet all = all_of(state.n_pixels);
    for (const std::uint32_t leaf : leaves) {
        const Passed passed = passed_of<dense, groups>(*state.leaves, leaf, box.low.data(), box.high.data());
        const std::size_t n_members = find_members(state, leaf, passed.crossed, box, all);
        std::uint64_t usual = passed.inside;
        for (std::size_t m = 0; m < n_members; ++m) {
            usual |= std::uint64_t{state.members[m].is_usual} << state.members[m].lane;
        }
        LeafInCell<dense, groups>(state, leaf, usual, n_members).run(all);
    }
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
