#include "lcclass/geo/reference_file.h"

#include "geo/label_values.h"
#include "geo/plan_file.h"
#include "geo/polygon_geometry.h"
#include "geo/vector_layer.h"
#include "lcclass/core/class_legend.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/class_map.h"
#include "lcclass/geo/sample_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

/// What `sample` and `cv` write has been learned from.
void refuse_training_tables(const VectorLayer& layer) {
    const auto has = [&](const char* name) {
        return std::find(layer.field_names().begin(), layer.field_names().end(), name) != layer.field_names().end();
    };
    if (layer.metadata("LCCLASS_KIND") == "samples" || (has("class_code") && has("polygon_id") && has("group"))) {
        refuse(layer.where(), "kind=samples",
               "is a table of training samples: the map has seen their answers, and nobody drew them by chance",
               "label a probability sample apart from training: assess --plan");
    }
}

std::int64_t pixel_at(const GridSpec& grid, double x, double y) {
    const double col = std::floor((x - grid.origin_x) / grid.pixel_width);
    const double row = std::floor((grid.origin_y - y) / grid.pixel_height);
    const bool inside =
        col >= 0 && row >= 0 && col < static_cast<double>(grid.width) && row < static_cast<double>(grid.height);
    return inside ? static_cast<std::int64_t>(row) * grid.width + static_cast<std::int64_t>(col) : -1;
}

std::string crs_of(const VectorLayer& layer) {
    const auto stated = layer.crs_wkt();
    if (!stated) {
        refuse(layer.where(), "crs", "the layer does not say its reference system (a lost .prj?)",
               "restore it, or assign the right one with ogr2ogr -a_srs EPSG:3035");
    }
    return *stated;
}

bool is_point(OGRGeometryH geometry) {
    return geometry != nullptr && OGR_GT_Flatten(OGR_G_GetGeometryType(geometry)) == wkbPoint;
}

/// Features of a layer as pixels of a grid: a point's own, a polygon's by their centres.
class GeometryPixels {
public:
    /// Keeps a reference to `grid`.
    GeometryPixels(const VectorLayer& layer, const GridSpec& grid)
        : m_grid(grid), m_transform(crs_of(layer), grid.crs_wkt, layer.where()),
          m_polygons(grid, crs_of(layer), InvalidPolicy::error, layer.where()) {}

    /// None when the feature lies outside the grid or nowhere.
    [[nodiscard]] std::vector<std::int64_t> pixels_of(OGRFeatureH feature) const {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        std::vector<std::int64_t> pixels;
        if (geometry == nullptr || OGR_G_IsEmpty(geometry) != FALSE) {
            return pixels;
        }
        if (is_point(geometry)) {
            double x = OGR_G_GetX(geometry, 0);
            double y = OGR_G_GetY(geometry, 0);
            const bool placed = m_transform.apply(std::span(&x, 1), std::span(&y, 1));
            const std::int64_t pixel = placed ? pixel_at(m_grid, x, y) : -1;
            if (pixel >= 0) {
                pixels.push_back(pixel);
            }
            return pixels;
        }
        const auto polygons = m_polygons.read(geometry, OGR_F_GetFID(feature));
        if (!polygons) {
            return pixels;
        }
        const PixelFrame frame{.width = static_cast<std::int32_t>(m_grid.width),
                               .height = static_cast<std::int32_t>(m_grid.height)};
        for (const PixelSpan& span : burn(polygons->parts, frame, false)) {
            for (std::int64_t col = span.first; col < span.last; ++col) {
                pixels.push_back(span.row * m_grid.width + col);
            }
        }
        return pixels;
    }

private:
    const GridSpec& m_grid;
    PointTransform m_transform;
    PolygonReader m_polygons;
};

/// What a class field says, as a code.
class ClassReader {
public:
    ClassReader(const ReferenceFileOptions& options, ClassLegend map_legend, std::string where)
        : m_legend(std::move(map_legend)), m_where(std::move(where)), m_field(options.class_field) {
        if (!options.class_map.empty()) {
            m_map = ClassMap::load(options.class_map);
            m_legend = merged_legend(m_legend, m_map->legend(), options.class_map);
        }
    }

