#include "sampling/buffer.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "sampling/places.h"
#include "sampling/point_index.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass::sampling {

namespace {

/// Ranges in any order, made ascending, disjoint and not adjacent.
std::vector<RowRange> tidy(std::vector<RowRange> ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const RowRange& a, const RowRange& b) { return a.first < b.first; });
    std::vector<RowRange> result;
    for (const RowRange& range : ranges) {
        if (!result.empty() && range.first <= result.back().end) {
            result.back().end = std::max(result.back().end, range.end);
        } else {
            result.push_back(range);
        }
    }
    return result;
}

/// Rows by ascending x, to find those in a strip.
struct RowsByX {
    std::vector<std::int64_t> row;
    std::vector<double> x;
};

RowsByX sort_by_x(const SampleTable& samples) {
    RowsByX sorted;
    sorted.row.resize(samples.x.size());
    std::iota(sorted.row.begin(), sorted.row.end(), std::int64_t{0});
    std::stable_sort(sorted.row.begin(), sorted.row.end(), [&](std::int64_t a, std::int64_t b) {
        return samples.x[static_cast<std::size_t>(a)] < samples.x[static_cast<std::size_t>(b)];
    });
    for (const std::int64_t row : sorted.row) {
        sorted.x.push_back(samples.x[static_cast<std::size_t>(row)]);
    }
    return sorted;
}

std::vector<RowRange> rows_near(const SampleTable& samples, const RowsByX& sorted, double buffer_m,
                                const FoldAssignment& folds, int fold, const std::vector<std::int64_t>& test_rows) {
    PointSet points;
    for (const std::int64_t row : test_rows) {
        points.x.push_back(samples.x[static_cast<std::size_t>(row)]);
        points.y.push_back(samples.y[static_cast<std::size_t>(row)]);
    }
    if (points.x.empty()) {
        return {};
    }
    const auto [west, east] = std::minmax_element(points.x.begin(), points.x.end());
    // A hair wider than the buffer: rounding of the sum must not cut off a row at exactly that distance.
    const double margin = buffer_m + (std::abs(*west) + std::abs(*east) + buffer_m) * 1e-12;
    const auto from = std::lower_bound(sorted.x.begin(), sorted.x.end(), *west - margin) - sorted.x.begin();
    const auto to = std::upper_bound(sorted.x.begin(), sorted.x.end(), *east + margin) - sorted.x.begin();
    const PointIndex index(std::move(points));
    std::vector<RowRange> near;
    for (auto i = from; i < to; ++i) {
        const std::int64_t row = sorted.row[static_cast<std::size_t>(i)];
        const auto at = static_cast<std::size_t>(row);
        if (folds.fold[at] != fold && std::isfinite(index.nearest(samples.x[at], samples.y[at], buffer_m))) {
            near.push_back({.first = row, .end = row + 1});
        }
    }
    return near;
}

} // namespace

void exclude_buffer(const SampleTable& samples, double buffer_m, FoldAssignment& folds) {
    if (!std::isfinite(buffer_m) || buffer_m < 0) {
        throw Error(ExitCode::configuration, {.where = "folds",
                                              .field = "buffer=" + format_number(buffer_m),
                                              .problem = "is not a length",
                                              .fix = "give metres, or 0 for no dead zone"});
    }
    if (buffer_m == 0) {
        return;
    }
    require_positions(samples, "a buffer");
    std::vector<std::vector<std::int64_t>> test_rows(static_cast<std::size_t>(folds.n_folds));
    for (std::size_t i = 0; i < folds.fold.size(); ++i) {
        test_rows[static_cast<std::size_t>(folds.fold[i] - 1)].push_back(static_cast<std::int64_t>(i));
    }
    const RowsByX sorted = sort_by_x(samples);
    folds.buffer_m = buffer_m;
    folds.excluded.resize(static_cast<std::size_t>(folds.n_folds));
    tbb::parallel_for(0, folds.n_folds, [&](int f) {
        const auto at = static_cast<std::size_t>(f);
        std::vector<RowRange> rows = rows_near(samples, sorted, buffer_m, folds, f + 1, test_rows[at]);
        rows.insert(rows.end(), folds.excluded[at].begin(), folds.excluded[at].end());
        folds.excluded[at] = tidy(std::move(rows));
    });
}

std::vector<std::vector<RowRange>> rows_of_groups(const GroupTable& groups,
                                                  const std::vector<std::vector<std::int32_t>>& groups_of_fold) {
    std::vector<std::vector<RowRange>> of_group(static_cast<std::size_t>(groups.n_groups));
    for (std::int64_t row = 0; row < std::ssize(groups.of_sample); ++row) {
        auto& ranges = of_group[static_cast<std::size_t>(groups.of_sample[static_cast<std::size_t>(row)])];
        if (!ranges.empty() && ranges.back().end == row) {
            ++ranges.back().end;
        } else {
            ranges.push_back({.first = row, .end = row + 1});
        }
    }
    std::vector<std::vector<RowRange>> result;
    for (const auto& members : groups_of_fold) {
        std::vector<RowRange> ranges;
        for (const std::int32_t group : members) {
            const auto& rows = of_group[static_cast<std::size_t>(group)];
            ranges.insert(ranges.end(), rows.begin(), rows.end());
        }
        result.push_back(tidy(std::move(ranges)));
    }
    return result;
}

} // namespace lcclass::sampling
