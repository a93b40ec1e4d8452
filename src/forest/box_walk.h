/// Sorts pixels into ever smaller boxes of similar values and walks each box through the trees as far as all of its
/// pixels agree; what is left is walked in groups.
/// A BoxWalk is owned by one thread; its memory is used again from task to task.
#pragma once

#include "forest/group_walk.h"
#include "forest/packed_forest.h"
#include "forest/pixel_records.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

namespace lcclass {

/// A box on its way through the trees.
struct BoxTask {
    PixelRecords pixels;
    PixelRecords scratch;                               ///< of the same size
    std::vector<PackedForest::Reference> subtrees = {}; ///< where the box stands in the trees that are not done
    std::vector<std::uint32_t> sums = {};               ///< over the trees that are
    int level = 0;
};

/// Where results go, by the number in a pixel's record; one of the two is null.
struct PredictionOutput {
    std::int32_t* classes = nullptr; ///< [pixel]
    std::uint32_t* sums = nullptr;   ///< [pixel * n_classes + class]
};

class BoxWalk {
public:
    /// `spawn` takes large parts of a task that another thread may work on.
    BoxWalk(const PackedForest& forest, PredictionOutput output, std::function<void(BoxTask&&)> spawn);

    void run(const BoxTask& task);

private:
    /// The state of a box, kept for its two halves.
    struct Level {
        std::vector<PackedForest::Reference> subtrees;
        std::vector<std::uint32_t> sums;
    };

    void walk_box(PixelRecords pixels, PixelRecords scratch, std::span<const PackedForest::Reference> subtrees,
                  std::span<const std::uint32_t> sums, int level);
    void advance(std::span<const PackedForest::Reference> subtrees, Level& state);
    [[nodiscard]] bool finish_box(const PixelRecords& pixels, const Level& state);
    void walk_groups(const PixelRecords& pixels, const Level& state);
    void choose_split(std::span<const PackedForest::Reference> subtrees);
    [[nodiscard]] std::size_t split_by_rank(const PixelRecords& pixels, const PixelRecords& scratch);
    Level& level_at(int level);

    const PackedForest& m_forest;
    PredictionOutput m_output;
    std::function<void(BoxTask&&)> m_spawn;
    GroupWalk m_group;
    std::deque<Level> m_levels;       ///< a box refers to its level while its halves are walked
    std::vector<std::int16_t> m_low;  ///< per number of a record, in the present box
    std::vector<std::int16_t> m_high; ///< likewise
    std::vector<PackedForest::Reference> m_queue;
    std::vector<PackedForest::Reference> m_arrived;
    std::vector<std::uint32_t> m_votes;  ///< per feature, 0 between boxes
    std::vector<std::uint32_t> m_ranked; ///< value and position of pixels
    std::size_t m_split_feature = 0;
    std::int16_t m_split_cut = 0;
};

} // namespace lcclass