    /// 0: dropped by the class map.
    std::int32_t code_of(const std::string& value, const std::string& place) {
        if (m_map) {
            const auto found = m_map->find(value);
            if (!found) {
                refuse_value(value, place, "is not in the class map", m_map->known_values());
            }
            return found->dropped ? 0 : found->code;
        }
        if (const auto named = m_legend.code_of(value)) {
            return *named;
        }
        const auto number = parse_int(value);
        if (!number || *number < 1 || *number > largest_class_code) {
            refuse_value(value, place, "is neither a class of the map nor a class code", names());
        }
        const auto code = static_cast<std::int32_t>(*number);
        if (!m_legend.index_of(code)) {
            std::vector<LandCoverClass> classes = m_legend.classes();
            classes.push_back({.code = code, .name = value, .color = default_color(m_legend.size())});
            m_legend = ClassLegend(std::move(classes));
        }
        return code;
    }

    [[nodiscard]] const ClassLegend& legend() const { return m_legend; }

private:
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const LandCoverClass& entry : m_legend.classes()) {
            result.push_back(entry.name);
        }
        return result;
    }
    [[noreturn]] void refuse_value(const std::string& value, const std::string& place, const std::string& problem,
                                   const std::vector<std::string>& known) const {
        refuse(m_where + ":" + place, m_field + "=" + value, problem + did_you_mean(value, known),
               "use one of " + join(known, ", ") + ", or --class-map");
    }

    ClassLegend m_legend;
    std::string m_where;
    std::string m_field;
    std::optional<ClassMap> m_map;
};

/// Reads one feature after the other into a ReferenceSample.
class ReferenceCollector {
public:
    ReferenceCollector(const VectorLayer& layer, const ReferenceFileOptions& options, const GridSpec& grid,
                       const ClassLegend& map_legend)
        : m_layer(layer), m_class_field(layer.field_index(options.class_field, "class-field")),
          m_stratum_field(optional_field(options.stratum_field, "stratum-field")),
          m_weight_field(optional_field(options.weight_field, "weight-field")),
          m_cluster_field(optional_field(options.cluster_field, "cluster-field")),
          m_classes(options, map_legend, layer.where()), m_geometry(layer, grid) {}

    void add(OGRFeatureH feature) {
        ReferenceUnit unit;
        unit.place = "fid " + std::to_string(OGR_F_GetFID(feature));
        const auto value = class_text(feature, m_class_field, m_layer.where());
        if (!value || value->empty()) {
            ++m_out.unlabelled;
            return;
        }
        unit.class_code = m_classes.code_of(*value, unit.place);
        if (unit.class_code == 0) {
            ++m_out.dropped;
            return;
        }
        unit.stratum = text_in(feature, m_stratum_field);
        unit.cluster = text_in(feature, m_cluster_field);
        unit.weight = weight_in(feature, unit.place);
        const std::vector<std::int64_t> pixels = m_geometry.pixels_of(feature);
        if (pixels.empty()) {
            ++m_out.outside;
            return;
        }
        for (const std::int64_t pixel : pixels) {
            m_out.pixels.push_back({.pixel = pixel, .unit = static_cast<std::int32_t>(m_out.units.size())});
        }
        m_out.polygons = m_out.polygons || !is_point(OGR_F_GetGeometryRef(feature));
        m_out.units.push_back(std::move(unit));
    }

    ReferenceSample finish() {
        m_out.legend = m_classes.legend();
        return std::move(m_out);
    }

private:
    [[nodiscard]] int optional_field(const std::string& name, const std::string& option) const {
        return name.empty() ? -1 : m_layer.field_index(name, option);
    }

    /// Whole numbers without a point, so that they read like class codes.
    [[nodiscard]] std::string text_in(OGRFeatureH feature, int field) const {
        return field < 0 ? std::string() : class_text(feature, field, m_layer.where()).value_or("");
    }

