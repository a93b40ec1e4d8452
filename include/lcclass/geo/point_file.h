/// Points with columns of any kind as vector files, for a GIS to colour.
/// Each call is self-contained; safe from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace lcclass {

struct PointColumn {
    std::string name; ///< differs from that of other columns by more than case, and is neither `fid` nor `geom`
    std::variant<std::vector<std::int32_t>, std::vector<double>, std::vector<std::string>> values; ///< one per point
};

struct PointTable {
    std::string kind; ///< LCCLASS_KIND of the layer (GeoPackage), and its name
    std::vector<double> x;
    std::vector<double> y;
    std::string crs_wkt; ///< empty: not known
    std::vector<PointColumn> columns;
    std::string qml = {}; ///< style of the layer for QGIS, in a GeoPackage; empty: none
};

/// Throws Error(output) for extensions that `write_point_table` does not take.
void check_point_path(const std::filesystem::path& path);

/// One point layer in a GeoPackage or FlatGeobuf, by extension. The same table gives the same bytes. Throws:
/// Error(output), also for names of columns that clash.
void write_point_table(const std::filesystem::path& path, const PointTable& table, bool overwrite);

} // namespace lcclass
