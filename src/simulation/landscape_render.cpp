#include "simulation/landscape_parts.h"

#include "lcclass/core/error.h"

#include <array>
#include <limits>

namespace lcclass {

namespace {

using simulation::n_bands;
using simulation::n_bands_10m;
using simulation::pixel_center;
using simulation::Position;
using simulation::Spectrum;
using simulation::Veil;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// Share of a pixel's signal that comes from each neighbour in a row or column: a point spread function of about
/// 12 m full width, as measured for Sentinel-2's 10 m bands.
constexpr double neighbour_weight = 0.14;

/// Sentinel-2 scene classification.
enum Scl : int { cloud_shadow = 3, vegetation = 4, not_vegetated = 5, water_body = 6, thin_cloud = 8, thick_cloud = 9 };

/// A window with one pixel more on every side: what the sensor's blur needs.
struct Ground {
    explicit Ground(const Window& area)
        : window(area), stride(static_cast<std::size_t>(area.width + 2)),
          size(stride * static_cast<std::size_t>(area.height + 2)), values(size), veils(size), classes(size) {}

    /// Index of a pixel given by column and row within the window; -1 and width (height) are the halo.
    [[nodiscard]] std::size_t index(std::int64_t column, std::int64_t row) const {
        return static_cast<std::size_t>(row + 1) * stride + static_cast<std::size_t>(column + 1);
    }
    void blur();

