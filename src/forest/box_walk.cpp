#include "forest/box_walk.h"

#include "forest/box_bounds.h"
#include "lcclass/core/interrupt.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace lcclass {

namespace {

using Reference = PackedForest::Reference;

constexpr std::size_t parallel_pixels = 32768; ///< boxes from here on are worth a task of their own
constexpr std::size_t stoppable_pixels = 4096;
constexpr std::size_t ranked_groups = 4; ///< boxes up to this many groups are split into full groups
constexpr std::size_t most_voters = 32;
/// Splits that deep only peel off a few pixels each; the box is walked in groups as it is.
constexpr int deepest_level = 96;

} // namespace

BoxWalk::BoxWalk(const PackedForest& forest, PredictionOutput output, std::function<void(BoxTask&&)> spawn)
    : m_forest(forest), m_output(output), m_spawn(std::move(spawn)), m_group(forest),
      m_low(PixelRecords::units_for(forest.n_features()) * PixelRecords::unit), m_high(m_low.size()),
      m_arrived(forest.roots().size() + 1), m_votes(forest.n_features()) {}

void BoxWalk::run(const BoxTask& task) {
    walk_box(task.pixels, task.scratch, task.subtrees, task.sums, task.level);
}

BoxWalk::Level& BoxWalk::level_at(int level) {
    const auto at = static_cast<std::size_t>(level);
    if (at >= m_levels.size()) {
        m_levels.resize(at + 1);
    }
    return m_levels[at];
}

void BoxWalk::walk_box(PixelRecords pixels, PixelRecords scratch, std::span<const Reference> subtrees,
                       std::span<const std::uint32_t> sums, int level) {
    if (pixels.n_pixels >= stoppable_pixels) {
        throw_if_stopped();
    }
    Level& state = level_at(level);
    find_box_bounds(pixels.data, pixels.n_pixels, pixels.stride(), m_low.data(), m_high.data());
    state.sums.assign(sums.begin(), sums.end());
    advance(subtrees, state);
    if (finish_box(pixels, state)) {
        return;
    }
    if (pixels.n_pixels <= GroupWalk::width || level == deepest_level) {
        walk_groups(pixels, state);
        return;
    }
    choose_split(state.subtrees);
    const std::size_t n_left = pixels.n_pixels <= ranked_groups * GroupWalk::width
                                   ? split_by_rank(pixels, scratch)
                                   : split_at_cut(pixels, scratch, m_split_feature, m_split_cut);
    const std::size_t n_right = pixels.n_pixels - n_left;
    if (n_right >= parallel_pixels) {
        m_spawn({.pixels = scratch.part(n_left, n_right),
                 .scratch = pixels.part(n_left, n_right),
                 .subtrees = state.subtrees,
                 .sums = state.sums,
                 .level = level + 1});
    }
    walk_box(scratch.part(0, n_left), pixels.part(0, n_left), state.subtrees, state.sums, level + 1);
    if (n_right < parallel_pixels) {
        walk_box(scratch.part(n_left, n_right), pixels.part(n_left, n_right), state.subtrees, state.sums, level + 1);
    }
}

/// Free of branches that depend on the data, as the walk of a group: boxes of many trees do not wait for each other.
void BoxWalk::advance(std::span<const Reference> subtrees, Level& state) {
    const PackedForest::Node* const nodes = m_forest.nodes();
    m_queue.assign(subtrees.begin(), subtrees.end());
    state.subtrees.resize(subtrees.size() + 1);
    std::size_t n_moving = subtrees.size();
    std::size_t n_stuck = 0;
    std::size_t n_arrived = 0;
    while (n_moving > 0) {
        std::size_t n_next = 0;
        for (std::size_t i = 0; i < n_moving; ++i) {
            const Reference at = m_queue[i];
            const PackedForest::Node node = nodes[at];
            const auto left = static_cast<std::uint32_t>(m_high[node.feature] <= node.cut);
            const auto right = static_cast<std::uint32_t>(m_low[node.feature] > node.cut);
            const Reference next = node.left ^ ((node.left ^ node.right) & (0U - right));
            const std::uint32_t moves = left | right;
            const std::uint32_t is_leaf = next >> 31U;
            state.subtrees[n_stuck] = at;
            n_stuck += moves ^ 1U;
            m_arrived[n_arrived] = next;
            n_arrived += moves & is_leaf;
            m_queue[n_next] = next;
            n_next += moves & (is_leaf ^ 1U);
        }
        n_moving = n_next;
    }
    state.subtrees.resize(n_stuck);
    for (std::size_t i = 0; i < n_arrived; ++i) {
        m_forest.add(m_arrived[i], state.sums);
    }
}

