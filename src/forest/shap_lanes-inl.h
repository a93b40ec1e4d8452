/// Vector code shared by the files of SHAP values: masks of lanes, and which sides of a leaf a box passes.
/// To be included by files that Highway compiles once per kind of processor.
// Per-target include guard, as Highway has them.
#if defined(LCCLASS_SHAP_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LCCLASS_SHAP_LANES_INL_H
#undef LCCLASS_SHAP_LANES_INL_H
#else
#define LCCLASS_SHAP_LANES_INL_H
#endif

#include "forest/mask_bits-inl.h"
#include "forest/shap_kernel.h"

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

using Lanes = hn::CappedTag<double, 8>;
using Numbers = hn::CappedTag<std::int16_t, 8>;
using State = ShapKernel::State;

constexpr std::size_t group = ShapLeaves::group;

/// Of a set of lanes, those of one vector from lane `first` on.
HWY_INLINE hn::Mask<Lanes> mask_of(std::uint64_t lanes, std::size_t first) {
    const std::uint64_t bits = lanes >> first;
    return hn::LoadMaskBits(Lanes(), reinterpret_cast<const std::uint8_t*>(&bits));
}

template <std::size_t groups>
HWY_INLINE Passed passed_dense(const ShapLeaves& leaves, std::size_t leaf, const std::int16_t* box_lows,
                               const std::int16_t* box_highs) {
    const Numbers d;
    const std::int16_t* const low = leaves.low(leaf);
    const std::int16_t* const high = leaves.high(leaf);
    Passed passed{.inside = groups < 8 ? ~std::uint64_t{0} << (groups % 8 * group) : 0};
    for (std::size_t at = 0; at < groups * group; at += hn::Lanes(d)) {
        const auto leaf_low = hn::LoadU(d, low + at);
        const auto leaf_high = hn::LoadU(d, high + at);
        const auto box_low = hn::LoadU(d, box_lows + at);
        const auto box_high = hn::LoadU(d, box_highs + at);
        const auto out = hn::Or(hn::Gt(leaf_low, box_low), hn::Gt(box_high, leaf_high));
        const auto apart = hn::Or(hn::Gt(leaf_low, box_high), hn::Gt(box_low, leaf_high));
        const std::uint64_t all = (std::uint64_t{1} << hn::Lanes(d)) - 1;
        const std::uint64_t out_bits = bits_of(d, out);
        passed.inside |= (out_bits ^ all) << at;
        passed.crossed |= (out_bits & ~bits_of(d, apart)) << at;
    }
    return passed;
}

HWY_INLINE Passed passed_compact(const ShapLeaves& leaves, std::size_t leaf, const std::int16_t* box_lows,
                                 const std::int16_t* box_highs) {
    const std::int16_t* const low = leaves.low(leaf);
    const std::int16_t* const high = leaves.high(leaf);
    const std::uint16_t* const feature = leaves.feature(leaf);
    const std::size_t n = leaves.n_sides(leaf);
    // Lanes without a test are passed.
    Passed passed{.inside = n < 64 ? ~std::uint64_t{0} << n : 0};
    for (std::size_t s = 0; s < n; ++s) {
        const std::int16_t box_low = box_lows[feature[s]];
        const std::int16_t box_high = box_highs[feature[s]];
        const std::uint64_t inside = static_cast<std::uint64_t>((low[s] <= box_low) & (box_high <= high[s]));
        const std::uint64_t apart = static_cast<std::uint64_t>((box_high < low[s]) | (high[s] < box_low));
        passed.inside |= inside << s;
        passed.crossed |= ((inside | apart) ^ 1U) << s;
    }
    return passed;
}

/// Lanes that are no feature's are passed.
template <bool dense, std::size_t groups>
HWY_INLINE Passed passed_of(const ShapLeaves& leaves, std::size_t leaf, const std::int16_t* box_low,
                            const std::int16_t* box_high) {
    if constexpr (dense) {
        return passed_dense<groups>(leaves, leaf, box_low, box_high);
    } else {
        return passed_compact(leaves, leaf, box_low, box_high);
    }
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
