#include "geo/polygon_geometry.h"
#include "geo/vector_layer.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/outlines.h"
#include "lcclass/geo/vector_file.h"

#include <algorithm>
#include <map>
#include <optional>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

const std::string right_ending = "_right";

bool has_layer(const fs::path& path, const std::string& name) {
    const std::vector<LayerSummary> layers = list_layers(path);
    return std::ranges::find(layers, name, &LayerSummary::name) != layers.end();
}

[[noreturn]] void refuse(const VectorLayer& layer, const std::string& problem) {
    throw Error(ExitCode::input,
                {.where = layer.where(), .field = {}, .problem = problem, .fix = "take a folds.gpkg that cv made"});
}

/// From the reference system of a layer to pixels of a grid.
class ToPixels {
public:
    ToPixels(const VectorLayer& layer, const GridSpec& grid)
        : m_grid(grid), m_transform(layer.crs_wkt().value_or(grid.crs_wkt), grid.crs_wkt, layer.where()) {}

    /// Nothing for a place that the grid's system does not have.
    [[nodiscard]] std::optional<std::pair<double, double>> operator()(double x, double y) const {
        if (!m_transform.apply({&x, 1}, {&y, 1})) {
            return std::nullopt;
        }
        return std::pair((x - m_grid.origin_x) / m_grid.pixel_width, (m_grid.origin_y - y) / m_grid.pixel_height);
    }

private:
    const GridSpec& m_grid;
    PointTransform m_transform;
};

OutlineRing ring_of(OGRGeometryH polygon, const ToPixels& to_pixels) {
    OutlineRing ring;
    OGRGeometryH outer = OGR_G_GetGeometryRef(polygon, 0);
    for (int i = 0; outer != nullptr && i + 1 < OGR_G_GetPointCount(outer); ++i) { // the last repeats the first
        if (const auto pixel = to_pixels(OGR_G_GetX(outer, i), OGR_G_GetY(outer, i))) {
            ring.push_back(*pixel);
        }
    }
    return ring;
}

/// What is summed up of a group.
struct GroupSums {
    double x = 0;
    double y = 0;
    std::int64_t n = 0;
    std::map<std::int32_t, std::int64_t> classes;
    std::vector<std::int64_t> judged; ///< per scheme
    std::vector<std::int64_t> right;
};

/// Fields of the layer `samples` that are looked at.
struct SampleFields {
    int class_code = 0;
    int polygon_id = 0;
    int group = 0;
    std::vector<std::string> schemes;
    std::vector<int> right;

    explicit SampleFields(const VectorLayer& layer)
        : class_code(layer.field_index("class_code", "field")), polygon_id(layer.field_index("polygon_id", "field")),
          group(layer.field_index("group", "field")) {
        const std::vector<std::string>& names = layer.field_names();
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!names[i].ends_with(right_ending)) {
                continue;
            }
            const std::string scheme = names[i].substr(0, names[i].size() - right_ending.size());
            if (std::ranges::find(names, "fold_" + scheme) != names.end()) {
                schemes.push_back(scheme);
                right.push_back(static_cast<int>(i));
            }
        }
    }
};

void add_sample(OGRFeatureH feature, const SampleFields& fields, const std::pair<double, double>& place,
                GroupSums& sums) {
    sums.judged.resize(fields.right.size());
    sums.right.resize(fields.right.size());
    sums.x += place.first;
    sums.y += place.second;
    ++sums.n;
    ++sums.classes[OGR_F_GetFieldAsInteger(feature, fields.class_code)];
    for (std::size_t s = 0; s < fields.right.size(); ++s) {
        if (OGR_F_IsFieldSetAndNotNull(feature, fields.right[s]) != FALSE) {
            ++sums.judged[s];
            sums.right[s] += OGR_F_GetFieldAsInteger(feature, fields.right[s]);
        }
    }
}

GroupJudgement judgement_of(const std::string& group, const GroupSums& sums, std::size_t scheme) {
    const auto most = std::ranges::max_element(sums.classes, {}, [](const auto& item) { return item.second; });
    return {.x = sums.x / static_cast<double>(sums.n),
            .y = sums.y / static_cast<double>(sums.n),
            .group = group,
            .class_code = most->first,
            .n_samples = sums.judged[scheme],
            .n_right = sums.right[scheme]};
}

} // namespace

std::vector<BlockOutline> read_fold_blocks(const fs::path& folds, const GridSpec& grid) {
    std::vector<BlockOutline> blocks;
    if (!has_layer(folds, "blocks")) {
        return blocks;
    }
    const VectorLayer layer(folds, {.layer = "blocks", .where = {}});
    const ToPixels to_pixels(layer, grid);
    const int fold = layer.field_index("fold", "field");
    const int scheme = layer.field_index("scheme", "field");
    layer.for_each([&](OGRFeatureH feature) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        if (geometry == nullptr || wkbFlatten(OGR_G_GetGeometryType(geometry)) != wkbPolygon) {
            refuse(layer, "has a block that is no polygon");
        }
        OutlineRing ring = ring_of(geometry, to_pixels);
        if (ring.size() >= 3) {
            blocks.push_back({.ring = std::move(ring),
                              .fold = OGR_F_GetFieldAsInteger(feature, fold),
                              .scheme = text_of(feature, scheme, layer.where())});
        }
    });
    return blocks;
}

std::vector<SchemeJudgement> read_fold_judgements(const fs::path& folds, const GridSpec& grid) {
    if (!has_layer(folds, "samples")) {
        return {};
    }
    const VectorLayer layer(folds, {.layer = "samples", .where = {}});
    const ToPixels to_pixels(layer, grid);
    const SampleFields fields(layer);
    std::map<std::string, GroupSums> groups;
    layer.for_each([&](OGRFeatureH feature) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        if (geometry == nullptr || wkbFlatten(OGR_G_GetGeometryType(geometry)) != wkbPoint) {
            refuse(layer, "has a sample that is no point");
        }
        const auto place = to_pixels(OGR_G_GetX(geometry, 0), OGR_G_GetY(geometry, 0));
        if (place) {
            std::string group = text_of(feature, fields.group, layer.where());
            if (group.empty()) {
                group = std::to_string(OGR_F_GetFieldAsInteger(feature, fields.polygon_id));
            }
            add_sample(feature, fields, *place, groups[group]);
        }
    });
    std::vector<SchemeJudgement> judgements;
    for (std::size_t s = 0; s < fields.schemes.size(); ++s) {
        judgements.push_back({.scheme = fields.schemes[s], .groups = {}});
        for (const auto& [group, sums] : groups) {
            if (sums.judged[s] > 0) {
                judgements.back().groups.push_back(judgement_of(group, sums, s));
            }
        }
    }
    return judgements;
}

} // namespace lcclass
