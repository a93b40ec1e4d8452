#include "forest/shap_kernel.h"

#include "lcclass/forest/aligned_memory.h"

#include <algorithm>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "forest/shap_kernel.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target.h first.
#include "forest/shap_cell-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

/// A leaf that a box crosses in one feature only.
template <bool dense, std::size_t groups>
HWY_INLINE void step_of_leaf(const State& state, std::size_t leaf, const Passed& passed) {
    HWY_ALIGN double failed_row[groups * group];
    HWY_ALIGN double row[groups * group];
    const LeafRows<dense, groups> rows(state, leaf, passed.inside);
    rows.fill(0, failed_row);
    rows.fill(passed.crossed, row);
    subtract(row, failed_row, groups * group, row);
    add_leaf<dense, groups>(state, leaf, failed_row, state.base);
    push_step<dense, groups>(state, leaf, static_cast<std::size_t>(std::countr_zero(passed.crossed)), 1, row);
}

template <bool dense, std::size_t groups>
std::size_t filter_leaves(const State& state, std::span<const std::uint32_t> leaves, const CodeBox& box,
                          bool takes_steps, std::uint32_t* crossed) {
    HWY_ALIGN double row[groups * group];
    std::size_t n_crossed = 0;
    for (const std::uint32_t leaf : leaves) {
        const Passed passed = passed_of<dense, groups>(*state.leaves, leaf, box.low.data(), box.high.data());
        if (passed.crossed == 0) {
            leaf_row<dense, groups>(state, leaf, passed.inside, row);
            add_leaf<dense, groups>(state, leaf, row, state.base);
        } else if (takes_steps && std::has_single_bit(passed.crossed)) {
            step_of_leaf<dense, groups>(state, leaf, passed);
        } else {
            crossed[n_crossed++] = leaf;
        }
    }
    return n_crossed;
}

/// The number of the first of `n` ascending codes that is not below `code`.
HWY_INLINE std::size_t rank_of(const std::uint32_t* ranked, std::size_t n, std::int32_t code) {
    const std::uint32_t wanted = static_cast<std::uint32_t>(code + 32768) << 16U;
    std::size_t first = 0;
    while (n > 1) {
        const std::size_t half = n / 2;
        first += ranked[first + half - 1] < wanted ? half : 0;
        n -= half;
    }
    return first + (ranked[first] < wanted ? 1 : 0);
}

/// Turns the steps of a feature into changes from rank to rank.
template <bool dense, std::size_t groups>
void change_by_steps(const State& state, const ShapKernel::Steps& steps, const std::uint32_t* ranked, double* changes) {
    for (std::size_t i = 0; i < steps.steps.size(); ++i) {
        const ShapKernel::Step& step = steps.steps[i];
        HWY_ALIGN double row[groups * group];
        std::copy_n(steps.rows.data() + i * groups * group, groups * group, row);
        const std::size_t first = rank_of(ranked, state.n_pixels, step.low);
        const std::size_t end = step.high == 32767 ? state.n_pixels : rank_of(ranked, state.n_pixels, step.high + 1);
        for (const LeafWeights::Weight& entry : state.weights->of(state.leaves->distribution(step.leaf))) {
            double* const target = changes + entry.target * state.target_stride;
            add_row<dense, groups>(state, step.leaf, row, step.sign * entry.weight, target + first * state.stride);
            add_row<dense, groups>(state, step.leaf, row, -step.sign * entry.weight, target + end * state.stride);
        }
    }
}

HWY_INLINE void add_to(double* HWY_RESTRICT sums, const double* HWY_RESTRICT more, std::size_t n) {
    const Lanes d;
    for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
        hn::Store(hn::Add(hn::Load(d, sums + i), hn::Load(d, more + i)), d, sums + i);
    }
}

/// Changes to sums, and those to the pixels in the order of their ranks.
void add_changes(const State& state, const std::uint32_t* ranked, const std::uint32_t* positions, double* changes,
                 double* values) {
    for (std::size_t rank = 0; rank < state.n_pixels; ++rank) {
        double* const sums = changes + rank * state.stride;
        if (rank > 0) {
            add_to(sums, sums - state.stride, state.stride);
        }
        add_to(values + positions[ranked[rank] & 0xFFFFU] * state.stride, sums, state.stride);
    }
}

