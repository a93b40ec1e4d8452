/// Reference samples as files: labelled points and polygons read onto a map's grid, and points to be labelled written.
/// Each call is self-contained; safe from any thread.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/reference_sample.h"
#include "lcclass/geo/layer_styles.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lcclass {

struct ReferenceFileOptions {
    std::string layer;                 ///< empty: the only one
    std::string class_field = "class"; ///< class codes, names of the map's legend, or values of `class_map`
    std::string class_map;
    std::string stratum_field; ///< empty: `stratum` of a file that `assess --plan` wrote, none otherwise
    std::string weight_field;
    std::string cluster_field;
    std::string where; ///< SQL condition on features
};

/// True for the endings of vector files.
bool is_vector_file(const std::filesystem::path& path);

/// A point is the pixel it lies in, a polygon the pixels whose centre it holds, in any reference system.
/// Throws: Error(input) naming file, feature and field: the training table of `sample` or `cv`, no reference system,
/// other geometries, unknown classes, weights that are not positive.
ReferenceSample read_reference(const std::filesystem::path& path, const ReferenceFileOptions& options,
                               const GridSpec& grid, const ClassLegend& map_legend);

/// The classes of both. Throws Error(input) naming `where` for a code that means different classes in the two.
ClassLegend merged_legend(const ClassLegend& map, const ClassLegend& other, const std::string& where);

/// The pixels of `grid` (row * width + column, sorted, each once) that hold a point of the file, or whose centre lies
/// in one of its polygons: a sample table, or the polygons it was drawn from. None for tables without positions.
/// Throws: Error(input) as `read_reference` and, for CSV, `read_samples`.
std::vector<std::int64_t> pixels_of_samples(const std::filesystem::path& path, const GridSpec& grid);

/// One point to be labelled.
struct PlannedUnit {
    std::int64_t id = 0;
    std::int32_t stratum = 0; ///< class code of the map
    double x = 0;             ///< pixel centre, CRS units
    double y = 0;
};

/// Throws Error(output) for an extension that `write_plan` does not take.
void check_plan_path(const std::filesystem::path& path);

/// GeoPackage with the point layer `plan`: id, stratum, x, y and an empty text field `class`; the strata's pixels are
/// kept in the layer metadata. The same units give the same bytes. Throws: Error(output).
void write_plan(const std::filesystem::path& path, const std::vector<PlannedUnit>& units,
                const std::map<std::int32_t, std::int64_t>& stratum_pixels, const std::string& crs_wkt, bool overwrite,
                const LayerStyles& styles = {});

/// What a plan holds by now.
struct PlanSummary {
    struct Stratum {
        std::int64_t pixels = 0; ///< of the map it was drawn from
        std::int64_t points = 0;
        std::int64_t labelled = 0; ///< points with something in `class`
    };
    std::string crs_wkt;
    std::map<std::string, Stratum> strata; ///< by class code of the map
};

/// Throws: Error(input) for a layer without the fields of `write_plan`.
PlanSummary read_plan(const std::filesystem::path& path, const std::string& layer);

} // namespace lcclass
