#include "geo/scene_grid.h"

#include "geo/gdal_handles.h"
#include "geo/raster_dataset.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace lcclass {

namespace {

/// Pixel edges that agree to this part of a pixel are the same: origins in files are rounded.
constexpr double tolerance_px = 1e-3;

[[noreturn]] void refuse(const SceneBand& band, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input, {.where = band.path + ":" + band.name,
                                  .field = std::move(field),
                                  .problem = std::move(problem),
                                  .fix = std::move(fix)});
}

double distance_to_integer(double value) {
    return std::abs(value - std::round(value));
}

Bounds intersection_of(const Bounds& a, const Bounds& b) {
    return {.min_x = std::max(a.min_x, b.min_x),
            .min_y = std::max(a.min_y, b.min_y),
            .max_x = std::min(a.max_x, b.max_x),
            .max_y = std::min(a.max_y, b.max_y)};
}

/// Where `band` lies, in the CRS `wkt`.
Bounds bounds_in(const SceneBand& band, const std::string& wkt) {
    const Bounds own = band.grid.bounds();
    if (same_crs(band.grid.crs_wkt, wkt)) {
        return own;
    }
    const TransformationHandle transformation = make_transformation(band.grid.crs_wkt, wkt, band.path);
    Bounds result;
    constexpr int points_per_edge = 21;
    if (OCTTransformBounds(transformation.get(), own.min_x, own.min_y, own.max_x, own.max_y, &result.min_x,
                           &result.min_y, &result.max_x, &result.max_y, points_per_edge) == 0) {
        refuse(band, "crs=" + crs_label(band.grid.crs_wkt), "its extent cannot be transformed to " + crs_label(wkt),
               "check the reference systems");
    }
    return result;
}

void check_crs(const SceneOptions& options, std::span<const OpenedBand> bands, const std::string& wkt,
               const std::string& whose) {
    for (const OpenedBand& band : bands) {
        if (!options.reproject && !same_crs(band.band.grid.crs_wkt, wkt)) {
            refuse(band.band, "crs=" + crs_label(band.band.grid.crs_wkt),
                   "differs from " + crs_label(wkt) + " of " + whose, "use bands of one zone, or add --reproject");
        }
    }
}

/// The pixel edges of `band` must be edges of the finest band's lattice.
void check_nesting(const SceneBand& band, const SceneBand& finest) {
    const GridSpec& g = band.grid;
    const GridSpec& f = finest.grid;
    const std::string fix = "check the files; --like RASTER resamples every band to that raster's grid";
    const double drift = std::max(distance_to_integer(g.pixel_width / f.pixel_width) * static_cast<double>(g.width),
                                  distance_to_integer(g.pixel_height / f.pixel_height) * static_cast<double>(g.height));
    if (drift > tolerance_px) {
        refuse(band, "pixel_size=" + format_number(g.pixel_width),
               "is no multiple of the " + format_number(f.pixel_width) + " of " + finest.name, fix);
    }
    const double shift_x = (g.origin_x - f.origin_x) / f.pixel_width;
    const double shift_y = (g.origin_y - f.origin_y) / f.pixel_height;
    if (std::max(distance_to_integer(shift_x), distance_to_integer(shift_y)) > tolerance_px) {
        refuse(band, "origin=" + format_number(g.origin_x) + "," + format_number(g.origin_y),
               "its pixel edges are not those of " + finest.name + ": shifted by " + format_number(shift_x) + ", " +
                   format_number(shift_y) + " px of " + format_number(f.pixel_width),
               fix);
    }
}

bool covers(const Bounds& outer, const Bounds& inner, double tolerance) {
    return outer.min_x <= inner.min_x + tolerance && outer.min_y <= inner.min_y + tolerance &&
           outer.max_x >= inner.max_x - tolerance && outer.max_y >= inner.max_y - tolerance;
}

/// A coarse band may stick out by less than one of its pixels, where the scene's size is no multiple of it.
void check_extent(const SceneBand& band, const Bounds& area, double tolerance, bool may_stick_out) {
    const Bounds own = band.grid.bounds();
    const double pixel = std::max(band.grid.pixel_width, band.grid.pixel_height);
    const Bounds largest = {.min_x = area.min_x - pixel,
                            .min_y = area.min_y - pixel,
                            .max_x = area.max_x + pixel,
                            .max_y = area.max_y + pixel};
    const bool sticks_out = !(own.min_x > largest.min_x + tolerance && own.min_y > largest.min_y + tolerance &&
                              own.max_x < largest.max_x - tolerance && own.max_y < largest.max_y - tolerance);
    if (!covers(own, area, tolerance) || (sticks_out && !may_stick_out)) {
        refuse(band, "extent=" + describe(own), "differs from " + describe(area) + " that the scene is to cover",
               "add --intersection to map what all bands cover, or choose --bounds within it");
    }
}

/// The finest band in the CRS of the first one: pixel sizes in degrees and metres cannot be compared.
const OpenedBand& finest_of(std::span<const OpenedBand> bands) {
    const OpenedBand* finest = &bands[0];
    for (const OpenedBand& band : bands) {
        const bool finer = band.band.grid.pixel_width < finest->band.grid.pixel_width;
        if (finer && same_crs(band.band.grid.crs_wkt, bands[0].band.grid.crs_wkt)) {
            finest = &band;
        }
    }
    return *finest;
}

