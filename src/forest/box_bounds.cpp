#include "forest/box_bounds.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "forest/box_bounds.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target.h first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void find_bounds(const std::int16_t* records, std::size_t n_records, std::size_t stride, std::int16_t* low,
                 std::int16_t* high) {
    const hn::CappedTag<std::int16_t, 8> d;
    for (std::size_t j = 0; j < stride; j += hn::Lanes(d)) {
        auto lowest = hn::LoadU(d, records + j);
        auto highest = lowest;
        for (std::size_t i = 1; i < n_records; ++i) {
            const auto numbers = hn::LoadU(d, records + i * stride + j);
            lowest = hn::Min(lowest, numbers);
            highest = hn::Max(highest, numbers);
        }
        hn::StoreU(lowest, d, low + j);
        hn::StoreU(highest, d, high + j);
    }
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lcclass {

HWY_EXPORT(find_bounds);

void find_box_bounds(const std::int16_t* records, std::size_t n_records, std::size_t stride, std::int16_t* low,
                     std::int16_t* high) {
    HWY_DYNAMIC_DISPATCH(find_bounds)(records, n_records, stride, low, high);
}

} // namespace lcclass

#endif
