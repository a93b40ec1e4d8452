#include "place_pixel.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace lcclass {

namespace {

constexpr std::int64_t search_radius = 64; ///< pixels around a place without values

std::string place_text(const Coordinates& place) {
    return format_number(place.x) + "," + format_number(place.y);
}

/// Pixels from the edge to a place outside; 0 inside.
double pixels_outside(const GridSpec& grid, const Coordinates& place) {
    const double column = (place.x - grid.origin_x) / grid.pixel_width;
    const double row = (grid.origin_y - place.y) / grid.pixel_height;
    const auto beyond = [](double at, std::int64_t size) {
        return at < 0 ? -at : std::max(0.0, at - static_cast<double>(size));
    };
    return std::hypot(beyond(column, grid.width), beyond(row, grid.height));
}

bool is_inside(const GridSpec& grid, const Coordinates& place) {
    return std::floor((place.x - grid.origin_x) / grid.pixel_width) < static_cast<double>(grid.width) &&
           std::floor((grid.origin_y - place.y) / grid.pixel_height) < static_cast<double>(grid.height) &&
           pixels_outside(grid, place) == 0;
}

/// `place` of `crs` in that of the grid; nothing when there is no such place.
std::optional<Coordinates> try_transform(const Coordinates& place, const std::string& crs, const GridSpec& grid) {
    try {
        return transform_coordinates(place, crs.empty() ? grid.crs_wkt : parse_crs(crs), grid.crs_wkt);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// What was probably meant by a place outside.
std::string likely_fix(const GridSpec& grid, const Coordinates& asked, const std::string& crs) {
    const auto would_be_inside = [&](const Coordinates& place, const std::string& system) {
        const std::optional<Coordinates> moved = try_transform(place, system, grid);
        return moved && is_inside(grid, *moved);
    };
    const Coordinates swapped{.x = asked.y, .y = asked.x};
    if (would_be_inside(swapped, crs)) {
        return "give x (easting, longitude) first: --at " + place_text(swapped);
    }
    const bool may_be_degrees = std::abs(asked.x) <= 180 && std::abs(asked.y) <= 180;
    if (crs.empty() && may_be_degrees && would_be_inside(asked, "EPSG:4326")) {
        return "say that these are degrees: --at-crs EPSG:4326";
    }
    if (crs.empty() && may_be_degrees && would_be_inside(swapped, "EPSG:4326")) {
        return "give longitude first and say that these are degrees: --at " + place_text(swapped) +
               " --at-crs EPSG:4326";
    }
    return "give a place inside, and with --at-crs the reference system it is in";
}

/// The pixel of `around` with values in all bands that is nearest to `column`, `row`.
std::string nearest_valid(const RasterSource& source, const PlacePixel& pixel) {
    const GridSpec& grid = source.grid();
    Window around;
    around.x = std::max(pixel.column - search_radius, std::int64_t{0});
    around.y = std::max(pixel.row - search_radius, std::int64_t{0});
    around.width = std::min(pixel.column + search_radius + 1, grid.width) - around.x;
    around.height = std::min(pixel.row + search_radius + 1, grid.height) - around.y;
    PixelBlock block;
    source.read(around, block);
    const auto column_of = [&](std::int64_t i) { return around.x + i % around.width; };
    const auto row_of = [&](std::int64_t i) { return around.y + i / around.width; };
    std::int64_t best = -1;
    double least = 0;
    for (std::int64_t i = 0; i < block.n_pixels(); ++i) {
        const double distance =
            std::hypot(static_cast<double>(column_of(i) - pixel.column), static_cast<double>(row_of(i) - pixel.row));
        if (block.valid[static_cast<std::size_t>(i)] != 0 && (best < 0 || distance < least)) {
            best = i;
            least = distance;
        }
    }
    if (best < 0) {
        return "no pixel within " + std::to_string(search_radius) + " has all values: give another place";
    }
    return "the nearest pixel with all values is " + fixed_digits(least, 1) + " pixels away: --at " +
           place_text({.x = grid.center_x(column_of(best)), .y = grid.center_y(row_of(best))});
}

/// Names of the bands without a value, the first few.
std::string missing_bands(const RasterSource& source, const std::vector<float>& values) {
    constexpr std::size_t most_named = 3;
    std::vector<std::string> names;
    std::size_t n_missing = 0;
    for (std::size_t band = 0; band < values.size(); ++band) {
        if (!std::isfinite(values[band]) && ++n_missing <= most_named) {
            names.push_back(source.bands()[band].name);
        }
    }
    if (n_missing == values.size()) {
        return "no feature has a value there";
    }
    return "has no value in " + join(names, ", ") +
           (n_missing > most_named ? " and " + std::to_string(n_missing - most_named) + " other features" : "");
}

} // namespace

PlacePixel find_pixel(const RasterSource& source, const std::string& source_name, const Coordinates& asked,
                      const std::string& crs) {
    const GridSpec& grid = source.grid();
    const std::string system = crs.empty() ? grid.crs_wkt : parse_crs(crs);
    PlacePixel pixel{.place = transform_coordinates(asked, system, grid.crs_wkt), .values = {}};
    if (!is_inside(grid, pixel.place)) {
        const double outside = pixels_outside(grid, pixel.place);
        throw Error(ExitCode::input, {.where = source_name,
                                      .field = "--at=" + place_text(asked),
                                      .problem = "lies " + fixed_digits(outside, 1) + " pixels outside of " +
                                                 describe(grid.bounds()) + " (" + crs_label(grid.crs_wkt) + ")",
                                      .fix = likely_fix(grid, asked, crs)});
    }
    pixel.column = static_cast<std::int64_t>(std::floor((pixel.place.x - grid.origin_x) / grid.pixel_width));
    pixel.row = static_cast<std::int64_t>(std::floor((grid.origin_y - pixel.place.y) / grid.pixel_height));
    PixelBlock block;
    source.read({.x = pixel.column, .y = pixel.row, .width = 1, .height = 1}, block);
    for (int band = 0; band < block.n_bands; ++band) {
        pixel.values.push_back(block.band(band)[0]);
    }
    if (!std::ranges::all_of(pixel.values, [](float value) { return std::isfinite(value); })) {
        throw Error(ExitCode::input, {.where = source_name,
                                      .field = "--at=" + place_text(asked),
                                      .problem = missing_bands(source, pixel.values),
                                      .fix = nearest_valid(source, pixel)});
    }
    return pixel;
}

} // namespace lcclass
