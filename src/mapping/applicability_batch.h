/// Many pixels placed in a feature space at once: sorted into groups of similar values, each of which is searched as
/// one. Equal pixels are looked up once, or few times.
/// Only `add` may be called from several threads at once.
#pragma once

#include "lcclass/core/pixel_block.h"
#include "lcclass/mapping/applicability.h"
#include "mapping/feature_space.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lcclass {

class ApplicabilityBatch {
public:
    /// Room for `capacity` pixels, less than 2^32. The space must outlive the batch.
    ApplicabilityBatch(const FeatureSpace& space, std::size_t capacity);

    /// Adds one pixel per row of all the model's features; `pixels[i]` says where the figures of row i go. May be
    /// called from several threads at once. Requires: finite features. Throws Error(internal) beyond the capacity.
    void add(const FeatureView& rows, std::span<const std::uint32_t> pixels);

    /// Uses all threads; empties the batch.
    void run(const ApplicabilityFigures& figures);

    /// Memory of a batch, in bytes per pixel.
    [[nodiscard]] static std::size_t bytes_per_pixel(std::size_t n_features);

private:
    /// A pixel while they are sorted.
    struct Item {
        float key = 0;
        std::uint32_t row = 0;
    };
    class Run;

    [[nodiscard]] const float* values(std::uint32_t row) const { return m_rows.get() + row * m_stride; }

    const FeatureSpace& m_space;
    std::size_t m_capacity;
    std::size_t m_stride; ///< of a row: a value per axis, then the bits of the pixel's number
    std::atomic<std::size_t> m_size = 0;
    std::unique_ptr<float[]> m_rows;
    std::unique_ptr<Item[]> m_items;
};

} // namespace lcclass