    Window window;
    std::size_t stride;
    std::size_t size;
    std::vector<std::array<float, n_bands>> values;
    std::vector<Veil> veils;
    std::vector<std::uint8_t> classes;
};

void Ground::blur() {
    const auto smooth = [](float before, float here, float after) {
        return static_cast<float>(neighbour_weight * (static_cast<double>(before) + static_cast<double>(after)) +
                                  (1 - 2 * neighbour_weight) * static_cast<double>(here));
    };
    std::vector<std::array<float, n_bands>> rows(size);
    for (std::size_t i = stride; i < size - stride; ++i) {
        for (std::size_t band = 0; band < n_bands; ++band) {
            rows[i][band] = smooth(values[i - stride][band], values[i][band], values[i + stride][band]);
        }
    }
    for (std::int64_t row = 0; row < window.height; ++row) {
        for (std::int64_t column = 0; column < window.width; ++column) {
            const std::size_t i = index(column, row);
            for (std::size_t band = 0; band < n_bands; ++band) {
                values[i][band] = smooth(rows[i - 1][band], rows[i][band], rows[i + 1][band]);
            }
        }
    }
}

/// The four 10 m pixels of a 20 m pixel.
std::array<std::size_t, 4> quad(const Ground& ground, std::int64_t column, std::int64_t row) {
    const std::size_t first = ground.index(2 * column, 2 * row);
    return {first, first + 1, first + ground.stride, first + ground.stride + 1};
}

/// Every 20 m pixel as the mean of its four.
struct Coarse {
    std::array<double, n_bands> values{};
    double cloud = 0;
    double shadow = 0;
    int n_water = 0;
};

Coarse average(const Ground& ground, std::int64_t column, std::int64_t row) {
    Coarse mean;
    for (const std::size_t i : quad(ground, column, row)) {
        for (std::size_t band = 0; band < n_bands; ++band) {
            mean.values[band] += static_cast<double>(ground.values[i][band]) / 4;
        }
        mean.cloud += ground.veils[i].cloud / 4;
        mean.shadow += ground.veils[i].shadow / 4;
        mean.n_water += ground.classes[i] == simulation::water ? 1 : 0;
    }
    return mean;
}

Scl classify_scene(const Coarse& pixel) {
    if (pixel.cloud > 0.1) {
        return pixel.cloud > 0.6 ? thick_cloud : thin_cloud;
    }
    if (pixel.shadow > 0.3) {
        return cloud_shadow;
    }
    if (pixel.n_water >= 3) {
        return water_body;
    }
    const double red = pixel.values[2];
    const double near_infrared = pixel.values[3];
    return near_infrared - red > 0.4 * (near_infrared + red) ? vegetation : not_vegetated;
}

void require_even(const Window& window, const GridSpec& grid) {
    const bool even = window.x % 2 == 0 && window.y % 2 == 0 && window.width % 2 == 0 && window.height % 2 == 0;
    const bool inside = window.x >= 0 && window.y >= 0 && window.width > 0 && window.height > 0 &&
                        window.x + window.width <= grid.width && window.y + window.height <= grid.height;
    if (!even || !inside) {
        throw Error(ExitCode::internal, {.where = "landscape",
                                         .field = {},
                                         .problem = "a window must be even and within the grid",
                                         .fix = "report this as a bug"});
    }
}

Ground look_at(const Window& window, const simulation::LandCover& cover, const simulation::ReflectanceModel& model,
               const simulation::Sky& sky) {
    Ground ground(window);
    for (std::int64_t row = -1; row <= window.height; ++row) {
        for (std::int64_t column = -1; column <= window.width; ++column) {
            const std::int64_t x = window.x + column;
            const std::int64_t y = window.y + row;
            const Position p = pixel_center(x, y);
            const simulation::Site site = cover.at(p);
            const Veil veil = sky.at(p);
            const Spectrum seen = simulation::ReflectanceModel::veiled(model.at(site, p, x, y), veil);
            const std::size_t i = ground.index(column, row);
            for (std::size_t band = 0; band < n_bands; ++band) {
                ground.values[i][band] = static_cast<float>(seen[band]);
            }
            ground.veils[i] = veil;
            ground.classes[i] = site.class_code;
        }
    }
    ground.blur();
    return ground;
}

void fill_fine(const Ground& ground, const simulation::ReflectanceModel& model, const simulation::Sky& sky,
               LandscapeBlock& block) {
    const Window& window = ground.window;
    block.bands_10m.reset(window, n_bands_10m);
    block.truth.reset(window, 1);
    std::size_t at = 0;
    for (std::int64_t row = 0; row < window.height; ++row) {
        for (std::int64_t column = 0; column < window.width; ++column, ++at) {
            const std::int64_t x = window.x + column;
            const std::int64_t y = window.y + row;
            const std::size_t i = ground.index(column, row);
            const bool seen = sky.in_swath(pixel_center(x, y));
            for (int band = 0; band < n_bands_10m; ++band) {
                const auto value = static_cast<double>(ground.values[i][static_cast<std::size_t>(band)]);
                block.bands_10m.band(band)[at] =
                    seen ? static_cast<float>(value + model.sensor_noise(band, x, y, value)) : nan;
            }
            block.truth.band(0)[at] = static_cast<float>(ground.classes[i]);
        }
    }
    block.bands_10m.update_valid();
}

void fill_coarse(const Ground& ground, const simulation::ReflectanceModel& model, const simulation::Sky& sky,
                 LandscapeBlock& block) {
    const Window fine = ground.window;
    const Window window = {fine.x / 2, fine.y / 2, fine.width / 2, fine.height / 2};
    block.bands_20m.reset(window, n_bands - n_bands_10m);
    block.scl.reset(window, 1);
    std::size_t at = 0;
    for (std::int64_t row = 0; row < window.height; ++row) {
        for (std::int64_t column = 0; column < window.width; ++column, ++at) {
            const std::int64_t x = window.x + column;
            const std::int64_t y = window.y + row;
            // The edge leans so that the upper left of the four pixels is the first to fall off.
            const bool seen = sky.in_swath(pixel_center(2 * x, 2 * y));
            const Coarse mean = average(ground, column, row);
            for (int band = n_bands_10m; band < n_bands; ++band) {
                const double value = mean.values[static_cast<std::size_t>(band)];
                block.bands_20m.band(band - n_bands_10m)[at] =
                    seen ? static_cast<float>(value + model.sensor_noise(band, x, y, value)) : nan;
            }
            block.scl.band(0)[at] = seen ? static_cast<float>(classify_scene(mean)) : nan;
        }
    }
    block.bands_20m.update_valid();
    block.scl.update_valid();
}

} // namespace

LandscapeBlock Landscape::render(const Window& window) const {
    require_even(window, grid());
    const Ground ground = look_at(window, m_parts->cover, m_parts->reflectance, m_parts->sky);
    LandscapeBlock block;
    fill_fine(ground, m_parts->reflectance, m_parts->sky, block);
    fill_coarse(ground, m_parts->reflectance, m_parts->sky, block);
    return block;
}

} // namespace lcclass
