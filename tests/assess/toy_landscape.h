/// A table of samples whose polygons differ from each other more than pixels within, and simple folds of it.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/sample_table.h"

#include <array>
#include <cstdint>
#include <string>

namespace lcclass::test {

inline constexpr int pixels_per_polygon = 12;

/// Three classes of twelve polygons. `level` is the class mean plus a shift that all pixels of a polygon share plus a
/// little noise, so that neighbours know more about a pixel than its class does; `noise` knows nothing.
inline SampleTable landscape() {
    SampleTable samples;
    samples.legend = ClassLegend({{2, "water", {}}, {5, "forest", {}}, {7, "unseen", {}}, {9, "crop", {}}});
    samples.feature_names = {"level", "noise"};
    samples.features.resize(2);
    Rng rng(3, 0);
    constexpr std::array<std::int32_t, 3> codes = {2, 5, 9};
    for (std::int32_t polygon = 0; polygon < 36; ++polygon) {
        const auto k = static_cast<std::size_t>(polygon) % codes.size();
        const double level = static_cast<double>(k) + 0.7 * rng.normal();
        samples.group_names.push_back(std::to_string(polygon + 1));
        for (int i = 0; i < pixels_per_polygon; ++i) {
            samples.features[0].push_back(static_cast<float>(level + 0.02 * rng.normal()));
            samples.features[1].push_back(static_cast<float>(rng.normal()));
            samples.class_code.push_back(codes[k]);
            samples.polygon_id.push_back(polygon + 1);
            samples.group.push_back(polygon);
            samples.x.push_back(polygon * 100.0 + i);
            samples.y.push_back(0);
        }
    }
    return samples;
}

/// Pixels dealt out in turn: every fold has pixels of every polygon.
inline FoldAssignment pixel_folds(const SampleTable& samples, int n_folds) {
    FoldAssignment folds{.scheme = FoldScheme::random, .n_folds = n_folds, .fold = {}, .blocks = {}};
    for (std::int64_t i = 0; i < samples.size(); ++i) {
        folds.fold.push_back(static_cast<std::int32_t>(i % n_folds + 1));
    }
    return folds;
}

/// Whole polygons, three by three, so that every fold has every class.
inline FoldAssignment polygon_folds(const SampleTable& samples, int n_folds) {
    FoldAssignment folds{.scheme = FoldScheme::polygon, .n_folds = n_folds, .fold = {}, .blocks = {}};
    for (const std::int32_t group : samples.group) {
        folds.fold.push_back(group / 3 % n_folds + 1);
    }
    return folds;
}

} // namespace lcclass::test
