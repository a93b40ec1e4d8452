/// Small sample tables with known polygons, for tests of folds.
/// Free functions; safe from any thread.
#pragma once

#include "lcclass/core/error.h"
#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/point_set.h"
#include "lcclass/core/rng.h"
#include "lcclass/sampling/folds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lcclass::test {

struct Polygon {
    std::int32_t class_code;
    double x;
    double y;
    int n_samples;
};

/// Every polygon is a row of samples 1 m apart, starting at (x, y).
inline SampleTable table_of(const std::vector<Polygon>& polygons) {
    SampleTable samples;
    samples.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}, {3, "crop", {}}});
    for (const Polygon& polygon : polygons) {
        const auto group = static_cast<std::int32_t>(samples.group_names.size());
        samples.group_names.push_back(std::to_string(group + 1));
        for (int i = 0; i < polygon.n_samples; ++i) {
            samples.class_code.push_back(polygon.class_code);
            samples.polygon_id.push_back(group + 1);
            samples.group.push_back(group);
            samples.x.push_back(polygon.x + i);
            samples.y.push_back(polygon.y);
        }
    }
    return samples;
}

/// `n` polygons of one to nine samples scattered over a square of 1 km, of three classes.
inline SampleTable scattered(int n, std::uint64_t seed) {
    Rng rng(seed, 0);
    std::vector<Polygon> polygons;
    for (int i = 0; i < n; ++i) {
        polygons.push_back({static_cast<std::int32_t>(1 + i % 3), static_cast<double>(rng.below(1000)),
                            static_cast<double>(rng.below(1000)), static_cast<int>(1 + rng.below(9))});
    }
    return table_of(polygons);
}

/// `n` points at random over a rectangle.
inline PointSet random_points(int n, double width, double height, std::uint64_t seed) {
    Rng rng(seed, 7);
    PointSet points;
    for (int i = 0; i < n; ++i) {
        points.x.push_back(width * rng.uniform());
        points.y.push_back(height * rng.uniform());
    }
    return points;
}

/// `n_clusters` heaps of `per_cluster` points each, a few metres wide in a square of 10 km.
inline PointSet heaps(int n_clusters, int per_cluster, std::uint64_t seed) {
    Rng rng(seed, 8);
    PointSet points;
    for (int c = 0; c < n_clusters; ++c) {
        const double x = 10000 * rng.uniform();
        const double y = 10000 * rng.uniform();
        for (int i = 0; i < per_cluster; ++i) {
            points.x.push_back(x + 100 * rng.uniform());
            points.y.push_back(y + 100 * rng.uniform());
        }
    }
    return points;
}

/// Every point is a polygon of one sample; classes 1, 2, 3 in turn.
inline SampleTable table_of_points(const PointSet& points) {
    std::vector<Polygon> polygons;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        polygons.push_back({static_cast<std::int32_t>(1 + i % 3), points.x[i], points.y[i], 1});
    }
    return table_of(polygons);
}

inline double distance(double x0, double y0, double x1, double y1) {
    return std::sqrt((x0 - x1) * (x0 - x1) + (y0 - y1) * (y0 - y1));
}

inline std::vector<std::int64_t> sizes_of(const FoldAssignment& folds) {
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(folds.n_folds));
    for (const auto fold : folds.fold) {
        ++sizes.at(static_cast<std::size_t>(fold - 1));
    }
    return sizes;
}

/// Fold of every group; fails the test when a group has two.
inline std::map<std::int32_t, std::int32_t> fold_of_groups(const SampleTable& samples, const FoldAssignment& folds) {
    std::map<std::int32_t, std::int32_t> result;
    for (std::size_t i = 0; i < folds.fold.size(); ++i) {
        const auto [entry, is_new] = result.try_emplace(samples.group[i], folds.fold[i]);
        EXPECT_EQ(entry->second, folds.fold[i]) << "group " << samples.group[i];
    }
    return result;
}

/// What `assign_folds` says when it refuses, with a remedy and the exit code that is expected.
inline std::string refusal(const SampleTable& samples, const FoldOptions& options, ExitCode expected) {
    try {
        assign_folds(samples, options);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), expected) << error.what();
        EXPECT_FALSE(error.fault().fix.empty());
        return error.what();
    }
    ADD_FAILURE() << "accepted";
    return {};
}

} // namespace lcclass::test
