#include "mapping/neighbor_kernels.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mapping/neighbor_kernels.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target.h first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lcclass::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::CappedTag<double, 8>;
using Counts = hn::RebindToSigned<Doubles>;

/// Dimensions after which it is looked whether a point is too far for all; with few, looking costs more than it saves.
constexpr std::size_t dimensions_per_look = 8;
constexpr std::size_t few_dimensions = 12;

/// Two vectors of seekers at a time, so that one does not wait for the sums of the other. Sums only grow: once they are
/// beyond nearest and limit, so is the distance.
void show_points(const SeekerGroup& group, std::size_t n_seekers, const double* points, std::size_t n_points,
                 std::size_t n_dimensions) {
    const Doubles d;
    const Counts c;
    const std::size_t lanes = hn::Lanes(d);
    const auto limit = hn::Set(d, group.limit);
    const std::size_t per_look = n_dimensions > few_dimensions ? dimensions_per_look : n_dimensions;
    for (std::size_t i = 0; i < n_seekers; i += 2 * lanes) {
        auto nearest_a = hn::Load(d, group.nearest + i);
        auto nearest_b = hn::Load(d, group.nearest + i + lanes);
        auto within_a = hn::Load(c, group.within + i);
        auto within_b = hn::Load(c, group.within + i + lanes);
        const double* point = points;
        for (std::size_t p = 0; p < n_points; ++p, point += n_dimensions) {
            auto sum_a = hn::Zero(d);
            auto sum_b = hn::Zero(d);
            const double* column = group.coordinates + i;
            for (std::size_t j = 0; j < n_dimensions;) {
                const std::size_t end = std::min(n_dimensions, j + per_look);
                for (; j < end; ++j, column += seekers_per_group) {
                    const auto coordinate = hn::Set(d, point[j]);
                    const auto difference_a = hn::Sub(hn::Load(d, column), coordinate);
                    const auto difference_b = hn::Sub(hn::Load(d, column + lanes), coordinate);
                    sum_a = hn::Add(sum_a, hn::Mul(difference_a, difference_a));
                    sum_b = hn::Add(sum_b, hn::Mul(difference_b, difference_b));
                }
                if (j < n_dimensions) {
                    const auto far_a = hn::Gt(sum_a, hn::Max(nearest_a, limit));
                    const auto far_b = hn::Gt(sum_b, hn::Max(nearest_b, limit));
                    if (hn::AllTrue(d, hn::And(far_a, far_b))) {
                        break;
                    }
                }
            }
            nearest_a = hn::Min(nearest_a, sum_a);
            nearest_b = hn::Min(nearest_b, sum_b);
            within_a = hn::Sub(within_a, hn::VecFromMask(c, hn::RebindMask(c, hn::Le(sum_a, limit))));
            within_b = hn::Sub(within_b, hn::VecFromMask(c, hn::RebindMask(c, hn::Le(sum_b, limit))));
        }
        hn::Store(nearest_a, d, group.nearest + i);
        hn::Store(nearest_b, d, group.nearest + i + lanes);
        hn::Store(within_a, c, group.within + i);
        hn::Store(within_b, c, group.within + i + lanes);
    }
}

/// Eight sums side by side, whatever the width of vectors, so that the order of additions is always the same.
double sum_of_distances(const PointMatrix& points, std::size_t first_row, std::size_t end_row, std::size_t first_column,
                        std::size_t end_column) {
    const Doubles d;
    const std::size_t lanes = hn::Lanes(d);
    alignas(64) double sums[8] = {};
    for (std::size_t column = first_column; column < end_column; column += lanes) {
        const auto weight = hn::LoadU(d, points.weight + column);
        auto total = hn::Load(d, sums + column % 8);
        const double* row = points.rows + first_row * points.n_dimensions;
        for (std::size_t i = first_row; i < end_row; ++i, row += points.n_dimensions) {
            auto sum = hn::Zero(d);
            const double* coordinates = points.columns + column;
            for (std::size_t j = 0; j < points.n_dimensions; ++j, coordinates += points.stride) {
                const auto difference = hn::Sub(hn::LoadU(d, coordinates), hn::Set(d, row[j]));
                sum = hn::Add(sum, hn::Mul(difference, difference));
            }
            total = hn::Add(total, hn::Mul(hn::Sqrt(sum), weight));
        }
        hn::Store(total, d, sums + column % 8);
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

} // namespace lcclass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lcclass {

HWY_EXPORT(show_points);
HWY_EXPORT(sum_of_distances);

void show_points(const SeekerGroup& group, std::size_t n_seekers, const double* points, std::size_t n_points,
                 std::size_t n_dimensions) {
    HWY_DYNAMIC_DISPATCH(show_points)(group, n_seekers, points, n_points, n_dimensions);
}

double sum_of_distances(const PointMatrix& points, std::size_t first_row, std::size_t end_row, std::size_t first_column,
                        std::size_t end_column) {
    return HWY_DYNAMIC_DISPATCH(sum_of_distances)(points, first_row, end_row, first_column, end_column);
}

} // namespace lcclass

#endif
