/// Memory that vectors can be loaded from.
/// Free functions; safe from any thread.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <new>

namespace lcclass {

/// `n` items, not initialised. Throws std::bad_alloc where memory is short (Highway itself returns null).
template <class T>
hwy::AlignedFreeUniquePtr<T[]> allocate_aligned(std::size_t n) {
    auto items = hwy::AllocateAligned<T>(n);
    if (items == nullptr) {
        throw std::bad_alloc();
    }
    return items;
}

} // namespace lcclass
