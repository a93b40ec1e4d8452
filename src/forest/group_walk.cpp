#include "forest/group_walk.h"

#include "lcclass/forest/aligned_memory.h"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "forest/group_walk.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target.h first.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "forest/mask_bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

using Codes = hn::CappedTag<std::int16_t, 32>;
using Sums = hn::CappedTag<std::uint32_t, 16>;

constexpr std::size_t width = GroupWalk::width;

/// Bit i is set where column[i] > cut.
HWY_INLINE std::uint64_t above(const std::int16_t* column, std::int16_t cut) {
    const Codes d;
    const std::size_t lanes = hn::Lanes(d);
    const auto cuts = hn::Set(d, cut);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < width; i += lanes) {
        bits |= bits_of(d, hn::Gt(hn::Load(d, column + i), cuts)) << i;
    }
    return bits;
}

/// Adds 1 to counts[i] where bit i is set.
HWY_INLINE void count(std::int16_t* counts, std::uint64_t bits) {
    const Codes d;
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t i = 0; i < width; i += lanes) {
        const std::uint64_t part = bits >> i;
        const auto mask = hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&part));
        hn::Store(hn::Sub(hn::Load(d, counts + i), hn::VecFromMask(d, mask)), d, counts + i);
    }
}

HWY_INLINE std::uint64_t all_bits(bool set) {
    return std::uint64_t{0} - static_cast<std::uint64_t>(set);
}

/// Sends `pixels` on to `child`: a visit at `inner` or an arrival at `leaf`, whose ends are moved when there are any.
HWY_INLINE void send(PackedForest::Reference child, std::uint64_t pixels, std::uintptr_t& inner, std::uintptr_t& leaf) {
    const std::uint64_t is_leaf = child >> 31U;
    const std::uint64_t size = pixels != 0 ? sizeof(GroupWalk::Visit) : 0;
    const std::uint64_t size_of_arrival = size & (std::uint64_t{0} - is_leaf);
    auto* const slot = reinterpret_cast<GroupWalk::Visit*>(inner ^ ((inner ^ leaf) & (std::uint64_t{0} - is_leaf)));
    slot->reference = child;
    slot->pixels = pixels;
    leaf += size_of_arrival;
    inner += size - size_of_arrival;
}

/// Walks the first `n_visits` visits down to the leaves; returns the number of arrivals. Where a comparison leads is
/// data and not a branch, so nothing is mispredicted, and visits do not wait for each other.
HWY_INLINE std::size_t walk(const GroupWalk::State& state, std::size_t n_visits) {
    const PackedForest::Node* const nodes = state.forest->nodes();
    const std::int16_t* const columns = state.columns;
    const auto first_leaf = reinterpret_cast<std::uintptr_t>(state.leaves);
    auto leaf = first_leaf;
    auto inner = reinterpret_cast<std::uintptr_t>(state.visits + n_visits);
    for (const GroupWalk::Visit* visit = state.visits; reinterpret_cast<std::uintptr_t>(visit) != inner; ++visit) {
        const PackedForest::Node& node = nodes[visit->reference];
        hwy::Prefetch(nodes + (node.left & ~PackedForest::leaf_bit));
        hwy::Prefetch(nodes + (node.right & ~PackedForest::leaf_bit));
        const std::uint64_t gone_right = above(columns + std::size_t{node.feature} * width, node.cut);
        const std::uint64_t pixels = visit->pixels;
        const PackedForest::Reference right = node.right;
        send(node.left, pixels & ~gone_right, inner, leaf);
        send(right, pixels & gone_right, inner, leaf);
    }
    return (leaf - first_leaf) / sizeof(GroupWalk::Visit);
}

/// Adds the arrivals to counts (pure leaves) and sums (others).
HWY_INLINE void collect(const GroupWalk::State& state, std::size_t n_arrivals) {
    const std::size_t n_classes = state.forest->n_classes();
    std::fill_n(state.counts, (n_classes + 1) * width, std::int16_t{0});
    std::size_t n_mixed = 0;
    for (std::size_t i = 0; i < n_arrivals; ++i) {
        const GroupWalk::Visit arrival = state.leaves[i];
        const auto leaf = static_cast<PackedForest::Reference>(arrival.reference);
        const std::size_t row = std::min<std::size_t>(PackedForest::pure_class(leaf), n_classes);
        count(state.counts + row * width, arrival.pixels);
        state.leaves[n_mixed] = arrival;
        n_mixed += row == n_classes ? 1 : 0;
    }
    for (std::size_t i = 0; i < n_mixed; ++i) {
        const std::uint16_t* const weights =
            state.forest->mixture(static_cast<PackedForest::Reference>(state.leaves[i].reference));
        for (std::size_t k = 0; k < n_classes; ++k) {
            const std::uint32_t weight = weights[k];
            for (std::uint64_t rest = weight != 0 ? state.leaves[i].pixels : 0; rest != 0; rest &= rest - 1) {
                state.sums[k * width + static_cast<std::size_t>(std::countr_zero(rest))] += weight;
            }
        }
    }
    const Sums d;
    const hn::Rebind<std::int16_t, Sums> narrow;
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t i = 0; i < n_classes * width; i += lanes) {
        const auto n = hn::BitCast(d, hn::PromoteTo(hn::RebindToSigned<Sums>(), hn::Load(narrow, state.counts + i)));
        // 65535 n
        hn::Store(hn::Add(hn::Load(d, state.sums + i), hn::Sub(hn::ShiftLeft<16>(n), n)), d, state.sums + i);
    }
}

