#include "scene_options.h"

#include "command_line.h"

#include "lcclass/core/error.h"

#include <cmath>

namespace lcclass {

void add_scene_options(CLI::App& app, SceneArguments& arguments, const std::string& when_unstated) {
    inputs_option(app, "-i,--input", arguments.inputs,
                  "NAME=PATH[:BAND], .SAFE or band folder, MTD_MSIL*.xml, band file or raster with named bands");
    app.add_option("--radiometry", arguments.radiometry,
                   "auto, none, or scale=S,offset=O: value = DN x S + O (new baselines: scale=0.0001,offset=-0.1) [" +
                       (when_unstated.empty() ? "auto" : when_unstated) + "]");
    app.add_option("--resampling", arguments.resampling,
                   "nearest, bilinear, cubic or average, for bands of another pixel size [" +
                       (when_unstated.empty() ? "bilinear" : when_unstated) + "]");
    app.add_option("--extent", arguments.extent, "same: refuse bands that cover different areas; or intersection");
    app.add_flag("--reproject", arguments.reproject, "warp bands of another CRS instead of refusing them");
}

void add_extent_options(CLI::App& app, SceneArguments& arguments) {
    list_option(app, "--bounds", arguments.bounds, "xmin,ymin,xmax,ymax in CRS units, snapped outwards to pixel edges");
    path_option(app, "--like", arguments.like, "a raster whose grid to use");
}

namespace {

std::optional<Bounds> to_bounds(const std::vector<double>& values) {
    if (values.empty()) {
        return std::nullopt;
    }
    if (values.size() != 4) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--bounds",
                                             .problem = "has " + std::to_string(values.size()) + " numbers",
                                             .fix = "give four: xmin,ymin,xmax,ymax"});
    }
    const Bounds bounds{.min_x = values.at(0), .min_y = values.at(1), .max_x = values.at(2), .max_y = values.at(3)};
    const bool finite = std::isfinite(bounds.max_x - bounds.min_x) && std::isfinite(bounds.max_y - bounds.min_y);
    if (!finite || bounds.min_x >= bounds.max_x || bounds.min_y >= bounds.max_y) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--bounds=" + describe(bounds),
                                             .problem = "is empty",
                                             .fix = "give xmin,ymin,xmax,ymax with xmin < xmax and ymin < ymax"});
    }
    return bounds;
}

} // namespace

SceneOptions to_scene_options(const SceneArguments& arguments) {
    require_given(!arguments.inputs.empty(), "--input",
                  "a .SAFE, a band folder, a raster or bands, as in -i B04=red.tif B08=nir.tif");
    if (arguments.extent != "same" && arguments.extent != "intersection") {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--extent=" + arguments.extent,
                                             .problem = "is not known",
                                             .fix = "same or intersection"});
    }
    const bool bad_resolution = !std::isfinite(arguments.resolution) || arguments.resolution < 0;
    if (bad_resolution) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--resolution=" + std::to_string(arguments.resolution),
                                             .problem = "is not a pixel size",
                                             .fix = "give a positive number of CRS units, as in --resolution 10"});
    }
    SceneOptions options;
    options.inputs = arguments.inputs;
    options.radiometry = arguments.radiometry.empty() ? "auto" : arguments.radiometry;
    options.resampling = parse_resampling(arguments.resampling.empty() ? "bilinear" : arguments.resampling);
    options.intersection = arguments.extent == "intersection";
    options.reproject = arguments.reproject;
    options.like = arguments.like.string();
    options.bounds = to_bounds(arguments.bounds);
    if (arguments.resolution > 0) {
        options.resolution = arguments.resolution;
    }
    return options;
}

namespace {

/// The files of a product belong together: its XML says how its bands are to be read.
void add_product(const std::filesystem::path& path, std::vector<std::filesystem::path>& paths) {
    const auto is_product = [](const std::filesystem::path& folder) { return folder.extension() == ".SAFE"; };
    if (path.filename().string().starts_with("MTD_MSIL")) {
        paths.push_back(path.has_parent_path() ? path.parent_path() : ".");
        return;
    }
    paths.push_back(path);
    for (auto folder = std::filesystem::absolute(path).parent_path(); folder != folder.root_path();
         folder = folder.parent_path()) {
        for (const char* name : {"MTD_MSIL2A.xml", "MTD_MSIL1C.xml"}) {
            if (is_product(folder) && std::filesystem::exists(folder / name)) {
                paths.push_back(folder / name);
            }
        }
    }
}

} // namespace

std::vector<std::filesystem::path> input_paths(const std::vector<std::string>& inputs) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& input : inputs) {
        std::string path = input;
        if (!std::filesystem::exists(path)) {
            path = path.substr(path.find('=') == std::string::npos ? 0 : path.find('=') + 1);
        }
        if (!std::filesystem::exists(path)) {
            path = path.substr(0, path.rfind(':'));
        }
        add_product(path, paths);
    }
    return paths;
}

} // namespace lcclass
