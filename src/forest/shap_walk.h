/// Sorts pixels into ever smaller boxes of similar values, so that what a leaf means to all of a box is computed once,
/// and explains the cells that the boxes end in.
/// A ShapWalk is owned by one thread; its memory is used again from task to task. Where boxes are cut depends on their
/// pixels alone, so the threads do not change a digit.
#pragma once

#include "forest/pixel_records.h"
#include "forest/shap_kernel.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

namespace lcclass {

/// A box on its way to cells.
struct ShapTask {
    PixelRecords pixels;
    PixelRecords scratch;              ///< of the same size
    std::vector<std::uint32_t> leaves; ///< that the box above crosses
    std::vector<double> base;          ///< what the others add to every pixel
    int level = 0;
};

class ShapWalk {
public:
    /// Gets pixels and their SHAP values, targets x padded features each. Called from several threads at once.
    using Output = std::function<void(std::span<const std::uint32_t>, const double*)>;
    using Spawn = std::function<void(ShapTask&&)>;

    /// Values are summed up in blocks of at most `block_pixels`. `spawn` takes large parts of a task that another
    /// thread may work on. Keeps references.
    ShapWalk(const ShapGame& game, const LeafWeights& weights, std::size_t block_pixels, const Output& output,
             const Spawn& spawn);

    void run(const ShapTask& task);

private:
    /// The state of a box, kept for its two halves.
    struct Level {
        std::vector<std::uint32_t> leaves;
        std::vector<double> base;
    };
    void walk_box(PixelRecords pixels, PixelRecords scratch, std::span<const std::uint32_t> leaves,
                  std::span<const double> base, int level);
    void walk_block(PixelRecords pixels, PixelRecords scratch, std::span<const std::uint32_t> leaves,
                    std::span<const double> base, int level);
    [[nodiscard]] std::size_t split(const PixelRecords& pixels, const PixelRecords& scratch);
    Level& level_at(int level);

    ShapKernel m_kernel;
    std::size_t m_block_pixels;
    std::size_t m_cell_pixels;
    const Output& m_output;
    const Spawn& m_spawn;
    std::deque<Level> m_levels; ///< a box refers to its level while its halves are walked
    CodeBox m_box;
    std::vector<std::int16_t> m_codes;
    std::size_t m_n_features;
};

} // namespace lcclass
