/// Where the time of SHAP values goes: which leaves a box of pixels crosses, and what those mean to each pixel of a
/// small box (a cell).
/// The processor's vectors are chosen at run time (Highway); the order of all sums and products is fixed, so all give
/// the same. A ShapKernel is owned by one thread; its memory is used again from box to box.
#pragma once

#include "forest/pixel_records.h"
#include "forest/shap_game.h"

#include <hwy/aligned_allocator.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// The codes that a box of pixels spans, per number of a record.
struct CodeBox {
    std::vector<std::int16_t> low;
    std::vector<std::int16_t> high;
};

class ShapKernel {
public:
    static constexpr std::size_t most_pixels = 512; ///< in a cell

    /// Keeps references. SHAP values of feature f for target t are at [t * padded features + f] of what is summed.
    ShapKernel(const ShapGame& game, const LeafWeights& weights, std::size_t most_block_pixels);

    [[nodiscard]] static std::size_t padded(std::size_t n_features) {
        return (n_features + ShapLeaves::group - 1) / ShapLeaves::group * ShapLeaves::group;
    }

    /// Begins a box of up to `most_block_pixels` pixels whose values are summed up here. The last two numbers of its
    /// records become positions in `values`.
    void begin_block(const PixelRecords& pixels);
    /// What was added to the pixels of the block, `stride` apart, and where their results go.
    [[nodiscard]] const double* values() const { return m_values.get(); }
    [[nodiscard]] std::span<const std::uint32_t> pixels() const { return m_pixels; }

    /// Adds to `base` the rows of those of `leaves` that are the same for all of the box, and writes the others to
    /// `crossed`, which has room for all. Returns how many those are.
    std::size_t filter(std::span<const std::uint32_t> leaves, const CodeBox& box, double* base, std::uint32_t* crossed);
    /// The same for a part of the block, where leaves that are crossed in one feature only are done with as well: they
    /// are a step along its ranks.
    std::size_t filter_in_block(const PixelRecords& pixels, std::span<const std::uint32_t> leaves, const CodeBox& box,
                                double* base, std::uint32_t* crossed);
    /// Adds `base` and what `leaves` mean to up to `most_pixels` pixels of the block.
    void explain_cell(const PixelRecords& pixels, const CodeBox& box, std::span<const std::uint32_t> leaves,
                      std::span<const double> base);

    /// A set of the pixels of a cell.
    struct PixelSet {
        std::array<std::uint64_t, most_pixels / 64> words;
    };
    /// A crossed side of a leaf in a cell.
    struct Member {
        std::size_t lane;
        std::size_t feature;
        bool is_usual;   ///< more than half of the pixels pass
        PixelSet pixels; ///< those that do otherwise than most
    };
    /// What pixels with low <= code <= high of a feature get of a leaf, row for row in `rows`.
    struct Step {
        std::uint32_t leaf;
        std::int16_t low;
        std::int16_t high;
        double sign;
    };
    /// Steps of one feature.
    struct Steps {
        std::vector<Step> steps;
        std::vector<double> rows;
    };
    /// What the vector code works on.
    struct State {
        const ShapLeaves* leaves;
        const LeafWeights* weights;
        const ShapRules* rules;
        const ShapBackground* background; ///< null: path-dependent
        std::size_t stride;
        std::size_t target_stride;
        const std::int16_t* columns; ///< of the cell: pixel i's feature f is at [f * most_pixels + i]
        std::size_t n_pixels;
        double* values; ///< of the cell
        double* base;
        double* scratch; ///< of rows
        Member* members;
        Steps* steps; ///< per feature
    };

private:
    void fill_columns(const PixelRecords& pixels);
    void add_all_steps(const PixelRecords& pixels, double* values);
    void add_steps(const PixelRecords& pixels, std::size_t feature, double* values);

    const ShapLeaves& m_leaves;
    std::size_t m_stride;
    hwy::AlignedFreeUniquePtr<double[]> m_values;
    hwy::AlignedFreeUniquePtr<std::int16_t[]> m_columns;
    hwy::AlignedFreeUniquePtr<double[]> m_cell_values;
    hwy::AlignedFreeUniquePtr<double[]> m_base;
    hwy::AlignedFreeUniquePtr<double[]> m_scratch;
    hwy::AlignedFreeUniquePtr<double[]> m_changes; ///< per rank, and one more
    std::vector<std::uint32_t> m_pixels;
    std::vector<Member> m_members;
    std::vector<Steps> m_steps;
    std::vector<std::uint32_t> m_ranked;    ///< codes, and which of the pixels at hand has it
    std::vector<std::uint32_t> m_positions; ///< in the block, of the pixels at hand
    State m_state;
};

} // namespace lcclass