    [[nodiscard]] double weight_in(OGRFeatureH feature, const std::string& place) const {
        if (m_weight_field < 0) {
            return 1;
        }
        const std::string text = text_of(feature, m_weight_field, m_layer.where());
        const auto weight = parse_double(text);
        if (!weight || !std::isfinite(*weight) || *weight <= 0) {
            refuse(m_layer.where() + ":" + place,
                   std::string(OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, m_weight_field))) + "=" + text,
                   "is not a positive number", "give 1 / probability of being drawn, such as the pixels it stands for");
        }
        return *weight;
    }

    const VectorLayer& m_layer;
    int m_class_field;
    int m_stratum_field;
    int m_weight_field;
    int m_cluster_field;
    ClassReader m_classes;
    GeometryPixels m_geometry;
    ReferenceSample m_out;
};

bool has_ending(const std::filesystem::path& path, std::string_view wanted) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return ending == wanted;
}

/// A table that does not say its reference system is taken to have that of the grid.
std::vector<std::int64_t> pixels_of_table(const SampleTable& samples, const GridSpec& grid, const std::string& where) {
    const auto is_zero = [](double coordinate) { return coordinate == 0; };
    std::vector<std::int64_t> pixels;
    if (std::all_of(samples.x.begin(), samples.x.end(), is_zero) &&
        std::all_of(samples.y.begin(), samples.y.end(), is_zero)) {
        return pixels; // a table without positions
    }
    std::vector<double> x = samples.x;
    std::vector<double> y = samples.y;
    const PointTransform transform(samples.crs_wkt.empty() ? grid.crs_wkt : samples.crs_wkt, grid.crs_wkt, where);
    transform.apply(x, y);
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (const std::int64_t pixel = pixel_at(grid, x[i], y[i]); pixel >= 0) {
            pixels.push_back(pixel);
        }
    }
    return pixels;
}

std::vector<std::int64_t> pixels_of_layer(const VectorLayer& layer, const GridSpec& grid) {
    const GeometryPixels geometry(layer, grid);
    std::vector<std::int64_t> pixels;
    layer.for_each([&](OGRFeatureH feature) {
        const std::vector<std::int64_t> own = geometry.pixels_of(feature);
        pixels.insert(pixels.end(), own.begin(), own.end());
    });
    return pixels;
}

} // namespace

bool is_vector_file(const std::filesystem::path& path) {
    static constexpr std::array<std::string_view, 6> endings = {".gpkg", ".shp", ".fgb", ".geojson", ".json", ".csv"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return has_ending(path, ending); });
}

ReferenceSample read_reference(const std::filesystem::path& path, const ReferenceFileOptions& options,
                               const GridSpec& grid, const ClassLegend& map_legend) {
    const VectorLayer layer(path, {.layer = options.layer, .where = options.where});
    refuse_training_tables(layer);
    ReferenceFileOptions filled = options;
    const auto planned = planned_strata(layer);
    if (filled.stratum_field.empty() && !planned.empty()) {
        filled.stratum_field = "stratum";
    }
    ReferenceCollector collector(layer, filled, grid, map_legend);
    layer.for_each([&](OGRFeatureH feature) { collector.add(feature); });
    ReferenceSample sample = collector.finish();
    sample.planned_strata = planned;
    return sample;
}

ClassLegend merged_legend(const ClassLegend& map, const ClassLegend& other, const std::string& where) {
    std::vector<LandCoverClass> classes = map.classes();
    for (const LandCoverClass& entry : other.classes()) {
        const auto index = map.index_of(entry.code);
        if (!index) {
            classes.push_back(entry);
        } else if (map.at(*index).name != entry.name) {
            refuse(where, "class_code=" + std::to_string(entry.code),
                   "is '" + entry.name + "' here and '" + map.at(*index).name + "' in the map",
                   "bring both to one class map (rasterize --class-map)");
        }
    }
    return ClassLegend(std::move(classes));
}

std::vector<std::int64_t> pixels_of_samples(const std::filesystem::path& path, const GridSpec& grid) {
    SampleFileOptions positions;
    positions.without_features = true;
    std::vector<std::int64_t> pixels = has_ending(path, ".csv")
                                           ? pixels_of_table(read_samples(path, positions), grid, path.string())
                                           : pixels_of_layer(VectorLayer(path, VectorQuery{}), grid);
    std::sort(pixels.begin(), pixels.end());
    pixels.erase(std::unique(pixels.begin(), pixels.end()), pixels.end());
    return pixels;
}

} // namespace lcclass