/// Leading classes; returns the pixels whose leader is more than `margin` ahead.
HWY_INLINE std::uint64_t lead(const GroupWalk::State& state, std::uint32_t margin) {
    const Sums d;
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t n_classes = state.forest->n_classes();
    std::uint64_t decided = 0;
    for (std::size_t i = 0; i < width; i += lanes) {
        auto best = hn::Load(d, state.sums + i);
        auto second = hn::Zero(d);
        auto leader = hn::Zero(d);
        for (std::size_t k = 1; k < n_classes; ++k) {
            const auto sum = hn::Load(d, state.sums + k * width + i);
            const auto better = hn::Gt(sum, best);
            leader = hn::IfThenElse(better, hn::Set(d, static_cast<std::uint32_t>(k)), leader);
            second = hn::Max(second, hn::Min(best, sum));
            best = hn::Max(best, sum);
        }
        hn::Store(leader, d, state.classes + i);
        decided |= bits_of(d, hn::Gt(hn::Sub(best, second), hn::Set(d, margin))) << i;
    }
    return decided;
}

void run_group(const GroupWalk::State& state, std::uint64_t pixels, std::span<const PackedForest::Reference> subtrees,
               std::size_t trees_per_batch, bool class_only) {
    for (std::size_t first = 0; first < subtrees.size() && pixels != 0; first += trees_per_batch) {
        const std::size_t n = std::min(trees_per_batch, subtrees.size() - first);
        for (std::size_t t = 0; t < n; ++t) {
            state.visits[t] = {.reference = subtrees[first + t], .pixels = pixels};
        }
        collect(state, walk(state, n));
        if (class_only) {
            const auto remaining = static_cast<std::uint32_t>(subtrees.size() - first - n);
            pixels &= ~lead(state, remaining * RandomForest::probability_one);
        }
    }
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lcclass {

HWY_EXPORT(run_group);

namespace {

constexpr std::size_t usual_trees_per_batch = 16;
constexpr std::size_t most_visits_per_batch = std::size_t{1} << 20U;

} // namespace

GroupWalk::GroupWalk(const PackedForest& forest) : m_forest(forest) {
    // What is done once per batch costs as much as there are classes.
    const std::size_t wanted = std::max(usual_trees_per_batch, forest.n_classes() / 4);
    const std::size_t per_tree = std::max<std::size_t>(forest.most_visits(width), 1);
    m_trees_per_batch = std::clamp<std::size_t>(most_visits_per_batch / per_tree, 1, wanted);
    m_columns = allocate_aligned<std::int16_t>(forest.n_features() * width);
    m_counts = allocate_aligned<std::int16_t>((forest.n_classes() + 1) * width);
    m_sums = allocate_aligned<std::uint32_t>(forest.n_classes() * width);
    m_classes = allocate_aligned<std::uint32_t>(width);
    // One more: the slot after the last is written before it is known whether anything goes there.
    m_visits = allocate_aligned<Visit>(m_trees_per_batch * per_tree + 1);
    m_leaves = allocate_aligned<Visit>(m_trees_per_batch * width + 1);
}

void GroupWalk::run(std::size_t n_pixels, std::span<const PackedForest::Reference> subtrees,
                    std::span<const std::uint32_t> base, bool class_only) {
    for (std::size_t k = 0; k < base.size(); ++k) {
        std::fill_n(m_sums.get() + k * width, width, base[k]);
    }
    const State state = {.forest = &m_forest,
                         .columns = m_columns.get(),
                         .visits = m_visits.get(),
                         .leaves = m_leaves.get(),
                         .counts = m_counts.get(),
                         .sums = m_sums.get(),
                         .classes = m_classes.get()};
    const std::uint64_t pixels = n_pixels == width ? ~std::uint64_t{0} : (std::uint64_t{1} << n_pixels) - 1;
    HWY_DYNAMIC_DISPATCH(run_group)(state, pixels, subtrees, m_trees_per_batch, class_only);
}

} // namespace lcclass

#endif
