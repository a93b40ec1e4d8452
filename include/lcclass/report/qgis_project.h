/// A QGIS project (3.22 and later) of our files: layers with styles in order, opened on the map.
/// Plain values and a pure function; safe from any thread.
#pragma once

#include "lcclass/core/grid_spec.h"

#include <optional>
#include <string>
#include <vector>

namespace lcclass::report {

struct QgisCrs {
    std::string wkt;
    std::string code; ///< `EPSG:32633`; empty when it has none
    std::string name; ///< for people
    bool geographic = false;
};

struct QgisLayer {
    enum class Kind { raster, points, areas };
    Kind kind = Kind::raster;
    std::string name;                  ///< in the list of layers
    std::string path;                  ///< from the project's folder, with `/`; or absolute
    std::string layer_name = {};       ///< in a file of several layers
    std::string group = {};            ///< layers of one group follow each other; empty: in none
    bool shown = false;                ///< at first
    std::string qml = {};              ///< style; empty: what QGIS gives a layer without one. Requires: well-formed XML
    std::optional<QgisCrs> crs = {};   ///< nothing: QGIS asks the file
    std::optional<Bounds> extent = {}; ///< nothing: QGIS asks the file
};

struct QgisProject {
    std::string title;
    QgisCrs crs;
    Bounds view;                   ///< what is in sight at first
    std::vector<QgisLayer> layers; ///< from top to bottom
};

/// The content of a `.qgs` file. Paths of layers are kept relative. The same project gives the same bytes.
std::string to_qgs(const QgisProject& project);

} // namespace lcclass::report
