#include "geo/excluded_layer.h"

#include "lcclass/core/interrupt.h"
#include "lcclass/core/point_set.h"

#include <algorithm>
#include <cstdint>

namespace lcclass {

namespace {

constexpr std::int64_t most_sample_points = 2'000'000; ///< of a scheme, 21 bytes each in the file

using Rows = std::vector<std::size_t>;

/// The rows that fold f + 1 leaves out, by group: rows of one group are together.
Rows excluded_rows(const SampleTable& samples, const std::vector<RowRange>& ranges) {
    Rows rows;
    for (const RowRange& range : ranges) {
        for (std::int64_t row = range.first; row < range.end; ++row) {
            rows.push_back(static_cast<std::size_t>(row));
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return samples.group[a] < samples.group[b]; });
    return rows;
}

void add_point(OGRGeometryH points, double x, double y) {
    OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
    OGR_G_SetPoint_2D(point, 0, x, y);
    OGR_G_AddGeometryDirectly(points, point);
}

/// Adds the rows, or the mean of those of each group; returns the number of groups.
int add_points(const SampleTable& samples, const Rows& rows, bool every_sample, OGRGeometryH points) {
    int n_groups = 0;
    for (auto from = rows.begin(); from != rows.end(); ++n_groups) {
        const auto to =
            std::find_if(from, rows.end(), [&](std::size_t row) { return samples.group[row] != samples.group[*from]; });
        MeanPlace mean;
        for (auto row = from; row != to; ++row) {
            if (every_sample) {
                add_point(points, samples.x[*row], samples.y[*row]);
            }
            mean.add(samples.x[*row], samples.y[*row]);
        }
        if (!every_sample) {
            add_point(points, mean.x(), mean.y());
        }
        from = to;
    }
    return n_groups;
}

std::int64_t total_excluded(const FoldAssignment& folds) {
    std::int64_t total = 0;
    for (int fold = 1; fold <= folds.n_folds; ++fold) {
        total += count_excluded(folds, fold);
    }
    return total;
}

VectorLayerLayout layout_of(const SampleTable& samples) {
    const auto field = [](const char* name, OGRFieldType type) {
        return VectorField{.name = name, .type = type, .subtype = OFSTNone, .title = {}};
    };
    return {.name = "excluded",
            .crs_wkt = samples.crs_wkt,
            .geometry = wkbMultiPoint,
            .fields = {field("scheme", OFTString), field("fold", OFTInteger), field("name", OFTString),
                       field("n_samples", OFTInteger64), field("n_groups", OFTInteger), field("n_points", OFTInteger)}};
}

void write_scheme(VectorWriter& writer, OGRLayerH layer, const SampleTable& samples, const FoldAssignment& folds) {
    const bool every_sample = total_excluded(folds) <= most_sample_points;
    const FeatureHandle feature = writer.new_feature(layer);
    for (std::size_t f = 0; f < folds.excluded.size(); ++f) {
        throw_if_stopped();
        const Rows rows = excluded_rows(samples, folds.excluded[f]);
        if (rows.empty()) {
            continue;
        }
        const GeometryHandle points(OGR_G_CreateGeometry(wkbMultiPoint));
        const int n_groups = add_points(samples, rows, every_sample, points.get());
        OGR_F_SetFieldString(feature.get(), 0, to_string(folds.scheme).c_str());
        OGR_F_SetFieldInteger(feature.get(), 1, static_cast<int>(f + 1));
        OGR_F_SetFieldString(feature.get(), 2, folds.fold_names.empty() ? "" : folds.fold_names.at(f).c_str());
        OGR_F_SetFieldInteger64(feature.get(), 3, static_cast<GIntBig>(rows.size()));
        OGR_F_SetFieldInteger(feature.get(), 4, n_groups);
        OGR_F_SetFieldInteger(feature.get(), 5, OGR_G_GetGeometryCount(points.get()));
        OGR_F_SetGeometry(feature.get(), points.get());
        writer.add(layer, feature.get());
    }
}

} // namespace

void write_excluded(VectorWriter& writer, const SampleTable& samples, std::span<const FoldAssignment> assignments) {
    const bool any = std::any_of(assignments.begin(), assignments.end(),
                                 [](const FoldAssignment& folds) { return total_excluded(folds) > 0; });
    if (!any) {
        return;
    }
    OGRLayerH layer = writer.add_layer(layout_of(samples));
    for (const FoldAssignment& folds : assignments) {
        write_scheme(writer, layer, samples, folds);
    }
}

} // namespace lcclass
