/// `explain --at X,Y`: why one pixel is mapped as it is.
/// Belongs to one thread; the work uses all.
#pragma once

#include "command.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/tree_shap.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

struct PlaceArguments {
    std::vector<double> at; ///< x and y; empty: not stated
    std::string crs;        ///< of these; empty: of the raster
    std::filesystem::path chart;

    [[nodiscard]] bool given() const { return !at.empty(); }
};

void add_place_options(CLI::App& app, PlaceArguments& arguments);
/// Throws: Error(command_line) for what is no place and for options without effect, Error(output) for a chart that is
/// no .html.
void check_place_options(const PlaceArguments& arguments);

/// What `explain --at` works on and writes.
struct PlaceTask {
    const Model& model;
    std::string model_name;
    const TreeShap& shap;         ///< of its forest
    const RasterSource& features; ///< the model's, in its order
    std::string source_name;
    std::string only_class;       ///< code or name; empty: the predicted class
    std::filesystem::path output; ///< empty: none
};

/// Prints the waterfall and writes what is asked for. Throws: as `find_pixel` and TreeShap.
void explain_place(const PlaceTask& task, const PlaceArguments& arguments, Context& context);

} // namespace lcclass
