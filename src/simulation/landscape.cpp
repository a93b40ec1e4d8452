#include "simulation/landscape_parts.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>

namespace lcclass {

namespace {

constexpr std::int64_t smallest_size = 100;
constexpr std::int64_t full_tile = 10980;

void require(bool holds, const std::string& field, const std::string& range) {
    if (!holds) {
        throw Error(ExitCode::configuration,
                    {.where = "simulate", .field = field, .problem = "is out of range", .fix = "give " + range});
    }
}

LandscapeOptions checked(const LandscapeOptions& options) {
    require(options.size >= smallest_size && options.size <= full_tile && options.size % 2 == 0,
            "size=" + std::to_string(options.size), "an even number from 100 to 10980");
    require(options.n_classes >= 5 && options.n_classes <= 8, "classes=" + std::to_string(options.n_classes),
            "a number from 5 to 8");
    require(options.cloud_fraction >= 0 && options.cloud_fraction <= 0.5,
            "clouds=" + format_number(options.cloud_fraction), "a fraction from 0 to 0.5");
    return options;
}

/// Tile 33UVQ begins at 399960 E, 5500020 N.
GridSpec tile_grid(std::int64_t size) {
    return {.width = size,
            .height = size,
            .origin_x = 399960,
            .origin_y = 5500020,
            .pixel_width = 10,
            .pixel_height = 10,
            .crs_wkt = {}};
}

std::vector<std::string> names(std::size_t first, std::size_t last) {
    return {simulation::band_order.begin() + static_cast<std::ptrdiff_t>(first),
            simulation::band_order.begin() + static_cast<std::ptrdiff_t>(last)};
}

} // namespace

Landscape::Parts::Parts(const LandscapeOptions& given)
    : options(checked(given)), grid(tile_grid(options.size)), cover(options.seed, options.n_classes),
      reflectance(options.seed), sky(options.seed, 10.0 * static_cast<double>(options.size), options.cloud_fraction) {}

Landscape::Landscape(const LandscapeOptions& options) : m_parts(std::make_unique<const Parts>(options)) {}
Landscape::~Landscape() = default;
Landscape::Landscape(Landscape&&) noexcept = default;

const GridSpec& Landscape::grid() const {
    return m_parts->grid;
}

std::vector<std::string> Landscape::names_10m() {
    return names(0, simulation::n_bands_10m);
}

std::vector<std::string> Landscape::names_20m() {
    return names(simulation::n_bands_10m, simulation::n_bands);
}

int Landscape::n_bands() {
    return simulation::n_bands;
}

std::vector<std::int32_t> Landscape::class_codes() const {
    const int n_classes = m_parts->options.n_classes;
    std::vector<std::int32_t> codes = {simulation::artificial, simulation::cropland, simulation::woodland,
                                       simulation::grassland, simulation::water};
    const std::int32_t optional[] = {simulation::shrubland, simulation::bare_land, simulation::wetland};
    codes.insert(codes.end(), optional, optional + (n_classes - 5));
    std::sort(codes.begin(), codes.end());
    return codes;
}

} // namespace lcclass
