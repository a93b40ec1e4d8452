/// Which rows a tree learns from: the bootstrap, with class weights.
/// A value owned by one thread; its memory is used again from tree to tree.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// A row in the bag: where its features are, its class and how often it was drawn.
struct BagEntry {
    std::uint32_t row = 0;
    std::uint16_t class_index = 0;
    std::uint16_t count = 0;
};

/// Asks early for the code of a row some places behind entry i: rows of a node lie far apart in memory.
inline void prefetch_row(const std::uint16_t* codes, std::span<const BagEntry> entries, std::size_t i) {
    constexpr std::size_t ahead = 48;
    __builtin_prefetch(codes + entries[std::min(i + ahead, entries.size() - 1)].row);
}

/// What a row in the bag counts, in one word, so that it is copied whole.
class RowDraws {
public:
    RowDraws() = default;
    RowDraws(std::uint32_t class_index, std::uint32_t count) : m_word(count << 16U | class_index) {}

    [[nodiscard]] std::uint16_t class_index() const { return static_cast<std::uint16_t>(m_word); }
    [[nodiscard]] std::uint16_t count() const { return static_cast<std::uint16_t>(m_word >> 16U); }

private:
    std::uint32_t m_word = 0;
};

struct TreeSample {
    std::vector<BagEntry> bag;             ///< in row order
    std::vector<std::uint32_t> out_of_bag; ///< in row order
    std::vector<double> class_weight;      ///< factor per class; 1 without class weights
    std::vector<std::uint16_t> counts;     ///< draws per row
};

/// What all trees of a forest draw from.
struct BootstrapPlan {
    std::span<const std::int32_t> class_index;
    int n_classes = 0;
    std::int64_t n_draws = 0; ///< per tree; unused without bootstrap
    bool bootstrap = true;
    ClassWeight class_weight = ClassWeight::none;
    std::uint64_t seed = 0;
};

/// Number of draws per tree as scikit-learn rounds it. Throws Error(configuration) when it exceeds `n_rows`.
std::int64_t draws_per_tree(const RandomForestOptions& options, std::int64_t n_rows);

/// The sample of tree `tree`, whatever other trees there are.
void draw_sample(const BootstrapPlan& plan, int tree, TreeSample& sample);

} // namespace lcclass
