/// Distances between many points at once, in vectors. Every distance is the same number whatever the vectors' width:
/// squares of differences, added in the order of the dimensions, without fused multiplication.
/// Pure functions; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lcclass {

/// Seekers that look for neighbours together.
constexpr std::size_t seekers_per_group = 64;

/// `coordinates[dimension * seekers_per_group + seeker]`; what they have found so far, per seeker.
struct SeekerGroup {
    const double* coordinates = nullptr;
    double* nearest = nullptr;      ///< smallest squared distance
    std::int64_t* within = nullptr; ///< points at a squared distance up to `limit`
    double limit = 0;
};

/// Shows `n_points` points (`points[point * n_dimensions + dimension]`) to the first `n_seekers` of a group, rounded up
/// to whole vectors.
void show_points(const SeekerGroup& group, std::size_t n_seekers, const double* points, std::size_t n_points,
                 std::size_t n_dimensions);

/// Points in rows, `rows[point * n_dimensions + dimension]`, and in columns, `columns[dimension * stride + point]`;
/// `weight` is 1 for points and 0 for what fills the columns up.
struct PointMatrix {
    const double* rows = nullptr;
    const double* columns = nullptr;
    const double* weight = nullptr;
    std::size_t stride = 0;
    std::size_t n_dimensions = 0;
};

/// Sum of the distances of the points [first_row, end_row) to the points [first_column, end_column).
/// Requires: first_column and end_column multiples of 8.
double sum_of_distances(const PointMatrix& points, std::size_t first_row, std::size_t end_row, std::size_t first_column,
                        std::size_t end_column);

} // namespace lcclass
