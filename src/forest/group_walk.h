/// Up to 64 pixels that walk through trees together: a visit to a node compares all of them at once and splits the set
/// of pixels in two, so that what the pixels share of their ways is walked once.
/// The processor's widest vectors are chosen at run time (Highway); sums are integers, so all give the same.
/// Owned by one thread; its memory is used again from group to group.
#pragma once

#include "forest/packed_forest.h"

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace lcclass {

class GroupWalk {
public:
    static constexpr std::size_t width = 64; ///< most pixels in a group

    explicit GroupWalk(const PackedForest& forest);

    /// Codes of the group's pixels, to be filled before `run`: pixel i's feature f is at [f * width + i].
    [[nodiscard]] std::int16_t* columns() { return m_columns.get(); }
    /// Sends pixels 0..n_pixels-1 through `subtrees`. `base` are sums they have in common already, per class. With
    /// `class_only`, a pixel stops as soon as no other class can catch up with the leading one.
    void run(std::size_t n_pixels, std::span<const PackedForest::Reference> subtrees,
             std::span<const std::uint32_t> base, bool class_only);
    /// Sum of class k over the trees for pixel i, at [k * width + i]; incomplete where `class_only` stopped early.
    [[nodiscard]] const std::uint32_t* sums() const { return m_sums.get(); }
    /// The class with the highest sum of pixel i, the lowest on ties.
    [[nodiscard]] const std::uint32_t* classes() const { return m_classes.get(); }

    /// A set of pixels on its way: bit i is pixel i.
    struct Visit {
        std::uint64_t reference;
        std::uint64_t pixels;
    };
    /// What the vector code works on.
    struct State {
        const PackedForest* forest;
        const std::int16_t* columns;
        Visit* visits;        ///< of inner nodes
        Visit* leaves;        ///< arrivals at leaves
        std::int16_t* counts; ///< arrivals at pure leaves, per class (and one more row for other leaves) and pixel
        std::uint32_t* sums;
        std::uint32_t* classes;
    };

private:
    const PackedForest& m_forest;
    std::size_t m_trees_per_batch;
    hwy::AlignedFreeUniquePtr<std::int16_t[]> m_columns;
    hwy::AlignedFreeUniquePtr<std::int16_t[]> m_counts;
    hwy::AlignedFreeUniquePtr<std::uint32_t[]> m_sums;
    hwy::AlignedFreeUniquePtr<std::uint32_t[]> m_classes;
    hwy::AlignedFreeUniquePtr<Visit[]> m_visits;
    hwy::AlignedFreeUniquePtr<Visit[]> m_leaves;
};

} // namespace lcclass
