#include "forest/shap_walk.h"

#include "forest/box_bounds.h"
#include "lcclass/core/interrupt.h"

#include <algorithm>
#include <cstring>

namespace lcclass {

namespace {

constexpr std::size_t parallel_pixels = 2048; ///< boxes from here on are worth a task of their own
constexpr std::size_t most_sampled = 1024;    ///< pixels that a median is taken of

} // namespace

ShapWalk::ShapWalk(const ShapGame& game, const LeafWeights& weights, std::size_t block_pixels, const Output& output,
                   const Spawn& spawn)
    : m_kernel(game, weights, block_pixels), m_block_pixels(block_pixels),
      m_cell_pixels(std::min(ShapKernel::most_pixels, block_pixels)), m_output(output), m_spawn(spawn),
      m_n_features(game.leaves.n_features()) {
    const std::size_t stride = PixelRecords::units_for(m_n_features) * PixelRecords::unit;
    m_box.low.resize(stride + ShapLeaves::group);
    m_box.high.resize(stride + ShapLeaves::group);
}

void ShapWalk::run(const ShapTask& task) {
    walk_box(task.pixels, task.scratch, task.leaves, task.base, task.level);
}

ShapWalk::Level& ShapWalk::level_at(int level) {
    const auto at = static_cast<std::size_t>(level);
    if (at >= m_levels.size()) {
        m_levels.resize(at + 1);
    }
    return m_levels[at];
}

void ShapWalk::walk_box(PixelRecords pixels, PixelRecords scratch, std::span<const std::uint32_t> leaves,
                        std::span<const double> base, int level) {
    throw_if_stopped();
    if (pixels.n_pixels <= m_block_pixels) {
        m_kernel.begin_block(pixels);
        walk_block(pixels, scratch, leaves, base, level);
        m_output(m_kernel.pixels(), m_kernel.values());
        return;
    }
    Level& state = level_at(level);
    find_box_bounds(pixels.data, pixels.n_pixels, pixels.stride(), m_box.low.data(), m_box.high.data());
    state.base.assign(base.begin(), base.end());
    state.leaves.resize(leaves.size());
    state.leaves.resize(m_kernel.filter(leaves, m_box, state.base.data(), state.leaves.data()));
    const std::size_t n_left = split(pixels, scratch);
    const std::size_t n_right = pixels.n_pixels - n_left;
    if (n_right >= parallel_pixels) {
        m_spawn({.pixels = scratch.part(n_left, n_right),
                 .scratch = pixels.part(n_left, n_right),
                 .leaves = state.leaves,
                 .base = state.base,
                 .level = level + 1});
    }
    walk_box(scratch.part(0, n_left), pixels.part(0, n_left), state.leaves, state.base, level + 1);
    if (n_right < parallel_pixels) {
        walk_box(scratch.part(n_left, n_right), pixels.part(n_left, n_right), state.leaves, state.base, level + 1);
    }
}

void ShapWalk::walk_block(PixelRecords pixels, PixelRecords scratch, std::span<const std::uint32_t> leaves,
                          std::span<const double> base, int level) {
    Level& state = level_at(level);
    find_box_bounds(pixels.data, pixels.n_pixels, pixels.stride(), m_box.low.data(), m_box.high.data());
    state.base.assign(base.begin(), base.end());
    state.leaves.resize(leaves.size());
    state.leaves.resize(m_kernel.filter_in_block(pixels, leaves, m_box, state.base.data(), state.leaves.data()));
    if (pixels.n_pixels <= m_cell_pixels || state.leaves.empty()) {
        for (std::size_t first = 0; first < pixels.n_pixels; first += m_cell_pixels) {
            const std::size_t n = std::min(m_cell_pixels, pixels.n_pixels - first);
            m_kernel.explain_cell(pixels.part(first, n), m_box, state.leaves, state.base);
        }
        return;
    }
    const std::size_t n_left = split(pixels, scratch);
    const std::size_t n_right = pixels.n_pixels - n_left;
    walk_block(scratch.part(0, n_left), pixels.part(0, n_left), state.leaves, state.base, level + 1);
    walk_block(scratch.part(n_left, n_right), pixels.part(n_left, n_right), state.leaves, state.base, level + 1);
}

/// At the median of the feature whose thresholds the box spans most of; returns how many pixels are in the lower part.
std::size_t ShapWalk::split(const PixelRecords& pixels, const PixelRecords& scratch) {
    std::size_t widest = 0;
    for (std::size_t f = 1; f < m_n_features; ++f) {
        if (m_box.high[f] - m_box.low[f] > m_box.high[widest] - m_box.low[widest]) {
            widest = f;
        }
    }
    if (m_box.high[widest] == m_box.low[widest]) { // equal pixels: anywhere, in the order they have
        std::memcpy(scratch.data, pixels.data, pixels.n_pixels * pixels.stride() * sizeof(std::int16_t));
        return pixels.n_pixels / 2;
    }
    const std::size_t step = (pixels.n_pixels + most_sampled - 1) / most_sampled;
    m_codes.clear();
    for (std::size_t i = 0; i < pixels.n_pixels; i += step) {
        m_codes.push_back(pixels.at(i)[widest]);
    }
    const auto middle = m_codes.begin() + static_cast<std::ptrdiff_t>(m_codes.size() / 2);
    std::nth_element(m_codes.begin(), middle, m_codes.end());
    // Both parts get a pixel: the highest is above the cut, the lowest at or below it.
    const std::int16_t cut = std::min(*middle, static_cast<std::int16_t>(m_box.high[widest] - 1));
    return split_at_cut(pixels, scratch, widest, cut);
}

} // namespace lcclass
