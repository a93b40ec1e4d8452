/// Masks of vectors as bits.
/// To be included by files that Highway compiles once per kind of processor.

// Per-target include guard, as Highway has them.
#if defined(LCCLASS_MASK_BITS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LCCLASS_MASK_BITS_INL_H
#undef LCCLASS_MASK_BITS_INL_H
#else
#define LCCLASS_MASK_BITS_INL_H
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A mask as bits. Stored to a number of just its size: GCC 12 reads more of a wider one than was stored.
template <class D>
HWY_INLINE std::uint64_t bits_of(D d, hn::Mask<D> mask) {
    using Bits = std::conditional_t<hn::MaxLanes(D()) <= 8, std::uint8_t,
                                    std::conditional_t<hn::MaxLanes(D()) == 16, std::uint16_t, std::uint32_t>>;
    Bits bits = 0;
    hn::StoreMaskBits(d, mask, reinterpret_cast<std::uint8_t*>(&bits));
    return bits;
}

/// Which sides all pixels of a box pass, and which some do.
struct Passed {
    std::uint64_t inside = 0;
    std::uint64_t crossed = 0;
};

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
