#include "lcclass/geo/prediction_area.h"

#include "geo/polygon_geometry.h"
#include "geo/polygon_spans.h"
#include "geo/raster_dataset.h"
#include "geo/vector_layer.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t fewest_points = 10;
constexpr std::int64_t most_points = 10'000'000;
constexpr std::int64_t most_rounds = 50; ///< of drawing random pixels before a raster counts as empty
constexpr double fine_cells = 1024;      ///< lattice that the shape of polygons is taken from
constexpr std::int64_t pixels_read_together = 512;

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

struct Pixel {
    std::int64_t column = 0;
    std::int64_t row = 0;
};

/// Which of `pixels` have a value in every band. Read in the order of tiles, whatever the order given.
std::vector<bool> are_valid(const RasterSource& source, const std::vector<Pixel>& pixels) {
    std::vector<std::size_t> order(pixels.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    const auto place = [&](std::size_t i) {
        const Pixel& p = pixels[i];
        return std::tuple(p.row / pixels_read_together, p.column / pixels_read_together, p.row, p.column, i);
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    std::vector<bool> valid(pixels.size());
    PixelBlock block;
    for (const std::size_t i : order) {
        throw_if_stopped();
        source.read({.x = pixels[i].column, .y = pixels[i].row, .width = 1, .height = 1}, block);
        valid[i] = block.valid[0] != 0;
    }
    return valid;
}

std::vector<Pixel> keep_valid(const RasterSource& source, const std::vector<Pixel>& pixels) {
    const std::vector<bool> valid = are_valid(source, pixels);
    std::vector<Pixel> kept;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        if (valid[i]) {
            kept.push_back(pixels[i]);
        }
    }
    return kept;
}

/// Positions along an axis of `n` pixels, `step` apart, as far from the first edge as from the last.
std::vector<std::int64_t> lattice_positions(std::int64_t n, double step) {
    const auto count = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(static_cast<double>(n) / step)));
    const double first = (static_cast<double>(n) - step * static_cast<double>(count - 1)) / 2;
    std::vector<std::int64_t> positions;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::int64_t>(first + step * static_cast<double>(i));
        if (positions.empty() || positions.back() != at) {
            positions.push_back(std::clamp<std::int64_t>(at, 0, n - 1));
        }
    }
    return positions;
}

/// Pixels of a lattice that would have `n_points` on a raster without gaps. Spacing is square on the ground.
std::vector<Pixel> lattice_pixels(const GridSpec& grid, double n_points) {
    const double area =
        static_cast<double>(grid.width) * grid.pixel_width * static_cast<double>(grid.height) * grid.pixel_height;
    const double step = std::sqrt(area / n_points);
    std::vector<Pixel> pixels;
    for (const std::int64_t row : lattice_positions(grid.height, std::max(1.0, step / grid.pixel_height))) {
        for (const std::int64_t column : lattice_positions(grid.width, std::max(1.0, step / grid.pixel_width))) {
            pixels.push_back({.column = column, .row = row});
        }
    }
    return pixels;
}

/// A first lattice tells the share of valid pixels, a second one makes up for the others.
std::vector<Pixel> regular_pixels(const RasterSource& source, std::int64_t n_points) {
    const std::vector<Pixel> first = lattice_pixels(source.grid(), static_cast<double>(n_points));
    std::vector<Pixel> kept = keep_valid(source, first);
    if (kept.empty() || kept.size() == first.size()) {
        return kept;
    }
    const double share = static_cast<double>(kept.size()) / static_cast<double>(first.size());
    return keep_valid(source, lattice_pixels(source.grid(), static_cast<double>(n_points) / share));
}

/// Pixels drawn with replacement until there are enough valid ones.
std::vector<Pixel> random_pixels(const RasterSource& source, std::int64_t n_points, std::uint64_t seed) {
    const GridSpec& grid = source.grid();
    Rng rng(seed, 0);
    std::vector<Pixel> kept;
    for (std::int64_t round = 0; round < most_rounds && std::ssize(kept) < n_points; ++round) {
        std::vector<Pixel> drawn;
        for (std::int64_t i = 0; i < n_points; ++i) {
            const std::uint64_t at = rng.below(static_cast<std::uint64_t>(grid.n_pixels()));
            drawn.push_back({.column = static_cast<std::int64_t>(at) % grid.width,
                             .row = static_cast<std::int64_t>(at) / grid.width});
        }
        const std::vector<Pixel> valid = keep_valid(source, drawn);
        kept.insert(kept.end(), valid.begin(), valid.end());
    }
    kept.resize(std::min(kept.size(), static_cast<std::size_t>(n_points)));
    return kept;
}

PointSet raster_points(const std::filesystem::path& path, const PredictionAreaOptions& options) {
    const auto source = open_raster(path).source;
    const GridSpec& grid = source->grid();
    const std::vector<Pixel> pixels = options.layout == PointLayout::regular
                                          ? regular_pixels(*source, options.n_points)
                                          : random_pixels(*source, options.n_points, options.seed);
    if (pixels.empty()) {
        refuse(path.string(), "prediction-points=" + std::to_string(options.n_points),
               "none of them is on a pixel with data", "name a raster of the area that is mapped, or more points");
    }
    PointSet points;
    for (const Pixel& pixel : pixels) {
        points.x.push_back(grid.center_x(pixel.column));
        points.y.push_back(grid.center_y(pixel.row));
    }
    const std::string& target = options.crs_wkt.empty() ? grid.crs_wkt : options.crs_wkt;
    if (!PointTransform(grid.crs_wkt, target, path.string()).apply(points.x, points.y)) {
        refuse(path.string(), "crs=" + crs_label(grid.crs_wkt),
               "has points without a place in the reference system of the samples, " + crs_label(target),
               "name an area in the CRS of the samples");
    }
    return points;
}