void check_options(const SceneOptions& options) {
    const auto refuse_option = [](const std::string& field, const std::string& problem, const std::string& fix) {
        throw Error(ExitCode::command_line, {.where = {}, .field = field, .problem = problem, .fix = fix});
    };
    if (options.resolution && !(std::isfinite(*options.resolution) && *options.resolution > 0)) {
        refuse_option("resolution=" + format_number(*options.resolution), "must be greater than 0",
                      "state it in the units of the reference system");
    }
    if (options.bounds) {
        const Bounds& b = *options.bounds;
        const bool finite =
            std::isfinite(b.min_x) && std::isfinite(b.min_y) && std::isfinite(b.max_x) && std::isfinite(b.max_y);
        if (!finite || b.min_x >= b.max_x || b.min_y >= b.max_y) {
            refuse_option("bounds=" + describe(b), "is no rectangle", "write min_x min_y max_x max_y");
        }
    }
    if (!options.like.empty() && (options.resolution || options.bounds)) {
        refuse_option("like=" + options.like, "its grid is taken as it is, so --resolution and --bounds say too much",
                      "leave out one or the other");
    }
}

[[noreturn]] void refuse_empty(const SceneBand& band, const Bounds& own, const Bounds& other) {
    refuse(band, "extent=" + describe(own), "has nothing in common with " + describe(other),
           "use bands of one place, and check --bounds and --like");
}

GridSpec grid_like(const SceneOptions& options, std::span<const OpenedBand> bands) {
    const DatasetHandle dataset = open_raster_dataset(options.like);
    GridSpec grid = grid_of_dataset(dataset.get(), options.like);
    check_crs(options, bands, grid.crs_wkt, options.like);
    for (const OpenedBand& band : bands) {
        const Bounds own = bounds_in(band.band, grid.crs_wkt);
        if (!own.intersects(grid.bounds())) {
            refuse_empty(band.band, own, grid.bounds());
        }
    }
    return grid;
}

/// What the scene is to cover, before it is snapped to pixel edges.
Bounds area_of(const SceneOptions& options, std::span<const OpenedBand> bands, const SceneBand& finest) {
    const std::string& wkt = finest.grid.crs_wkt;
    const double tolerance = tolerance_px * std::min(finest.grid.pixel_width, finest.grid.pixel_height);
    Bounds area = options.bounds.value_or(finest.grid.bounds());
    for (const OpenedBand& band : bands) {
        const Bounds own = bounds_in(band.band, wkt);
        const Bounds common = intersection_of(area, own);
        if (common.max_x - common.min_x <= tolerance || common.max_y - common.min_y <= tolerance) {
            refuse_empty(band.band, own, area);
        }
        if (options.intersection) {
            area = common;
        } else if (same_crs(band.band.grid.crs_wkt, wkt)) {
            check_extent(band.band, area, tolerance, options.bounds.has_value());
        }
    }
    return area;
}

/// First and last edge of a lattice around (or, for an intersection, within) an interval, in pixels from `origin`.
std::pair<double, double> snapped(double low, double high, double origin, double pixel, bool inwards) {
    const double first = (low - origin) / pixel;
    const double last = (high - origin) / pixel;
    return inwards ? std::pair(std::ceil(first - tolerance_px), std::floor(last + tolerance_px))
                   : std::pair(std::floor(first + tolerance_px), std::ceil(last - tolerance_px));
}

GridSpec snap(const SceneOptions& options, const Bounds& area, const SceneBand& finest) {
    const GridSpec& f = finest.grid;
    const double width = options.resolution.value_or(f.pixel_width);
    const double height = options.resolution.value_or(f.pixel_height);
    const bool inwards = options.intersection && !options.bounds;
    const auto [left, right] = snapped(area.min_x, area.max_x, f.origin_x, width, inwards);
    // Rows count downwards from the upper edge.
    const auto [top, bottom] = snapped(-area.max_y, -area.min_y, -f.origin_y, height, inwards);
    constexpr double largest = std::numeric_limits<int>::max();
    if (!(right - left >= 1 && bottom - top >= 1 && right - left <= largest && bottom - top <= largest)) {
        refuse(finest, "extent=" + describe(area),
               "makes a raster of " + format_number(right - left) + " x " + format_number(bottom - top) + " pixels",
               "check --bounds and --resolution");
    }
    return {.width = static_cast<std::int64_t>(right - left),
            .height = static_cast<std::int64_t>(bottom - top),
            .origin_x = f.origin_x + left * width,
            .origin_y = f.origin_y - top * height,
            .pixel_width = width,
            .pixel_height = height,
            .crs_wkt = f.crs_wkt};
}

} // namespace

GridSpec choose_grid(const SceneOptions& options, std::span<const OpenedBand> bands) {
    check_options(options);
    if (!options.like.empty()) {
        return grid_like(options, bands);
    }
    const SceneBand& finest = finest_of(bands).band;
    check_crs(options, bands, finest.grid.crs_wkt, finest.name);
    for (const OpenedBand& band : bands) {
        if (same_crs(band.band.grid.crs_wkt, finest.grid.crs_wkt)) {
            check_nesting(band.band, finest);
        }
    }
    return snap(options, area_of(options, bands, finest), finest);
}

std::optional<PixelShift> shift_on_lattice(const GridSpec& band, const GridSpec& grid) {
    const auto n_columns = static_cast<double>(std::max(band.width, grid.width));
    const auto n_rows = static_cast<double>(std::max(band.height, grid.height));
    const double drift = std::max(std::abs(grid.pixel_width / band.pixel_width - 1) * n_columns,
                                  std::abs(grid.pixel_height / band.pixel_height - 1) * n_rows);
    const double columns = (grid.origin_x - band.origin_x) / band.pixel_width;
    const double rows = (band.origin_y - grid.origin_y) / band.pixel_height;
    const double off = std::max(distance_to_integer(columns), distance_to_integer(rows));
    if (drift > tolerance_px || off > tolerance_px || !same_crs(band.crs_wkt, grid.crs_wkt)) {
        return std::nullopt;
    }
    return PixelShift{.columns = std::llround(columns), .rows = std::llround(rows)};
}

} // namespace lcclass
