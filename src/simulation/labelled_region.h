/// What an observer at one point could label: the part of the parcel around it, or its pixel alone.
/// Immutable once made; safe to share between threads.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "simulation/land_cover.h"
#include "simulation/outline.h"
#include "simulation/sky.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lcclass::simulation {

struct PixelIndex {
    std::int64_t column = 0;
    std::int64_t row = 0;
};

/// Pixels of one parcel and one class, 4-connected, seen by the sensor without cloud or shadow.
struct LabelledRegion {
    Site site;
    std::int64_t left = 0; ///< of the mask, in pixels of the scene
    std::int64_t top = 0;
    Mask mask;
    std::int64_t n_pixels = 0;
};

/// The surroundings of one point: what is on each pixel, and whether the sensor saw it.
class Surroundings {
public:
    static constexpr int largest_radius = 7; ///< pixels: 150 lie within it
    static constexpr int smallest_radius = 3;

    Surroundings(const GridSpec& grid, const LandCover& cover, const Sky& sky, PixelIndex point);

    /// The part of the parcel within `radius` pixels or, where that encloses something else or is not seen as a
    /// whole, within the largest smaller one. Nothing when that is fewer than ten pixels.
    [[nodiscard]] std::optional<LabelledRegion> parcel_part(int radius) const;
    /// The pixel of the point alone; nothing when the sensor did not see it.
    [[nodiscard]] std::optional<LabelledRegion> single_pixel() const;

private:
    [[nodiscard]] std::optional<LabelledRegion> region(int radius) const;

    static constexpr int side = 2 * largest_radius + 1;
    std::int64_t m_left;
    std::int64_t m_top;
    std::vector<Site> m_sites;
    std::vector<bool> m_clear;
};

} // namespace lcclass::simulation