bool BoxWalk::finish_box(const PixelRecords& pixels, const Level& state) {
    const auto leader = std::max_element(state.sums.begin(), state.sums.end());
    if (m_output.classes != nullptr) {
        const std::uint64_t rest = std::uint64_t{state.subtrees.size()} * RandomForest::probability_one;
        for (auto other = state.sums.begin(); other != state.sums.end(); ++other) {
            const bool may_win = *other + rest > *leader || (*other + rest == *leader && other < leader);
            if (other != leader && may_win) {
                return false;
            }
        }
        for (std::size_t i = 0; i < pixels.n_pixels; ++i) {
            m_output.classes[pixels.pixel(i)] = static_cast<std::int32_t>(leader - state.sums.begin());
        }
        return true;
    }
    if (!state.subtrees.empty()) {
        return false;
    }
    for (std::size_t i = 0; i < pixels.n_pixels; ++i) {
        std::copy(state.sums.begin(), state.sums.end(),
                  m_output.sums + std::size_t{pixels.pixel(i)} * state.sums.size());
    }
    return true;
}

void BoxWalk::walk_groups(const PixelRecords& pixels, const Level& state) {
    const std::size_t n_classes = m_forest.n_classes();
    for (std::size_t first = 0; first < pixels.n_pixels; first += GroupWalk::width) {
        const std::size_t n = std::min(GroupWalk::width, pixels.n_pixels - first);
        const PixelRecords group = pixels.part(first, n);
        for (std::size_t i = 0; i < n; ++i) {
            const std::int16_t* const record = group.at(i);
            for (std::size_t f = 0; f < m_forest.n_features(); ++f) {
                m_group.columns()[f * GroupWalk::width + i] = record[f];
            }
        }
        m_group.run(n, state.subtrees, state.sums, m_output.classes != nullptr);
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t pixel = group.pixel(i);
            if (m_output.classes != nullptr) {
                m_output.classes[pixel] = static_cast<std::int32_t>(m_group.classes()[i]);
                continue;
            }
            for (std::size_t k = 0; k < n_classes; ++k) {
                m_output.sums[pixel * n_classes + k] = m_group.sums()[k * GroupWalk::width + i];
            }
        }
    }
}

/// The trees vote: the feature most of them ask for next, at the median of their cuts.
void BoxWalk::choose_split(std::span<const Reference> subtrees) {
    std::array<PackedForest::Node, most_voters> voters{};
    std::size_t n_voters = 0;
    const std::size_t step = (subtrees.size() + most_voters - 1) / most_voters;
    for (std::size_t i = 0; i < subtrees.size(); i += step) {
        voters[n_voters] = m_forest.nodes()[subtrees[i]];
        ++m_votes[voters[n_voters++].feature];
    }
    m_split_feature = voters[0].feature;
    for (std::size_t i = 1; i < n_voters; ++i) {
        if (m_votes[voters[i].feature] > m_votes[m_split_feature]) {
            m_split_feature = voters[i].feature;
        }
    }
    std::array<std::int16_t, most_voters> cuts{};
    std::size_t n_cuts = 0;
    for (std::size_t i = 0; i < n_voters; ++i) {
        m_votes[voters[i].feature] = 0;
        if (voters[i].feature == m_split_feature) {
            cuts[n_cuts++] = voters[i].cut;
        }
    }
    const auto middle = cuts.begin() + static_cast<std::ptrdiff_t>(n_cuts / 2);
    std::nth_element(cuts.begin(), middle, cuts.begin() + static_cast<std::ptrdiff_t>(n_cuts));
    m_split_cut = *middle;
}

/// Halves the box by its pixels rather than at a cut, so that the groups it ends in are full.
std::size_t BoxWalk::split_by_rank(const PixelRecords& pixels, const PixelRecords& scratch) {
    const std::size_t n = pixels.n_pixels;
    const std::size_t groups = (n + GroupWalk::width - 1) / GroupWalk::width;
    const std::size_t n_left = (groups + 1) / 2 * GroupWalk::width;
    m_ranked.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto value = static_cast<std::uint16_t>(pixels.at(i)[m_split_feature] ^ std::int16_t{-32768});
        m_ranked[i] = static_cast<std::uint32_t>(value) << 16U | static_cast<std::uint32_t>(i);
    }
    std::nth_element(m_ranked.begin(), m_ranked.begin() + static_cast<std::ptrdiff_t>(n_left), m_ranked.end());
    with_units(pixels.units, [&](auto units) {
        for (std::size_t i = 0; i < n; ++i) {
            copy_record(pixels.at(m_ranked[i] & 0xFFFFU), scratch.at(i), units);
        }
    });
    return n_left;
}

} // namespace lcclass
