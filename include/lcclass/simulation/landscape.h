/// A virtual landscape whose truth is known everywhere: parcels and natural patches of LUCAS classes with spectra,
/// within-class variation correlated in space, noise, clouds and a nodata edge.
/// Immutable; every const function may be called from several threads at once. Any window gives the same pixels
/// whatever the windows around it.
#pragma once

#include "lcclass/core/pixel_block.h"
#include "lcclass/core/progress.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

struct LandscapeOptions {
    std::int64_t size = 1098;     ///< pixels of 10 m on a side, even, 100..10980
    int n_classes = 7;            ///< 5..8 LUCAS level-1 classes
    double cloud_fraction = 0.01; ///< of the scene's area, 0..0.5
    std::uint64_t seed = 42;
};

/// One window of everything there is to see.
struct LandscapeBlock {
    PixelBlock bands_10m; ///< surface reflectance; NaN beyond the edge of the swath
    PixelBlock bands_20m; ///< the same area on the 20 m grid
    PixelBlock scl;       ///< scene classification codes on the 20 m grid; NaN beyond the edge of the swath
    PixelBlock truth;     ///< class codes, valid everywhere, also under clouds
};

/// How places to be labelled are chosen. On the grid, classes that are rare there get more of it; all others leave it
/// to chance alone: pixels, parts of parcels anywhere, or parts of parcels around ten centres. There, a class may be
/// missing, and numbers stand for places in `point_id`.
enum class PolygonSampling { grid, random_points, random_polygons, clustered_polygons };

std::string to_string(PolygonSampling sampling);
/// Throws: Error(command_line) that names the known words.
PolygonSampling parse_polygon_sampling(const std::string& word);

struct PolygonOptions {
    int count = 0; ///< about so many; 0: as many as suit the size
    PolygonSampling sampling = PolygonSampling::grid;
};

/// A LUCAS-like observation: the part of a parcel or patch around a point.
struct SimulatedPolygon {
    std::int64_t point_id = 0; ///< eight digits
    std::int32_t class_code = 0;
    std::string lc1;                             ///< LUCAS code at the point, `C10`
    std::int64_t n_pixels = 0;                   ///< inside: all of class `class_code`, seen without cloud or shadow
    std::vector<std::pair<double, double>> ring; ///< closed outline along pixel edges, CRS units of the grid
};

class Landscape {
public:
    /// Throws: Error(configuration) naming the option that is out of range.
    explicit Landscape(const LandscapeOptions& options);
    ~Landscape();
    Landscape(Landscape&&) noexcept;

    /// The 10 m grid: the upper-left part of Sentinel-2 tile 33UVQ. The CRS text is left to whoever knows PROJ.
    [[nodiscard]] const GridSpec& grid() const;
    /// Its EPSG code.
    [[nodiscard]] static int epsg() { return 32633; }
    [[nodiscard]] static std::string tile() { return "33UVQ"; }
    /// Names of the bands in `bands_10m` and `bands_20m`.
    [[nodiscard]] static std::vector<std::string> names_10m();
    [[nodiscard]] static std::vector<std::string> names_20m();
    [[nodiscard]] static int n_bands();
    /// LUCAS level-1 codes that occur, ascending.
    [[nodiscard]] std::vector<std::int32_t> class_codes() const;

    /// Requires: `window` lies within the grid and its four numbers are even.
    [[nodiscard]] LandscapeBlock render(const Window& window) const;

    /// Polygons of 10 to 150 pixels (of one pixel: `random_points`) around the chosen points, each within one parcel.
    /// Ordered by point_id; none overlap.
    [[nodiscard]] std::vector<SimulatedPolygon> draw_polygons(const PolygonOptions& options, Progress& progress) const;

private:
    struct Parts;
    std::unique_ptr<const Parts> m_parts;
};

} // namespace lcclass
