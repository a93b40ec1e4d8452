/// Many pixels predicted at once. Pixels are sorted into boxes of similar values first; a box walks through the trees
/// as one as far as its pixels agree, so the more pixels a batch has, the less each costs. Equal pixels are walked
/// once. Sums are integers: neither the order of the pixels nor the number of threads changes any.
/// Only `add` may be called from several threads at once.
#pragma once

#include "lcclass/core/pixel_block.h"
#include "lcclass/forest/random_forest.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lcclass {

struct PredictionOutput;

class PredictionBatch {
public:
    /// Room for `capacity` pixels, less than 2^32. The forest must outlive the batch.
    PredictionBatch(const RandomForest& forest, std::size_t capacity);

    /// Adds one pixel per row; `pixels[i]` says where the results of row i go. May be called from several threads at
    /// once. Requires: finite features. Throws Error(internal) beyond the capacity.
    void add(const FeatureView& rows, std::span<const std::uint32_t> pixels);

    /// out[pixel] = index of the most probable class, the lowest on ties. Uses all threads; empties the batch.
    void predict_classes(std::span<std::int32_t> out);
    /// out[pixel * n_classes + k] = sum over trees of leaf probabilities, in units of 1 / probability_one; divide by
    /// n_trees x probability_one for the probability. Uses all threads; empties the batch.
    void predict_sums(std::span<std::uint32_t> out);

    /// Memory of a batch, in bytes per pixel.
    [[nodiscard]] static std::size_t bytes_per_pixel(int n_features);

private:
    void predict(const PredictionOutput& output);

    const RandomForest& m_forest;
    std::size_t m_capacity;
    std::size_t m_units; ///< of 8 numbers per pixel: codes of the features, then where the results go
    std::atomic<std::size_t> m_size = 0;
    std::unique_ptr<std::int16_t[]> m_pixels;
    std::unique_ptr<std::int16_t[]> m_scratch;
};

} // namespace lcclass