/// Values of a cell and what all of it gets to those of the block.
void add_cell(const State& state, const std::uint32_t* positions, double* values) {
    for (std::size_t i = 0; i < state.n_pixels; ++i) {
        double* const target = values + positions[i] * state.stride;
        add_to(target, state.values + i * state.stride, state.stride);
        add_to(target, state.base, state.stride);
    }
}

template <std::size_t n>
using Groups = std::integral_constant<std::size_t, n>;

/// Calls work(is dense, number of groups) with the layout of the leaves as constants.
template <class Work>
HWY_INLINE decltype(auto) with_layout(const State& state, const Work& work) {
    const std::size_t groups = state.leaves->lanes() / group;
    if (state.leaves->is_dense()) {
        return groups == 1 ? work(std::true_type(), Groups<1>()) : work(std::true_type(), Groups<2>());
    }
    switch (groups) {
    case 1:
        return work(std::false_type(), Groups<1>());
    case 2:
        return work(std::false_type(), Groups<2>());
    case 3:
        return work(std::false_type(), Groups<3>());
    case 4:
        return work(std::false_type(), Groups<4>());
    default:
        return work(std::false_type(), Groups<8>());
    }
}

std::size_t run_filter(const State& state, std::span<const std::uint32_t> leaves, const CodeBox& box, bool takes_steps,
                       std::uint32_t* crossed) {
    return with_layout(state, [&](auto dense, auto groups) HWY_ATTR {
        return filter_leaves<dense, groups>(state, leaves, box, takes_steps, crossed);
    });
}

void run_leaves(const State& state, std::span<const std::uint32_t> leaves, const CodeBox& box) {
    with_layout(state, [&](auto dense, auto groups) HWY_ATTR { explain_leaves<dense, groups>(state, leaves, box); });
}

