/// LUCAS-like polygons as a GeoPackage in EPSG:3035, with the fields of the survey.
/// Safe from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

struct LucasPolygon {
    std::int64_t point_id = 0;
    std::string lc1; ///< `C10`
    double area_ha = 0;
    std::vector<std::pair<double, double>> ring; ///< closed, in the CRS given to `write_lucas_polygons`
};

struct LucasLayer {
    std::vector<LucasPolygon> polygons;
    std::string crs_wkt; ///< of the rings
    std::int32_t survey_year = 0;
    std::string remark; ///< kept in the layer's metadata
};

/// Layer `polygons` with point_id, survey_year, obs_type (1), lc1, lc1_h, parcel_area_ha. The same layer gives the
/// same bytes. Throws: Error(output); Error(input) when the CRS is not understood.
void write_lucas_polygons(const std::filesystem::path& path, const LucasLayer& layer);

} // namespace lcclass
