/// `explain --shap-raster`, `--dominant-feature`: why every pixel of a scene is mapped as it is.
/// Belongs to one thread; the work uses all.
#pragma once

#include "command.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/tree_shap.h"
#include "lcclass/geo/cut_out.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

struct MapArguments {
    std::filesystem::path shap;
    std::filesystem::path dominant;
    std::filesystem::path polygons;
    std::string polygons_layer; ///< empty: the only one

    [[nodiscard]] bool given() const { return !shap.empty() || !dominant.empty(); }
};

void add_map_options(CLI::App& app, MapArguments& arguments);
/// Throws: Error(command_line) for options without effect, Error(output) for an ending that is no GeoTIFF's.
void check_map_options(const MapArguments& arguments);

/// What is explained.
struct MapTask {
    const Model& model;
    std::filesystem::path model_path;
    std::shared_ptr<const RasterSource> features; ///< the model's, in its order
    std::string source_name;
    std::optional<Bounds> bounds;   ///< in its CRS
    std::optional<int> class_index; ///< nothing: the most probable of every pixel
};

/// A part of a scene that can be explained: all has been looked at that can be wrong before the work.
struct ScenePart {
    MapTask task;
    CutOut cut;
};

/// Throws: Error(input) for a part without pixels, Error(resources) when memory or disk are too small, with what would
/// be needed.
ScenePart open_scene_part(const MapTask& task, const MapArguments& arguments, Context& context);

/// Writes the rasters and prints a table.
void explain_scene(const ScenePart& part, const TreeShap& shap, const MapArguments& arguments, Context& context);

} // namespace lcclass