void run_changes(const State& state, const ShapKernel::Steps& steps, const std::uint32_t* ranked, double* changes) {
    with_layout(state, [&](auto dense, auto groups)
                           HWY_ATTR { change_by_steps<dense, groups>(state, steps, ranked, changes); });
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lcclass {

HWY_EXPORT(run_filter);
HWY_EXPORT(run_leaves);
HWY_EXPORT(run_changes);
HWY_EXPORT(add_changes);
HWY_EXPORT(add_cell);

ShapKernel::ShapKernel(const ShapGame& game, const LeafWeights& weights, std::size_t most_block_pixels)
    : m_leaves(game.leaves), m_stride(weights.n_targets * padded(m_leaves.n_features())),
      m_values(allocate_aligned<double>(most_block_pixels * m_stride)),
      m_columns(allocate_aligned<std::int16_t>(m_leaves.n_features() * most_pixels)),
      m_cell_values(allocate_aligned<double>(std::min(most_pixels, most_block_pixels) * m_stride)),
      m_base(allocate_aligned<double>(m_stride)),
      m_scratch(allocate_aligned<double>(ShapLeaves::most_lanes * m_leaves.lanes())),
      m_changes(allocate_aligned<double>((most_block_pixels + 1) * m_stride)), m_members(ShapLeaves::most_lanes),
      m_steps(m_leaves.n_features()), m_ranked(most_block_pixels),
      m_positions(most_block_pixels), m_state{.leaves = &m_leaves,
                                              .weights = &weights,
                                              .rules = &game.rules,
                                              .background = game.background,
                                              .stride = m_stride,
                                              .target_stride = padded(m_leaves.n_features()),
                                              .columns = m_columns.get(),
                                              .n_pixels = 0,
                                              .values = m_cell_values.get(),
                                              .base = m_base.get(),
                                              .scratch = m_scratch.get(),
                                              .members = m_members.data(),
                                              .steps = m_steps.data()} {}

void ShapKernel::begin_block(const PixelRecords& pixels) {
    m_pixels.resize(pixels.n_pixels);
    for (std::uint32_t i = 0; i < pixels.n_pixels; ++i) {
        m_pixels[i] = pixels.pixel(i);
        pixels.set_pixel(i, i);
    }
    std::fill_n(m_values.get(), pixels.n_pixels * m_stride, 0.0);
}

std::size_t ShapKernel::filter(std::span<const std::uint32_t> leaves, const CodeBox& box, double* base,
                               std::uint32_t* crossed) {
    std::copy_n(base, m_stride, m_base.get());
    const std::size_t n = HWY_DYNAMIC_DISPATCH(run_filter)(m_state, leaves, box, false, crossed);
    std::copy_n(m_base.get(), m_stride, base);
    return n;
}

std::size_t ShapKernel::filter_in_block(const PixelRecords& pixels, std::span<const std::uint32_t> leaves,
                                        const CodeBox& box, double* base, std::uint32_t* crossed) {
    std::copy_n(base, m_stride, m_base.get());
    const std::size_t n = HWY_DYNAMIC_DISPATCH(run_filter)(m_state, leaves, box, true, crossed);
    std::copy_n(m_base.get(), m_stride, base);
    add_all_steps(pixels, m_values.get());
    return n;
}

void ShapKernel::explain_cell(const PixelRecords& pixels, const CodeBox& box, std::span<const std::uint32_t> leaves,
                              std::span<const double> base) {
    m_state.n_pixels = pixels.n_pixels;
    std::fill_n(m_cell_values.get(), pixels.n_pixels * m_stride, 0.0);
    std::copy(base.begin(), base.end(), m_base.get());
    fill_columns(pixels);
    HWY_DYNAMIC_DISPATCH(run_leaves)(m_state, leaves, box);
    add_all_steps(pixels, m_values.get());
    for (std::size_t i = 0; i < pixels.n_pixels; ++i) {
        m_positions[i] = pixels.pixel(i);
    }
    HWY_DYNAMIC_DISPATCH(add_cell)(m_state, m_positions.data(), m_values.get());
}

void ShapKernel::fill_columns(const PixelRecords& pixels) {
    for (std::size_t f = 0; f < m_leaves.n_features(); ++f) {
        std::int16_t* const column = m_columns.get() + f * most_pixels;
        for (std::size_t i = 0; i < pixels.n_pixels; ++i) {
            column[i] = pixels.at(i)[f];
        }
        std::fill(column + pixels.n_pixels, column + most_pixels, std::int16_t{0});
    }
}

void ShapKernel::add_all_steps(const PixelRecords& pixels, double* values) {
    m_state.n_pixels = pixels.n_pixels;
    for (std::size_t i = 0; i < pixels.n_pixels; ++i) {
        m_positions[i] = pixels.pixel(i);
    }
    for (std::size_t f = 0; f < m_steps.size(); ++f) {
        if (!m_steps[f].steps.empty()) {
            add_steps(pixels, f, values);
        }
    }
}

void ShapKernel::add_steps(const PixelRecords& pixels, std::size_t feature, double* values) {
    const std::size_t n = pixels.n_pixels;
    for (std::size_t i = 0; i < n; ++i) {
        const auto code = static_cast<std::uint16_t>(pixels.at(i)[feature] ^ std::int16_t{-32768});
        m_ranked[i] = static_cast<std::uint32_t>(code) << 16U | static_cast<std::uint32_t>(i);
    }
    std::sort(m_ranked.begin(), m_ranked.begin() + static_cast<std::ptrdiff_t>(n));
    std::fill_n(m_changes.get(), (n + 1) * m_stride, 0.0);
    HWY_DYNAMIC_DISPATCH(run_changes)(m_state, m_steps[feature], m_ranked.data(), m_changes.get());
    HWY_DYNAMIC_DISPATCH(add_changes)(m_state, m_ranked.data(), m_positions.data(), m_changes.get(), values);
    m_steps[feature].steps.clear();
    m_steps[feature].rows.clear();
}

} // namespace lcclass

#endif
