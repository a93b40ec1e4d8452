#include "geo/label_features.h"

#include "geo/polygon_geometry.h"
#include "geo/vector_layer.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t most_polygons = std::int64_t{1} << 24; // polygon ids stay exact in float

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

std::string crs_of(const VectorLayer& layer, const RasterizeOptions& options) {
    const auto stated = layer.crs_wkt();
    if (!stated && options.assume_crs.empty()) {
        refuse(layer.where(), "crs", "the layer does not say its reference system (a lost .prj?)",
               "restore it, or state it with --assume-crs EPSG:3035");
    }
    return stated ? *stated : parse_crs(options.assume_crs);
}

void require_polygon_layer(const VectorLayer& layer) {
    const OGRwkbGeometryType type = OGR_GT_Flatten(OGR_L_GetGeomType(layer.handle()));
    constexpr std::array<OGRwkbGeometryType, 6> possible = {wkbUnknown,      wkbPolygon,      wkbMultiPolygon,
                                                            wkbCurvePolygon, wkbMultiSurface, wkbGeometryCollection};
    if (std::find(possible.begin(), possible.end(), type) == possible.end()) {
        refuse(layer.where(), std::string("geometry=") + OGRGeometryTypeToName(type), "the layer holds no polygons",
               "labels are polygons: buffer points and lines first");
    }
}

/// Reads one feature after the other into a LabelFeatures.
class FeatureCollector {
public:
    FeatureCollector(const VectorLayer& layer, const RasterizeOptions& options, const GridSpec& grid)
        : m_layer(layer), m_options(options), m_grid(grid), m_frame{.width = static_cast<std::int32_t>(grid.width),
                                                                    .height = static_cast<std::int32_t>(grid.height)},
          m_class_field(layer.field_index(options.class_field, "class-field")),
          m_group_field(options.group_field.empty() ? -1 : layer.field_index(options.group_field, "group-field")),
          m_values(options.class_map, layer.where(), options.class_field),
          m_reader(grid, crs_of(layer, options), options.invalid, layer.where()) {
        m_out.where = layer.where();
    }

    void add(OGRFeatureH feature) {
        LabelFeature record;
        constexpr double infinity = std::numeric_limits<double>::infinity();
        record.bounds = {infinity, -infinity, infinity, -infinity};
        record.fid = OGR_F_GetFID(feature);
        record.group = group_of(feature);
        record.first_span = static_cast<std::int64_t>(m_out.spans.size());
        record.skip = read_class(feature, record);
        if (record.skip == SkipReason::none) {
            record.skip = burn_geometry(OGR_F_GetGeometryRef(feature), record);
        }
        m_out.features.push_back(record);
        if (static_cast<std::int64_t>(m_out.features.size()) >= most_polygons) {
            refuse(m_out.where, {}, "has more than 16,777,215 features", "rasterize it in parts, chosen with --where");
        }
    }

    LabelFeatures finish() {
        const bool as_codes = is_numeric_field(m_layer.definition(), m_class_field);
        ClassCodes codes = m_values.resolve(as_codes);
        for (LabelFeature& feature : m_out.features) {
            // class_code held the index of the value so far
            feature.class_code =
                feature.class_code < 0 ? 0 : codes.code_of[static_cast<std::size_t>(feature.class_code)];
        }
        m_out.legend = std::move(codes.legend);
        m_out.notes = std::move(codes.notes);
        if (m_repaired > 0) {
            m_out.notes.push_back(with_thousands(m_repaired) + " invalid polygons repaired");
        }
        return std::move(m_out);
    }

private:
    std::int32_t group_of(OGRFeatureH feature) {
        if (m_group_field < 0) {
            return -1;
        }
        const std::string text = text_of(feature, m_group_field, m_out.where);
        if (text.empty()) {
            refuse(m_out.where + ":fid " + std::to_string(OGR_F_GetFID(feature)), m_options.group_field,
                   "has no value, so the group of this feature is not known",
                   "fill it in, or add --where \"" + m_options.group_field + " IS NOT NULL\"");
        }
        const auto [entry, added] = m_groups.emplace(text, static_cast<std::int32_t>(m_out.groups.size()));
        if (added) {
            m_out.groups.push_back(text);
        }
        return entry->second;
    }

    SkipReason read_class(OGRFeatureH feature, LabelFeature& record) {
        record.class_code = -1;
        const auto text = class_text(feature, m_class_field, m_out.where);
        if (!text || (text->empty() && !m_values.has_map())) {
            return SkipReason::no_class;
        }
        record.class_code = m_values.intern(*text, m_out.where + ":fid " + std::to_string(record.fid));
        return m_values.is_dropped(record.class_code) ? SkipReason::dropped_class : SkipReason::none;
    }

