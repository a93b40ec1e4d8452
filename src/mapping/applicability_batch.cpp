#include "mapping/applicability_batch.h"

#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

namespace lcclass {

namespace {

constexpr std::size_t parallel_pixels = 16384; ///< halves from here on are worth a task of their own
constexpr std::size_t stoppable_pixels = 4096;

} // namespace

ApplicabilityBatch::ApplicabilityBatch(const FeatureSpace& space, std::size_t capacity)
    : m_space(space), m_capacity(capacity), m_stride(space.axes.size() + 1),
      m_rows(std::make_unique_for_overwrite<float[]>(capacity * m_stride)),
      m_items(std::make_unique_for_overwrite<Item[]>(capacity)) {}

std::size_t ApplicabilityBatch::bytes_per_pixel(std::size_t n_features) {
    return (n_features + 1) * sizeof(float) + sizeof(Item);
}

void ApplicabilityBatch::add(const FeatureView& rows, std::span<const std::uint32_t> pixels) {
    const auto n = static_cast<std::size_t>(rows.n_rows);
    const std::size_t first = m_size.fetch_add(n);
    if (first + n > m_capacity) {
        throw Error(ExitCode::internal, {.where = "applicability",
                                         .field = "pixels=" + std::to_string(first + n),
                                         .problem = "are more than the batch has room for",
                                         .fix = "report this as a bug"});
    }
    float* const begin = m_rows.get() + first * m_stride;
    for (std::size_t axis = 0; axis + 1 < m_stride; ++axis) {
        const float* const column = rows.columns[m_space.axes[axis].feature];
        for (std::size_t i = 0; i < n; ++i) {
            begin[i * m_stride + axis] = column[i];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        begin[i * m_stride + m_stride - 1] = std::bit_cast<float>(pixels[i]);
    }
}

/// One run over all pixels of a batch.
class ApplicabilityBatch::Run {
public:
    Run(const ApplicabilityBatch& batch, const ApplicabilityFigures& figures)
        : m_batch(batch), m_figures(figures), m_searches([&] { return NeighborSearch(batch.m_space.axes.size()); }) {}

    /// Halves the box of the items across its longest side until a group can be searched as one.
    void walk(std::span<Item> items) {
        if (items.size() >= stoppable_pixels) {
            throw_if_stopped();
        }
        const std::size_t axis = longest_side(items);
        if (items.size() <= seekers_per_group || axis == no_axis) {
            search(items, axis == no_axis);
            return;
        }
        for (Item& item : items) {
            item.key = m_batch.values(item.row)[axis];
        }
        const std::size_t middle = (items.size() / 2 + seekers_per_group - 1) / seekers_per_group * seekers_per_group;
        std::nth_element(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(middle), items.end(),
                         [](const Item& a, const Item& b) { return a.key < b.key; });
        const auto left = items.first(middle);
        const auto right = items.subspan(middle);
        if (right.size() >= parallel_pixels) {
            tbb::parallel_invoke([&] { walk(left); }, [&] { walk(right); });
        } else {
            walk(left);
            walk(right);
        }
    }

private:
    static constexpr auto no_axis = static_cast<std::size_t>(-1);

    /// The axis along which the items' coordinates differ most; no_axis where all are equal.
    [[nodiscard]] std::size_t longest_side(std::span<const Item> items) const {
        const auto& axes = m_batch.m_space.axes;
        const float* const first = m_batch.values(items.front().row);
        std::vector<float> low(first, first + axes.size());
        std::vector<float> high = low;
        for (const Item& item : items) {
            const float* const values = m_batch.values(item.row);
            for (std::size_t axis = 0; axis < axes.size(); ++axis) {
                low[axis] = std::min(low[axis], values[axis]);
                high[axis] = std::max(high[axis], values[axis]);
            }
        }
        double longest = 0;
        std::size_t longest_axis = no_axis;
        for (std::size_t axis = 0; axis < axes.size(); ++axis) {
            const double side = axes[axis].coordinate(high[axis]) - axes[axis].coordinate(low[axis]);
            if (high[axis] > low[axis] && (side > longest || longest_axis == no_axis)) {
                longest = side;
                longest_axis = axis;
            }
        }
        return longest_axis;
    }

    void search(std::span<const Item> items, bool all_equal) {
        NeighborSearch& search = m_searches.local();
        const FeatureSpace& space = m_batch.m_space;
        const std::size_t n_seekers = all_equal ? 1 : items.size();
        for (std::size_t i = 0; i < n_seekers; ++i) {
            const float* const values = m_batch.values(items[i].row);
            for (std::size_t axis = 0; axis < space.axes.size(); ++axis) {
                search.coordinate(axis, i) = space.axes[axis].coordinate(values[axis]);
            }
        }
        search.run(space.tree, n_seekers, space.limit);
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::size_t seeker = all_equal ? 0 : i;
            const auto pixel = std::bit_cast<std::uint32_t>(m_batch.values(items[i].row)[space.axes.size()]);
            const float dissimilarity = space.dissimilarity(search.nearest(seeker));
            m_figures.dissimilarity[pixel] = dissimilarity;
            m_figures.inside[pixel] = double{dissimilarity} <= space.threshold ? 1.0F : 0.0F;
            m_figures.local_point_density[pixel] = static_cast<float>(search.within(seeker));
        }
    }

    const ApplicabilityBatch& m_batch;
    const ApplicabilityFigures& m_figures;
    tbb::enumerable_thread_specific<NeighborSearch> m_searches;
};

void ApplicabilityBatch::run(const ApplicabilityFigures& figures) {
    const std::size_t n = m_size.exchange(0);
    if (n == 0) {
        return;
    }
    const std::span<Item> items(m_items.get(), n);
    for (std::size_t i = 0; i < n; ++i) {
        items[i].row = static_cast<std::uint32_t>(i);
    }
    Run(*this, figures).walk(items);
}

} // namespace lcclass
