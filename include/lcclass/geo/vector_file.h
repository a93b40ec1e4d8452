/// What layers a vector file has.
/// Each call is self-contained; safe from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {

struct LayerSummary {
    std::string name;
    std::string kind; ///< what it says it is (LCCLASS_KIND), empty for files of others
    std::vector<std::string> fields;
    std::int64_t features = 0;
    std::string crs_wkt; ///< WKT2; empty when it does not say
};

/// All layers that have geometry, or all when none has. Throws: Error(input) for a file that is no GeoPackage,
/// shapefile, FlatGeobuf, GeoJSON or CSV.
std::vector<LayerSummary> list_layers(const std::filesystem::path& path);

} // namespace lcclass