    SkipReason burn_geometry(OGRGeometryH geometry, LabelFeature& record) {
        if (geometry == nullptr || OGR_G_IsEmpty(geometry) != FALSE) {
            return SkipReason::no_geometry;
        }
        const auto polygons = m_reader.read(geometry, record.fid);
        if (!polygons) {
            return SkipReason::invalid;
        }
        m_repaired += polygons->repaired ? 1 : 0;
        record.bounds = polygons->bounds;
        record.digest = polygons->digest;
        const Bounds frame = m_grid.bounds();
        if (!frame.intersects(record.bounds)) {
            return SkipReason::outside;
        }
        record.clipped = record.bounds.min_x < frame.min_x || record.bounds.min_y < frame.min_y ||
                         record.bounds.max_x > frame.max_x || record.bounds.max_y > frame.max_y;
        return keep(burn(polygons->parts, m_frame, m_options.all_touched), record);
    }

    SkipReason keep(std::vector<PixelSpan> spans, LabelFeature& record) {
        if (spans.empty()) {
            return SkipReason::no_pixel_centre;
        }
        for (int i = 0; i < m_options.erode && !spans.empty(); ++i) {
            spans = erode_once(spans, m_frame);
        }
        record.n_spans = static_cast<std::int32_t>(spans.size());
        m_out.spans.insert(m_out.spans.end(), spans.begin(), spans.end());
        return spans.empty() ? SkipReason::eroded : SkipReason::none;
    }

    const VectorLayer& m_layer;
    const RasterizeOptions& m_options;
    GridSpec m_grid;
    PixelFrame m_frame;
    int m_class_field;
    int m_group_field;
    ClassValues m_values;
    PolygonReader m_reader;
    std::unordered_map<std::string, std::int32_t> m_groups;
    std::int64_t m_repaired = 0;
    LabelFeatures m_out;
};

void sort_features(LabelFeatures& labels) {
    const auto key = [&](const LabelFeature& f) {
        const std::int32_t class_rank = f.class_code > 0 ? f.class_code : std::numeric_limits<std::int32_t>::max();
        return std::tuple(class_rank, -f.bounds.max_y, f.bounds.min_x, -f.bounds.min_y, f.bounds.max_x, f.digest);
    };
    const auto group = [&](const LabelFeature& f) -> const std::string& {
        static const std::string none;
        return f.group < 0 ? none : labels.groups[static_cast<std::size_t>(f.group)];
    };
    std::sort(labels.features.begin(), labels.features.end(), [&](const LabelFeature& a, const LabelFeature& b) {
        const auto key_a = key(a);
        const auto key_b = key(b);
        if (key_a != key_b) {
            return key_a < key_b;
        }
        const int by_group = group(a).compare(group(b));
        return by_group != 0 ? by_group < 0 : a.fid < b.fid;
    });
}

} // namespace

std::string to_string(SkipReason reason) {
    static constexpr std::array<const char*, 9> texts = {"burned",
                                                         "no class",
                                                         "class dropped by the class map",
                                                         "no geometry",
                                                         "invalid geometry",
                                                         "outside the grid",
                                                         "no pixel centre inside",
                                                         "no pixel left by erosion",
                                                         "covered by other polygons"};
    return texts.at(static_cast<std::size_t>(reason));
}

LabelFeatures read_label_features(const RasterizeOptions& options, const GridSpec& grid, Progress& progress) {
    const VectorLayer layer(options.input, {.layer = options.layer, .where = options.where});
    if (options.class_field.empty()) {
        refuse(layer.where(), "class-field", "is not given", "choose one of " + join(layer.field_names(), ", "));
    }
    require_polygon_layer(layer);
    FeatureCollector collector(layer, options, grid);
    progress.begin("read polygons", std::max<std::int64_t>(0, OGR_L_GetFeatureCount(layer.handle(), TRUE)));
    layer.for_each([&](OGRFeatureH feature) {
        collector.add(feature);
        progress.advance(1);
    });
    progress.end();
    LabelFeatures labels = collector.finish();
    if (labels.features.empty()) {
        refuse(layer.where(), options.where.empty() ? "" : "where=" + options.where, "no feature to burn",
               options.where.empty() ? "check that it is the right layer" : "check the condition");
    }
    sort_features(labels);
    return labels;
}

} // namespace lcclass