/// All polygons of a layer in map coordinates with y downwards, as a grid of 1 x 1 pixels around the origin has them.
struct PolygonArea {
    std::vector<PixelPolygon> parts;
    Bounds bounds; ///< CRS units
};

PolygonArea read_polygons(const std::filesystem::path& path, const PredictionAreaOptions& options) {
    const VectorLayer layer(path, {});
    const auto layer_wkt = layer.crs_wkt();
    if (!layer_wkt) {
        refuse(layer.where(), "crs", "the layer does not say its reference system", "assign one with ogr2ogr -a_srs");
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    PolygonArea area{.parts = {}, .bounds = {infinity, infinity, -infinity, -infinity}};
    const GridSpec map_units{
        .width = 1, .height = 1, .crs_wkt = options.crs_wkt.empty() ? *layer_wkt : options.crs_wkt};
    const PolygonReader reader(map_units, *layer_wkt, InvalidPolicy::fix, layer.where());
    layer.for_each([&](OGRFeatureH feature) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        if (geometry == nullptr || OGR_G_IsEmpty(geometry) != FALSE) {
            return;
        }
        if (auto polygons = reader.read(geometry, OGR_F_GetFID(feature))) {
            const Bounds& b = polygons->bounds;
            area.bounds = {std::min(area.bounds.min_x, b.min_x), std::min(area.bounds.min_y, b.min_y),
                           std::max(area.bounds.max_x, b.max_x), std::max(area.bounds.max_y, b.max_y)};
            std::move(polygons->parts.begin(), polygons->parts.end(), std::back_inserter(area.parts));
        }
    });
    if (area.parts.empty()) {
        refuse(layer.where(), {}, "has no polygon", "name a layer with the outline of the area, or a raster");
    }
    return area;
}

/// Centres of the cells of side `step` that lie in the area.
PointSet cells_inside(const PolygonArea& area, double step) {
    const Bounds& b = area.bounds;
    const auto cells = [&](double extent) { return static_cast<std::int32_t>(std::ceil(extent / step)) + 1; };
    const PixelFrame frame{.width = cells(b.max_x - b.min_x), .height = cells(b.max_y - b.min_y)};
    // The cells stick out of the area by the same length on all sides.
    const double west = (b.min_x + b.max_x - step * frame.width) / 2;
    const double north = (b.min_y + b.max_y + step * frame.height) / 2;
    std::vector<PixelPolygon> parts = area.parts;
    for (PixelPolygon& part : parts) {
        for (PixelRing& ring : part.rings) {
            for (PixelPoint& point : ring) {
                point = {.x = (point.x - west) / step, .y = (point.y + north) / step};
            }
        }
    }
    PointSet centres;
    for (const PixelSpan& span : burn(parts, frame, false)) {
        for (std::int32_t column = span.first; column < span.last; ++column) {
            centres.x.push_back(west + (column + 0.5) * step);
            centres.y.push_back(north - (span.row + 0.5) * step);
        }
    }
    return centres;
}

PointSet draw_in_cells(const PointSet& centres, double step, const PredictionAreaOptions& options) {
    Rng rng(options.seed, 0);
    PointSet points;
    for (std::int64_t i = 0; i < options.n_points; ++i) {
        const auto at = static_cast<std::size_t>(rng.below(centres.x.size()));
        points.x.push_back(centres.x[at] + (rng.uniform() - 0.5) * step);
        points.y.push_back(centres.y[at] + (rng.uniform() - 0.5) * step);
    }
    return points;
}

PointSet polygon_points(const std::filesystem::path& path, const PredictionAreaOptions& options) {
    const PolygonArea area = read_polygons(path, options);
    const double side = std::max(area.bounds.max_x - area.bounds.min_x, area.bounds.max_y - area.bounds.min_y);
    const double fine = side / fine_cells;
    const PointSet shape = fine > 0 ? cells_inside(area, fine) : PointSet{};
    if (shape.x.empty()) {
        refuse(path.string(), {}, "its polygons have no area",
               "name a layer with the outline of the area, or a raster");
    }
    if (options.layout == PointLayout::random) {
        return draw_in_cells(shape, fine, options);
    }
    const double step = fine * std::sqrt(static_cast<double>(shape.size()) / static_cast<double>(options.n_points));
    const PointSet regular = cells_inside(area, step);
    return regular.x.empty() ? shape : regular;
}

} // namespace

std::string to_string(PointLayout layout) {
    return layout == PointLayout::regular ? "regular" : "random";
}

PointLayout parse_point_layout(const std::string& word) {
    const std::vector<std::string> words = {"regular", "random"};
    for (const PointLayout layout : {PointLayout::regular, PointLayout::random}) {
        if (word == to_string(layout)) {
            return layout;
        }
    }
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = "prediction_layout=" + word,
                                         .problem = "is not a layout of points" + did_you_mean(word, words),
                                         .fix = "use one of " + join(words, ", ")});
}

PointSet prediction_points(const std::filesystem::path& path, const PredictionAreaOptions& options) {
    if (options.n_points < fewest_points || options.n_points > most_points) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "prediction_points=" + std::to_string(options.n_points),
                                              .problem = "is out of range",
                                              .fix = "give 10 to 10,000,000 points; 1000 are enough for most areas"});
    }
    return is_raster_file(path) ? raster_points(path, options) : polygon_points(path, options);
}

} // namespace lcclass
